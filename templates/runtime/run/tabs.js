/** How long a run of a tab that does not speak any more is believed in where there are no Web Locks, in milliseconds. */
const SILENCE = 2 * 60 * 1000;

/** What follows a run's name where a tab asks the one that runs it to look how it stands. */
const LOOK = "/look";

/**
 * The tabs of this browser among each other: one of them runs a unit on a record, the others show what it tells.
 *
 * @param {Store} shared seen by all tabs
 * @param {LockManager | undefined} locks Web Locks; without them two clicks within the same moment are not told apart
 * @param {Clock} clock
 * @returns {Tabs}
 */
export function createTabs(shared, locks, clock) {
  /** @type {Map<string, (value: any) => void>} by key */
  const listeners = new Map();
  const heard = (/** @type {string} */ name) => {
    const word = shared.read(name);
    return word && (locks || clock.now() - word.at < SILENCE) ? word.view : null;
  };
  return {
    heard,
    async hold(name, work, options) {
      let begun = false;
      /** @param {unknown} free */
      const whenFree = async (free) => {
        if (free) {
          begun = true;
          await work();
        }
        return Boolean(free);
      };
      try {
        if (locks) {
          return await locks.request(name, options, whenFree);
        }
      } catch (error) {
        // A browser that refuses storage refuses locks too.
        if (begun) {
          throw error;
        }
      }
      return whenFree(!options.ifAvailable || !heard(name));
    },
    async isHeld(name) {
      return locks ? Boolean((await locks.query()).held?.some((lock) => lock.name === name)) : heard(name) !== null;
    },
    tell: (name, view) => shared.write(name, { view, at: clock.now() }),
    forget: (name) => shared.remove(name),
    rename(name, next) {
      shared.remove(name);
      for (const what of ["", LOOK]) {
        const listener = listeners.get(name + what);
        if (listener && listeners.delete(name + what)) {
          listeners.set(next + what, listener);
        }
      }
    },
    poke(name) {
      shared.write(name + LOOK, clock.now());
      shared.remove(name + LOOK);
    },
    listen(name, hear, poked) {
      if (!listeners.size) {
        addEventListener("storage", ({ key, newValue }) => {
          if (key && newValue) {
            listeners.get(key)?.(JSON.parse(newValue));
          }
        });
      }
      listeners.set(name, (word) => hear(word.view));
      listeners.set(name + LOOK, poked);
    },
  };
}
