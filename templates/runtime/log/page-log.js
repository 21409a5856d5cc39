import { callRecords } from "../page/kintone-records.js";
import { recordUrl } from "../page/record-url.js";
import { BLANK, isEnd } from "../run/states.js";
import { moment } from "../view/duration.js";
import { lastRunOf } from "../view/last-run.js";
import { isGoingOn, openLog } from "./open-log.js";
import { recordIdOf } from "./rows.js";
/** @import { PlaceRun } from "../run/run.js" */
/** @import { Row } from "./rows.js" */

/**
 * The log of an app's runs in its pages, and the last run of all users at a place.
 *
 * @param {UnitConfig[]} units the app's, with the log app's ID
 * @param {Omit<Parameters<typeof openLog>[2], "urlOf" | "unitOf">} page
 * @param {Parameters<typeof openLog>[3]} createExclusive
 * @param {Parameters<typeof openLog>[4]} failed
 */
export function openPageLog(units, page, createExclusive, failed) {
  const { clock, say, appId, timeZone } = page;
  const urlOf = (/** @type {string} */ recordId) => recordUrl(location, appId, recordId);
  const unitOf = (/** @type {string} */ id) => units.find((unit) => unit.id === id);
  const log = openLog(callRecords, Number(units[0].log), { ...page, urlOf, unitOf }, createExclusive, failed);
  /** @type {{place: string, latest: Map<string, Row>}} the latest run of each unit at the place that is shown */
  let shown = { place: "", latest: new Map() };

  return {
    ...log,

    /**
     * Reads the latest runs at the place that the page shows now: one request for all units.
     *
     * @param {string} place
     * @param {() => void} changed called if they are known
     */
    async show(place, changed) {
      const recordId = recordIdOf(place);
      const here = { place, latest: shown.place === place ? shown.latest : new Map() };
      shown = here;
      try {
        const found = await log.rows.list(
          `app_id = ${appId} and record_id = "${recordId}" order by $id desc limit 100`,
        );
        const rows = found.filter((row) => row.recordId === recordId).reverse();
        here.latest = new Map(rows.map((row) => [row.unit, row]));
        if (shown === here) {
          changed();
        }
      } catch {
        // The page's own last run is shown.
      }
    },

    /**
     * The last run at a place by all users and devices, for the text below its button.
     *
     * @param {UnitConfig} unit
     * @param {PlaceRun} run
     * @returns {ReturnType<typeof lastRunOf>}
     */
    told(unit, run) {
      const own = run.last();
      const row = shown.latest.get(unit.id);
      const now = clock.now();
      if (!row || run.view().startedAt !== null || row.runKey === own?.id || row.startedAt <= Number(own?.startedAt)) {
        return lastRunOf(own, say, timeZone, now);
      }
      const { state, startedAt, took, user } = row;
      const by = ` · ${user.name}`;
      if (isGoingOn(row, unit, now)) {
        const whole = say("log.underWay", { user: user.name, time: moment(startedAt, timeZone) });
        return { state: "running", short: say("log.running") + by, whole };
      }
      const run_ = { ...BLANK, id: "", startedAt, deadline: 0, endedAt: startedAt + Number(took), took };
      const told = lastRunOf({ ...run_, state: isEnd({ ...run_, state }) ? state : "unknown" }, say, timeZone, now);
      return told && { ...told, short: told.short + by, whole: told.whole + by };
    },
  };
}
