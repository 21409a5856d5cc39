/**
 * The page's own reload after a run, which waits while it would take something away.
 *
 * @param {Clock} clock
 * @param {() => void} reload
 */
export function createReload(clock, reload) {
  let stop = () => {};
  return {
    /**
     * Reloads as soon as that may be.
     *
     * @param {() => boolean | null} may whether it may be now; null once it is wanted no more
     * @returns {boolean} whether that is now
     */
    owe(may) {
      const attempt = () => {
        const now = may();
        if (now !== false) {
          stop();
        }
        if (now) {
          reload();
        }
        return now ?? false;
      };
      stop();
      stop = clock.everySecond(attempt);
      return attempt();
    },
  };
}
