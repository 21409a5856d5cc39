/** @jsx h */
import { h } from "../runtime/view/element.js";

/** In a box of 20 × 20: a filled disc with a mark for a result, a ring for something missing. */
const MARKS = {
  check: "M5.5 10.5l3 3 6-7",
  mind: "M10 4.5v7M10 14.5v.5",
  cross: "M6.5 6.5l7 7m0-7l-7 7",
  ring: "",
};

/** @typedef {keyof typeof MARKS} IconName */

/**
 * An icon next to words with the same meaning.
 *
 * @param {IconName} name
 */
export function icon(name) {
  const mark = MARKS[name];
  return (
    <svg viewBox="0 0 20 20" class="rb-icon" aria-hidden="true">
      <circle cx="10" cy="10" r={mark ? 9 : 7} class={mark ? "rb-disc" : "rb-line"} />
      {mark && <path d={mark} class="rb-mark" />}
    </svg>
  );
}
