import { readMarks } from "../runtime/page/marks.js";
import { addressOf } from "./groups.js";
import { compare, filled } from "./secrets.js";
/** @import { SecretGroup } from "./groups.js" */
/**
 * What the app's settings hold, as this page knows it: what can be read, and over it what the page has saved itself,
 * since kintone does not say whether that can be read before the page is loaded again.
 *
 * The plug-in's config, which users' pages read, has no secrets: only for each address at which something is stored its
 * mark. By the same marks the buttons judge whether they are set up.
 *
 * @param {SecretGroup[]} groups
 * @param {{
 *   readEntry: (request: {method: string, url: string}) => Pick<StoredEntry, "headers" | "data"> | null,
 *   readConfig: () => Record<string, string>,
 * }} host
 */
export function createHoldings(groups, { readEntry, readConfig }) {
  /** @type {Map<string, StoredEntry>} by address */
  const own = new Map();
  const requests = groups.flatMap((group) => group.requests);
  const known = new Set(requests.map(addressOf));
  /** @import { StoredEntry } from "./kintone.js" */

  /** @param {StoredRequest} request */
  const look = (request) => compare(request, own.get(addressOf(request)) ?? readEntry(request));

  /** @returns {Record<string, string>} the mark of each address, as the config has it now */
  const announced = () => readMarks(readConfig());

  /** The addresses at which earlier settings left something that no unit of this app needs any more. */
  const leftovers = () =>
    Object.keys(announced())
      .filter((address) => !known.has(address) && !own.has(address))
      .map((address) => ({ method: address.split(" ", 1)[0], url: address.slice(address.indexOf(" ") + 1) }));

  return {
    leftovers,

    /** @param {StoredEntry} entry what kintone has confirmed */
    saved(entry) {
      own.set(addressOf(entry), entry);
    },

    /**
     * How a group's secret stands. "saved": its buttons work. "unannounced": so they will, once the config says so.
     * "again": something of it is stored, but not what the units need as they are now. "none": nothing is.
     *
     * @param {SecretGroup} group
     * @param {Record<string, string>} [marks]
     * @returns {"saved" | "unannounced" | "again" | "none"}
     */
    standing(group, marks = announced()) {
      const found = group.requests.map(look);
      if (found.every((each) => each === "same")) {
        return group.requests.every((request) => marks[addressOf(request)] === request.mark) ? "saved" : "unannounced";
      }
      return found.every((each) => each === "none") ? "none" : "again";
    },

    /**
     * What is to be saved for a group: never what is kept, which another page may have changed meanwhile.
     *
     * @param {SecretGroup} group
     * @param {string | null} secret null takes what is stored away
     * @returns {StoredEntry[]}
     */
    entries(group, secret) {
      return secret === null
        ? group.requests.filter((request) => look(request) !== "none").map(emptied)
        : group.requests.map((request) => filled(request, secret));
    },

    /** @returns {StoredEntry[]} what takes the leftovers away */
    removals: () => leftovers().map(emptied),

    /** @returns {Record<string, string> | null} the config that is to be saved; null where it is saved already */
    config() {
      const marks = announced();
      for (const address of own.keys()) {
        delete marks[address];
      }
      for (const request of requests) {
        delete marks[addressOf(request)];
        if (look(request) === "same") {
          marks[addressOf(request)] = request.mark;
        }
      }
      const stored = JSON.stringify(Object.fromEntries(Object.entries(marks).sort()));
      return (readConfig().stored ?? "{}") === stored ? null : { stored };
    },
  };
}

/**
 * @param {{method: string, url: string}} request
 * @returns {StoredEntry} what takes an entry away
 */
function emptied({ method, url }) {
  return { method, url, headers: {}, data: {} };
}
