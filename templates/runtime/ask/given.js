// What a run gets that is no field of its record: typed values, the user, the record's address. They are among the record's
// fields under codes that no field has, so that services send them and the question shows them as any field.
/** @import { Field, KintoneRecord } from "../page/kintone.js" */
/** @import { Input } from "./rules.js" */

/**
 * Typed values by the names of their inputs, null while nothing is typed yet; the user; the record's address; and the list
 * of the page, once it is read.
 *
 * @typedef {object} Given
 * @property {Record<string, string> | null} answers
 * @property {{code: string, name: string}} user
 * @property {string} url
 * @property {{query: string, ids: string} | null} [list]
 */

/** The types of fields for the types of inputs. */
const INPUT_TYPES = { text: "SINGLE_LINE_TEXT", number: "NUMBER", date: "DATE", choice: "DROP_DOWN" };

/** A value that a service accepts, until the real one is known. */
const UNKNOWN = "?";

/** Fields of the form whose value can be a typed one, and those whose value is a list of such. */
const ONE_VALUE = ["SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "RICH_TEXT", "LINK", "NUMBER", "RADIO_BUTTON"];
const VALUE_OR_NULL = ["DROP_DOWN", "DATE", "TIME"];
const SEVERAL_VALUES = ["CHECK_BOX", "MULTI_SELECT"];

/**
 * The record with what the run gets: the codes that the service sends, and the fields that `values` names.
 *
 * @param {UnitConfig} unit
 * @param {"all" | string[]} sends the codes that the service sends
 * @param {KintoneRecord} record
 * @param {Given} given
 * @param {(input: Input, value: string) => string} [told] gives the words for a value, for people
 * @returns {KintoneRecord}
 */
export function withGiven(
  { ask = [], values = [] },
  sends,
  record,
  { answers, user, url, list },
  told = (_, value) => value,
) {
  const text = (/** @type {string} */ value) => ({ type: INPUT_TYPES.text, value });
  /** @type {Record<string, string>} before anything is typed, values that a service accepts */
  const typed = Object.fromEntries(
    ask.map((input) => {
      const value = answers?.[input.name] ?? (input.type === "date" ? "2000-01-01" : UNKNOWN);
      // mutant choice-sent-as-shown: return [input.name, input.choices?.find((choice) => choice.value === value)?.label.en ?? value];
      return [input.name, answers ? told(input, value) : value];
    }),
  );
  /** @type {KintoneRecord} */
  const fields = {
    "$user.code": text(user.code),
    "$user.name": text(user.name),
    "$record.url": text(url),
    "$list.query": text(list ? list.query : UNKNOWN),
    "$list.ids": text(list ? list.ids : UNKNOWN),
    ...Object.fromEntries(
      ask.map(({ name, type }) => [`$ask.${name}`, { type: INPUT_TYPES[type], value: typed[name] }]),
    ),
  };
  return {
    ...record,
    ...Object.fromEntries(Object.entries(fields).filter(([code]) => sends !== "all" && sends.includes(code))),
    ...Object.fromEntries(values.map(({ field, ask: name }) => [field, typedField(record[field], typed[name])])),
  };
}

/**
 * A value as a field of the form's type; as text if there is no such field, or if its values are no texts.
 *
 * @param {Field | undefined} field
 * @param {string} value
 * @returns {Field}
 */
function typedField(field, value) {
  const type = field?.type ?? INPUT_TYPES.text;
  if (SEVERAL_VALUES.includes(type)) {
    return { type, value: value ? [value] : [] };
  }
  if (VALUE_OR_NULL.includes(type)) {
    return { type, value: value || null };
  }
  return { type: ONE_VALUE.includes(type) ? type : INPUT_TYPES.text, value };
}
