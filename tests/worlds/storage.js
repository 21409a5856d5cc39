/**
 * A Storage over `items` as one document sees it.
 *
 * @param {Map<string, string>} items
 * @param {"works" | "refuses" | "full"} mode
 * @param {(key: string, value: string | null) => void} changed
 */
export function createStorage(items, mode, changed) {
  const look = () => {
    if (mode === "refuses") {
      throw new DOMException("The operation is insecure.", "SecurityError");
    }
  };
  return {
    get length() {
      look();
      return items.size;
    },
    /** @param {number} n */
    key(n) {
      look();
      return [...items.keys()][n] ?? null;
    },
    /** @param {string} key */
    getItem(key) {
      look();
      return items.get(key) ?? null;
    },
    /** @param {string} key @param {unknown} value */
    setItem(key, value) {
      look();
      if (mode === "full") {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      }
      const text = String(value);
      if (items.get(key) !== text) {
        items.set(key, text);
        changed(key, text);
      }
    },
    /** @param {string} key */
    removeItem(key) {
      look();
      if (items.delete(key)) {
        changed(key, null);
      }
    },
  };
}
