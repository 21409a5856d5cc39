/** @import { Clock } from "../page/clock.js" */
/** @import { Store } from "../page/storage.js" */

/**
 * Counts the starts at one address in all tabs of this browser, for a service that limits them: several buttons of
 * several apps may start the same unit.
 *
 * @param {Store} local
 * @param {string} address for which the service counts
 * @param {Pick<Clock, "now">} clock
 * @param {{starts: number, within: number}} limit milliseconds
 */
export function createRateLimit(local, address, clock, limit) {
  // mutant start-limit-per-click: const key = `runbutton/starts/${address}/${clock.now()}`;
  const key = `runbutton/starts/${address}`;
  /** @returns {number[]} the starts that still count, oldest first, without those of a clock that was ahead */
  const recent = () => {
    const now = clock.now();
    const starts = local.read(key);
    return Array.isArray(starts) ? starts.filter((at) => now - at >= 0 && now - at < limit.within) : [];
  };
  /** @returns {number} milliseconds until the next start is possible; 0 for now */
  function wait() {
    const starts = recent();
    // mutant start-limit-seven: return starts.length < 7 ? 0 : limit.within;
    return starts.length < limit.starts ? 0 : starts[starts.length - limit.starts] + limit.within - clock.now();
  }
  return {
    wait,

    /** Counts a start, if it is possible now. @returns {number} as wait() gives */
    take() {
      const left = wait();
      if (!left) {
        local.write(key, [...recent(), clock.now()]);
      }
      // mutant start-limit-off: return 0;
      return left;
    },
  };
}
