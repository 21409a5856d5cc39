import { lockOf, SETTLE } from "./locks.js";
import { LEFT } from "./problems.js";
/** @import { Stint } from "./locks.js" */
/** @import { Place } from "./run.js" */

/** How long the starter's result may take to become visible after its lock is free, in milliseconds. */
const STARTER_GONE = 1000;

/** How often a hidden page tries to get the lock, in milliseconds. */
const HIDDEN_TRY = 30 * 1000;

/** How soon a waiting page asks a hidden follower to hand over, in milliseconds. */
const POKE = 1000;

/**
 * How long a visible page waits without news, in addition to the time until the follower's next request, before it
 * takes the lock: browsers freeze hidden tabs with their locks. Counted in this page's own ticks, because clocks can be
 * set.
 */
const SILENCE = 45 * 1000;
const SILENCE_WITHOUT_LOCKS = 10 * 1000;
const TICK = 5000;

/**
 * The storage key by which a page asks the follower of a run to hand over.
 *
 * @param {string} id
 */
export function pokeOf(id) {
  return `runbutton/poke/${id}`;
}

/**
 * Selects the page that follows the runs at a place: only the holder of the run's lock follows it. Visible pages queue
 * for the lock, hidden ones only try.
 *
 * @param {Place} place
 * @param {World} world
 * @param {ReturnType<typeof import("./follow.js").createFollow>} follower
 */
export function createAttendance(place, { clock, ledger, local, locks, page }, { follow, isAsking, isOn }) {
  /** @type {Stint | null} this page's work under the lock */
  let current = null;
  let isAttending = false;
  let quitWaiting = () => {};
  const runNow = () => ledger.get(place.key).run;

  page.onChange(() => {
    // mutant leave-keeps-lock: if (false) {
    if (page.isLeft() && runNow()?.state !== "starting") {
      current?.end();
    }
    handOver();
    attend();
  });

  /** A hidden follower releases the lock between two requests if a visible page waits for it. */
  async function handOver() {
    const stint = current;
    const run = runNow();
    const mayLetGo = run && run.state !== "starting" && page.isHidden() && !isAsking();
    if (stint && mayLetGo && (await locks.isWanted(lockOf(run.id)))) {
      // mutant hidden-never-hands-over:
      stint.end();
    }
  }

  /**
   * @param {Stint} stint
   * @param {() => Promise<unknown>} work
   */
  async function holds(stint, work) {
    // A click without effect may be answered while this page follows another page's run.
    const outer = current;
    current = stint;
    try {
      await work();
    } finally {
      stint.end();
      if (current === stint) {
        current = outer?.isOver ? null : outer;
      }
      attend();
    }
  }

  /** Joins the run in progress, until it has ended or the user leaves this page. */
  async function attend() {
    const id = runNow()?.id ?? "";
    const mayWait = () => isOn(id) && !current;
    if (!isOn(id)) {
      quitWaiting();
    } else if (!isAttending && !current) {
      isAttending = true;
      while (mayWait()) {
        await waitOnce(id);
      }
      isAttending = false;
      // Another run may be in progress by now.
      attend();
    }
  }

  /**
   * Waits for the run's lock while the page stays visible or stays hidden, and follows the run when it has the lock.
   *
   * @param {string} id
   */
  async function waitOnce(id) {
    const work = (/** @type {Stint} */ stint) => holds(stint, () => takeOver(id, stint));
    if (page.isHidden() && locks.areShared) {
      // It may become visible while it tries.
      const changed = page.changed();
      await locks.hold(lockOf(id), { ifAvailable: true }, work);
      await Promise.race([clock.sleep(HIDDEN_TRY), changed]);
      return;
    }
    const controller = new AbortController();
    const quit = () => controller.abort();
    quitWaiting = quit;
    const stopWatching = page.onChange(quit);
    let heard = ledger.get(place.key);
    let ticks = 0;
    const stopTicking = clock.every(TICK, () => {
      const entry = ledger.get(place.key);
      ticks = entry === heard ? ticks + 1 : 0;
      heard = entry;
      const limit = (locks.areShared ? SILENCE : SILENCE_WITHOUT_LOCKS) + (entry.run?.next ?? 0);
      if (ticks * TICK > limit && !current) {
        ticks = 0;
        // mutant no-watchdog:
        locks.hold(lockOf(id), { steal: true }, work);
      }
    });
    if (locks.areShared) {
      clock.sleep(POKE).then(() => {
        if (!current && !controller.signal.aborted) {
          local.write(pokeOf(id), true);
          local.remove(pokeOf(id));
        }
      });
      await locks.hold(lockOf(id), { signal: controller.signal }, work);
    } else {
      await new Promise((resolve) => {
        controller.signal.addEventListener("abort", resolve);
      });
    }
    quit();
    stopTicking();
    stopWatching();
  }

  /**
   * This page has the lock of a run that another page worked on.
   *
   * @param {string} id
   * @param {Stint} stint
   */
  async function takeOver(id, stint) {
    // mutant grant-read-at-once:
    await clock.sleep(SETTLE);
    ledger.look(place.key);
    const isStarting = () => isOn(id) && runNow()?.state === "starting";
    if (isStarting()) {
      // mutant starter-gone-at-once:
      await clock.sleep(STARTER_GONE);
      ledger.look(place.key);
      if (isStarting() && !stint.isOver) {
        const lost = { endedAt: clock.now(), problem: LEFT, link: place.link(null) };
        ledger.change(place.key, "lose", { state: "unknown", ...lost });
      }
    }
    if (isOn(id) && !stint.isOver) {
      // mutant steal-unannounced:
      ledger.change(place.key, "beat", {});
      await follow(stint, false);
    }
  }

  return { attend, holds, handOver };
}
