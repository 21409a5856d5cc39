// Which part of an entry a page shows, and for how long.
import { isUnderWay } from "./states.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Run } from "./entry.js" */
/** @import { RunView } from "./run.js" */

/** How long a page shows in full an end of a run that it did not see in progress, and an unknown outcome, in ms. */
const FRESH_END = 5 * 60 * 1000;
const FRESH_UNKNOWN = 24 * 60 * 60 * 1000;

/** How long a start with an unknown result is a reason to ask before the next run, in milliseconds. */
const DOUBT_LASTS = 24 * 60 * 60 * 1000;

/**
 * What a page shows about the runs at one place. A run that it has shown in full stays shown.
 *
 * @param {Pick<Clock, "now">} clock
 */
export function createSight(clock) {
  /** @type {Set<string>} runs that are shown in full */
  const shown = new Set();

  /** @param {Run} run */
  function isShown(run) {
    const age = clock.now() - Number(run.endedAt);
    // mutant unknown-forever: if (isUnderWay(run) || run.state === "unknown" || (age >= 0 && age < FRESH_END)) {
    if (isUnderWay(run) || (age >= 0 && age < (run.state === "unknown" ? FRESH_UNKNOWN : FRESH_END))) {
      shown.add(run.id);
    }
    return shown.has(run.id) && !run.dismissed;
  }

  /**
   * @param {Run | null} run the latest at a place
   * @returns {number | null} the time of a start with an unknown result: another run may still be in progress
   */
  function doubt(run) {
    // mutant doubt-dropped-by-offer: const since = run?.state === "unknown" ? run.startedAt : null;
    const since = run?.state === "unknown" ? Math.max(run.startedAt, run.doubt ?? 0) : (run?.doubt ?? null);
    const age = clock.now() - Number(since);
    return since !== null && age < DOUBT_LASTS ? since : null;
  }

  /** The user has closed its result. @param {Run} run */
  function forget(run) {
    shown.delete(run.id);
  }

  return { isShown, doubt, forget };
}

/** @param {Run} run @returns {RunView} */
export function viewOf({ problem, ...run }) {
  const canResume = run.state === "unknown" && run.handle !== null;
  // After the deadline, a page that loads has nothing to check the run with.
  const isOver = problem?.advice === "advice.resume" && !canResume;
  return { ...run, canResume, problem: isOver ? { ...problem, advice: "advice.checkLog" } : problem };
}
