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

/** From the shortest on: until how many seconds ago a time is told in which unit, and how many seconds that has. */
const UNITS = /** @type {[number, Intl.RelativeTimeFormatUnit, number][]} */ ([
  [60, "second", 1],
  [3600, "minute", 60],
  [86400, "hour", 3600],
  [Infinity, "day", 86400],
]);

/**
 * @typedef {object} LastRun
 * @property {string} state
 * @property {string} short how long ago, and how it ended where it did not succeed
 * @property {string} whole with the date and how long it took
 */

/**
 * The last run at a place, as it is told below its button.
 *
 * @param {Run | null} run that is over
 * @param {Say} say
 * @param {string} timeZone
 * @param {number} now
 * @returns {LastRun | null}
 */
export function lastRunOf(run, say, timeZone, now) {
  const whole = lastRunLine(run, say, timeZone);
  if (!run || !whole) {
    return null;
  }
  const seconds = Math.max(0, (now - (run.times?.finished ?? Number(run.endedAt))) / 1000);
  const [, unit, size] = UNITS.find(([least]) => seconds < least) ?? UNITS[3];
  const format = new Intl.RelativeTimeFormat(say("page.language"), { numeric: "auto" });
  const ago = format.format(-Math.floor(seconds / size), unit);
  const word = run.state === "succeeded" ? "" : `${say(`last.${/** @type {"failed"} */ (run.state)}`)} · `;
  return { state: run.state, short: word + ago, whole };
}
