/**
 * A unit of one of our scripts in the browser's storage; its runs are `<this>/<record>`.
 *
 * @param {string} source of the script
 * @param {Shown} shown
 * @param {UnitConfig} unit
 */
export function nameOf(source, { appId }, { id }) {
  return ["runbutton", source, appId, id].join("/");
}

/**
 * The record that a page shows; of a page that shows none, the page.
 *
 * @param {Shown} shown
 */
export function recordOf({ recordId, page }) {
  return String(recordId ?? page);
}
