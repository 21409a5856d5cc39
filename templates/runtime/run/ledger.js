import { isNewer, NOTHING, readEntry, withoutToken } from "./entry.js";
import { isUnderWay, move } from "./states.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Entry, Run } from "./entry.js" */
/** @import { Store } from "../page/storage.js" */

/** How many entries are kept for an app's places without a run in progress. */
const KEPT = 100;

/** How long a page waits before it writes its newer entry over an older one, in milliseconds. */
const REPAIR = 300;

/** How often old entries are removed, in milliseconds. */
const TIDY = 2 * 60 * 1000;

/** @typedef {ReturnType<typeof createLedger>} Ledger */

/**
 * The latest run of each unit at each place, for one user and one app, in localStorage: the only data that pages and
 * tabs share about runs.
 *
 * An entry is `{turn, seq, run}`. `turn` grows with each action of a user, `seq` with each other write. localStorage is
 * not synchronous between processes, so a value may be old: a page remembers the newest entry that it has seen, ignores
 * older ones, and replaces them with its own. Only the holder of the run's lock writes, or a user's action under the
 * place's lock.
 *
 * @param {string} prefix of all keys: user, source and app
 * @param {Store} store
 * @param {Pick<Clock, "now" | "sleep" | "every">} clock
 * @param {(key: string, isOwn: boolean) => void} changed called after each change of an entry; `isOwn`: by this page
 */
export function createLedger(prefix, store, clock, changed) {
  /** @type {Map<string, Entry>} */
  const newest = new Map();

  /** @param {string} key @returns {Entry} the newest known one */
  function get(key) {
    return newest.get(key) ?? look(key);
  }

  /** @param {string} key @returns {Entry} the same, after reading the storage */
  function look(key) {
    // mutant event-of-known-value: const found = stored(key); if (found && newest.has(key) && isNewer(found, get(key))) { newest.set(key, found); return found; } return take(key, found);
    return take(key, stored(key));
  }

  const stored = (/** @type {string} */ key) => readEntry(store.read(key));
  // mutant token-past-deadline: const isLate = () => false;
  const isLate = (/** @type {Run} */ run) => clock.now() >= run.deadline;

  /**
   * @param {string} key
   * @param {Entry | null} entry from the storage
   */
  function take(key, entry) {
    const known = newest.get(key) ?? NOTHING;
    // mutant older-turn-wins: if (entry && (entry.turn !== known.turn || isNewer(entry, known))) {
    if (entry && isNewer(entry, known)) {
      newest.set(key, entry);
      changed(key, false);
      return entry;
    }
    if (entry && isNewer(known, entry)) {
      // mutant no-repair:
      clock.sleep(REPAIR).then(() => repair(key));
    }
    return known;
  }

  /** @param {string} key */
  function repair(key) {
    const found = stored(key);
    if (found && isNewer(get(key), found)) {
      keep(key, get(key));
    }
  }

  /**
   * Writes an entry into the storage, with a token only while its run can be followed.
   *
   * @param {string} key
   * @param {Entry} entry
   */
  function keep(key, { run, ...age }) {
    store.write(key, { ...age, run: run && withoutToken(run, isLate) });
  }

  /**
   * @param {string} key
   * @param {Entry} entry
   */
  function write(key, entry) {
    newest.set(key, entry);
    keep(key, entry);
    changed(key, true);
  }

  /** @param {string} key @returns {string[]} the unit's ID and the place */
  const partsOf = (key) => key.slice(prefix.length + 1).split("/");
  /** @param {string} key */
  const isKey = (key) => key.startsWith(`${prefix}/`) && partsOf(key).length === 2;
  const keys = () => store.keys(`${prefix}/`).filter(isKey);

  function tidy() {
    // No page may have been open at the deadline, so other users' and apps' tokens are removed too.
    for (const key of store.keys("runbutton/")) {
      const entry = stored(key);
      if (entry && [entry.run, entry.run?.before].some((run) => run?.handle && isLate(run))) {
        keep(key, entry);
      }
    }
    const rest = keys()
      .map((key) => ({ key, entry: stored(key) ?? NOTHING }))
      .filter(({ entry }) => !isUnderWay(entry.run))
      .sort((a, b) => b.entry.turn - a.entry.turn);
    for (const { key } of rest.slice(KEPT)) {
      store.remove(key);
    }
  }
  clock.every(TIDY, tidy);

  return {
    get,
    look,
    isKey,
    tidy,

    /** @param {string} unit its ID @param {string} place */
    // mutant place-not-in-key: keyOf: (unit) => `${prefix}/${unit}/1`,
    keyOf: (unit, place) => `${prefix}/${unit}/${place}`,

    partsOf,

    /** @returns {string[]} of all entries in the storage */
    keys,

    /**
     * Handles a value that another page has written.
     *
     * @param {string} key
     * @param {unknown} value
     */
    hear(key, value) {
      take(key, readEntry(value));
    },

    /**
     * An action of the user at a place: starts a run, or resumes following it.
     *
     * @param {string} key
     * @param {"begin" | "resume"} event
     * @param {Partial<Run>} news
     */
    act(key, event, news) {
      const { turn, run } = get(key);
      // mutant clock-orders-turns: write(key, { turn: clock.now(), seq: 0, run: move(run, event, news) });
      write(key, { turn: Math.max(clock.now(), turn + 1), seq: 0, run: move(run, event, news) });
    },

    /**
     * @param {string} key
     * @param {"wait" | "accept" | "lose" | "beat" | "progress" | "end" | "dismiss"} event
     * @param {Partial<Run>} news
     */
    change(key, event, news) {
      const { turn, seq, run } = get(key);
      write(key, { turn, seq: seq + 1, run: move(run, event, news) });
    },

    /**
     * Nothing ran: restores the previous run with its warning.
     *
     * @param {string} key
     */
    undo(key) {
      const { turn, seq, run } = get(key);
      // mutant refused-drops-before: write(key, { turn, seq: seq + 1, run: null });
      write(key, { turn, seq: seq + 1, run: run?.before ?? null });
    },

    /**
     * Moves the entry of a create page whose record was saved.
     *
     * @param {string} key
     * @param {string} next
     */
    rename(key, next) {
      const entry = get(key);
      if (entry.run) {
        write(next, entry);
        // Not removed, because pages with the old entry would not notice that.
        // mutant created-entry-stays:
        write(key, { ...entry, seq: entry.seq + 1, run: null });
      }
    },

    /**
     * Whether the storage has the same run as this page.
     *
     * @param {string} key
     */
    isKept(key) {
      const kept = stored(key)?.run;
      const { run } = get(key);
      // mutant reload-unkept: return true;
      return run !== null && kept?.id === run.id && kept.state === run.state && !store.isRefused(key);
    },
  };
}
