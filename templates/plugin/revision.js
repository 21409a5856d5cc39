/** @import { Clock } from "../runtime/page/clock.js" */
/** @import { WordKey } from "../runtime/view/say.js" */

/**
 * Checks whether another person has changed the app's settings since the page was loaded, because this page would then
 * overwrite newer settings. Two pages that save within the same second are not distinguished.
 *
 * @param {() => Promise<string>} read returns the revision of the app's settings
 * @param {Pick<Clock, "sleep">} clock
 */
export function createRevision(read, clock) {
  // kintone's own limit for an answer is not documented.
  const look = () => Promise.race([read().catch(() => null), clock.sleep(10_000).then(() => null)]);
  let seen = look();
  return {
    /** @returns {Promise<WordKey | null>} why nothing may be saved; null if nothing was changed */
    async objection() {
      const [before, now] = [await seen, await look()];
      if (before === null || now === null) {
        return "settings.unchecked";
      }
      return before === now ? null : "settings.moved";
    },

    /** Stores the current revision as known, after this page has saved. */
    renew() {
      seen = look();
    },
  };
}
