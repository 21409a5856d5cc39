import { advices, ranTexts, runTexts } from "./messages.js";
import { backOff, nextDelay } from "./poll.js";

/** Answers lost in a row until the run counts as lost sight of. */
const LOST_LIMIT = 5;

/** States in which the button is taken. */
const BUSY = ["confirming", "starting", "queued", "running"];

/**
 * Whether a run is under way, from the click to its final state.
 *
 * @param {RunState} state
 */
export function isBusy(state) {
  return BUSY.includes(state);
}

/** @typedef {ReturnType<typeof createRun>} Run */

/**
 * One unit's run on one record: the state machine from the click to the final state.
 *
 * idle → confirming → starting → queued | running → succeeded | failed | canceled | skipped | unknown. A final state
 * stays on view until the next click. `unknown` means: it may have started, and cannot be followed.
 *
 * @param {UnitConfig} unit
 * @param {Service} service
 * @param {{ask: Ask, clock: Clock, user: LoginUser}} world
 */
export function createRun(unit, service, { ask, clock, user }) {
  /** @type {RunView} */
  let view = { state: "idle", startedAt: null, endedAt: null, steps: [], problem: null, canResume: false };
  /** @type {(view: RunView) => void} */
  let show = () => {};
  /** @type {Call} */
  let call;
  /** @type {Handle | null} */
  let handle = null;

  /** @param {Partial<RunView>} news */
  function change(news) {
    view = { ...view, ...news };
    show(view);
  }

  /**
   * @param {RunState} state
   * @param {Partial<RunView>} rest
   */
  function end(state, rest) {
    change({ state, endedAt: clock.now(), ...rest });
  }

  /** Asks for the run's status until it ends, is lost sight of, or has taken longer than the page follows it. */
  async function follow() {
    const followedFrom = clock.now();
    for (let lost = 0; lost < LOST_LIMIT; ) {
      const elapsed = clock.now() - Number(view.startedAt);
      await clock.pause(lost ? backOff(lost) : nextDelay(elapsed));
      const progress = await service.status(call, /** @type {Handle} */ (handle));
      if ("state" in progress) {
        lost = 0;
        if (!isBusy(progress.state)) {
          end(progress.state, { steps: progress.steps, problem: progress.problem ?? null });
          return;
        }
        change({ state: progress.state, steps: progress.steps });
      } else {
        lost = progress.again ? lost + 1 : LOST_LIMIT;
        if (lost === LOST_LIMIT) {
          end("unknown", { problem: progress.problem, canResume: true });
          return;
        }
      }
      if (clock.now() - followedFrom >= unit.timeout) {
        end("unknown", { problem: timedOut(unit.timeout), canResume: true });
        return;
      }
    }
  }

  /** @param {() => Promise<void>} work */
  async function guarded(work) {
    try {
      await work();
    } catch (error) {
      // Only a mistake of ours comes here. The user is told; whether something runs is as open as before.
      end("unknown", {
        problem: { happened: runTexts.unexpected, ran: ranTexts.maybe, advice: advices.checkLog, text: String(error) },
      });
    }
  }

  return {
    /**
     * Shows this run with `next`, and no longer with what showed it before.
     *
     * @param {(view: RunView) => void} next
     */
    watch(next) {
      show = next;
      show(view);
    },

    /**
     * A click on the button. Does nothing while a run is under way.
     *
     * @param {Shown} shown the record page as it stands
     * @param {(afterUnknown: boolean) => Promise<boolean>} confirm
     */
    click(shown, confirm) {
      return guarded(async () => {
        if (isBusy(view.state)) {
          return;
        }
        const before = view;
        change({ state: "confirming" });
        if (!(await confirm(before.state === "unknown"))) {
          change(before);
          return;
        }
        change({
          state: "starting",
          startedAt: clock.now(),
          endedAt: null,
          steps: [],
          problem: null,
          canResume: false,
        });
        const refusal = service.refuse(unit, shown);
        if (refusal) {
          end("failed", { problem: refusal });
          return;
        }
        call = { unit, shown, user, ask, clock };
        const started = await service.start(call);
        if ("problem" in started) {
          end(started.state, { problem: started.problem });
          return;
        }
        handle = started.handle;
        change({ state: "queued" });
        await follow();
      });
    },

    /** Goes on asking for a run that was lost sight of. */
    resume() {
      return guarded(async () => {
        if (view.canResume && handle) {
          change({ state: "running", endedAt: null, problem: null, canResume: false });
          await follow();
        }
      });
    },
  };
}

/**
 * @param {number} timeout milliseconds
 * @returns {Problem}
 */
function timedOut(timeout) {
  return {
    happened: runTexts.timeout,
    values: { minutes: Math.round(timeout / 60_000) },
    ran: ranTexts.underWay,
    advice: advices.resume,
  };
}
