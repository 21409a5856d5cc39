const SECOND = 1000;

const LONGEST = 30 * SECOND;

/** The latest time of the first request after the start, in milliseconds: failures often happen early. */
// mutant first-question-late: export const FIRST = 9 * SECOND;
export const FIRST = 2 * SECOND;

/**
 * How long to wait before the next status request: about 1 s at first, 5 s in the first minutes, then a share of the
 * run's time so far, 30 s at most. If the unit's usual duration is known, requests are rare before that time and
 * frequent around it. tests/worlds/test_polling.py checks the resulting requests and delays.
 *
 * @param {number} elapsed milliseconds since the run was requested
 * @param {number | null} [usual] the unit's usual duration in milliseconds
 * @returns {number} milliseconds
 */
export function nextDelay(elapsed, usual) {
  if (usual && elapsed < usual * 1.3) {
    const close = Math.max(SECOND, usual * 0.05);
    return Math.min(Math.max(usual * 0.8 - elapsed, close), LONGEST);
  }
  if (elapsed < 10 * SECOND) {
    return Math.max(SECOND, elapsed / 4);
  }
  return Math.min(Math.max(5 * SECOND, elapsed * 0.06), LONGEST);
}

/**
 * How long to wait after lost answers before the next request.
 *
 * @param {number} lost answers lost in a row, from 1
 * @returns {number} milliseconds
 */
export function backOff(lost) {
  return Math.min(2 ** lost * SECOND, LONGEST);
}
