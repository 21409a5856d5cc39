/** @typedef {ReturnType<typeof createPageLife>} PageLife */

/**
 * Whether the page is visible, and whether the user left it: the browser's Back button can restore a page that was
 * left.
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
    // The first one is part of loading the page.
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
