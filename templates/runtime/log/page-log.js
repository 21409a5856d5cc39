import { callRecords, inTime } from "../page/kintone-records.js";
import { recordUrl } from "../page/record-url.js";
import { BLANK, isEnd } from "../run/states.js";
import { moment } from "../view/duration.js";
import { lastRunOf } from "../view/last-run.js";
import { isGoingOn, openLog } from "./open-log.js";
import { recordIdOf } from "./rows.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Ledger } from "../run/ledger.js" */
/** @import { Problem } from "../run/problems.js" */
/** @import { PlaceRun } from "../run/run.js" */
/** @import { Say } from "../view/say.js" */
/** @import { Row } from "./rows.js" */

/**
 * The log of an app's runs in its pages, and the last run of all users at a place.
 *
 * @param {UnitConfig[]} units the app's, with the log app's ID
 * @param {object} page
 * @param {Clock} page.clock
 * @param {Ledger} page.ledger
 * @param {Say} page.say
 * @param {number} page.appId
 * @param {string} page.timeZone the user's
 * @param {(unit: UnitConfig) => Service} page.serviceOf
 * @param {(key: string) => PlaceRun | undefined} page.findRun
 * @param {(words: string) => void} page.warn writes to the console
 * @param {import("./open-log.js").LogFeatures} features
 */
export function openPageLog(units, page, features) {
  const { clock, ledger, say, appId, timeZone, findRun, warn } = page;
  const [{ log: app }] = units;
  // In a plug-in, other apps may have a log, and this one none.
  // mutant log-for-all: if (false) {
  if (!app) {
    return undefined;
  }
  const about = {
    ...page,
    urlOf: (/** @type {string} */ recordId) => recordUrl(location, appId, recordId),
    unitOf: (/** @type {string} */ id) => units.find((unit) => unit.id === id),
    serviceOf: (/** @type {UnitConfig} */ unit) => page.serviceOf(unit).title ?? unit.service,
  };
  const log = openLog(inTime(callRecords, clock), app, about, features, (key, note) => {
    warn(`${ledger.partsOf(key)[0]}: ${note}`);
    findRun(key)?.changed(false);
  });
  /** @type {{place: string, latest: Map<string, Row>}} the latest run of each unit at the place that is shown */
  let shown = { place: "", latest: new Map() };

  return {
    changed: log.changed,

    /**
     * The service for a unit, if a start of it concerns the log.
     *
     * @param {UnitConfig} unit
     * @param {() => string} keyOf the place
     */
    startOf: (unit, keyOf) => log.startOf(unit, page.serviceOf(unit), keyOf),

    /**
     * Asks whether to run, unless the log has a reason against it.
     *
     * @param {UnitConfig} unit
     * @param {string} key of the place
     * @param {(warning: string) => Promise<boolean>} confirm
     * @returns {Promise<boolean | Problem>}
     */
    async confirm(unit, key, confirm) {
      const { problem, warning = "" } = await log.before(unit, key);
      return problem ?? confirm(warning);
    },

    /**
     * What a button shows of the log: the last run of all users, and whether a run could be recorded.
     *
     * @param {UnitConfig} unit
     * @param {PlaceRun} run
     */
    faceOf: (unit, run) => ({ told: () => told(unit, run), noteOf: log.noteOf }),

    /**
     * Reads the latest runs at the place that the page shows now: one request for all units.
     *
     * @param {string} place
     * @param {PlaceRun[]} runs of the buttons there
     */
    async show(place, runs) {
      if (!runs.length) {
        return;
      }
      const recordId = recordIdOf(place);
      const here = { place, latest: shown.place === place ? shown.latest : new Map() };
      shown = here;
      try {
        const found = await log.rows.list(
          `app_id = ${appId} and record_id = "${recordId}" order by $id desc limit 100`,
        );
        // A skipped run was none.
        const rows = found.filter((row) => row.recordId === recordId && row.state !== "skipped").reverse();
        here.latest = new Map(rows.map((row) => [row.unit, row]));
        if (shown === here) {
          runs.forEach((run) => run.changed(false));
        }
      } catch {
        // The page's own last run is shown.
      }
    },
  };

  /**
   * The last run at a place, if another user or device ran it, for the text below its button.
   *
   * @param {UnitConfig} unit
   * @param {PlaceRun} run
   * @returns {ReturnType<typeof lastRunOf>} null if the page's own is the last one
   */
  function told(unit, run) {
    const own = run.last();
    const row = shown.latest.get(unit.id);
    const now = clock.now();
    if (!row || run.view().startedAt !== null || row.runKey === own?.id || row.startedAt <= Number(own?.startedAt)) {
      return null;
    }
    const { state, startedAt, took, user } = row;
    const by = ` · ${user.name}`;
    if (isGoingOn(row, unit, now)) {
      const whole = say("log.underWay", { user: user.name, time: moment(startedAt, timeZone) });
      return { state: "running", short: say("log.running") + by, whole };
    }
    const ended = { ...BLANK, id: "", startedAt, deadline: 0, endedAt: startedAt + Number(took), took, state };
    // mutant others-last-done: const last = lastRunOf({ ...ended, state: "succeeded" }, say, timeZone, now);
    const last = lastRunOf({ ...ended, state: isEnd(ended) ? state : "unknown" }, say, timeZone, now);
    return last && { ...last, short: last.short + by, whole: last.whole + by };
  }
}
