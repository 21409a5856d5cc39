import { moment } from "../view/duration.js";
import { isExpired, mayPass, reasonOf, recordIdOf } from "./rows.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Run } from "../run/entry.js" */
/** @import { Problem } from "../run/problems.js" */
/** @import { Log } from "./log.js" */
/** @import { Row, Rows } from "./rows.js" */

/** How often a lock is tried. */
const LOCK_TRIES = 5;

/**
 * The name of a unit's lock, the same for all users and machines. It is readable in the log app, and with its number at
 * most 64 characters long: kintone keeps no longer text without duplicates. `runbutton check` limits the unit's ID.
 *
 * @param {UnitConfig} unit
 * @param {number} appId
 * @param {string} place
 */
function lockName(unit, appId, place) {
  return `${appId}:${unit.id}${unit.atOnce === "one_per_record" ? `:${place}` : ""}#`;
}

/**
 * Runs that only one person or machine can start at a time. kintone refuses a second record with the same `lock`
 * (400 CB_VA01), so whoever adds the record first has it.
 *
 * An end empties the field. A lock without an end expires after the run's timeout. Only its creator may change its
 * record, so the next run takes the next number instead: two of them would add the same, and one is refused.
 *
 * A late end makes its number free again, so two runs may see different numbers as the next one. Therefore each looks
 * at the locks again after it has added its own, and goes on only if no other lock was added before.
 *
 * @param {Rows} rows
 * @param {Log} log
 * @param {Clock} clock
 * @param {string} timeZone the user's
 * @param {number} appId
 */
export function createExclusive(rows, log, clock, timeZone, appId) {
  /**
   * The locks of a unit's place. `holder`: the one that was added first, and has not expired.
   *
   * @param {Row[]} found newest first
   * @param {UnitConfig} unit
   * @param {string} place
   * @param {Row} [own] this run's
   */
  function locksOf(found, unit, place, own) {
    const name = lockName(unit, appId, place);
    const locks = found.filter(({ lock }) => lock.startsWith(name));
    /** The user's clock may be wrong: kintone's times decide as soon as this run has one. @param {Row} row */
    const isOver = (row) =>
      own ? isExpired({ startedAt: row.addedAt }, unit, own.addedAt) : isExpired(row, unit, clock.now());
    return {
      // mutant lock-never-expires: holder: locks.filter((row) => row !== own).pop(),
      // mutant lock-expires-at-once: holder: undefined,
      holder: locks.filter((row) => row !== own && !isOver(row)).pop(),
      expired: locks.find((row) => isExpired(row, unit, clock.now())),
      // mutant lock-number-reused: next: `${name}1`,
      next: `${name}${Math.max(0, ...locks.map(({ lock }) => Number(lock.slice(name.length)))) + 1}`,
    };
  }

  /** @param {Row} row @returns {Problem} */
  function taken({ user, startedAt }) {
    const values = { user: user.name, time: moment(startedAt, timeZone) };
    return { happened: "log.taken", ran: "ran.nothing", advice: "log.waitForEnd", values };
  }

  /** @param {unknown} error @returns {Problem} */
  function unsure(error) {
    return { happened: "log.unsure", ran: "ran.nothing", advice: "advice.admin", text: reasonOf(error) };
  }

  return {
    locksOf,
    taken,
    unsure,

    /**
     * Takes the lock for a run. Without the lock there is no start.
     *
     * @param {UnitConfig} unit
     * @param {string} key of the place
     * @param {string} place
     * @param {Run} run
     * @returns {Promise<Problem | null>}
     */
    async claim(unit, key, place, run) {
      // kintone returns 100 records, and runs whose end nobody saw keep their locks.
      const here = unit.atOnce === "one_per_record" ? `record_id = "${recordIdOf(place)}" and ` : "";
      const which = `app_id = ${appId} and unit = "${unit.id}" and ${here}lock != "" order by $id desc`;
      let isAsked = false;
      let isAdded = false;
      /** @type {Problem | null} */
      let problem = null;
      for (let tries = 1; tries <= LOCK_TRIES; tries++) {
        try {
          const found = await rows.list(which);
          const own = found.find(({ runKey }) => runKey === run.id);
          const { holder, next } = locksOf(found, unit, place, own);
          // This page may have been frozen until its lock expired.
          // mutant lock-not-checked: if (own) {
          if (own && !isExpired(own, unit, clock.now()) && !(holder && Number(holder.id) < Number(own.id))) {
            log.added(run.id, own);
            return null;
          }
          if (holder || own || isAdded) {
            // Without a holder, somebody has removed the record.
            problem = holder ? taken(holder) : problem;
            break;
          }
          isAsked = true;
          await rows.add({ ...log.valuesOf(key, run), lock: next });
          // mutant lock-added-again:
          isAdded = true;
        } catch (error) {
          problem = unsure(error);
          const { code } = /** @type {{code?: string}} */ (error ?? {});
          if (!mayPass({ code })) {
            break;
          }
          // Somebody else was faster: who, is there to read at once.
          if (code !== "CB_VA01") {
            await clock.sleep(1000 * 2 ** (tries - 1));
          }
        }
      }
      // mutant open-without-lock: return null;
      problem ??= unsure(null);
      if (isAsked) {
        // A request without an answer may arrive after all.
        // mutant late-lock-stays:
        log.release(run.id, problem);
      }
      return problem;
    },
  };
}
