import { askInDialog } from "./dialog.jsx";
import { confirmDialog } from "../page/kintone.js";

/**
 * Asks whether to run: with kintone's own dialog where there is one, else with ours.
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
  const words = { title: say(unit.label), body, ok: say("page.ok"), cancel: say("page.cancel") };
  const asked = confirmDialog(device, {
    title: words.title,
    body,
    showOkButton: true,
    okButtonText: words.ok,
    showCancelButton: true,
    cancelButtonText: words.cancel,
    showCloseButton: true,
  });
  return asked ? (await asked) === "OK" : askInDialog(words);
}
