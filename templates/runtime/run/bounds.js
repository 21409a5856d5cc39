// Limits for data from services and from the storage.

/** Characters of a text. */
export const MOST_TEXT = 2000;

/** Steps of a run. */
export const MOST_STEPS = 200;

/**
 * A value as displayable text: cut if it is too long, and empty if it is not a text.
 *
 * @param {unknown} value
 */
export function textOf(value) {
  const isPlain = typeof value === "string" || typeof value === "number";
  return isPlain ? String(value).slice(0, MOST_TEXT) : "";
}
