// What a field's value is as text, for parameters that are text. Source of the types: cybozu.dev, "Field types".

const AS_IT_STANDS = [
  "__ID__",
  "__REVISION__",
  "RECORD_NUMBER",
  "SINGLE_LINE_TEXT",
  "MULTI_LINE_TEXT",
  "RICH_TEXT",
  "LINK",
  "NUMBER",
  "CALC",
  "RADIO_BUTTON",
  "DROP_DOWN",
  "STATUS",
  "DATE",
  "TIME",
];
const CHOICES = ["CHECK_BOX", "MULTI_SELECT", "CATEGORY"];
const PEOPLE = ["CREATOR", "MODIFIER", "USER_SELECT", "ORGANIZATION_SELECT", "GROUP_SELECT", "STATUS_ASSIGNEE"];
const TIMES = ["DATETIME", "CREATED_TIME", "UPDATED_TIME"];

/**
 * Numbers, texts and single choices as they stand; a date as YYYY-MM-DD; a date and time, which kintone gives in UTC, as
 * YYYY-MM-DD HH:MM:SS of `timeZone`; several choices joined with commas; people, organizations and groups by their codes.
 *
 * @param {Field} field
 * @param {string} timeZone an IANA name
 * @returns {string | null} "" for an empty field; null for what has no such text: tables, files
 */
export function fieldText({ type, value }, timeZone) {
  if (value === null || value === undefined || value === "") {
    return AS_IT_STANDS.concat(TIMES).includes(type) ? "" : null;
  }
  if (AS_IT_STANDS.includes(type)) {
    return String(value);
  }
  if (TIMES.includes(type)) {
    return localTime(/** @type {string} */ (value), timeZone);
  }
  if (CHOICES.includes(type)) {
    return /** @type {string[]} */ (value).join(",");
  }
  if (PEOPLE.includes(type)) {
    return [value]
      .flat()
      .map((/** @type {any} */ person) => person.code)
      .join(",");
  }
  return null;
}

/**
 * @param {string | number} time
 * @param {string} timeZone
 * @returns {string} YYYY-MM-DD HH:MM:SS, the Swedish way of writing a time
 */
export function localTime(time, timeZone) {
  return new Date(time).toLocaleString("sv-SE", { timeZone });
}
