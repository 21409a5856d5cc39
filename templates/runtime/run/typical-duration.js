/** @import { Store } from "../page/storage.js" */

/** The number of stored runs per unit. */
const REMEMBERED = 10;

/**
 * A unit's typical duration, from its last runs in this browser: only durations are stored.
 *
 * @param {Store} local
 * @param {string} unitName
 */
export function createTypicalDuration(local, unitName) {
  const key = `runbutton/durations/${unitName}`;
  /** @returns {number[]} milliseconds, oldest first */
  const durations = () => {
    const kept = local.read(key);
    return Array.isArray(kept) ? kept.filter((one) => Number.isFinite(one) && one >= 0) : [];
  };
  return {
    /** @returns {number | null} the median in milliseconds; null before the first run */
    duration() {
      const sorted = durations().sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
    /** @param {number} duration milliseconds */
    learn(duration) {
      local.write(key, [...durations(), duration].slice(-REMEMBERED));
    },
  };
}
