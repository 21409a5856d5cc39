import { createAttendance } from "./attend.js";
import { createDecision } from "./decide.js";
import { createFollow } from "./follow.js";
import { tooSoon, unexpected } from "./problems.js";
import { createSight, viewOf } from "./sight.js";
import { createStart } from "./start.js";
import { createRateLimit } from "./rate-limit.js";
import { BLANK, IDLE, isBusy, isUnderWay } from "./states.js";
import { createTypicalDuration } from "./typical-duration.js";
/** @import { LoginUser, Shown } from "../page/kintone.js" */
/** @import { Handle, Link, Run } from "./entry.js" */
/** @import { Problem } from "./problems.js" */
/** @import { RunState } from "./states.js" */
/** @import { Sentence } from "../view/say.js" */

/**
 * The view of a page at a place: a run, nothing, or the page's own question before one. `canResume`: the user can
 * resume following a run whose status was lost, or follow the offered one.
 *
 * @typedef {Omit<Run, "state" | "startedAt"> & {
 *   state: RunState | "idle" | "confirming",
 *   startedAt: number | null,
 *   canResume: boolean,
 * }} RunView
 */

/** The minimum time that a resumed run is followed, in milliseconds. */
const RESUMED = 60 * 1000;

/**
 * A unit at a place. `limit`: of the service's starts, if it has one.
 *
 * @typedef {object} Place
 * @property {UnitConfig} unit
 * @property {Service} service
 * @property {string} key in the ledger; changes when a create page's record is saved, so it is read for each use
 * @property {ReturnType<typeof createTypicalDuration>} typical
 * @property {ReturnType<typeof createRateLimit> | undefined} limit
 * @property {(handle: Handle | null) => Link | null} link to the run in the service
 */

/** @typedef {ReturnType<typeof createRun>} PlaceRun */

/**
 * Reads the current page: while kintone does not return it, `now` returns null, and `soon` waits and then returns a
 * problem.
 *
 * @typedef {{now: () => Shown | null, soon: (tell: (doing: Sentence) => void) => Promise<Shown | Problem>}} Reader
 */

/**
 * A unit's runs at one place in this page: from the click to the accepted start here, then in follow.js. Their data is
 * in the ledger; only the question before a run and a refused click belong to this page.
 *
 * @param {UnitConfig} unit
 * @param {Service} service
 * @param {string} unitName of the unit, for its durations
 * @param {string} key of the place in the ledger
 * @param {World} world
 * @param {(view: RunView, isOwn: boolean) => void} ended called once for each end of a run that this page saw in
 *   progress; `isOwn`: this page wrote it
 */
