import { follow } from "./follow.js";
import { readNow, readSoon } from "../page/record.js";
import { createOthers } from "./others.js";
import { formBusy, leftWhileStarting, tooSoon, unexpected } from "./problems.js";
import { createStarts } from "./rate-limit.js";
import { IDLE, isBusy } from "./states.js";
import { createUsual } from "./typical-duration.js";
import { createView } from "./view.js";

/** How long the end of another tab's run may take to be told here after that tab let go of it, in milliseconds. */
const TELLING = 1000;

/** @typedef {ReturnType<typeof createRun>} Run */

/**
 * One unit's run on one record, from the click to the final state, which stays on view until the next click; states.js
 * has the moves. `unknown` means: it may have started, and cannot be followed.
 *
 * Of several tabs one runs, and tells the others. What it takes to go on after a reload is in `session` until its end.
 *
 * @param {UnitConfig} unit
 * @param {Service} service
 * @param {string} unitName of the unit in this browser's storage
 * @param {string} runName of this unit on this record there
 * @param {World} world
 */
export function createRun(unit, service, unitName, runName, world) {
  const { ask, clock, session, local, tabs } = world;
  const usual = createUsual(local, unitName);
  const starts = service.limit && createStarts(local, service.limit.address(unit), clock, service.limit);
  const view = createView(runName, world);
  /** @type {Handle | null} */
  let handle = null;
  /** Whether the service may have been asked for the run that is under way. */
  let asked = false;
  let poked = () => {};
  const others = createOthers(view, world, { drop, poked: () => poked(), guarded });

  /**
   * From the start to the end, in the one tab that does it.
   *
   * @param {() => Shown} read
   * @param {LoginUser} user
   */
  async function start(read, user) {
    const startedAt = clock.now();
    asked = false;
    session.write(view.name, { startedAt });
    view.tell("begin", { ...IDLE, state: "starting", startedAt, usual: usual.duration() });
    const shown = await readSoon(read, clock, () => view.tell("wait", { doing: "run.formWait" }));
    const refusal = shown ? service.refuse(unit, shown) : formBusy();
    if (!shown || refusal) {
      view.end("end", { state: "failed", problem: refusal });
      return;
    }
    asked = true;
    view.setDoubt(false);
    const started = await service.start({ unit, ask, clock, startedAt, shown, user, take });
    if ("problem" in started) {
      const { state, problem, found = null } = started;
      const link = (state === "unknown" && service.link?.(unit, null)) || null;
      handle = found && found.handle;
      view.end("end", { state, problem, link, offer: found && { at: found.at }, canResume: Boolean(found) });
      return;
    }
    handle = started.handle;
    session.write(view.name, { startedAt, handle });
    view.tell("accept", { state: "queued", doing: null, link: service.link?.(unit, handle) ?? null });
    await goOn(true);
  }

  /** Takes one of the starts that the service allows; else says how long to wait. */
  const take = () => tooSoon(starts?.take() ?? 0, clock.now());

  /** @param {boolean} anew whether the run was started just now */
  async function goOn(anew) {
    const question = { unit, ask, clock, startedAt: Number(view.now.startedAt) };
    for await (const standing of follow(service, question, handle ?? {}, view.now.usual, anew, pause)) {
      if (isBusy(standing.state)) {
        view.tell("progress", standing);
      } else {
        view.end("end", standing);
      }
    }
    if (view.now.state === "succeeded" && view.now.took !== null) {
      usual.learn(view.now.took);
    }
    if (view.now.state !== "unknown") {
      view.setDoubt(false);
    }
  }

  /**
   * A tab out of sight asks seldom, unless another one, in sight, shows what it finds.
   *
   * @param {number} delay milliseconds
   */
  async function pause(delay) {
    const due = clock.now() + delay;
    const looked = new Promise((resolve) => {
      poked = () => clock.now() >= due && resolve(null);
    });
    await Promise.race([clock.pause(delay), looked]);
  }

  /** A newer run, or a refusal, takes the last one's place: what was kept of it goes. A doubt stays. */
  function drop() {
    handle = null;
    session.remove(view.name);
  }

  /** @param {RunView | null} told what was told of the run when this tab found it */
  async function takeOver(told) {
    if (told && isBusy(view.now.state) && !tabs.heard(view.name)) {
      // Whoever did the run has ended it, and the word of that is on its way.
      await clock.sleep(TELLING);
    }
    if (!view.now.elsewhere || !isBusy(view.now.state)) {
      session.remove(view.name);
    } else if (handle) {
      asked = true;
      view.tell("take", { state: view.now.state === "starting" ? "running" : view.now.state });
      await goOn(false);
    } else {
      view.end("lose", { state: "unknown", problem: leftWhileStarting() });
    }
  }

  /** @param {() => Promise<unknown>} work */
  async function guarded(work) {
    try {
      await work();
    } catch (error) {
      // Only a mistake of ours comes here. The user is told; whether something runs is as open as before.
      const maybe = asked || Boolean(view.now.elsewhere);
      view.end("break", { state: maybe ? "unknown" : "failed", problem: unexpected(error, maybe) });
    }
  }

  return {
    /** @returns {RunView} */
    get view() {
      return view.now;
    },
    watch: view.watch,
    keepForReload: view.keepForReload,
    moveTo: view.moveTo,

    /** Finds the run that this tab left when its page was reloaded, or that another tab follows. */
    recall() {
      return guarded(async () => {
        const kept = session.read(view.name);
        const told = tabs.heard(view.name);
        if (kept?.ended) {
          session.remove(view.name);
          view.change("recall", kept.ended);
        } else if (kept && !(Number(told?.startedAt) > kept.startedAt)) {
          handle = kept.handle ?? null;
          const link = told?.link ?? service.link?.(unit, handle) ?? null;
          const state = handle ? "running" : "starting";
          // A duplicated tab has the same in its session: until the other one lets go, this one only shows the run.
          others.assume({ state, startedAt: kept.startedAt, usual: usual.duration(), ...told, link });
          await tabs.hold(view.name, () => takeOver(told), {});
        } else {
          // Another tab's run is the record's last, be there one of this tab's before it.
          await others.show();
        }
      });
    },

    /**
     * A click on the button. Does nothing while a run is under way.
     *
     * @param {() => Shown} read the record page as it stands; throws while kintone does not give it
     * @param {LoginUser} user
     * @param {Problem | null} problem what else keeps the unit from running
     * @param {(afterUnknown: boolean) => Promise<boolean>} confirm
     */
    click(read, user, problem, confirm) {
      const refused = () => {
        const shown = readNow(read);
        const refusal = problem ?? (shown && service.refuse(unit, shown)) ?? tooSoon(starts?.wait() ?? 0, clock.now());
        if (refusal) {
          drop();
          const now = clock.now();
          view.change("refuse", { ...IDLE, state: "failed", startedAt: now, endedAt: now, problem: refusal });
        }
        return refusal;
      };
      return guarded(async () => {
        if (isBusy(view.now.state)) {
          return;
        }
        asked = false;
        const showing = others.show();
        if (showing || refused()) {
          await showing;
          return;
        }
        const before = view.now;
        const inDoubt = view.isInDoubt();
        view.change("ask", { state: "confirming" });
        if (await confirm(inDoubt)) {
          await others.alone(async () => {
            if (!refused()) {
              await start(read, user);
            }
          });
        }
        // Other tabs may have done anything while the user was being asked: a yes and a no both end in a look at that.
        if (view.now.state === "confirming") {
          await (others.show() ?? view.change("cancel", before));
        }
      });
    },

    /** Puts the end of the last run away, with what it took to ask on for it. A doubt stays. */
    dismiss() {
      if (view.now.endedAt !== null && !isBusy(view.now.state)) {
        drop();
        view.change("dismiss", IDLE);
      }
    },

    /** Goes on asking for a run that was lost sight of, or follows the one that was found in its place. */
    resume() {
      return guarded(async () => {
        const mayResume = () => view.now.state === "unknown" && view.now.canResume && handle;
        if (mayResume()) {
          await others.alone(async () => {
            // Before this tab had the lock the user may have clicked on.
            if (mayResume()) {
              asked = true;
              session.write(view.name, { startedAt: view.now.startedAt, handle });
              const link = service.link?.(unit, handle) ?? null;
              const fresh = { endedAt: null, problem: null, offer: null, canResume: false };
              view.tell("resume", { state: "running", ...fresh, link });
              await goOn(false);
            }
          });
          if (!isBusy(view.now.state)) {
            await others.show();
          }
        }
      });
    },
  };
}
