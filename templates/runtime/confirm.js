import { askInDialog } from "./dialog.jsx";
import { confirmDialog } from "./kintone.js";
import { texts } from "./messages.js";

/**
 * Asks whether to run: with kintone's own dialog where there is one, else with ours.
 *
 * @param {UnitConfig} unit
 * @param {Shown} shown
 * @param {Say} say
 * @param {string} sends what is sent, in words; may be empty
 * @param {boolean} afterUnknown whether the run before this one may still be under way
 * @returns {Promise<boolean>}
 */
export async function confirmRun(unit, shown, say, sends, afterUnknown) {
  // After an unknown outcome a second run is never started without a question.
  if (!unit.confirm && !afterUnknown) {
    return true;
  }
  const question = typeof unit.confirm === "object" ? say(unit.confirm) : say(texts.confirmBody, { label: unit.label });
  const body = [question, afterUnknown && say(texts.confirmUnknown), sends].filter(Boolean).join("\n");
  const words = { title: say(unit.label), body, ok: say(texts.ok), cancel: say(texts.cancel) };
  const asked = confirmDialog(shown.device, {
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
