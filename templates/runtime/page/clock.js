/**
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the epoch
 * @property {(delay: number) => Promise<void>} sleep resolves after `delay` milliseconds
 * @property {(delay: number) => Promise<void>} pause resolves after `delay` milliseconds: later while the page is
 *   hidden, and sooner when it becomes visible again
 * @property {(delay: number, tick: () => void) => () => void} every calls `tick` again and again after `delay`
 *   milliseconds, until the returned function is called
 * @property {() => number} ticks milliseconds of a clock that cannot be set (monotonic)
 */

/** The minimum pause in a hidden tab, in milliseconds. */
const HIDDEN_PAUSE = 30_000;

/** A pause ends when the tab becomes visible, but not before this time, because users flip through tabs. */
const SHORTEST_PAUSE = 1000;

/**
 * The page's time. Date.now() continues while the computer sleeps; timers do not.
 *
 * @returns {Clock}
 */
export function createClock() {
  return {
    now: () => Date.now(),
    ticks: () => performance.now(),
    sleep: (delay) =>
      new Promise((resolve) => {
        setTimeout(resolve, delay);
      }),
    pause: (delay) =>
      new Promise((resolve) => {
        const begun = Date.now();
        let timer = setTimeout(proceed, delay);
        document.addEventListener("visibilitychange", lookAgain);
        function lookAgain() {
          clearTimeout(timer);
          const least = Math.min(delay, SHORTEST_PAUSE);
          timer = setTimeout(proceed, Math.min(begun + least - Date.now(), least));
        }
        function proceed() {
          const whole = Math.max(delay, HIDDEN_PAUSE);
          // A clock that is set back does not make it longer.
          const left = document.hidden ? Math.min(begun + whole - Date.now(), whole) : 0;
          if (left > 0) {
            timer = setTimeout(proceed, left);
            return;
          }
          document.removeEventListener("visibilitychange", lookAgain);
          resolve();
        }
      }),
    every: (delay, tick) => {
      const timer = setInterval(tick, delay);
      return () => clearInterval(timer);
    },
  };
}
