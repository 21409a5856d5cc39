// A browser's clock, which may be wrong and be put right.

import { japanTime } from "./services/japan.js";

/** Intl is slow, so the one format that the runtime shows times in is written here. */
class WrittenDate extends Date {
  /** @param {string} locale @param {any} options */
  toLocaleString(locale, options) {
    return write(this.getTime(), options);
  }
}

/**
 * The class Date as documents of a browser find it: its dates are of one class for all, which is faster.
 *
 * @param {() => number} now
 */
export function createDate(now) {
  /** @param {any} [given] */
  function BrowserDate(given = now()) {
    return new WrittenDate(given);
  }
  BrowserDate.now = now;
  BrowserDate.parse = Date.parse;
  return BrowserDate;
}

/** Intl, as far as times are shown with it. */
export const INTL = {
  RelativeTimeFormat: class {
    /** @param {number} value @param {string} unit */
    format(value, unit) {
      return `${-value} ${unit}s ago`;
    }
  },
};

/** @param {number} at @param {any} options */
function write(at, options) {
  look(options);
  const text = japanTime(at);
  return options?.timeStyle === "short" ? text.slice(0, 16) : text;
}

/** @param {any} options */
function look({ timeZone } = {}) {
  if (timeZone && timeZone !== "Asia/Tokyo") {
    throw new RangeError(`Invalid time zone specified: ${timeZone}`);
  }
}
