// Problems that can prevent running or following a unit of any service.
/** @import { Sentence, Values } from "../view/say.js" */

/**
 * A problem for the end user; `code` and `text` are the service's own.
 *
 * @typedef {object} Problem
 * @property {Sentence} happened
 * @property {Values} [values]
 * @property {Sentence} [ran] whether anything ran
 * @property {Sentence} advice what to do, or whom to contact
 * @property {string} [code]
 * @property {string} [text]
 * @property {number} [until] the time from which `advice` can be followed, in milliseconds since the epoch; it gets
 *   the `seconds` until then
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

/** @type {Problem} The user left the page between the click and the service's answer. */
export const LEFT = { happened: "run.left", ran: "ran.maybe", advice: "advice.checkLog" };

/**
 * @param {number} timeout milliseconds
 * @returns {Problem}
 */
export function timedOut(timeout) {
  const minutes = Math.max(1, Math.round(timeout / 60_000));
  return { happened: "run.timeout", values: { minutes }, ran: "ran.underWay", advice: "advice.resume" };
}

/** @type {Problem} The data for status requests is gone: no page was open at the deadline. */
export const UNWATCHED = { happened: "run.unwatched", ran: "ran.underWay", advice: "advice.checkLog" };

/**
 * A bug in Runbutton.
 *
 * @param {unknown} error
 * @param {boolean} asked whether the run may have been requested
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
