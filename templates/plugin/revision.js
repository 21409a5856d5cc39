/** @import { WordKey } from "../runtime/view/say.js" */

/**
 * Tells whether the app's settings were changed by anybody else since the page was loaded. What this page would write then is
 * older than what kintone holds. Two pages that save within the same second are not told apart.
 *
 * @param {() => Promise<string>} read gives the revision of the app's settings
 */
export function createRevision(read) {
  const look = () => read().catch(() => null);
  let seen = look();
  return {
    /** @returns {Promise<WordKey | null>} why nothing may be saved; null where nothing was changed */
    async objection() {
      const [before, now] = [await seen, await look()];
      if (before === null || now === null) {
        return "settings.unchecked";
      }
      return before === now ? null : "settings.moved";
    },

    /** Takes the settings as this page has just saved them for what it knows. */
    renew() {
      seen = look();
    },
  };
}
