import { confirmDialog } from "../page/kintone.js";
/** @import { Device } from "../page/kintone.js" */
/** @import { Say } from "./say.js" */

/**
 * Asks in kintone's own dialog whether to run.
 *
 * @param {UnitConfig} unit
 * @param {{sends: "all" | string[], service: string, names: Record<string, string>}} request what of the record is sent,
 *   to whom, and the names of fields by their codes as far as they are known
 * @param {Device} device
 * @param {boolean} afterUnknown whether the run before this one may still be under way
 * @param {Say} say
 * @returns {Promise<boolean>}
 */
export async function confirmRun(unit, { sends, service, names }, device, afterUnknown, say) {
  // After an unknown outcome a second run is never started without a question.
  if (!unit.confirm && !afterUnknown) {
    return true;
  }
  const fields = Array.isArray(sends) ? sends.map((code) => (Object.hasOwn(names, code) ? names[code] : code)) : [];
  const body = [
    afterUnknown && say("page.confirmUnknown"),
    typeof unit.confirm === "object" ? say(unit.confirm) : say("page.confirmBody", { label: unit.label }),
    sends === "all" && say("page.confirmSendsAll", { service }),
    fields.length > 0 && say("page.confirmSends", { service, fields: fields.join(say("page.comma")) }),
  ]
    .filter(Boolean)
    .join("\n");
  const answer = await confirmDialog(device, {
    title: say(unit.label),
    body,
    showOkButton: true,
    okButtonText: say("page.ok"),
    showCancelButton: true,
    cancelButtonText: say("page.cancel"),
    showCloseButton: true,
  });
  return answer === "OK";
}
