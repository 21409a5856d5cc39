const SECOND = 1000;

/**
 * How long to wait before the next status question: about a second at first, 5 s in the first minutes, then a share of
 * the time that the run has taken, 30 s at most. Near the time that the unit usually takes it asks more often.
 *
 * @param {number} elapsed milliseconds since the run was asked for
 * @param {number | null} [usual] how long the unit usually takes, in milliseconds
 * @returns {number} milliseconds
 */
export function nextDelay(elapsed, usual) {
  if (usual && elapsed < usual * 1.3) {
    const early = usual * 0.8 - elapsed;
    const close = Math.min(Math.max(SECOND, usual * 0.03), 30 * SECOND);
    return early > close ? Math.min(early, 30 * SECOND) : close;
  }
  if (elapsed < 10 * SECOND) {
    return Math.max(SECOND, elapsed / 4);
  }
  return Math.min(Math.max(3 * SECOND, elapsed * 0.05), 30 * SECOND);
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
