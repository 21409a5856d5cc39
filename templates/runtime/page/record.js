/** @import { Shown } from "./kintone.js" */

/**
 * Whether the user is editing a record.
 *
 * @param {Shown} shown
 */
export function inForm({ page }) {
  return page === "edit" || page === "create";
}
