// What can keep any unit from running, or from being followed, whatever its service.
/** @import { Sentence, Values } from "../view/say.js" */

/**
 * What is wrong, for the end user; `code` and `text` are the service's own.
 *
 * @typedef {object} Problem
 * @property {Sentence} happened
 * @property {Values} [values]
 * @property {Sentence} [ran] whether anything ran
 * @property {Sentence} advice what to do, or whom to tell
 * @property {string} [code]
 * @property {string} [text]
 * @property {number} [until] until when `advice` has to be waited for, in milliseconds since the epoch; it is given
 *   the `seconds` till then
 */

/**
 * @param {number} wait milliseconds until the next start is possible
 * @param {number} now
 * @returns {Problem | null}
 */
export function tooSoon(wait, now) {
  const seconds = Math.ceil(wait / 1000);
  return seconds > 0
    ? {
        happened: "run.tooSoon",
        ran: "ran.nothing",
        advice: "run.startAgainIn",
        values: { seconds },
        until: now + wait,
      }
    : null;
}

/**
 * The page was left between the click and the service's answer.
 *
 * @returns {Problem}
 */
export function leftWhileStarting() {
  return { happened: "run.left", ran: "ran.maybe", advice: "advice.checkLog" };
}

/**
 * @param {number} timeout milliseconds
 * @returns {Problem}
 */
export function timedOut(timeout) {
  const minutes = Math.max(1, Math.round(timeout / 60_000));
  return { happened: "run.timeout", values: { minutes }, ran: "ran.underWay", advice: "advice.resume" };
}

/**
 * A mistake of ours.
 *
 * @param {unknown} error
 * @param {boolean} asked whether the service may have been asked for the run
 * @returns {Problem}
 */
export function unexpected(error, asked) {
  return {
    happened: "run.unexpected",
    ran: asked ? "ran.maybe" : "ran.nothing",
    advice: asked ? "advice.checkLog" : "advice.admin",
    text: String(error),
  };
}
