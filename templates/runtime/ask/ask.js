import { createDialog } from "../page/kintone-dialog.js";
import { createForm } from "./form.jsx";
import { defaultOf } from "./rules.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Shown } from "../page/kintone.js" */
/** @import { Say } from "../view/say.js" */

/** How often to look whether kintone has put the form on the page, in milliseconds, and how often at most. */
const FORM_LOOK = 50;
const FORM_LOOKS = 20;

/**
 * Asks for a unit's values with a form in kintone's own dialog, which stays until everything is right.
 *
 * @param {UnitConfig} unit
 * @param {Shown} shown
 * @param {{say: Say, clock: Clock, timeZone: string}} face
 * @returns {Promise<Record<string, string> | null>} null if the user has canceled
 */
export async function askFor({ id, label, confirm, ask = [] }, { device, record }, { say, clock, timeZone }) {
  /** @type {Record<string, string> | null} */
  let answers = null;
  const values = Object.fromEntries(ask.map((input) => [input.name, defaultOf(input, record, timeZone)]));
  const form = createForm(id, ask, values, say, () => {
    answers = form.read();
    if (answers) {
      dialog.close();
    }
  });
  const dialog = await createDialog(device, {
    title: say(label),
    body: form.element,
    showOkButton: true,
    okButtonText: say(confirm ? "input.next" : "page.ok"),
    showCancelButton: true,
    cancelButtonText: say("page.cancel"),
    showCloseButton: true,
    beforeClose(action) {
      // Enter has read the form already, and closes the dialog as "FUNCTION".
      if (action !== "FUNCTION") {
        answers = action === "OK" ? form.read() : null;
      }
      return action !== "OK" || answers !== null;
    },
  });
  const closed = dialog.show();
  for (let looks = 0; !form.element.isConnected && looks < FORM_LOOKS; looks++) {
    await clock.sleep(FORM_LOOK);
  }
  form.focus();
  await closed;
  return answers;
}
