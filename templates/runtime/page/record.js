/** @import { Shown } from "./kintone.js" */

/**
 * Whether a record is being written.
 *
 * @param {Shown} shown
 */
export function inForm({ page }) {
  return page === "edit" || page === "create";
}
