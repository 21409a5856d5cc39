/** In a tab out of sight pauses last at least so long, in milliseconds. */
const HIDDEN_PAUSE = 30_000;

/** When it comes back into sight they end, but not before they have lasted so long: tabs are flipped through. */
const SHORTEST_PAUSE = 1000;

/**
 * The page's time. Date.now() goes on while the computer sleeps, which timers do not.
 *
 * @returns {Clock}
 */
export function createClock() {
  return {
    now: () => Date.now(),
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
          timer = setTimeout(proceed, begun + Math.min(delay, SHORTEST_PAUSE) - Date.now());
        }
        function proceed() {
          const left = document.hidden ? begun + Math.max(delay, HIDDEN_PAUSE) - Date.now() : 0;
          if (left > 0) {
            timer = setTimeout(proceed, left);
            return;
          }
          document.removeEventListener("visibilitychange", lookAgain);
          resolve();
        }
      }),
    everySecond: (tick) => {
      const timer = setInterval(tick, 1000);
      return () => clearInterval(timer);
    },
  };
}
