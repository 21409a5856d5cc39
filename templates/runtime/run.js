import { advices, ranTexts, runTexts } from "./messages.js";
import { backOff, nextDelay } from "./poll.js";
import { createStarts } from "./starts.js";
import { createUsual } from "./usual.js";

/** Answers lost in a row until the run counts as lost sight of. */
const LOST_LIMIT = 5;

/** How often a tab looks whether the tab that it shows a run of is still there, in milliseconds. */
const LOOK_AFTER = 5000;

/** States in which the button is taken. */
const BUSY = ["confirming", "starting", "queued", "running"];

/** @type {RunView} */
const IDLE = {
  state: "idle",
  startedAt: null,
  endedAt: null,
  steps: [],
  problem: null,
  doing: undefined,
  times: undefined,
  link: null,
  usual: null,
  elsewhere: false,
  canResume: false,
};

/** @typedef {ReturnType<typeof createRun>} Run */

/**
 * Whether a run is under way, from the click to its final state.
 *
 * @param {RunState} state
 */
export function isBusy(state) {
  return BUSY.includes(state);
}

/**
 * One unit's run on one record: the state machine from the click to the final state.
 *
 * idle → confirming → starting → queued | running → succeeded | failed | canceled | skipped | unknown. A final state
 * stays on view until the next click. `unknown` means: it may have started, and cannot be followed.
 *
 * Of several tabs one runs, and tells the others, which show the same. What it takes to go on after a reload is in
 * `session`, and goes when the run ends.
 *
 * @param {UnitConfig} unit
 * @param {Service} service
 * @param {string} unitName of the unit in this browser's storage
 * @param {string} runName of this unit on this record there
 * @param {World} world
 */
