// The words of a world's story.

/** @param {number} time milliseconds since the world's beginning */
export function clock(time) {
  const seconds = (time / 1000) % 60;
  return `${String(Math.floor(time / 60_000)).padStart(3)}:${seconds.toFixed(2).padStart(5, "0")}`;
}

/** @param {import("./sight.js").Sight} sight @returns {string} the text of a button's run */
export function said({ state, enabled, text, last }) {
  const words = text.replace(/\s+/g, " ").trim();
  return [state, !enabled && "(busy)", words && `“${words}”`, last && `[${last}]`].filter(Boolean).join(" ");
}
