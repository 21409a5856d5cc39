/** @import { Clock } from "./clock.js" */
/** @import { Shown } from "./kintone.js" */
/** @import { Problem } from "../run/problems.js" */
/** @import { Reader } from "../run/run.js" */

/** How long to wait for kintone, in milliseconds, and how often to try. */
const FORM_WAIT = 10_000;
const FORM_TRY = 100;

/** @type {Problem} kintone does not return the form's record. */
const formBusy = { happened: "run.formBusy", ran: "ran.nothing", advice: "advice.retry" };

/**
 * Reads the page's record. kintone throws while the handler of any customization runs, which can take long.
 *
 * @param {() => Shown} read
 * @param {Clock} clock
 * @returns {Reader}
 */
export function patientReader(read, clock) {
  function now() {
    try {
      return read();
    } catch {
      return null;
    }
  }
  return {
    now,
    async soon(tell) {
      const until = clock.now() + FORM_WAIT;
      let shown = now();
      if (!shown) {
        tell("run.formWait");
      }
      // mutant form-not-waited: while (false) {
      while (!shown && clock.now() < until) {
        await clock.sleep(FORM_TRY);
        shown = now();
      }
      return shown ?? formBusy;
    },
  };
}