export function createRun(unit, service, unitName, runName, { ask, clock, session, local, tabs }) {
  const usual = createUsual(local, unitName);
  const starts = service.limit && createStarts(local, unitName, clock, service.limit);
  let view = IDLE;
  /** @type {(view: RunView) => void} */
  let show = () => {};
  /** @type {Handle | null} */
  let handle = null;
  /** Whether a run before the next one may still be under way. */
  let inDoubt = false;

  /** @param {Partial<RunView>} news */
  function change(news) {
    view = { ...view, ...news };
    show(view);
  }

  /** @param {Partial<RunView>} news */
  function tell(news) {
    change(news);
    tabs.tell(runName, view);
  }

  /**
   * @param {RunState} state
   * @param {Partial<RunView>} [rest]
   */
  function end(state, rest) {
    // First, because those who are told may keep the end over a reload.
    if (!rest?.canResume) {
      session.remove(runName);
    }
    tell({ state, endedAt: clock.now(), doing: undefined, ...rest });
    tabs.forget(runName);
    if (state === "succeeded") {
      usual.learn(Number(view.endedAt) - Number(view.startedAt));
    }
  }

  /**
   * From the start to the end, in the one tab that does it.
   *
   * @param {Shown} shown
   * @param {LoginUser} user
   */
  async function start(shown, user) {
    const startedAt = clock.now();
    inDoubt = false;
    starts?.count();
    session.write(runName, { startedAt });
    tell({ ...IDLE, state: "starting", startedAt, usual: usual.duration() });
    const started = await service.start({ unit, shown, user, ask, clock });
    if ("problem" in started) {
      const link = (started.state === "unknown" && service.link?.(unit, null)) || null;
      end(started.state, { problem: started.problem, link });
      return;
    }
    handle = started.handle;
    session.write(runName, { startedAt, handle });
    tell({ state: "queued", link: service.link?.(unit, handle) ?? null });
    await follow(nextDelay(clock.now() - startedAt, view.usual));
  }

  /**
   * Asks for the run's status until it ends, is lost sight of, or has taken longer than the page follows it.
   *
   * @param {number} first milliseconds until the first question
   */
  async function follow(first) {
    const deadline = clock.now() + unit.timeout;
    let delay = first;
    let lost = 0;
    let wanted = 0;
    for (;;) {
      if (wanted) {
        // The service wants to be left alone so long: coming back to the page is no reason to ask sooner.
        await clock.sleep(Math.min(wanted, deadline - clock.now()));
      }
      await clock.pause(Math.min(delay, deadline - clock.now()));
      const progress = await service.status({ unit, ask, clock }, /** @type {Handle} */ (handle));
      if ("again" in progress) {
        lost += 1;
        if (!progress.again || lost === LOST_LIMIT) {
          end("unknown", { problem: progress.problem, canResume: true });
          return;
        }
        delay = backOff(lost);
        wanted = 0;
      } else {
        const { problem = null, wait = 0, ...standing } = progress;
        lost = 0;
        wanted = wait;
        delay = Math.max(0, nextDelay(clock.now() - Number(view.startedAt), view.usual) - wait);
        if (!isBusy(standing.state)) {
          end(standing.state, { ...standing, problem });
          return;
        }
        tell({ doing: undefined, ...standing });
      }
      if (clock.now() >= deadline) {
        end("unknown", { problem: timedOut(unit.timeout), canResume: true });
        return;
      }
    }
  }

  /**
   * Shows another tab's run, for as long as there is such a tab.
   *
   * @param {RunView} told
   */
  async function mirror(told) {
    change({ ...told, canResume: false, elsewhere: true });
    // A tab that reloads is gone for a moment, and comes back.
    for (let gone = 0; gone < 2; ) {
      await clock.pause(LOOK_AFTER);
      if (!view.elsewhere || !isBusy(view.state)) {
        return;
      }
      gone = (await tabs.isHeld(runName)) ? 0 : gone + 1;
    }
    if (view.elsewhere && isBusy(view.state)) {
      end("unknown", { problem: { happened: runTexts.tabGone, ran: ranTexts.underWay, advice: advices.checkLog } });
    }
  }

  async function takeOver() {
    change({ elsewhere: false });
    if (isBusy(view.state)) {
      await follow(0);
    } else {
      session.remove(runName);
    }
  }

  /** @param {() => Promise<unknown>} work */
  async function guarded(work) {
    try {
      await work();
    } catch (error) {
      // Only a mistake of ours comes here. The user is told; whether something runs is as open as before.
      end("unknown", {
        problem: {
          happened: runTexts.unexpected,
          ran: ranTexts.maybe,
          advice: advices.checkLog,
          text: String(error),
        },
      });
    }
  }

  tabs.listen(runName, (told) => {
    if (view.elsewhere && isBusy(view.state)) {
      change({ ...told, canResume: false, elsewhere: true });
    } else if (isBusy(told.state) && !isBusy(view.state)) {
      guarded(() => mirror(told));
    }
  });

  return {
    /** @returns {RunView} */
    get view() {
      return view;
    },

    /**
     * Shows this run with `next`, and no longer with what showed it before.
     *
     * @param {(view: RunView) => void} next
     */
    watch(next) {
      show = next;
      show(view);
    },

    /** Finds the run that this tab left when its page was reloaded, or that another tab follows. */
    recall() {
      return guarded(async () => {
        const kept = session.read(runName);
        const told = tabs.heard(runName);
        if (kept?.ended) {
          session.remove(runName);
          change(kept.ended);
        } else if (kept?.handle) {
          handle = kept.handle;
          const link = service.link?.(unit, handle) ?? null;
          change({ ...IDLE, state: "running", startedAt: kept.startedAt, usual: usual.duration(), link });
          // A duplicated tab has the same in its session: until the other one lets go, this one only shows the run.
          change({ ...told, elsewhere: true });
          await tabs.hold(runName, takeOver, {});
        } else if (kept) {
          change({ ...IDLE, startedAt: kept.startedAt, link: service.link?.(unit, null) ?? null });
          end("unknown", { problem: { happened: runTexts.left, ran: ranTexts.maybe, advice: advices.checkLog } });
        } else if (told) {
          await mirror(told);
        }
      });
    },

    /**
     * A click on the button. Does nothing while a run is under way.
     *
     * @param {Shown} shown the record page as it stands
     * @param {LoginUser} user
     * @param {Problem | null} problem what else keeps the unit from running
     * @param {(afterUnknown: boolean) => Promise<boolean>} confirm
     */
    click(shown, user, problem, confirm) {
      const refused = () => {
        const refusal = problem ?? service.refuse(unit, shown) ?? tooSoon(starts?.wait() ?? 0);
        if (refusal) {
          change({ ...IDLE, state: "failed", startedAt: clock.now(), endedAt: clock.now(), problem: refusal });
        }
        return refusal;
      };
      return guarded(async () => {
        if (isBusy(view.state)) {
          return;
        }
        inDoubt ||= view.state === "unknown";
        if (refused()) {
          return;
        }
        const before = view;
        change({ state: "confirming" });
        if (!(await confirm(inDoubt))) {
          change(before);
          return;
        }
        // Other tabs may have started runs while the user was being asked.
        if (refused()) {
          return;
        }
        const mine = await tabs.hold(runName, () => start(shown, user), { ifAvailable: true });
        if (!mine) {
          await mirror(tabs.heard(runName) ?? { ...IDLE, state: "running", startedAt: clock.now() });
        }
      });
    },

    /** Goes on asking for a run that was lost sight of. */
    resume() {
      return guarded(async () => {
        if (view.canResume && handle) {
          tell({ state: "running", endedAt: null, problem: null, canResume: false });
          await tabs.hold(runName, () => follow(0), {});
        }
      });
    },

    /** Keeps the end of the run on view over a reload of the page. */
    keepForReload() {
      session.write(runName, { ended: view });
    },
  };
}

/**
 * @param {number} wait milliseconds until the next start is possible
 * @returns {Problem | null}
 */
function tooSoon(wait) {
  return wait > 0
    ? {
        happened: runTexts.tooSoon,
        ran: ranTexts.nothing,
        advice: runTexts.startAgainIn,
        values: { seconds: Math.ceil(wait / 1000) },
      }
    : null;
}

/**
 * @param {number} timeout milliseconds
 * @returns {Problem}
 */
function timedOut(timeout) {
  return {
    happened: runTexts.timeout,
    values: { minutes: Math.max(1, Math.round(timeout / 60_000)) },
    ran: ranTexts.underWay,
    advice: advices.resume,
  };
}
