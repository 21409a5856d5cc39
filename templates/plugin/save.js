// kintone saves one thing at a time and takes a moment after each: three live projects wait 100 to 700 ms.
/** @import { Clock } from "../runtime/page/clock.js" */

const PAUSE = 300;
// A save that comes too soon loses the database lock (GAIA_DA02), and may be repeated.
const ATTEMPTS = 3;
const END = 60_000;

/**
 * Does one save after another.
 *
 * @param {(() => Promise<void>)[]} saves each resolves when kintone has saved
 * @param {Pick<Clock, "now" | "sleep">} clock
 * @param {(done: number) => void} tell called before each
 * @returns {Promise<boolean[]>} which of them went well, all of it within about a minute
 */
export async function saveAll(saves, clock, tell) {
  const end = clock.now() + END;
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
    went.push(done);
  }
  return went;
}
