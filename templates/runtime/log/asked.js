import { textOf } from "../run/bounds.js";
/** @import { KintoneRecord } from "../page/kintone.js" */
/** @import { Say } from "../view/say.js" */

/**
 * The values that a user has typed for a run, a line for each input.
 *
 * @param {UnitConfig} unit
 * @param {KintoneRecord} record as it is sent
 * @param {Say} say
 */
export function askedLines({ ask = [], values = [] }, record, say) {
  const lines = ask.map(({ name, label }) => {
    const field = values.find((each) => each.ask === name)?.field ?? `$ask.${name}`;
    return say("page.of", { label: say(label) }) + [record[field]?.value].flat().join(", ");
  });
  return textOf(lines.join("\n"));
}
