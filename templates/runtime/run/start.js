import { readSoon } from "../page/record.js";
import { formBusy, tooSoon, unexpected } from "./problems.js";
/** @import { LoginUser, Shown } from "../page/kintone.js" */
/** @import { Run } from "./entry.js" */
/** @import { Stint } from "./locks.js" */
/** @import { Problem } from "./problems.js" */
/** @import { Place } from "./run.js" */

/**
 * Starts a run that the ledger has as starting, under its lock: reads the record, asks the service, and follows what it
 * has accepted.
 *
 * @param {Place} place
 * @param {World} world
 * @param {(stint: Stint, anew: boolean) => Promise<void>} follow
 * @param {(problem: Problem) => void} refused called where nothing ran
 */
export function createStart(place, { ask, clock, ledger }, follow, refused) {
  const { unit, service, limit } = place;

  /**
   * @param {() => Shown} read
   * @param {LoginUser} user
   * @param {Stint} stint
   */
  async function start(read, user, stint) {
    const { startedAt } = /** @type {Run} */ (ledger.get(place.key).run);
    let asked = false;
    try {
      const page = await readSoon(read, clock, () =>
        ledger.change(place.key, "wait", { state: "starting", doing: "run.formWait" }),
      );
      const problem = page ? service.refuse(unit, page) : formBusy();
      if (!page || problem) {
        undo(/** @type {Problem} */ (problem));
        return;
      }
      asked = true;
      const take = () => tooSoon(limit?.take() ?? 0, clock.now());
      const started = await service.start({ unit, ask, clock, startedAt, shown: page, user, take });
      if ("handle" in started) {
        const link = service.link?.(unit, started.handle) ?? null;
        const accepted = { doing: null, handle: started.handle, link, at: clock.now() };
        ledger.change(place.key, "accept", { state: "queued", ...accepted });
        await follow(stint, true);
        return;
      }
      if (started.state === "failed") {
        undo(started.problem);
      } else {
        lose(started.problem, started.found);
      }
    } catch (error) {
      // Only a mistake of ours comes here.
      const problem = unexpected(error, asked);
      if (asked) {
        lose(problem, null);
      } else {
        undo(problem);
      }
    }
  }

  /** Nothing ran. @param {Problem} problem */
  function undo(problem) {
    ledger.undo(place.key);
    refused(problem);
  }

  /** Something may run. @param {Problem} problem @param {Found | null | undefined} found that may be it */
  function lose(problem, found) {
    const link = service.link?.(unit, null) ?? null;
    const offered = found ? { handle: found.handle, offer: { at: found.at } } : {};
    ledger.change(place.key, "lose", { state: "unknown", endedAt: clock.now(), problem, link, ...offered });
  }

  return start;
}
