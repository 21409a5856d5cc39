// A field's value as text, for text parameters. Source of the types: cybozu.dev, "Field types".
import { localTime } from "../view/duration.js";
/** @import { Field } from "./kintone.js" */

const TIMES = ["DATETIME", "CREATED_TIME", "UPDATED_TIME"];
const NO_TEXT = ["SUBTABLE", "FILE"];

/**
 * Numbers, texts, dates (YYYY-MM-DD), times of day and single choices unchanged; a date and time, which kintone gives
 * in UTC, as YYYY-MM-DD HH:MM:SS of `timeZone`; several choices joined with commas; people, organizations and groups by
 * their codes, several joined with commas.
 *
 * @param {Field} field
 * @param {string} timeZone an IANA name
 * @returns {string | null} "" for an empty field; null for a field without such a text: tables, files
 */
export function fieldText({ type, value }, timeZone) {
  if (NO_TEXT.includes(type)) {
    return null;
  }
  if (TIMES.includes(type) && value) {
    return localTime(/** @type {string} */ (value), timeZone);
  }
  return [value]
    .flat()
    .map((/** @type {any} */ part) => (typeof part === "object" ? part?.code : part))
    .join(",");
}
