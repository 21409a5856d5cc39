import { lockOf, SETTLE } from "./locks.js";
import { isUnderWay } from "./states.js";
/** @import { Stint } from "./locks.js" */
/** @import { Place } from "./run.js" */

/** How often to try to get the place's lock, and the pause between, in milliseconds. */
const TRIES = 4;
const RETRY = 100;

/**
 * Records a user's decision at a place: two locks prevent other tabs from deciding on outdated data.
 *
 * @param {Place} place
 * @param {World} world
 * @param {Pick<ReturnType<typeof import("./attend.js").createAttendance>, "holds">} attendance
 */
export function createDecision(place, { clock, ledger, locks, random }, attendance) {
  /**
   * Records the user's decision, unless the place has changed since.
   *
   * @param {number} turn that the user saw
   * @param {() => void} act
   * @returns {Promise<boolean>} whether it did
   */
  function claim(turn, act) {
    return new Promise((resolve) => {
      const attempt = () =>
        // mutant no-place-lock: locks.hold(`${place.key}/start/${random()}`, { ifAvailable: true }, async () => {
        locks.hold(`${place.key}/start`, { ifAvailable: true }, async () => {
          const entry = ledger.look(place.key);
          // mutant turn-not-looked-at: if (isUnderWay(entry.run)) {
          if (entry.turn !== turn || isUnderWay(entry.run)) {
            resolve(false);
            return;
          }
          act();
          resolve(true);
          // Held until other processes can read it. The run need not wait for that.
          await clock.sleep(SETTLE);
        });
      const attempts = async () => {
        for (let tries = 1; !(await attempt()) && tries < TRIES; tries++) {
          await clock.sleep(RETRY);
        }
        resolve(false);
      };
      attempts();
    });
  }

  /**
   * Does what the user has decided under the new run's lock, which shows other pages that the run has a worker.
   *
   * @param {string} id of the run
   * @param {number} turn
   * @param {() => void} act records it
   * @param {(stint: Stint) => Promise<void>} work
   */
  async function decide(id, turn, act, work) {
    await locks.hold(lockOf(id), { ifAvailable: true }, (stint) =>
      attendance.holds(stint, async () => {
        if (await claim(turn, act)) {
          await work(stint);
        }
      }),
    );
    ledger.look(place.key);
  }

  return { claim, decide };
}
