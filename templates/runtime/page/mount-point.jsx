/** @jsx h */
import { h } from "../view/element.js";
import { headerElement, spaceElement } from "./kintone.js";
/** @import { Device, Shown } from "./kintone.js" */

/**
 * The place of a unit's button: in the Space field that it names, otherwise in the header.
 *
 * @param {UnitConfig} unit
 * @param {Shown} shown
 * @param {string} source of the script
 * @param {(what: string) => void} tellMissing
 * @returns {{buttons: Element, lines: Element} | null} null if kintone has no such place
 */
export function mountPoint(unit, { device, page }, source, tellMissing) {
  // A list has no Space fields.
  const id = page === "index" ? undefined : unit.space;
  const space = id ? spaceElement(device, id) : null;
  if (id && !space) {
    tellMissing(`no Space field with the element ID "${id}"; it is in the header`);
  }
  const place = space ?? headerElement(device, page);
  const host = place && hostIn(place, source, device);
  return host && { buttons: host.children[0], lines: host.children[1] };
}

/**
 * The single element for all buttons of a script in one of kintone's places, with their lines below; kintone may have
 * kept it from the previous page.
 *
 * @param {HTMLElement} place
 * @param {string} source
 * @param {Device} device
 */
function hostIn(place, source, device) {
  return (
    place.querySelector(`:scope > .rb-place[data-source="${source}"]`) ??
    place.appendChild(
      <div class={`rb-place rb-${device}`} data-source={source}>
        <div class="rb-buttons" />
        <ul class="rb-lines" />
      </div>,
    )
  );
}

/**
 * Removes a unit's button and line from any place.
 *
 * @param {string} id
 * @param {string} source
 */
export function removeUnit(id, source) {
  for (const name of ["runbutton", "line"]) {
    document.querySelector(`[data-${name}="${id}"][data-source="${source}"]`)?.remove();
  }
}
