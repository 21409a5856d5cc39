/** @import { Say, WordKey } from "./say.js" */

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;

/**
 * A duration in words: no seconds next to hours, no parts that are zero.
 *
 * @param {number} milliseconds
 * @param {Say} say
 * @returns {string}
 */
export function spoken(milliseconds, say) {
  const total = Math.max(0, Math.round(milliseconds / 1000));
  /** @type {[WordKey, number][]} */
  const parts = [
    ["page.hours", Math.floor(total / 3600)],
    ["page.minutes", Math.floor(total / 60) % 60],
    ["page.seconds", total < 3600 ? total % 60 : 0],
  ];
  const said = parts.filter(([, n]) => n).map(([text, n]) => say(text, { n }));
  return said.join(say("page.space")) || say("page.seconds", { n: 0 });
}

/**
 * The same for estimates: minutes from 1 minute on, tens of minutes from 1 hour on.
 *
 * @param {number} milliseconds
 * @param {Say} say
 * @returns {string}
 */
export function roughly(milliseconds, say) {
  const unit = (milliseconds < MINUTE && 1000) || (milliseconds < HOUR && MINUTE) || 10 * MINUTE;
  return spoken(Math.round(milliseconds / unit) * unit, say);
}

/**
 * A duration as a running clock: 0:07, 12:30, 1:00:05.
 *
 * @param {number} milliseconds
 * @returns {string}
 */
export function clockFace(milliseconds) {
  // Pages follow a run for at most one day.
  const face = new Date(Math.max(0, milliseconds)).toISOString().slice(11, 19);
  return face.replace(/^0(0:0?)?/, "");
}

/**
 * A time as in kintone's own fields, 2026-11-01 10:30, in the user's time zone.
 *
 * @param {number} at milliseconds since the epoch
 * @param {string} timeZone
 * @returns {string}
 */
export function moment(at, timeZone) {
  return localTime(at, timeZone, { dateStyle: "short", timeStyle: "short" });
}

/**
 * A time in the Swedish format: with its seconds, 2026-11-01 10:30:00, unless the options say otherwise.
 *
 * @param {number | string} at
 * @param {string} timeZone an IANA name; the browser's zone if it does not know it, or if kintone has none (guests)
 * @param {Intl.DateTimeFormatOptions} [options]
 * @returns {string}
 */
export function localTime(at, timeZone, options) {
  try {
    return new Date(at).toLocaleString("sv-SE", { ...options, timeZone });
  } catch {
    return new Date(at).toLocaleString("sv-SE", options);
  }
}
