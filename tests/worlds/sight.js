import { isClock, lineOf } from "./dom.js";
import { clicksAt } from "./rules/facts.js";

// The texts at a unit's button.

/**
 * @typedef {object} Sight
 * @property {any} element
 * @property {string} place
 * @property {Click[]} clicks those of this user at this place
 * @property {string} state
 * @property {boolean} enabled whether the button can be clicked
 * @property {string} line the text of the status region
 * @property {string} text all that the line and its details say, running clocks aside
 * @property {string} last the line about the last run; "" if it is hidden
 * @property {number[]} runs the numbers of the runs that it names: services put them into names and messages
 * @property {any[]} buttons the line's own
 */

/**
 * @param {World} world
 * @param {Doc} doc
 * @param {any} element of the unit
 * @returns {Sight}
 */
export function sightOf(world, doc, element) {
  const parts = (element.parts ??= {
    button: element.querySelector(".rb-run") ?? element.querySelector("button"),
    status: element.querySelector('[role="status"]'),
    last: element.querySelector(".rb-last"),
    line: lineOf(element),
  });
  const found = { text: "", buttons: [], runs: [] };
  read(element, parts, found);
  if (parts.line && !parts.line.hidden) {
    read(parts.line, parts, found);
  }
  if (found.text.includes("Nr")) {
    for (const [, n] of found.text.matchAll(/Nr(\d+)/g)) {
      found.runs.push(Number(n));
    }
  }
  const unit = element.dataset.runbutton;
  return {
    element,
    place: doc.place,
    clicks: clicksAt(world, doc, unit, doc.place),
    state: element.dataset.state,
    enabled: isEnabled(parts.button),
    line: parts.status.textContent.trim(),
    last: !parts.last || parts.last.hidden ? "" : parts.last.textContent.trim(),
    text: found.text,
    runs: found.runs.length > 1 ? [...new Set(found.runs)] : found.runs,
    buttons: found.buttons,
  };
}

/** Whether two sights look the same. @param {Sight | undefined} one @param {Sight} other */
export function looksAlike(one, other) {
  return (
    one !== undefined &&
    one.place === other.place &&
    one.state === other.state &&
    one.enabled === other.enabled &&
    one.text === other.text &&
    one.last === other.last
  );
}

/** Whether a click on a unit's button starts a run. @param {any} button */
export function isEnabled(button) {
  return !button.disabled && button.getAttribute("aria-busy") !== "true";
}

/** Details can be opened at any time. @param {any} node */
function isShown({ attributes, className }) {
  return attributes.hidden === undefined || className === "rb-details";
}

function read(element, parts, found) {
  for (const node of element.childNodes) {
    if (!node.childNodes) {
      found.text += node.data;
    } else if (node !== parts.button && node !== parts.last && isShown(node) && !isClock(node)) {
      if (node.localName === "button") {
        found.buttons.push(node);
      } else if (node.localName === "a") {
        // A job's id identifies its run: see runs.js.
        const id = Number(/\/(\d+)$/.exec(node.attributes.href ?? "")?.[1]);
        if (id) {
          found.runs.push(id - 1000);
        }
      }
      if (node.className !== "rb-close") {
        read(node, parts, found);
        found.text += " ";
      }
    }
  }
}

/** The units' elements in a page. @param {any} element @param {any[]} found */
export function unitElements(element, found = []) {
  for (const node of element.childNodes) {
    if (node.childNodes) {
      if (node.isUnit) {
        found.push(node);
      } else {
        unitElements(node, found);
      }
    }
  }
  return found;
}
