/**
 * Whether a record meets all conditions under which a unit's button is shown.
 *
 * @param {Condition[]} conditions
 * @param {KintoneRecord} record
 */
export function holds(conditions, record) {
  return conditions.every(({ field, in: wanted, notIn: unwanted, filled }) => {
    const values = valuesOf(record[field]);
    // In a list of choices, the empty text stands for a field without a value.
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
 * names, of a table the ids of its rows. An empty field has none, and so has one that the user may not see.
 *
 * @param {Field | undefined} field
 * @returns {string[]}
 */
function valuesOf(field) {
  return [field?.value ?? []]
    .flat()
    .map((/** @type {any} */ value) => String(value?.code ?? value?.name ?? value?.id ?? value))
    .filter((text) => text !== "");
}
