/** @typedef {ReturnType<typeof createPageLife>} PageLife */

/**
 * Whether the page is in sight, and whether it was left: a page that is left may come back as it was, by the browser's
 * Back.
 */
export function createPageLife() {
  let left = false;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const tell = () => [...listeners].forEach((listener) => listener());
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", () => {
    left = true;
    tell();
  });
  addEventListener("pageshow", () => {
    // The first one comes with the page itself.
    if (left) {
      // mutant back-does-nothing: return;
      left = false;
      tell();
    }
  });

  /** @param {() => void} listener @returns {() => void} stops it */
  function onChange(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
  return {
    isHidden: () => document.hidden,
    isLeft: () => left,
    onChange,
    /** Resolves at the next change. @returns {Promise<void>} */
    changed: () =>
      new Promise((resolve) => {
        const stop = onChange(() => {
          stop();
          resolve();
        });
      }),
  };
}
