/** @jsx h */
import { h } from "./element.js";

/** Drawings in a box of 20 by 20, in a circle, which is filled if a run is over. @type {Record<string, string>} */
const PATHS = {
  starting: "M10 1a9 9 0 0 1 9 9",
  running: "M10 1a9 9 0 0 1 9 9",
  queued: "M10 6v4l3 2",
  succeeded: "M6 10.5l3 3 5.5-6.5",
  failed: "M7 7l6 6M13 7l-6 6",
  canceled: "M8 8h4v4h-4z",
  skipped: "M6 10h8",
  unknown: "M7.5 8a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M10 14.4v.2",
  open: "M5 8l5 5 5-5",
  close: "M5 5l10 10M15 5l-10 10",
  renew: "M16 10a6 6 0 1 1-1.8-4.2M16 3v4h-4",
};

/**
 * A drawing in the colour of the surrounding text, which has the same meaning.
 *
 * @param {string} name
 */
export function icon(name) {
  return (
    <svg class={`rb-icon rb-icon-${name}`} viewBox="0 0 20 20" aria-hidden="true">
      <circle cx="10" cy="10" r="9" />
      <path d={PATHS[name]} />
    </svg>
  );
}
