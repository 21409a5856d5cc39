import { moment, spoken } from "./duration.js";
import { ranNothing } from "./statusline.js";
/** @import { Run } from "../run/entry.js" */
/** @import { Say } from "./say.js" */

/**
 * How the last run at a place ended, in one line.
 *
 * @param {Run | null} run that is over
 * @param {Say} say
 * @param {string} timeZone the user's
 * @returns {string} "" where nothing is known
 */
export function lastRunLine(run, say, timeZone) {
  const state = run?.state;
  const isTold = state === "succeeded" || state === "failed" || state === "canceled" || state === "unknown";
  // mutant last-line-of-refused: if (!run || !isTold || run.endedAt === null) {
  if (!run || !isTold || run.endedAt === null || ranNothing(run)) {
    return "";
  }
  const time = moment(run.times?.finished ?? run.endedAt, timeZone);
  // mutant last-line-failed-done: const word = say("last.succeeded");
  const word = say(`last.${state}`);
  return run.took === null
    ? say("page.last", { time, word })
    : say("page.lastIn", { time, word, took: spoken(run.took, say) });
}
