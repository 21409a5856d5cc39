import { formRecord, onCreated } from "./kintone-forms.js";
import { patientReader } from "./reader.js";
import { inForm } from "./record.js";
/** @import { Clock } from "./clock.js" */
/** @import { Shown } from "./kintone.js" */
/** @import { Ledger } from "../run/ledger.js" */
/** @import { PlaceRun, Reader } from "../run/run.js" */

/** The key of a create page's name in sessionStorage, so that it survives a reload. */
const KEY = "runbutton/create";

/**
 * The create and edit pages, for apps with buttons there: reads the form, and gives a create page's place a random name
 * until its record is saved.
 *
 * @param {() => Storage} session a getter, because even naming the Storage can throw
 * @param {() => Shown} current the page that the document shows now
 * @param {Map<string, PlaceRun>} runs of this document by key
 * @param {Ledger} ledger
 * @param {Clock} clock
 */
export function createForms(session, current, runs, ledger, clock) {
  /** @type {string | null} of the current create page */
  let name = null;

  /** @param {(storage: Storage) => string | null | void} access @returns {string | null} */
  const attempt = (access) => {
    try {
      return access(session()) ?? null;
    } catch {
      return null;
    }
  };
  function giveUp() {
    name = null;
    attempt((storage) => storage.removeItem(KEY));
  }

  /**
   * @param {Pick<Shown, "page" | "appId">} shown
   * @returns {string | null} null for all pages but create pages
   */
  function placeOf({ page, appId }) {
    if (page !== "create") {
      // A create page does not come back after another page was shown.
      // mutant create-name-forever:
      giveUp();
      return null;
    }
    // mutant create-shared: return "create";
    const isOurs = (/** @type {string | null} */ text) => text?.startsWith(`create-${appId}-`) ?? false;
    const kept = name ?? attempt((storage) => storage.getItem(KEY));
    name = isOurs(kept) ? kept : `create-${appId}-${Math.random().toString(36).slice(2)}`;
    const next = String(name);
    attempt((storage) => storage.setItem(KEY, next));
    return next;
  }

  // The create page's record was saved. kintone shows its own page next, and the next create page is a new one.
  onCreated((recordId) => {
    const place = placeOf(current());
    for (const [key, run] of [...runs]) {
      const [unitId, at] = ledger.partsOf(key);
      // mutant saved-takes-others: if (at.startsWith("create")) {
      if (at === place) {
        const next = ledger.keyOf(unitId, String(recordId));
        runs.delete(key);
        runs.set(next, run);
        run.rename(next);
      }
    }
    giveUp();
  });

  return {
    placeOf,

    /**
     * Reads the current page for a run. kintone returns the form that it shows, even if that is another record's by
     * now.
     *
     * @param {Shown} shown
     * @returns {Reader}
     */
    readerOf: (shown) =>
      patientReader(() => {
        const { appId, recordId } = current();
        if (inForm(shown) && (appId !== shown.appId || recordId !== shown.recordId)) {
          throw new Error("Another record is shown.");
        }
        return inForm(shown) ? { ...shown, record: formRecord(shown.device) } : shown;
      }, clock),
  };
}
