import { createButton } from "./button.jsx";
import { createClock } from "./clock.js";
import { confirmRun } from "./confirm.js";
import { callProxy, headerElement, loginUser, onShow } from "./kintone.js";
import { createAsk } from "./proxy.js";
import { createRun } from "./run.js";
import { createSay } from "./say.js";
import { addStyle } from "./style.js";

/**
 * Puts the app's buttons on its record pages.
 *
 * @param {Service[]} services those that the app's units need
 * @param {AppConfig} config
 */
export function start(services, config) {
  /** @type {Map<string, import("./run.js").Run>} runs of this document, by record and unit: paging on does not end them */
  const runs = new Map();
  const clock = createClock();
  const ask = createAsk(callProxy);

  onShow((shown) => {
    const user = loginUser();
    const say = createSay(user.language);
    addStyle();
    for (const unit of config.units) {
      if (unit.devices.includes(shown.device) && unit.pages.includes(shown.page)) {
        const service = /** @type {Service} */ (services.find(({ names }) => names.includes(unit.service)));
        const key = `${shown.recordId} ${unit.id}`;
        const run = runs.get(key) ?? createRun(unit, service, { ask, clock, user });
        runs.set(key, run);
        mount(unit, run, shown, say);
      }
    }
  });

  /**
   * @param {UnitConfig} unit
   * @param {import("./run.js").Run} run
   * @param {Shown} shown
   * @param {Say} say
   */
  function mount(unit, run, shown, say) {
    // kintone may have kept the header from the page before, with our button in it.
    document.querySelector(`[data-runbutton="${unit.id}"][data-source="${config.source}"]`)?.remove();
    const button = createButton(
      { id: unit.id, label: say(unit.label), source: config.source, device: shown.device },
      say,
      clock,
      () => run.click(shown, (afterUnknown) => confirmRun(unit, shown, say, "", afterUnknown)),
      () => run.resume(),
    );
    headerElement(shown.device)?.append(button.element);
    run.watch(button.update);
  }
}
