/** @import { Shown } from "./kintone.js" */

/** Where a create page keeps its name over a reload: sessionStorage, which holds nothing else of ours. */
const KEY = "runbutton/create";

/**
 * Names the place of a run: a record's ID, `index`, or for a create page a random name, until its record is saved.
 *
 * @param {() => Storage} session a getter, because even naming the Storage can throw
 */
export function createPlaces(session) {
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
  return {
    /**
     * @param {Pick<Shown, "page" | "recordId" | "appId">} shown
     * @returns {string}
     */
    of({ page, recordId, appId }) {
      if (page !== "create") {
        // A create page that was left for another page will not come back.
        // mutant create-name-forever:
        giveUp();
        return recordId === null ? page : String(recordId);
      }
      // mutant create-shared: return "create";
      const isOurs = (/** @type {string | null} */ text) => text?.startsWith(`create-${appId}-`) ?? false;
      const kept = name ?? attempt((storage) => storage.getItem(KEY));
      name = isOurs(kept) ? kept : `create-${appId}-${Math.random().toString(36).slice(2)}`;
      const next = String(name);
      attempt((storage) => storage.setItem(KEY, next));
      return next;
    },

    /** The record of the create page was saved: the next one is another. */
    saved: giveUp,
  };
}
