/** @import { Clock } from "../runtime/page/clock.js" */
/** @import { Holdings } from "./holdings.js" */
/** @import { StoredEntry } from "./kintone.js" */

// kintone saves one thing at a time and takes a moment after each: three live projects wait 100 to 700 ms.
const PAUSE = 300;
// A save that comes too soon loses the database lock (GAIA_DA02), and may be repeated.
const ATTEMPTS = 3;
// Without a confirmation for so long, no other save is tried.
const END = 60_000;

/** @typedef {Pick<Clock, "now" | "sleep">} SavesClock */

/**
 * Saves entries so that an interruption never leaves one that is missing from the config: the config first lists all of
 * them as pending, then they are stored one by one, and last the config marks those that kintone has confirmed.
 *
 * @param {StoredEntry[]} entries
 * @param {Holdings} holdings gets each saved entry
 * @param {{store: (entry: StoredEntry) => Promise<void>, saveConfig: (config: Record<string, string>) => Promise<void>}} host
 * @param {SavesClock} clock
 * @param {(done: number, total: number) => void} tell called before each save
 * @returns {Promise<boolean[]>} which of the entries are stored and marked
 */
export async function saveEntries(entries, holdings, { store, saveConfig }, clock, tell) {
  const total = entries.length + 2;
  /**
   * @param {Record<string, string>} config
   * @param {number} done
   */
  const write = async (config, done) => {
    const [went] = await saveAll([() => saveConfig(config)], clock, () => tell(done, total));
    if (went) {
      holdings.configSaved(config);
    }
    return went;
  };
  if (!(await write(holdings.before(entries), 0))) {
    return entries.map(() => false);
  }
  const saves = entries.map((entry) => () => store(entry).then(() => holdings.entrySaved(entry)));
  const went = await saveAll(saves, clock, (done) => tell(done + 1, total));
  const stored = entries.filter((_, at) => went[at]);
  const isMarked = stored.length > 0 && (await write(holdings.after(stored), total - 1));
  return went.map((one) => one && isMarked);
}

/**
 * Does one save after another.
 *
 * @param {(() => Promise<void>)[]} saves each resolves when kintone has saved
 * @param {SavesClock} clock
 * @param {(done: number) => void} tell called before each
 * @returns {Promise<boolean[]>} which of them succeeded; ends about a minute after the last that did, at the latest
 */
export async function saveAll(saves, clock, tell) {
  let end = clock.now() + END;
  const went = [];
  for (const [at, save] of saves.entries()) {
    tell(at);
    let done = false;
    for (let attempt = 0; !done && attempt < ATTEMPTS && clock.now() < end; attempt++) {
      done = await save().then(
        () => true,
        () => false,
      );
      await clock.sleep(PAUSE);
    }
    end = done ? clock.now() + END : end;
    went.push(done);
  }
  return went;
}
