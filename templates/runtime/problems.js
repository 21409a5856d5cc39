// What can keep any unit from running, or from being followed, whatever its service.
import { advices, ranTexts, runTexts } from "./messages.js";

/**
 * A plug-in without the unit's secret.
 *
 * @param {UnitConfig} unit
 * @returns {Problem}
 */
export function notSetUp({ label }) {
  return { happened: runTexts.notSetUp, ran: ranTexts.nothing, advice: runTexts.setUp, values: { label } };
}

/**
 * kintone does not give the form's record.
 *
 * @returns {Problem}
 */
export function formBusy() {
  return { happened: runTexts.formBusy, ran: ranTexts.nothing, advice: advices.retry };
}

/**
 * @param {number} wait milliseconds until the next start is possible
 * @param {number} now
 * @returns {Problem | null}
 */
export function tooSoon(wait, now) {
  const seconds = Math.ceil(wait / 1000);
  return seconds > 0
    ? {
        happened: runTexts.tooSoon,
        ran: ranTexts.nothing,
        advice: runTexts.startAgainIn,
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
  return { happened: runTexts.left, ran: ranTexts.maybe, advice: advices.checkLog };
}

/** @returns {Problem} */
export function tabGone() {
  return { happened: runTexts.tabGone, ran: ranTexts.underWay, advice: advices.checkLog };
}

/**
 * @param {number} timeout milliseconds
 * @returns {Problem}
 */
export function timedOut(timeout) {
  const minutes = Math.max(1, Math.round(timeout / 60_000));
  return { happened: runTexts.timeout, values: { minutes }, ran: ranTexts.underWay, advice: advices.resume };
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
    happened: runTexts.unexpected,
    ran: asked ? ranTexts.maybe : ranTexts.nothing,
    advice: asked ? advices.checkLog : advices.admin,
    text: String(error),
  };
}
