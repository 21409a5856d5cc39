/** @import { Clock } from "./clock.js" */
/** @import { Shown } from "./kintone.js" */

/** How long kintone is waited for, in milliseconds, and how often it is tried. */
const FORM_WAIT = 10_000;
const FORM_TRY = 100;

/**
 * The page's record. kintone throws while any customization's handler is at work, which another one's can be for long.
 *
 * @param {() => Shown} read
 * @returns {Shown | null} null while kintone does not give it
 */
export function readNow(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

/**
 * The same, waited for.
 *
 * @param {() => Shown} read
 * @param {Clock} clock
 * @param {() => void} tell called once where it takes a while
 * @returns {Promise<Shown | null>} null where kintone does not give it to the end
 */
export async function readSoon(read, clock, tell) {
  const until = clock.now() + FORM_WAIT;
  let shown = readNow(read);
  if (!shown) {
    tell();
  }
  // mutant form-not-waited: while (false) {
  while (!shown && clock.now() < until) {
    await clock.sleep(FORM_TRY);
    shown = readNow(read);
  }
  return shown;
}

/**
 * Whether a record is being written.
 *
 * @param {Shown} shown
 */
export function inForm({ page }) {
  return page === "edit" || page === "create";
}
