import { askInDialog } from "./dialog.jsx";
import { confirmDialog } from "./kintone.js";
import { texts } from "./messages.js";

/**
 * Asks whether to run: with kintone's own dialog where there is one, else with ours.
 *
 * @param {UnitConfig} unit
 * @param {"all" | string[]} sends what of the record is sent
 * @param {Device} device
 * @param {boolean} afterUnknown whether the run before this one may still be under way
 * @param {Say} say
 * @returns {Promise<boolean>}
 */
export async function confirmRun(unit, sends, device, afterUnknown, say) {
  // After an unknown outcome a second run is never started without a question.
  if (!unit.confirm && !afterUnknown) {
    return true;
  }
  const body = [
    typeof unit.confirm === "object" ? say(unit.confirm) : say(texts.confirmBody, { label: unit.label }),
    afterUnknown && say(texts.confirmUnknown),
    sends === "all" && say(texts.confirmSendsAll),
    Array.isArray(sends) && sends.length > 0 && say(texts.confirmSends, { fields: sends.join(say(texts.comma)) }),
  ]
    .filter(Boolean)
    .join("\n");
  const words = { title: say(unit.label), body, ok: say(texts.ok), cancel: say(texts.cancel) };
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
