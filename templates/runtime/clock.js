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
        const timer = setTimeout(proceed, delay);
        document.addEventListener("visibilitychange", proceed);
        function proceed() {
          if (document.hidden) {
            return;
          }
          clearTimeout(timer);
          document.removeEventListener("visibilitychange", proceed);
          resolve();
        }
      }),
    everySecond: (tick) => {
      const timer = setInterval(tick, 1000);
      return () => clearInterval(timer);
    },
  };
}
