import { isUnderWay } from "../run/states.js";
import { moment } from "../view/duration.js";
import { createLog } from "./log.js";
import { createRows, isExpired, recordIdOf } from "./rows.js";
/** @import { Run } from "../run/entry.js" */
/** @import { Problem } from "../run/problems.js" */
/** @import { CallRecords, Row } from "./rows.js" */

/**
 * Optional parts: the locks of exclusive units, and the values that users have typed.
 *
 * @typedef {object} LogFeatures
 * @property {typeof import("./exclusive.js").createExclusive} [createExclusive]
 * @property {typeof import("./asked.js").askedLines} [askedLines]
 */

/**
 * The log of an app's runs, and the locks of its exclusive units.
 *
 * @param {CallRecords} call
 * @param {number} app the log app's ID
 * @param {Parameters<typeof createLog>[1] & {timeZone: string}} page
 * @param {LogFeatures} features
 * @param {(key: string, note: string) => void} failed called with a sentence if a run could not be recorded
 */
export function openLog(call, app, page, features, failed) {
  const { clock, ledger, say, appId, timeZone } = page;
  const rows = createRows(call, app);
  const log = createLog(rows, page, failed);
  const exclusive = features.createExclusive?.(rows, log, clock, timeZone, appId);

  return {
    rows,
    changed: log.changed,
    noteOf: log.noteOf,
    done: log.done,

    /**
     * The service for a unit that is exclusive, and starts only with the lock, or whose typed values are recorded;
     * undefined for other units.
     *
     * @param {UnitConfig} unit
     * @param {Service} service
     * @param {() => string} keyOf the place
     * @returns {Service | undefined}
     */
    startOf(unit, service, keyOf) {
      const lines = unit.logValues ? features.askedLines : undefined;
      if (!unit.atOnce && !lines) {
        return undefined;
      }
      return {
        ...service,
        async start(given) {
          const key = keyOf();
          const run = /** @type {Run} */ (ledger.get(key).run);
          const [, place] = ledger.partsOf(key);
          if (lines) {
            log.asked(run.id, lines(unit, given.shown.record, say));
          }
          const problem = unit.atOnce && exclusive ? await exclusive.claim(unit, key, place, run) : null;
          if (problem) {
            return { state: "failed", problem };
          }
          const started = await service.start(given);
          if (unit.atOnce && "problem" in started && started.state === "failed") {
            // mutant refused-keeps-lock:
            log.release(run.id, started.problem);
          }
          return started;
        },
      };
    },

    /**
     * What the log says before a run: a problem that prevents it, or a warning for the question.
     *
     * @param {UnitConfig} unit
     * @param {string} key of the place
     */
    async before(unit, key) {
      const said = await look(unit, key);
      // If the user has started it in another tab meanwhile, the page shows that run.
      // mutant own-run-refuses: return said;
      return said.problem && isUnderWay(ledger.get(key).run) ? {} : said;
    },
  };

  /**
   * @param {UnitConfig} unit
   * @param {string} key
   * @returns {Promise<{problem?: Problem, warning?: string}>}
   */
  async function look(unit, key) {
    const [, place] = ledger.partsOf(key);
    const recordId = recordIdOf(place);
    const isExclusive = exclusive && unit.atOnce;
    /** @type {Row[]} newest first; a skipped run was none */
    let found = [];
    try {
      const which = `record_id = "${recordId}"${unit.atOnce === "one" ? ' or lock != ""' : ""}`;
      const listed = await rows.list(
        `app_id = ${appId} and unit = "${unit.id}" and (${which}) order by $id desc limit 50`,
      );
      // mutant log-of-other-units: found = listed;
      found = listed.filter((row) => row.unit === unit.id && row.state !== "skipped");
    } catch (error) {
      return isExclusive ? { problem: exclusive.unsure(error) } : {};
    }
    const latest = found.find((row) => row.recordId === recordId || unit.atOnce === "one");
    if (isExclusive) {
      const { holder, expired } = exclusive.locksOf(found, unit, place);
      if (holder) {
        return { problem: exclusive.taken(holder) };
      }
      // After later runs, somebody has already decided about it.
      return expired && expired === latest ? { warning: warningOf(expired, "log.mayBeOver") } : {};
    }
    const goesOn = latest && isGoingOn(latest, unit, clock.now()) && latest.runKey !== ledger.get(key).run?.id;
    return goesOn ? { warning: warningOf(latest, "log.underWay") } : {};
  }

  /** @param {Row} row @param {"log.mayBeOver" | "log.underWay"} words */
  function warningOf({ user, startedAt }, words) {
    return say(words, { user: user.name, time: moment(startedAt, timeZone) });
  }
}

/**
 * Whether a run seems to be under way: its record has no end.
 *
 * @param {Row} row
 * @param {UnitConfig} unit
 * @param {number} now
 */
export function isGoingOn(row, unit, now) {
  return (row.state === "starting" || row.state === "running") && !isExpired(row, unit, now);
}
