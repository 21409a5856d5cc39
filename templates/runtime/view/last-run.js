import { moment, spoken } from "./duration.js";
import { ranNothing } from "./statusline.js";

/** How many records' last runs are remembered for each unit. */
const RECORDS = 100;

/** @typedef {"succeeded" | "failed" | "canceled" | "unknown"} RememberedState */

/**
 * @param {RunState} state
 * @returns {state is RememberedState}
 */
function isRemembered(state) {
  return ["succeeded", "failed", "canceled", "unknown"].includes(state);
}

/**
 * How each record's last run of a unit ended, for all tabs of this browser: a state and two times, nothing else.
 *
 * @typedef {{record: string, state: RememberedState, endedAt: number, took: number | null}} LastRun milliseconds
 *
 * @param {Store} local
 * @param {string} unitName of the unit in this browser's storage
 */
export function createLast(local, unitName) {
  const key = `${unitName}/last`;
  /** @returns {LastRun[]} oldest first */
  const all = () => local.read(key) ?? [];
  return {
    /**
     * @param {string} record
     * @param {Say} say
     * @param {string} timeZone the user's
     * @returns {string} "" where nothing is known
     */
    line(record, say, timeZone) {
      const last = all().find((one) => one.record === record);
      if (!last) {
        return "";
      }
      const word = say(`last.${last.state}`);
      const text = last.took === null ? "page.last" : "page.lastIn";
      return say(text, { time: moment(last.endedAt, timeZone), word, took: spoken(Number(last.took), say) });
    },

    /**
     * @param {string} record
     * @param {RunView} view of a run that has ended; one that did nothing is none
     */
    keep(record, view) {
      const { state, endedAt, took } = view;
      if (isRemembered(state) && !ranNothing(view)) {
        const others = all().filter((one) => one.record !== record);
        local.write(key, [...others.slice(1 - RECORDS), { record, state, endedAt, took }]);
      }
    },
  };
}
