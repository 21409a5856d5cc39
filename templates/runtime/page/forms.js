import { formRecord, onCreated } from "./kintone-forms.js";
import { patientReader } from "./reader.js";
import { inForm } from "./record.js";
/** @import { Clock } from "./clock.js" */
/** @import { Shown } from "./kintone.js" */
/** @import { Ledger } from "../run/ledger.js" */
/** @import { PlaceRun, Reader } from "../run/run.js" */

/** Where a create page keeps its name over a reload: sessionStorage, which holds nothing else of ours. */
const KEY = "runbutton/create";

/**
 * The pages on which a record is written, for apps that have buttons there: reads the form, and names the place of a
 * create page, at random, until its record is saved.
 *
 * @param {() => Storage} session a getter, because even naming the Storage can throw
 * @param {() => Shown} current what the document shows now
 * @param {Map<string, PlaceRun>} runs of this document by key
 * @param {Ledger} ledger
 * @param {Clock} clock
 */
export function createForms(session, current, runs, ledger, clock) {
  /** @type {string | null} of the create page that is shown */
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
      // A create page that was left for another page will not come back.
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

  // The create page's record was saved. kintone shows it on a page of its own next, and the next create page is another.
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
     * Reads the page as it stands, for a run. kintone gives the form that it shows, even if that is another record's by now.
     *
     * @param {Shown} shown
     * @returns {Reader}
     */
    readerOf: (shown) =>
      patientReader(() => {
        if (inForm(shown) && current().recordId !== shown.recordId) {
          throw new Error("Another record is shown.");
        }
        return inForm(shown) ? { ...shown, record: formRecord(shown.device) } : shown;
      }, clock),
  };
}
