import { fieldText } from "../page/field-text.js";
import { confirmDialog } from "../page/kintone.js";
/** @import { Shown } from "../page/kintone.js" */
/** @import { Say } from "./say.js" */

/** The maximum number of fields, and the maximum length of a value. */
const MOST_FIELDS = 10;
const MOST_LETTERS = 60;

/**
 * Asks with kintone's own dialog whether to run.
 *
 * @param {UnitConfig} unit
 * @param {Service} service
 * @param {Shown} shown
 * @param {{say: Say, timeZone: string, names: Record<string, string>, isShown: () => boolean}} face the names of fields by
 *   their codes, as far as they are known; and whether kintone still shows what was clicked
 * @param {boolean} inDoubt whether the previous run may still be in progress
 * @param {string} warning another reason to ask, or the empty text
 * @returns {Promise<boolean>}
 */
export async function confirmRun(unit, service, { device, record }, face, inDoubt, warning) {
  // With a warning, a run always needs confirmation.
  if (!unit.confirm && !inDoubt && !warning) {
    return true;
  }
  // Reading the log or the list takes time. About another record, the user would take the question for that one's.
  if (!face.isShown()) {
    return false;
  }
  const { say, timeZone, names } = face;
  const sends = service.sends(unit);
  const title = service.title ?? unit.service;
  const codes = sends === "all" ? [] : sends;
  const values = codes.slice(0, MOST_FIELDS).map((code) => {
    const value = Object.hasOwn(record, code) && fieldText(record[code], timeZone);
    const name = Object.hasOwn(names, code) ? names[code] : code;
    return typeof value === "string" ? say("page.of", { label: name }) + cut(value) : name;
  });
  const more = codes.length - values.length;
  const okButtonText = say("page.ok");
  const answer = confirmDialog(device, {
    title: say("page.confirmBody", { label: unit.label }),
    body: [
      inDoubt && say("page.confirmUnknown"),
      warning,
      typeof unit.confirm === "object" && say(unit.confirm),
      sends === "all" && say("page.confirmSendsAll", { service: title }),
      values.length > 0 && say("page.confirmSends", { service: title }),
      ...values,
      more > 0 && say("page.moreSteps", { n: more }),
    ]
      .filter(Boolean)
      .join("\n"),
    showOkButton: true,
    okButtonText,
    showCancelButton: true,
    cancelButtonText: say("page.cancel"),
    showCloseButton: true,
  });
  // kintone's initial focus is not documented; with this one, Enter runs.
  await null;
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = document.querySelectorAll('dialog button, [role="dialog"] button');
  const ok = [...buttons].find(({ textContent }) => textContent?.trim() === okButtonText);
  ok?.focus();
  // The Enter that brought the question, if it is held down, does not answer it.
  ok?.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
  return (await answer) === "OK";
}

/** @param {string} value in one row */
function cut(value) {
  const letters = [...value.replace(/\s+/g, " ")];
  return letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS).join("")}…` : letters.join("");
}
