import { MARKS_VERSION, readMarks } from "../runtime/page/marks.js";
import { addressOf } from "./groups.js";
import { compare, filled, secretIn } from "./secrets.js";
/** @import { StoredEntry } from "./kintone.js" */

/**
 * The state of one entry, or of a field with several. "stored": its buttons work. "pending": a save of it was not finished.
 * "again": it does not match what the buttons need now. "absent": nothing was saved.
 *
 * @typedef {"stored" | "pending" | "again" | "absent"} EntryState
 */

/** @typedef {Pick<StoredEntry, "headers" | "data">} Content */

/**
 * kintone's stored data of this plug-in in this app: read when the page was loaded, and replaced by what this page has
 * saved since, because it is not documented whether kintone returns that before the next load.
 *
 * The plug-in's config holds no secrets, only the list of addresses that have or may have an entry (runtime/page/marks.js):
 * kintone itself has no list. An address is added before its entry is stored, and removed after the entry.
 *
 * @param {StoredRequest[]} requests all that the app's buttons need now
 * @param {{
 *   readEntry: (request: {method: string, url: string}) => Content | null,
 *   config: Record<string, string>,
 * }} host getProxyConfig, and the result of getConfig
 */
export function createHoldings(requests, { readEntry, config }) {
  const known = { marks: readMarks(config) };
  /** @type {Map<string, StoredEntry>} by address */
  const own = new Map();
  const needed = new Map(requests.map((request) => [addressOf(request), request]));

  /** @param {{method: string, url: string}} request */
  const held = (request) => own.get(addressOf(request)) ?? readEntry(request);
  /** @param {StoredRequest} request */
  const stateOf = (request) => entryState(request, held(request), known.marks[addressOf(request)]);

  /** The addresses that may have an entry and that no button needs. */
  const leftovers = () =>
    Object.keys(known.marks)
      .filter((address) => !needed.has(address))
      .map((address) => ({ method: address.split(" ", 1)[0], url: address.slice(address.indexOf(" ") + 1) }));

  return {
    /** Whether the config has this version. The list of addresses in another version cannot be read. */
    isReadable: isReadable(config),
    leftovers,

    /**
     * @param {StoredRequest[]} some
     * @returns {EntryState}
     */
    stateOfAll(some) {
      const [first, ...others] = new Set(some.map(stateOf));
      if (others.length === 0) {
        return first;
      }
      return first === "pending" || others.includes("pending") ? "pending" : "again";
    },

    /**
     * @param {StoredRequest[]} some
     * @returns {boolean} whether the existing entries have the same secret
     */
    isOneSecret(some) {
      const there = some.filter((request) => !isEmpty(held(request)));
      return new Set(there.map((request) => secretIn(request, held(request)))).size <= 1;
    },

    /**
     * @param {StoredRequest[]} some
     * @param {string | null} secret null removes the stored one
     * @returns {StoredEntry[]} the entries to save
     */
    entries(some, secret) {
      return secret === null
        ? some.filter((request) => stateOf(request) !== "absent").map(emptied)
        : some.map((request) => filled(request, secret));
    },

    /** @returns {StoredEntry[]} the entries to save to remove all unused ones */
    removals: () => leftovers().map(emptied),

    /** @param {StoredEntry} entry that kintone has confirmed */
    entrySaved(entry) {
      own.set(addressOf(entry), entry);
    },

    /** @param {Record<string, string>} saved the config that kintone has confirmed */
    configSaved(saved) {
      known.marks = readMarks(saved);
    },

    /**
     * @param {StoredEntry[]} entries which are to be saved next
     * @returns {Record<string, string>} the config to save before the first of them
     */
    before: (entries) =>
      made({ ...known.marks, ...Object.fromEntries(entries.map((entry) => [addressOf(entry), ""])) }),

    /**
     * @param {StoredEntry[]} entries which kintone has confirmed
     * @returns {Record<string, string>} the config to save after the last of them; the others' marks stay
     */
    after(entries) {
      const marks = { ...known.marks };
      for (const entry of entries) {
        delete marks[addressOf(entry)];
        const request = needed.get(addressOf(entry));
        if (request && !isEmpty(entry)) {
          marks[addressOf(entry)] = request.mark;
        }
      }
      return made(marks);
    },
  };
}

/** @typedef {ReturnType<typeof createHoldings>} Holdings */

/**
 * @param {StoredRequest} request
 * @param {Content | null} entry
 * @param {string | undefined} mark
 * @returns {EntryState}
 */
function entryState(request, entry, mark) {
  if (mark === "") {
    return "pending";
  }
  const found = compare(request, entry);
  if (found === "none" && mark === undefined) {
    return "absent";
  }
  return found === "same" && mark === request.mark ? "stored" : "again";
}

/** @param {Content | null} entry */
function isEmpty(entry) {
  return Object.keys({ ...entry?.headers, ...entry?.data }).length === 0;
}

/** @param {Record<string, string>} config */
function isReadable(config) {
  if (Object.keys(config).length === 0) {
    return true;
  }
  try {
    const marks = JSON.parse(config.stored);
    const isObject = typeof marks === "object" && !Array.isArray(marks);
    return (
      config.version === MARKS_VERSION &&
      isObject &&
      Object.keys(marks).length === Object.keys(readMarks(config)).length
    );
  } catch {
    return false;
  }
}

/** @param {Record<string, string>} marks */
function made(marks) {
  return { version: MARKS_VERSION, stored: JSON.stringify(Object.fromEntries(Object.entries(marks).sort())) };
}

/**
 * @param {{method: string, url: string}} request
 * @returns {StoredEntry} an entry that removes the stored one
 */
function emptied({ method, url }) {
  return { method, url, headers: {}, data: {} };
}
