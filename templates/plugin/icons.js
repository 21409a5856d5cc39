const SVG = "http://www.w3.org/2000/svg";

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
  const circle = part("circle", { cx: 10, cy: 10, r: mark ? 9 : 7, class: mark ? "rb-disc" : "rb-line" });
  const box = part("svg", { viewBox: "0 0 20 20", class: "rb-icon", "aria-hidden": "true" });
  box.append(circle, ...(mark ? [part("path", { d: mark, class: "rb-mark" })] : []));
  return box;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
function part(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, String(value));
  }
  return made;
}
