import { headerElement, spaceElement } from "./kintone.js";
/** @import { Device, Shown } from "./kintone.js" */

/**
 * Where a unit's button goes: into the Space field that it names, else into the header.
 *
 * @param {UnitConfig} unit
 * @param {Shown} shown
 * @param {string} source of the script
 * @param {(what: string) => void} tellMissing
 * @returns {HTMLElement | null} null where kintone has no such place
 */
export function mountPoint(unit, { device, page }, source, tellMissing) {
  // A list has no fields, and so no Space fields.
  const id = page === "index" ? undefined : unit.space;
  const space = id ? spaceElement(device, id) : null;
  if (id && !space) {
    tellMissing(`no Space field with the element ID "${id}"; it is in the header`);
  }
  const place = space ?? headerElement(device, page);
  return place && hostIn(place, source, device);
}

/**
 * The one element in which all buttons of a script stand in one of kintone's places; kintone may have kept it from the
 * page before.
 *
 * @param {HTMLElement} place
 * @param {string} source
 * @param {Device} device
 * @returns {HTMLElement}
 */
function hostIn(place, source, device) {
  const known = place.querySelector(`:scope > .rb-place[data-source="${source}"]`);
  if (known) {
    return /** @type {HTMLElement} */ (known);
  }
  const host = document.createElement("div");
  host.className = `rb-place rb-${device}`;
  host.dataset.source = source;
  place.append(host);
  return host;
}
