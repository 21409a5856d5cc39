/** @typedef {ReturnType<typeof createStore>} Store */

/**
 * Stores values as JSON in localStorage. If the browser refuses, in a private window or with a full quota, only this
 * page keeps them; an older value that cannot be replaced is removed, because it may contain a token.
 *
 * @param {() => Storage} storage a getter, because even naming the Storage can throw
 */
export function createStore(storage) {
  /** @type {Map<string, string>} */
  const refused = new Map();
  /**
   * @template T
   * @param {() => T} access
   * @returns {T | null}
   */
  const attempt = (access) => {
    try {
      return access();
      // mutant storage-throws (2 lines): } finally {
    } catch {
      return null;
    }
  };
  /** @param {string} key */
  const remove = (key) => {
    refused.delete(key);
    attempt(() => storage().removeItem(key));
  };
  return {
    /** @param {string} key @returns {any} null if there is no value */
    read: (key) => parseJson(refused.get(key) ?? attempt(() => storage().getItem(key)) ?? "null"),

    /** @param {string} key @param {unknown} value */
    write(key, value) {
      const text = JSON.stringify(value);
      refused.delete(key);
      const isKept = attempt(() => {
        storage().setItem(key, text);
        return true;
      });
      if (!isKept) {
        // mutant full-storage-keeps-token:
        remove(key);
        refused.set(key, text);
      }
    },

    /** @param {string} prefix @returns {string[]} the keys with this prefix */
    keys: (prefix) => {
      const kept = attempt(() => Array.from({ length: storage().length }, (_, n) => storage().key(n) ?? "")) ?? [];
      return [...new Set([...kept, ...refused.keys()])].filter((key) => key.startsWith(prefix));
    },

    remove,

    /** Whether the browser refused the last write. @param {string} key */
    isRefused: (key) => refused.has(key),
  };
}

/**
 * Calls `hear` with each value that another page writes.
 *
 * @param {(key: string, value: any) => void} hear
 */
export function onStorage(hear) {
  addEventListener("storage", ({ key, newValue }) => {
    if (key?.startsWith("runbutton/") && newValue) {
      hear(key, parseJson(newValue));
    }
  });
}

/**
 * @param {string} text
 * @returns {any} null if it is not JSON, such as another script's value
 */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
