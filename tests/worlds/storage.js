import { began } from "./knowledge.js";

/**
 * localStorage of one browser. Each process has a copy: what it writes it sees at once, and its own other documents
 * with it; the browser's process hears of it a little later and tells the other processes, in the order in which it
 * heard. Until a process's own write has come back it keeps that value, whatever others wrote to the key meanwhile. So
 * Chromium does it (components/services/storage/dom_storage, CachedStorageArea).
 *
 * @param {World} world
 */
export function createArea(world) {
  /** @type {Map<string, string>} the browser process's values, which a new process starts with */
  const known = new Map();
  /** @type {Set<any>} */
  const processes = new Set();

  /** Mostly a millisecond, at times as long as a busy process keeps others waiting; both ways less than pages wait. */
  function onTheWay() {
    if (world.plan.onTheWay) {
      return world.plan.onTheWay;
    }
    const n = world.count("ipc");
    const roll = world.chance("ipc", n);
    const slow = world.plan.features.slowStorage ? 0.5 : 0.85;
    return roll < slow ? 1 : roll < 0.97 ? 1 + 25 * world.chance("ipc-long", n) : 45 * world.chance("ipc-longest", n);
  }

  const put = (/** @type {Map<string, string>} */ items, /** @type {string} */ key, /** @type {string | null} */ value) => {
    if (value === null) {
      items.delete(key);
    } else {
      items.set(key, value);
    }
  };

  function tell(process, besides, key, newValue, oldValue) {
    for (const doc of process.docs) {
      if (doc !== besides) {
        world.at(world.now + 1, () => {
          // Not every browser keeps events for a page that is kept for Back.
          if (!doc.cached || !world.plan.features.backDropsEvents) {
            world.inDocument(doc, () => {
              doc.tells("storage", { key, newValue, oldValue, storageArea: doc.localStorage });
            });
          }
        });
      }
    }
  }

  function write(doc, key, value) {
    const { process } = doc.tab;
    const oldValue = process.items.get(key) ?? null;
    if (oldValue === value) {
      return;
    }
    put(process.items, key, value);
    tell(process, doc, key, value, oldValue);
    if (processes.size === 1) {
      put(known, key, value);
      return;
    }
    process.own.set(key, (process.own.get(key) ?? 0) + 1);
    process.sent = Math.max(process.sent, world.now + onTheWay());
    world.at(process.sent, () => {
      put(known, key, value);
      for (const other of processes) {
        other.heard = Math.max(other.heard, world.now + onTheWay());
        world.at(other.heard, () => {
          if (other === process) {
            process.own.set(key, process.own.get(key) - 1);
          } else {
            if (!other.own.get(key)) {
              put(other.items, key, value);
            }
            tell(other, null, key, value, oldValue);
          }
        });
      }
    });
  }

  return {
    known,
    /** A process as it starts. */
    open() {
      const process = { items: new Map(known), own: new Map(), docs: new Set(), sent: 0, heard: 0 };
      processes.add(process);
      return process;
    },
    /** @param {any} process that may have no documents any more */
    close(process) {
      if (!process.docs.size && processes.size > 1) {
        processes.delete(process);
      }
    },
    /** @param {any} doc */
    storageOf: (doc) =>
      createStorage(
        () => doc.tab.process.items,
        () => world.modeOf(doc.browser),
        (key, value) => {
          write(doc, key, value);
          if (!doc.browser.written && value?.includes('"state":"running"')) {
            doc.browser.written = { key, value };
          }
          world.happened("stored", doc, key, value);
        },
        world.plan.features.log ? (key, value) => began(world, doc, key, value) : undefined,
      ),
    /** Some process writes of which no page is open. @param {string} key @param {string} value */
    write(key, value) {
      put(known, key, value);
      for (const process of processes) {
        put(process.items, key, value);
        tell(process, null, key, value, null);
      }
    },
    /** The user clears the site's data, which fires no event. */
    clear() {
      known.clear();
      processes.forEach(({ items }) => items.clear());
    },
  };
}

// Made once, because creating an exception is slow.
const INSECURE = new DOMException("The operation is insecure.", "SecurityError");
const EXCEEDED = new DOMException("The quota has been exceeded.", "QuotaExceededError");

/**
 * A Storage.
 *
 * @param {() => Map<string, string>} items
 * @param {() => "works" | "refuses" | "full"} mode
 * @param {(key: string, value: string | null) => void} write
 * @param {(key: string, value: string) => void} [tried] hears of what is refused too
 */
export function createStorage(items, mode, write, tried) {
  const look = () => {
    if (mode() === "refuses") {
      throw INSECURE;
    }
    return items();
  };
  return {
    get length() {
      return look().size;
    },
    /** @param {number} n */
    key(n) {
      let left = n;
      for (const key of look().keys()) {
        if (left-- === 0) {
          return key;
        }
      }
      return null;
    },
    /** @param {string} key */
    getItem: (key) => look().get(key) ?? null,
    /** @param {string} key @param {unknown} value */
    setItem(key, value) {
      tried?.(key, String(value));
      look();
      if (mode() === "full") {
        throw EXCEEDED;
      }
      write(key, String(value));
    },
    /** @param {string} key */
    removeItem(key) {
      if (look().has(key)) {
        write(key, null);
      }
    },
  };
}
