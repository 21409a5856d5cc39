/** Runs that are remembered for each unit. */
const REMEMBERED = 10;

/**
 * How long a unit usually takes, from its last runs in this browser: durations alone are kept.
 *
 * @param {Store} local
 * @param {string} name of the unit
 */
export function createUsual(local, name) {
  const key = `${name}/durations`;
  /** @returns {number[]} milliseconds, oldest first */
  const durations = () => local.read(key) ?? [];
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
