const SECOND = 1000;

const LONGEST = 30 * SECOND;

/** The first question comes at the latest so long after the start, in milliseconds: what fails, often fails at once. */
// mutant first-question-late: export const FIRST = 9 * SECOND;
export const FIRST = 2 * SECOND;

/**
 * How long to wait before the next status question: about a second at first, 5 s in the first minutes, then a share of
 * the time that the run has taken, 30 s at most. Where it is known how long the unit usually takes, it is asked seldom
 * before and often around that time. tests/worlds/test_polling.py holds the requests and delays that this comes to.
 *
 * @param {number} elapsed milliseconds since the run was asked for
 * @param {number | null} [usual] how long the unit usually takes, in milliseconds
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
 * How long to wait after lost answers before asking again.
 *
 * @param {number} lost answers lost in a row, from 1
 * @returns {number} milliseconds
 */
export function backOff(lost) {
  return Math.min(2 ** lost * SECOND, LONGEST);
}
