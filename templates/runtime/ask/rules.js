// The rules for what users type or choose; generator/units/inputs.py has the same for what a config gives.
import { fieldText } from "../page/field-text.js";
/** @import { KintoneRecord } from "../page/kintone.js" */
/** @import { LocalText, Values, WordKey } from "../view/say.js" */

/**
 * A value that the user types or chooses; `default` is text, or a field of the record.
 *
 * @typedef {object} Input
 * @property {string} name
 * @property {LocalText} label
 * @property {"text" | "number" | "date" | "choice"} type
 * @property {boolean} [required]
 * @property {string | {field: string}} [default]
 * @property {string} [pattern] the whole text must match
 * @property {string} [example]
 * @property {string} [min]
 * @property {string} [max]
 * @property {{value: string, label: LocalText}[]} [choices]
 */

/** @typedef {{text: WordKey, values: Values}} Mistake */

/** Characters. */
const LONGEST_VALUE = 255;

/**
 * The value that is there first.
 *
 * @param {Input} input
 * @param {KintoneRecord} record
 * @param {string} timeZone
 */
export function defaultOf({ type, default: first = "", choices }, record, timeZone) {
  if (typeof first === "string") {
    return first;
  }
  const field = Object.hasOwn(record, first.field) ? record[first.field] : null;
  const text = ((field && fieldText(field, timeZone)) ?? "").replace(/\s*[\r\n]+\s*/g, " ");
  if (type === "choice" && !choices?.some(({ value }) => value === text)) {
    return "";
  }
  return type === "date" ? text.slice(0, 10) : text;
}

/**
 * What is meant by a text: without spaces around it, and a number without full-width characters.
 *
 * @param {Input} input
 * @param {string} text
 */
export function cleaned({ type }, text) {
  return (type === "number" ? text.normalize("NFKC") : text).trim();
}

/**
 * What is wrong with a value, in words; null if it is right.
 *
 * @param {Input} input
 * @param {string} value
 * @returns {Mistake | null}
 */
export function mistakeIn({ type, label, required, pattern, example, min, max, choices }, value) {
  const wrong = (/** @type {WordKey} */ text, /** @type {Values} */ more = {}) => ({
    text,
    values: { label: inSentence(label), ...more },
  });
  const inForm = () => (pattern && example ? wrong("input.like", { example }) : null);
  if (value === "") {
    return required ? (inForm() ?? wrong(type === "choice" ? "input.choose" : "input.enter")) : null;
  }
  if ([...value].length > LONGEST_VALUE) {
    return wrong("input.tooLong", { limit: LONGEST_VALUE });
  }
  if (type === "choice") {
    return choices?.some((choice) => choice.value === value) ? null : wrong("input.choose");
  }
  if (type === "text") {
    if (!pattern || new RegExp(`^(?:${pattern})$`, "u").test(value)) {
      return null;
    }
    return inForm() ?? wrong("input.format");
  }
  if (!isOfType(type, value)) {
    return wrong(type === "number" ? "input.number" : "input.date");
  }
  if (min && sizeOf(value) < sizeOf(min)) {
    return wrong(type === "date" ? "input.notBefore" : "input.atLeast", { limit: min });
  }
  return max && sizeOf(value) > sizeOf(max)
    ? wrong(type === "date" ? "input.notAfter" : "input.atMost", { limit: max })
    : null;
}

/** @param {"number" | "date"} type @param {string} value */
function isOfType(type, value) {
  if (type === "number") {
    return /^-?\d{1,30}(\.\d{1,30})?$/.test(value);
  }
  const day = /^(?!0000)\d{4}-\d\d-\d\d$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
  // A day that does not exist is no date in some browsers, and the next month's in others.
  return day !== null && day.getTime() > -Infinity && day.toISOString().startsWith(value);
}

/** @param {string} value a number, or a date */
function sizeOf(value) {
  return Number(/^\d+-\d\d-\d\d$/.test(value) ? value.replaceAll("-", "") : value);
}

/**
 * A label as part of a sentence: English ones begin with a small letter there, abbreviations do not.
 *
 * @param {LocalText} label
 */
function inSentence({ en, ...others }) {
  return /** @type {LocalText} */ ({
    ...others,
    ...(en && { en: en.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase()) }),
  });
}
