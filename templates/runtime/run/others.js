import { tabGone } from "./problems.js";
import { IDLE, isBusy } from "./states.js";

/** How often a tab looks whether the tab that it shows a run of is still there, in milliseconds. */
const LOOK_AFTER = 5000;

/**
 * How long a tab may keep the others from a run and tell them nothing, in milliseconds: a duplicated tab does, while it
 * waits for the word that there is nothing left to do.
 */
const SILENT = 1500;

/**
 * The same run in the other tabs of this browser: this tab shows what they do, for as long as they do it.
 *
 * @param {import("./view.js").View} view
 * @param {World} world
 * @param {{drop: () => void, poked: () => void, guarded: (work: () => Promise<unknown>) => void}} run what this tab does:
 *   `drop` forgets what it knows of its own last run, `poked` is called when another tab wants to know how its run stands
 */
export function createOthers(view, { clock, tabs }, { drop, poked, guarded }) {
  /** @type {RunView | null} what was told last while the user was being asked */
  let meanwhile = null;
  /** Of all mirrors the last one counts. */
  let mirrors = 0;

  /**
   * @param {"hear" | "hearMore"} event
   * @param {Partial<RunView>} told
   */
  function hear(event, told) {
    view.change(event, { ...IDLE, ...told, canResume: false });
  }

  /**
   * Wants to know from time to time how the run stands that another tab does, be that out of sight.
   *
   * @param {() => Promise<boolean>} goOn
   * @returns {Promise<boolean>} whether that run is still on view when `goOn` says no
   */
  async function lookOn(goOn) {
    const nth = ++mirrors;
    const shows = () => nth === mirrors && view.now.elsewhere && isBusy(view.now.state);
    for (let on = true; on && shows(); on = await goOn()) {
      tabs.poke(view.name);
      await clock.pause(LOOK_AFTER);
    }
    return shows();
  }

  /**
   * Shows another tab's run until its end, or until there is no such tab.
   *
   * @param {RunView} told
   */
  async function mirror(told) {
    drop();
    hear("hear", told);
    let gone = 0;
    const shows = await lookOn(async () => {
      gone = (await tabs.isHeld(view.name)) ? 0 : gone + 1;
      // A tab that reloads is gone for a moment, and comes back.
      return gone < 2;
    });
    if (shows) {
      view.end("lose", { state: "unknown", problem: tabGone() });
    }
  }

  /** What is known of a run that another tab does, or has done since the last click here. */
  function known() {
    return meanwhile ?? tabs.heard(view.name);
  }

  tabs.listen(
    view.name,
    (told) => {
      const { state, elsewhere } = view.now;
      if (state === "confirming") {
        meanwhile = told;
      } else if (elsewhere && isBusy(state)) {
        if (!isBusy(told.state)) {
          drop();
        }
        hear("hearMore", told);
      } else if (isBusy(told.state) && !isBusy(state)) {
        guarded(() => mirror(told));
      }
    },
    poked,
  );

  return {
    /**
     * Shows what is known of a run until it is known whether another tab does it.
     *
     * @param {Partial<RunView>} told
     */
    assume(told) {
      hear("hear", told);
      lookOn(async () => true);
    },

    /**
     * Shows what other tabs do or did.
     *
     * @returns {Promise<void> | null} until its end; null where there is nothing to show
     */
    show() {
      const told = known();
      meanwhile = null;
      if (told && isBusy(told.state)) {
        return mirror(told);
      }
      if (!told) {
        return null;
      }
      drop();
      return Promise.resolve(hear("hear", told));
    },

    /**
     * Does `work` unless another tab does this run or did it since the last click: then that is what show() shows.
     *
     * @param {() => Promise<void>} work
     */
    async alone(work) {
      const unlessKnown = async () => {
        if (!known()) {
          await work();
        }
      };
      const attempt = () => tabs.hold(view.name, unlessKnown, { ifAvailable: true });
      let done = await attempt();
      if (!done && !known()) {
        await clock.sleep(SILENT);
        done = await attempt();
      }
      const mine = isBusy(view.now.state) && view.now.state !== "confirming";
      // What keeps this tab from the run may be that it does it already: it was asked twice.
      if (!done && !mine) {
        meanwhile = known() ?? { ...IDLE, state: "running", startedAt: clock.now() };
      }
    },
  };
}
