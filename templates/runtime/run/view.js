import { IDLE, isBusy, move } from "./states.js";

/** How long an unknown outcome is a reason to ask before the next run, in milliseconds. */
const DOUBT_LASTS = 24 * 60 * 60 * 1000;

/** @typedef {ReturnType<typeof createView>} View */

/**
 * What is known of a run: on view in this page, told to the other tabs, kept for this tab's next load of the page.
 *
 * @param {string} runName of this unit on this record in the browser's storage
 * @param {World} world
 */
export function createView(runName, { clock, session, local, tabs }) {
  let name = runName;
  let view = IDLE;
  /** @type {(view: RunView) => void} */
  let show = () => {};
  let ended = show;
  /** Whether the last outcome is unknown, and no click since was asked in spite of it. */
  let doubtful = false;

  /**
   * @param {RunEvent} event
   * @param {Partial<RunView>} news
   */
  function change(event, news) {
    view = move(view, event, news);
    tellPage(show);
  }

  /**
   * A run goes on, whatever becomes of its view.
   *
   * @param {(view: RunView) => void} told
   */
  function tellPage(told) {
    try {
      told(view);
    } catch (error) {
      globalThis.console?.error("Runbutton:", error);
    }
  }

  /**
   * What this tab does, for all tabs.
   *
   * @param {RunEvent} event
   * @param {Partial<RunView>} news
   */
  function tell(event, news) {
    change(event, news);
    tabs.tell(name, view);
  }

  /** @param {boolean} inDoubt */
  function setDoubt(inDoubt) {
    doubtful = inDoubt;
    if (inDoubt) {
      local.write(`${name}/doubt`, clock.now());
    } else {
      local.remove(`${name}/doubt`);
    }
  }

  function keepForReload() {
    if (view.endedAt !== null && !view.canResume && !isBusy(view.state)) {
      session.write(name, { ended: view });
    }
  }

  return {
    get name() {
      return name;
    },
    get now() {
      return view;
    },
    change,
    tell,
    setDoubt,
    keepForReload,

    /**
     * @param {"end" | "lose" | "break"} event
     * @param {Partial<RunView> & {state: RunState}} news
     */
    end(event, news) {
      // First, because those who are told may keep the end over a reload.
      const kept = session.read(name);
      if (!news.canResume || news.offer) {
        session.remove(name);
      } else if (kept) {
        // It is asked on from its own page; the app's others leave it be.
        session.write(name, { ...kept, lost: true });
      }
      if (news.state === "unknown") {
        setDoubt(true);
      }
      tell(event, { endedAt: clock.now(), doing: null, ...news });
      tabs.forget(name);
      tellPage(ended);
    },

    /**
     * Whether a run before the next one may still be under way, and the user has not been told so at a click.
     */
    isInDoubt() {
      const since = local.read(`${name}/doubt`);
      return doubtful || view.state === "unknown" || (since !== null && clock.now() - since < DOUBT_LASTS);
    },

    /**
     * Shows the run with `next`, and no longer with what showed it before.
     *
     * @param {(view: RunView) => void} next
     * @param {(view: RunView) => void} atEnd called when a run of this tab has ended
     */
    watch(next, atEnd) {
      show = next;
      ended = atEnd;
      tellPage(show);
    },

    /**
     * The record has got an id, and the page that shows it is about to be loaded: there the run is looked for.
     *
     * @param {string} next the run's name there
     */
    moveTo(next) {
      keepForReload();
      const kept = session.read(name);
      session.remove(name);
      tabs.rename(name, next);
      name = next;
      if (kept) {
        session.write(name, kept);
      }
    },
  };
}
