import { fieldText } from "../page/field-text.js";
import { confirmDialog } from "../page/kintone.js";
/** @import { Device, KintoneRecord } from "../page/kintone.js" */
/** @import { Say } from "./say.js" */

/** How many fields are shown, and how much of a value. */
const MOST_FIELDS = 10;
const MOST_LETTERS = 60;

/**
 * Asks in kintone's own dialog whether to run.
 *
 * @param {UnitConfig} unit
 * @param {{service: Service, record: KintoneRecord, names: Record<string, string>, timeZone: string}} request to whom what of the
 *   record is sent, and the names of fields by their codes as far as they are known
 * @param {Device} device
 * @param {boolean} afterUnknown whether the run before this one may still be under way
 * @param {Say} say
 * @returns {Promise<boolean>}
 */
export async function confirmRun(unit, { service: to, record, names, timeZone }, device, afterUnknown, say) {
  // After an unknown outcome a second run is never started without a question.
  if (!unit.confirm && !afterUnknown) {
    return true;
  }
  const sends = to.sends(unit);
  const service = to.title ?? unit.service;
  const codes = sends === "all" ? [] : sends;
  const values = codes.slice(0, MOST_FIELDS).map((code) => {
    const name = Object.hasOwn(names, code) ? names[code] : code;
    const value = Object.hasOwn(record, code) ? fieldText(record[code], timeZone) : null;
    return value === null ? name : say("page.of", { label: name }) + cut(value);
  });
  const more = codes.length - values.length;
  const body = [
    afterUnknown && say("page.confirmUnknown"),
    typeof unit.confirm === "object" && say(unit.confirm),
    sends === "all" && say("page.confirmSendsAll", { service }),
    values.length > 0 && say("page.confirmSends", { service }),
    ...values,
    more > 0 && say("page.moreSteps", { n: more }),
  ]
    .filter(Boolean)
    .join("\n");
  const answer = await confirmDialog(device, {
    title: say("page.confirmBody", { label: unit.label }),
    body,
    showOkButton: true,
    okButtonText: say("page.ok"),
    showCancelButton: true,
    cancelButtonText: say("page.cancel"),
    showCloseButton: true,
  });
  return answer === "OK";
}

/** @param {string} value in one row */
function cut(value) {
  const letters = [...value.replace(/\s+/g, " ")];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS).join("")}…` : letters.join("");
}
