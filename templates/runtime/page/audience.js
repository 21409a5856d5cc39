import { groupCodes, organizationCodes } from "./kintone-user.js";
/** @import { Clock } from "./clock.js" */
/** @import { LoginUser } from "./kintone.js" */

/**
 * The users who see a button: with one of these codes. At least one kind is there.
 *
 * @typedef {{users?: string[], groups?: string[], organizations?: string[]}} ShowTo
 */

/** How long kintone may take to tell the user's groups, in milliseconds. */
const WAIT_FOR_CODES = 10_000;

/**
 * Whether the user sees buttons that only some users see. Groups and organizations are read once for a document, and
 * only if a unit names some; until then their buttons are not there. If kintone cannot tell, they are: this protects
 * nothing.
 *
 * @param {UnitConfig[]} units
 * @param {LoginUser} user
 * @param {Clock} clock
 * @param {() => void} changed called if more buttons are to be shown than before
 * @returns {(showTo: ShowTo) => boolean}
 */
export function createAudience(units, user, clock, changed) {
  /** @type {Record<string, string[] | null>} null: kintone cannot tell */
  const own = { users: [user.code], groups: [], organizations: [] };
  const isIn = (/** @type {ShowTo} */ showTo) =>
    Object.entries(showTo).some(([kind, codes]) => own[kind]?.some((code) => codes.includes(code)) ?? true);
  const count = () => units.filter(({ showTo }) => showTo && isIn(showTo)).length;

  /** @param {"groups" | "organizations"} kind @param {() => Promise<string[]>} read */
  async function learn(kind, read) {
    if (units.some(({ showTo }) => showTo?.[kind])) {
      const late = clock.sleep(WAIT_FOR_CODES).then(() => null);
      const codes = await Promise.race([read().catch(() => null), late]);
      const before = count();
      own[kind] = codes;
      if (count() > before) {
        changed();
      }
    }
  }
  learn("groups", groupCodes);
  learn("organizations", organizationCodes);
  return isIn;
}
