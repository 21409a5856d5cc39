/** How long a page waits after getting a lock, and before releasing one, in milliseconds: until a write has
 * reached other processes. Measured in Chromium: 3 ms are enough, and without it up to 29 % of reads are old. */
export const SETTLE = 100;

/** How often a page that waits for an answer writes that it is still there, in milliseconds: more often than a page
 * without Web Locks waits for news (attend.js). */
export const BEAT = 8 * 1000;

/**
 * The lock of a run: its holder works on the run.
 *
 * @param {string} id
 */
export function lockOf(id) {
  return `runbutton/run/${id}`;
}

/**
 * A page's work under a lock. It is over when the work is done, when the page releases the lock, and when another page
 * has taken it.
 *
 * @typedef {ReturnType<typeof createStint>} Stint
 * @typedef {ReturnType<typeof createLocks>} Locks
 */
function createStint() {
  let over = false;
  let end = () => {};
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    end = () => {
      over = true;
      resolve();
    };
  });
  return {
    get isOver() {
      return over;
    },
    end,
    /**
     * Waits, but not beyond the stint.
     *
     * @template T
     * @param {Promise<T>} work
     * @returns {Promise<T | void>}
     */
    during: (work) => Promise.race([work, ended]),
  };
}

/**
 * Web Locks for runs. Browsers that refuse storage refuse locks too; then every page gets them.
 *
 * @param {LockManager | undefined} manager
 */
export function createLocks(manager) {
  return {
    areShared: Boolean(manager),

    /**
     * Does the work while no other page holds the lock.
     *
     * @param {string} name
     * @param {LockOptions} options
     * @param {(stint: Stint) => Promise<unknown>} work which handles its own errors
     * @returns {Promise<boolean>} false if the lock is taken (`ifAvailable`) or the wait was aborted (`signal`)
     */
    async hold(name, options, work) {
      const stint = createStint();
      let begun = false;
      const whenGranted = async (/** @type {unknown} */ lock) => {
        if (lock) {
          begun = true;
          await work(stint);
        }
        return Boolean(lock);
      };
      if (manager) {
        try {
          return await manager.request(name, options, whenGranted);
        } catch {
          if (begun || options.signal?.aborted) {
            // Another page took the lock, or the wait was aborted.
            stint.end();
            return begun;
          }
        }
      }
      return whenGranted(true);
    },

    /**
     * Whether a page waits for a lock.
     *
     * @param {string} name
     */
    async isWanted(name) {
      try {
        const { pending } = (await manager?.query()) ?? {};
        return Boolean(pending?.some((lock) => lock.name === name));
      } catch {
        return false;
      }
    },
  };
}
