import { headerElement } from "./kintone.js";

// Stands for the real one in the worlds: a place has no rows there.
export function placeOf(unit, { device, page }) {
  return headerElement(device, page);
}
