/**
 * Keeps values as JSON in a Storage that may refuse: a private window, a full quota. Then nothing is kept, and nothing
 * else is lost.
 *
 * @param {() => Storage} storage a getter, because even naming the Storage can throw
 */
export function createStore(storage) {
  /**
   * @template T
   * @param {() => T} access
   * @returns {T | null}
   */
  const attempt = (access) => {
    try {
      return access();
    } catch {
      return null;
    }
  };
  return {
    /** @param {string} key @returns {any} null where there is nothing */
    read: (key) => attempt(() => JSON.parse(storage().getItem(key) ?? "null")),
    /** @param {string} key @param {unknown} value */
    write: (key, value) => attempt(() => storage().setItem(key, JSON.stringify(value))),
    /** @param {string} prefix @returns {string[]} the keys that begin so */
    keys: (prefix) =>
      attempt(() =>
        Array.from({ length: storage().length }, (_, n) => storage().key(n) ?? "").filter((key) =>
          key.startsWith(prefix),
        ),
      ) ?? [],
    /** @param {string} key */
    remove: (key) => attempt(() => storage().removeItem(key)),
  };
}
