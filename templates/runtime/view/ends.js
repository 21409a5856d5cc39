import { createLast } from "./last-run.js";
import { nameOf, recordOf } from "../run/names.js";
import { createNotices, endNotice } from "./notices.js";

/**
 * What is told of runs that have ended, besides the panel: the line about the last run, and notices.
 *
 * @param {Store} local
 * @param {string} source of the script
 * @param {() => Shown} current what the document shows now
 * @param {(unit: string) => Element | null} elementOf a unit, on the page
 */
export function createEnds(local, source, current, elementOf) {
  const notices = createNotices(local, () => current().device);
  /** @param {Shown} shown */
  const keyOf = ({ appId }) => ["runbutton", source, appId, "notice"].join("/");
  return {
    /**
     * @param {UnitConfig} unit
     * @param {Shown} shown where it ran
     * @param {RunView} view of a run of this tab that has ended
     * @param {Say} say
     * @param {boolean} isSeen whether the user sees it anyway
     */
    tell(unit, shown, view, say, isSeen) {
      createLast(local, nameOf(source, shown, unit)).keep(recordOf(shown), view);
      if (!isSeen) {
        const run = { unit: unit.id, record: shown.recordId };
        notices.tell(endNotice(unit, shown.recordId, view, say), keyOf(shown), run);
      }
    },

    /**
     * Tells of the ends that the app's other tabs tell of, once for the document.
     *
     * @param {Shown} shown
     */
    listen(shown) {
      notices.listen(keyOf(shown), ({ unit, record }) => record === current().recordId && elementOf(unit) !== null);
    },

    /**
     * @param {UnitConfig} unit
     * @param {Shown} shown
     * @param {Say} say
     * @param {string} timeZone the user's
     */
    lastLine: (unit, shown, say, timeZone) =>
      createLast(local, nameOf(source, shown, unit)).line(recordOf(shown), say, timeZone),
  };
}
