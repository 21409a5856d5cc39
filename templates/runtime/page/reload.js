import { inForm } from "./record.js";
/** @import { Clock } from "./clock.js" */
/** @import { Shown } from "./kintone.js" */
/** @import { PlaceRun } from "../run/run.js" */

/** How often to try to reload the page, and the minimum delay before, in milliseconds: other tabs need the run's end
 * first. */
const TRY = 1000;

/**
 * Reloads the page to show the values that a run has changed.
 *
 * @param {Map<string, PlaceRun>} runs of this document
 * @param {() => Shown} current the page that it shows now
 * @param {Clock} clock
 */
export function createReload(runs, current, clock) {
  let stop = () => {};

  /**
   * Whether a reload loses nothing: no open form, and no start or question of another unit. Null if waiting does not
   * help: another record is shown, which is loaded again anyway; a run is in progress again; or the user is writing
   * something whose end cannot be detected.
   *
   * @param {Shown} shown
   */
  function mayReload(shown) {
    const form = inForm(current());
    const states = [...runs.values()].map((run) => run.view().state);
    const starting = states.some((state) => state === "confirming" || state === "starting");
    // A list's row can be edited in place, and a record has comments.
    const writing = !form && document.activeElement?.matches("input, textarea, select, [contenteditable]");
    // mutant reload-over-form: return true;
    // mutant reload-other-record: return writing ? null : !form && !starting;
    return current().recordId !== shown.recordId || writing ? null : !form && !starting;
  }

  /**
   * Reloads as soon as possible, but not before the storage contains the end: a page without the end would request the
   * run's status again, and reload again.
   *
   * @param {Shown} shown the record to reload
   * @param {() => boolean} isKept whether the storage contains the end
   */
  return (shown, isKept) => {
    stop();
    stop = clock.every(TRY, () => {
      const may = isKept() ? mayReload(shown) : null;
      if (may !== false) {
        stop();
      }
      if (may) {
        location.reload();
      }
    });
  };
}
