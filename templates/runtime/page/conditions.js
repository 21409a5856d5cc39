/** @import { Field, KintoneRecord } from "./kintone.js" */

/**
 * A condition on a field's values; it has exactly one of `in`, `notIn` and `filled`.
 *
 * @typedef {object} Condition
 * @property {string} field
 * @property {string[]} [in]
 * @property {string[]} [notIn]
 * @property {boolean} [filled]
 */

/**
 * Whether a record meets all conditions of a unit's button. A field that is missing from the record, because it does
 * not exist or the user may not see it, meets none.
 *
 * @param {Condition[]} conditions
 * @param {KintoneRecord} record
 * @param {(field: string) => void} miss called with each missing field
 */
export function holds(conditions, record, miss) {
  return conditions.every(({ field, in: wanted, notIn: unwanted, filled }) => {
    if (!Object.hasOwn(record, field)) {
      miss(field);
      return false;
    }
    const values = valuesOf(record[field]);
    // In a list of choices, the empty text means a field without a value.
    const choices = values.length ? values : [""];
    return (
      (!wanted || wanted.some((value) => choices.includes(value))) &&
      (!unwanted || !unwanted.some((value) => choices.includes(value))) &&
      (filled === undefined || filled === values.length > 0)
    );
  });
}

/**
 * A field's values as texts: of several choices each one, of people, organizations and groups the codes, of files the
 * names, of a table the ids of its rows. An empty field has none.
 *
 * @param {Field} field
 * @returns {string[]}
 */
export function valuesOf(field) {
  return [field.value ?? []]
    .flat()
    .map((/** @type {any} */ value) => String(value?.code ?? value?.name ?? value?.id ?? value))
    .filter((text) => text !== "");
}
