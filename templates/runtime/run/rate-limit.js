/**
 * Counts the starts at one address in all tabs of this browser, for a service that allows only so many within a time:
 * several buttons, of several apps, may be of one unit.
 *
 * @param {Store} local
 * @param {string} address what the service counts by
 * @param {Clock} clock
 * @param {{starts: number, within: number}} limit milliseconds
 */
export function createStarts(local, address, clock, limit) {
  const key = `runbutton/starts/${address}`;
  /** @returns {number[]} the starts that still count, oldest first */
  const recent = () => (local.read(key) ?? []).filter((/** @type {number} */ at) => clock.now() - at < limit.within);
  /** @returns {number} milliseconds until the next start is possible; 0 for now */
  function wait() {
    const starts = recent();
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
      return left;
    },
  };
}
