// What comes from elsewhere, from services and from the storage, is no longer than this.

/** Characters of a text. */
export const MOST_TEXT = 2000;

/** Steps of a run. */
export const MOST_STEPS = 200;

/**
 * A value as a text that can be shown: cut where it is too long, and empty where it is none.
 *
 * @param {unknown} value
 */
export function textOf(value) {
  const isPlain = typeof value === "string" || typeof value === "number";
  return isPlain ? String(value).slice(0, MOST_TEXT) : "";
}
