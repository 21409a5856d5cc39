import { BEAT } from "./locks.js";
import { tooSoon, unexpected } from "./problems.js";
/** @import { LoginUser } from "../page/kintone.js" */
/** @import { Run } from "./entry.js" */
/** @import { Stint } from "./locks.js" */
/** @import { Problem } from "./problems.js" */
/** @import { Place, Reader } from "./run.js" */

/**
 * Starts a run that the ledger has as starting, under its lock: reads the record, requests the run, and follows it if
 * it was accepted.
 *
 * @param {Place} place
 * @param {World} world
 * @param {(stint: Stint, anew: boolean) => Promise<void>} follow
 * @param {(problem: Problem) => void} refused called if nothing ran
 */
export function createStart(place, { ask, clock, ledger }, follow, refused) {
  const { unit, service, limit } = place;

  /**
   * @param {Reader} reader
   * @param {LoginUser} user
   * @param {Stint} stint
   */
  async function start(reader, user, stint) {
    const { id } = /** @type {Run} */ (ledger.get(place.key).run);
    const isOurs = () => ledger.get(place.key).run?.id === id;
    // If this page was frozen, another page may have given up the start.
    const isStarting = () => isOurs() && ledger.get(place.key).run?.state === "starting";
    const stopBeating = clock.every(BEAT, () => {
      if (isStarting()) {
        ledger.change(place.key, "wait", {});
      }
    });
    const started = await send(reader, user).finally(stopBeating);
    if (!isOurs()) {
      return;
    }
    if ("handle" in started) {
      const link = place.link(started.handle);
      // mutant deadline-from-acceptance: const accepted = { doing: null, problem: null, endedAt: null, handle: started.handle, link, at: clock.now(), deadline: clock.now() + unit.timeout };
      const accepted = { doing: null, problem: null, endedAt: null, handle: started.handle, link, at: clock.now() };
      ledger.change(place.key, "accept", { state: "queued", ...accepted });
      await follow(stint, true);
    } else if (started.state === "failed") {
      if (isStarting()) {
        ledger.undo(place.key);
      }
      refused(started.problem);
    } else if (isStarting()) {
      const { problem, found } = started;
      const link = place.link(null);
      ledger.change(place.key, "lose", { state: "unknown", endedAt: clock.now(), problem, link, ...found });
    }
  }

  /**
   * Reads the record and requests the run.
   *
   * @param {Reader} reader
   * @param {LoginUser} user
   * @returns {Promise<Started>}
   */
  async function send(reader, user) {
    let asked = false;
    try {
      const { startedAt } = /** @type {Run} */ (ledger.get(place.key).run);
      const shown = await reader.soon((doing) => ledger.change(place.key, "wait", { doing }));
      if ("happened" in shown) {
        return { state: "failed", problem: shown };
      }
      const problem = service.refuse(unit, shown);
      if (problem) {
        return { state: "failed", problem };
      }
      asked = true;
      const take = () => tooSoon(limit?.take() ?? 0, clock.now());
      return await service.start({ unit, ask, clock, startedAt, shown, user, take });
    } catch (error) {
      // Only a bug in Runbutton.
      return { state: asked ? "unknown" : "failed", problem: unexpected(error, asked) };
    }
  }

  return start;
}
