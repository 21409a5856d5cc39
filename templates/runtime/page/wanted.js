/** @import { Clock } from "./clock.js" */
/** @import { LoginUser, Shown } from "./kintone.js" */
/** @import { Features } from "./main.js" */

/**
 * Which units' buttons a page has.
 *
 * @param {Features} features
 * @param {UnitConfig[]} units
 * @param {LoginUser} user
 * @param {Clock} clock
 * @param {(words: string) => void} warn writes to the console, once per message
 * @param {() => void} changed called if there are more by now
 * @returns {(shown: Shown) => UnitConfig[]}
 */
export function createWanted({ holds, createAudience }, units, user, clock, warn, changed) {
  const isInAudience = createAudience?.(units, user, clock, changed);
  return ({ device, page, record }) =>
    units.filter(({ id, devices, pages, showIf, showTo }) => {
      const miss = (/** @type {string} */ field) => warn(`${id}: no field ${field} for show_if`);
      const isMet = !showIf || (holds?.(showIf, record, miss) ?? true);
      return devices.includes(device) && pages.includes(page) && isMet && (!showTo || isInAudience?.(showTo));
    });
}
