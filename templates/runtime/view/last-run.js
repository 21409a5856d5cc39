import { moment, spoken } from "./duration.js";
import { ranNothing } from "./statusline.js";
/** @import { Run } from "../run/entry.js" */
/** @import { Say } from "./say.js" */

/** The units of "… ago", and their seconds. */
const UNITS = /** @type {[Intl.RelativeTimeFormatUnit, number][]} */ ([
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
]);

/**
 * The last run at a place, for the text below its button: `short` is how long ago it was, and how it ended if it did
 * not succeed; `whole` has the date and the duration.
 *
 * @param {Run | null} run that is over
 * @param {Say} say
 * @param {string} timeZone the user's
 * @param {number} now
 * @returns {{state: string, short: string, whole: string} | null} null without a run
 */
export function lastRunOf(run, say, timeZone, now) {
  // mutant last-line-of-refused: if (!run || run.endedAt === null) {
  if (!run || run.endedAt === null || ranNothing(run)) {
    return null;
  }
  const { took } = run;
  const state = /** @type {"failed"} */ (run.state);
  const ended = run.times?.finished ?? run.endedAt;
  // mutant last-line-failed-done: const word = say("last.succeeded");
  const word = say(`last.${state}`);
  const line = say("page.last", { time: moment(ended, timeZone), word });
  const seconds = Math.max(0, (now - ended) / 1000);
  const [unit, size] = UNITS.find((one) => seconds >= one[1]) ?? UNITS[3];
  const format = new Intl.RelativeTimeFormat(say("page.language"), { numeric: "auto" });
  const ago = format.format(-Math.floor(seconds / size), unit).replaceAll(" ", say("page.space"));
  return {
    state,
    short: (run.state === "succeeded" ? "" : `${word} · `) + ago,
    whole: took === null ? line : say("page.doneIn", { line, time: spoken(took, say) }),
  };
}
