// kintone's dialog with the form of a unit's inputs, and the user who fills it in.

/**
 * Shows a form, which only one OK with right values, or a cancel, closes.
 *
 * @param {World} world
 * @param {Doc} doc
 * @param {any} config of kintone.createDialog
 */
export async function createForm(world, doc, config) {
  const unit = /[ktw]\d/.exec(config.title)?.[0];
  const click = doc.clicks.findLast((one) => one.unit === unit) ?? null;
  const dialog = { unit, click, late: 0, answer: () => giveUp() };
  doc.dialog = dialog;
  if (click) {
    click.heard = true;
    click.confirmed = false;
    click.asked = true;
  }
  /** @type {(action: string) => void} */
  let settle = () => {};

  /** @param {string} action @returns {Promise<boolean>} whether it is closed */
  async function close(action) {
    if ((await config.beforeClose(action)) === false) {
      return false;
    }
    config.body.remove();
    doc.dialog = doc.dialog === dialog ? null : doc.dialog;
    settle(action);
    return true;
  }

  async function giveUp() {
    world.tell(() => `${doc.tab.name}: ${doc.user} cancels the form of ${dialog.unit}`);
    if (click) {
      click.canceled = true;
    }
    await close("CANCEL");
  }

  return {
    show: () =>
      new Promise((resolve) => {
        settle = resolve;
        doc.tree.body.append(config.body);
        fillIn(world, doc, dialog, config.body, close);
      }),
    close: () => close("FUNCTION"),
  };
}

/**
 * The user types a wrong value at first, or not; and a right one then, or cancels.
 *
 * @param {World} world
 * @param {Doc} doc
 * @param {any} dialog
 * @param {any} body
 * @param {(action: string) => Promise<boolean>} close
 */
function fillIn(world, doc, dialog, body, close) {
  const n = world.count("form");
  const scripted = world.plan.forms?.[n] ?? {};
  const roll = (/** @type {string} */ what) => world.chance(what, n);
  const { lateConfirmations, cancels, noConfirmation } = world.plan.features;
  const { click } = dialog;
  const [input, choice] = ["input", "select"].map((tag) => body.querySelector(tag));
  const right = `77${n}-88${doc.id}`;
  const cancel = scripted.word === "CANCEL" || world.phase === "liveness" || (cancels && roll("gives up") < 0.3);
  const isWrong = scripted.wrong ?? roll("wrong") < 0.3;

  /** @param {string} value */
  function type(value) {
    input.value = value;
    choice.value = "full";
    input.dispatchEvent({ type: "input" }, doc.guard);
  }

  async function accept() {
    world.tell(() => `${doc.tab.name}: ${doc.user} types ${right} for ${dialog.unit}`);
    type(right);
    if (click) {
      click.typed = right;
      if (noConfirmation) {
        click.confirmed = true;
        click.at = world.now;
        world.happened("confirmed", click);
      }
    }
    await close("OK");
  }

  const then = (/** @type {number} */ delay, /** @type {() => unknown} */ work) =>
    world.forDocument(doc, world.now + delay, () => {
      if (doc.dialog !== dialog) {
        return;
      }
      const { late } = dialog;
      dialog.late = 0;
      if (late) {
        then(late, work);
      } else {
        work();
      }
    });
  const end = () => (cancel ? dialog.answer() : accept());
  const late = lateConfirmations && roll("types late") < 0.4 ? 60_000 * roll("types later") ** 2 : 0;
  then(scripted.after ?? 300 + 2000 * roll("types") + late, async () => {
    if (!isWrong) {
      await end();
      return;
    }
    world.tell(() => `${doc.tab.name}: ${doc.user} types nonsense for ${dialog.unit}`);
    type("nonsense");
    if (!(await close("OK"))) {
      then(500, end);
    }
  });
}
