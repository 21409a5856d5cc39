import { inForm } from "./record.js";
/** @import { Clock } from "./clock.js" */
/** @import { Shown } from "./kintone.js" */
/** @import { PlaceRun } from "../run/run.js" */

/** How often it is tried to load the page again, and how long it takes at least, in milliseconds: until other tabs have
 * the end too. */
const TRY = 1000;

/**
 * Loads the page again, to show the values that a run has changed.
 *
 * @param {Map<string, PlaceRun>} runs of this document
 * @param {() => Shown} current what it shows now
 * @param {Clock} clock
 */
export function createReload(runs, current, clock) {
  let stop = () => {};

  /**
   * Whether that takes nothing away: no open form, no start and no question of another unit. Null where there is no
   * waiting for that: another record is shown, which will be loaded anew anyway; a run is under way again; or something is
   * being written of which nobody tells when it is done.
   *
   * @param {Shown} shown
   */
  function mayReload(shown) {
    const form = inForm(current());
    const states = [...runs.values()].map((run) => run.view().state);
    const starting = states.some((state) => state === "confirming" || state === "starting");
    // A list's row can be edited where it stands, and a record has comments.
    const writing = !form && document.activeElement?.matches("input, textarea, select, [contenteditable]");
    // mutant reload-over-form: return true;
    // mutant reload-other-record: return writing ? null : !form && !starting;
    return current().recordId !== shown.recordId || writing ? null : !form && !starting;
  }

  /**
   * Loads it as soon as that may be, but not before the storage holds the end: a page that cannot find the end would ask for
   * the run again, and load itself again.
   *
   * @param {Shown} shown the record that is to be loaded again
   * @param {() => boolean} isKept whether the storage holds the end
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
