import { BEAT, SETTLE } from "./locks.js";
import { backOff, FIRST, nextDelay } from "./poll.js";
import { timedOut, unexpected, UNWATCHED } from "./problems.js";
import { isUnderWay } from "./states.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Run } from "./entry.js" */
/** @import { Stint } from "./locks.js" */
/** @import { Place } from "./run.js" */
/** @import { RunState } from "./states.js" */

/** The number of consecutive lost answers after which the run's status counts as lost. */
const LOST_LIMIT = 5;

/**
 * A run was watched closely if its end was seen within so many milliseconds of the last request, or an eighth of it.
 */
// mutant learns-loosely: const CLOSE = 60_000;
const CLOSE = 6000;

/** The minimum delay after the last answer before a page that takes over sends a request, in milliseconds. */
const TAKE_OVER = 2000;

/**
 * Follows a run: requests its status until it has ended, its status is lost, or its deadline has passed, and writes
 * each result into the ledger.
 *
 * @param {Place} place
 * @param {World} world
 * @param {() => unknown} between called before the wait for each request
 * @returns {{ follow: (stint: Stint, anew: boolean) => Promise<void>, isAsking: () => boolean, isOn: (id: string) =>
 *   boolean, }} `anew`: whether the run was started just now; `isAsking`: whether a request is open; `isOn`: whether
 *   this run is the place's latest, is in progress, and the user has not left this page
 */
export function createFollow(place, { ask, clock, ledger, page }, between) {
  /** @type {{id: string, answer: Promise<Progress>} | null} the open request: a page has one at a time */
  let open = null;

  const runNow = () => ledger.get(place.key).run;
  /** @param {string} id */
  const isOn = (id) => {
    const run = runNow();
    return run?.id === id && isUnderWay(run) && !page.isLeft();
  };

  /**
   * @param {Stint} stint
   * @param {boolean} anew whether the run was started just now
   */
  async function follow(stint, anew) {
    const id = runNow()?.id ?? "";
    try {
      await askOn(stint, anew);
    } catch (error) {
      // Only a bug in Runbutton.
      if (isOn(id)) {
        await end({ state: "unknown", problem: unexpected(error, true) });
      }
    }
  }

  /**
   * Requests the run's status until it has ended, its status is lost, or its deadline has passed. One request at a
   * time: the next one waits for the answer to the last.
   *
   * @param {Stint} stint
   * @param {boolean} anew whether the run was started just now
   */
  async function askOn(stint, anew) {
    const { unit } = place;
    const { id, startedAt, deadline, usual, at } = /** @type {Run} */ (runNow());
    const elapsed = createStopwatch(clock, startedAt);
    const left = () => Math.max(0, deadline - startedAt - elapsed());
    let delay = anew ? Math.min(FIRST, nextDelay(elapsed(), usual)) : TAKE_OVER - Math.max(0, clock.now() - at);
    let lost = 0;
    let wanted = 0;
    let looked = anew ? elapsed() : Math.max(0, at - startedAt);
    while (!stint.isOver) {
      await between();
      if (wanted) {
        // The service's own minimum delay also applies if the user comes back to the page.
        await stint.during(clock.sleep(Math.min(wanted, left())));
      }
      await stint.during(clock.pause(Math.max(0, lost ? delay : Math.min(delay, left()))));
      // One more request after the deadline, because the computer may have slept.
      // mutant deadline-ignored: const isLast = false;
      const isLast = left() === 0;
      const sent = elapsed();
      const progress = stint.isOver ? null : await stint.during(question(stint));
      if (!progress || stint.isOver || !isOn(id)) {
        return;
      }
      if ("again" in progress) {
        lost += 1;
        // mutant lost-after-one: if (!progress.again || lost === 1) {
        if (!progress.again || lost === LOST_LIMIT) {
          await end({ state: "unknown", problem: progress.problem });
          return;
        }
        delay = backOff(lost);
        wanted = 0;
        ledger.change(place.key, "beat", { next: delay });
        continue;
      }
      const { wait = 0, ...standing } = progress;
      lost = 0;
      // mutant trocco-wait-ignored: wanted = 0;
      wanted = wait;
      delay = Math.max(0, nextDelay(elapsed(), usual) - wait);
      if (standing.state !== "queued" && standing.state !== "running") {
        // A page that did not watch does not know the end: then only the service's clock gives the duration.
        const watched = sent - looked <= Math.max(CLOSE, elapsed() / 8) ? elapsed() : null;
        // mutant learns-unwatched: await end({ ...standing, took: elapsed() });
        await end({ took: watched, ...standing });
        return;
      }
      if (isLast) {
        await end({ state: "unknown", problem: timedOut(unit.timeout) });
        return;
      }
      // A request without an answer does not count as watching.
      looked = sent;
      ledger.change(place.key, "progress", { doing: null, ...standing, at: clock.now(), next: wanted + delay });
    }
  }

  /** @param {Partial<Run> & {state: RunState}} news */
  async function end(news) {
    const { key, typical } = place;
    const offer = runNow()?.offer;
    ledger.change(key, "end", { endedAt: clock.now(), ...news });
    // An offered job may be another person's, with another duration.
    if (news.state === "succeeded" && news.took && !offer) {
      typical.learn(news.took);
    }
    // mutant lock-let-go-at-once:
    await clock.sleep(SETTLE);
  }

  /**
   * The open request, or a new one.
   *
   * @param {Stint} stint
   */
  async function question(stint) {
    const { unit, service } = place;
    const { id, startedAt, handle } = /** @type {Run} */ (runNow());
    if (open?.id !== id) {
      const answer = handle
        ? service.status({ unit, ask, clock, startedAt }, handle)
        : Promise.resolve({ problem: UNWATCHED, again: false });
      // mutant two-questions: open = { id, answer }; if (handle) { service.status({ unit, ask, clock, startedAt }, handle); }
      open = { id, answer };
    }
    const { answer } = open;
    const stopBeating = clock.every(BEAT, () => {
      if (isOn(id) && !stint.isOver) {
        ledger.change(place.key, "beat", {});
      }
    });
    try {
      return await answer;
    } finally {
      stopBeating();
      open = open?.answer === answer ? null : open;
    }
  }

  return { follow, isAsking: () => open !== null, isOn };
}

/**
 * Milliseconds since a time that another page may have recorded. It continues even if a clock is set back or was ahead.
 *
 * @param {Pick<Clock, "now" | "ticks">} clock
 * @param {number} since
 */
function createStopwatch(clock, since) {
  const before = Math.max(0, clock.now() - since);
  const begun = clock.ticks();
  // mutant jump-prolongs-wait: return () => Math.max(0, clock.now() - since);
  return () => Math.max(before + clock.ticks() - begun, clock.now() - since);
}