export function createRun(unit, service, unitName, key, world, ended) {
  const { clock, ledger, local } = world;
  const typical = createTypicalDuration(local, unitName);
  const limit = service.limit && createRateLimit(local, service.limit.address(unit), clock, service.limit);
  const sight = createSight(clock);
  /** @type {Place} */
  const place = { unit, service, key, typical, limit, link: (handle) => service.link?.(unit, handle) ?? null };
  const follower = createFollow(place, world, () => attendance.handOver());
  const attendance = createAttendance(place, world, follower);
  const { claim, decide } = createDecision(place, world, attendance);
  const start = createStart(place, world, follower.follow, (problem) => {
    refuse(problem);
    ended(view(), true);
  });
  /** @type {RunView | null} the page's own state, shown instead of the entry */
  let own = null;
  /** @type {Set<string>} runs that this page saw in progress, and whose end it has not reported */
  const awaited = new Set();
  /** @type {(view: RunView) => void} */
  let show = () => {};

  /** @returns {RunView} */
  function view() {
    const { run } = ledger.get(place.key);
    return own ?? (run && sight.isShown(run) ? viewOf(run) : IDLE);
  }

  /** An error in a view must not stop the run. */
  function render() {
    try {
      show(view());
    } catch (error) {
      globalThis.console?.error("Runbutton:", error);
    }
  }

  /** @param {RunView | null} next */
  function setOwn(next) {
    own = next;
    render();
  }

  /** @param {Problem} problem that prevented the start */
  function refuse(problem) {
    const now = clock.now();
    setOwn({ ...IDLE, state: "failed", startedAt: now, endedAt: now, problem });
  }

  /** @param {Reader} reader @param {Problem | null} problem @returns {Problem | null} */
  function whatRefuses(reader, problem) {
    const page = reader.now();
    return problem ?? (page && service.refuse(unit, page)) ?? tooSoon(limit?.wait() ?? 0, clock.now());
  }

  return {
    view,
    get key() {
      return place.key;
    },

    /** The run of the last-run line, while nothing else is shown. @returns {Run | null} */
    last() {
      const { run } = ledger.get(place.key);
      // After a refused start, the previous run is shown again.
      const isOver = run && !isUnderWay(run) && run.state !== "skipped" && !run.offer;
      return isOver && view().startedAt === null ? run : null;
    },

    /** @param {(view: RunView) => void} next shows the current view, and each change from now on */
    watch(next) {
      show = next;
      render();
    },

    /**
     * The entry has changed, or the user has come back to this page.
     *
     * @param {boolean} isOwn whether this page has changed it
     */
    changed(isOwn) {
      const { run } = ledger.get(place.key);
      if (run && isUnderWay(run)) {
        awaited.add(run.id);
        // Another page's run replaces the refused click of this page.
        own = own?.state === "failed" ? null : own;
        attendance.attend();
      }
      render();
      // mutant end-told-twice: if (run && !isUnderWay(run)) {
      if (run && !isUnderWay(run) && awaited.delete(run.id)) {
        ended(viewOf(run), isOwn);
      }
    },

    /** Another page wants to follow the run. */
    poked: () => attendance.handOver(),

    /** @param {string} next the place's new key after the record was saved */
    rename(next) {
      ledger.rename(place.key, next);
      place.key = next;
    },

    /**
     * A click on the button. Does nothing while a run is in progress.
     *
     * @param {Reader} reader
     * @param {LoginUser} user
     * @param {Problem | null} problem another reason that prevents the run
     * @param {(inDoubt: boolean) => Promise<boolean | Problem>} confirm
     */
    async click(reader, user, problem, confirm) {
      const entry = ledger.look(place.key);
      if (isBusy(view().state)) {
        return;
      }
      /** @type {RunView} */
      const asking = { ...view(), state: "confirming" };
      try {
        const refusal = whatRefuses(reader, problem);
        if (refusal) {
          refuse(refusal);
          return;
        }
        setOwn(asking);
        const since = sight.doubt(ledger.get(place.key).run);
        const agreed = await confirm(since !== null);
        // mutant dialog-decides-by-newest: const { turn } = ledger.look(place.key);
        // mutant form-decides-by-newest: const { turn } = ledger.look(place.key);
        const { turn } = entry;
        const late = agreed === true ? whatRefuses(reader, problem) : agreed || null;
        if (late) {
          refuse(late);
        } else if (agreed) {
          const id = world.random();
          const startedAt = clock.now();
          // mutant deadline-thirty-minutes: const deadline = startedAt + 1_800_000;
          const deadline = startedAt + unit.timeout;
          const first = { ...BLANK, id, startedAt, deadline, usual: typical.duration(), doubt: since };
          const begin = () => {
            own = null;
            ledger.act(place.key, "begin", { ...first, state: "starting", before: ledger.get(place.key).run });
          };
          await decide(id, turn, begin, (stint) => start(reader, user, stint));
        }
      } catch (error) {
        refuse(unexpected(error, false));
      }
      // Only the state that this click has set.
      if (own === asking) {
        setOwn(null);
      }
    },

    /** Closes the result of the last run, here and in other pages. A warning stays. */
    async dismiss() {
      if (own) {
        // A question before a run goes on.
        // mutant question-closed: setOwn(null);
        setOwn(own.state === "confirming" ? own : null);
        return;
      }
      const { turn, run } = ledger.get(place.key);
      if (run && !isUnderWay(run)) {
        sight.forget(run);
        await claim(turn, () => ledger.change(place.key, "dismiss", { dismissed: true }));
        render();
      }
    },

    /** Resumes following a run whose status was lost, or follows the one that was found instead. */
    async resume() {
      const { turn, run } = ledger.get(place.key);
      if (run?.state === "unknown" && run.handle) {
        const { handle } = run;
        const deadline = Math.max(run.deadline, clock.now() + RESUMED);
        // An offered job proves nothing about the lost start.
        // mutant doubt-outlives: const doubt = sight.doubt(run);
        const doubt = run.offer ? sight.doubt(run) : run.doubt;
        const again = { endedAt: null, problem: null, dismissed: false, at: 0, deadline, doubt };
        const act = () =>
          ledger.act(place.key, "resume", { state: "running", ...again, handle, link: place.link(handle) });
        await decide(run.id, turn, act, (stint) => follower.follow(stint, false));
      }
    },
  };
}
