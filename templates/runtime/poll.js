const SECOND = 1000;

/**
 * How long to wait before the next status question: about a second at first, 5 s in the first minutes, then a share of
 * the time that the run has taken, 30 s at most. Long runs cost few requests, and short ones end promptly.
 *
 * @param {number} elapsed milliseconds since the run was asked for
 * @returns {number} milliseconds
 */
export function nextDelay(elapsed) {
  if (elapsed < 10 * SECOND) {
    return Math.max(SECOND, elapsed / 4);
  }
  return Math.min(Math.max(5 * SECOND, elapsed * 0.05), 30 * SECOND);
}

/**
 * How long to wait after lost answers before asking again.
 *
 * @param {number} lost answers lost in a row, from 1
 * @returns {number} milliseconds
 */
export function backOff(lost) {
  return Math.min(2 ** lost * SECOND, 30 * SECOND);
}
