// The parameters of a TROCCO start: texts from the config and from the record.
import { fieldText } from "../page/field-text.js";
import { fieldProblems } from "./trocco-errors.js";
/** @import { KintoneRecord } from "../page/kintone.js" */
/** @import { Problem } from "../run/problems.js" */

const DEFAULT_ZONE = "Asia/Tokyo";

/** @typedef {{value?: string, field?: string, default?: string}} ParameterSource text, or a field of the record with a default if it is empty */

/**
 * The body of a start: only configured parameters, with the record's values.
 *
 * @param {import("./trocco.js").TroccoUnit} unit
 * @param {KintoneRecord} record
 * @returns {{body: Record<string, unknown>, problem?: Problem}}
 */
export function jobBody({ customVariables = [], contextTime, timeZone }, record) {
  const zone = timeZone ?? DEFAULT_ZONE;
  /** @type {Problem | undefined} */
  let problem;

  /**
   * @param {ParameterSource} source
   * @param {boolean} isTime
   */
  const textOf = (source, isTime) => {
    if (source.field === undefined) {
      return source.value;
    }
    const field = Object.hasOwn(record, source.field) ? record[source.field] : undefined;
    let text = field ? fieldText(field, zone) : null;
    if (isTime && field?.type === "DATE" && text) {
      text += " 00:00:00";
    }
    if (text === "" && source.default !== undefined) {
      return source.default;
    }
    const wrong =
      (!field && fieldProblems.absent) ||
      (text === null && fieldProblems.noText) ||
      (text === "" && fieldProblems.empty) ||
      (isTime && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(text)) && fieldProblems.noTime);
    if (wrong) {
      problem ??= { ...wrong, values: { field: source.field }, ran: "ran.nothing" };
    }
    return text;
  };

  return {
    body: {
      ...(contextTime && { context_time: typeof contextTime === "string" ? contextTime : textOf(contextTime, true) }),
      ...(timeZone && { time_zone: timeZone }),
      ...(customVariables.length && {
        custom_variables: customVariables.map((variable) => ({ name: variable.name, value: textOf(variable, false) })),
      }),
    },
    problem,
  };
}

/**
 * @param {import("./trocco.js").TroccoUnit} unit
 * @returns {string[]} the field codes whose values are sent, each once
 */
export function variableFields({ customVariables = [], contextTime }) {
  const sources = [...customVariables, ...(typeof contextTime === "object" ? [contextTime] : [])];
  return [...new Set(sources.flatMap(({ field }) => field ?? []))];
}
