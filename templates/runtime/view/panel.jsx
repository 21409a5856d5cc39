/** @jsx h */
import { clockFace, roughly, spoken } from "./duration.js";
import { h } from "./element.js";
import { outcomeOf } from "./outcome.jsx";
import { isBusy } from "../run/states.js";
import { SIGNS, statusLine, stepName } from "./statusline.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { Step } from "../run/entry.js" */
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/**
 * What the panel's buttons do.
 *
 * @typedef {object} PanelActions
 * @property {() => void} resume asks on for a run that was lost sight of
 * @property {() => void} close puts away what is told of a run that has ended
 * @property {() => void} [renew] gets the page's values anew; absent where that would lose what is being written
 */

/** @typedef {ReturnType<typeof createPanel>} Panel */

/**
 * The panel of a unit: what is going on in one line, and below it, to fold away, how far it is and what came of it.
 *
 * It is as high at the start as it will be at the end, so that the record below it moves once.
 *
 * @param {{label: string, hasSteps: boolean, timeZone: string}} unit `timeZone` is the user's
 * @param {Say} say
 * @param {Clock} clock
 * @param {PanelActions} actions
 */
export function createPanel({ label, hasSteps, timeZone }, say, clock, actions) {
  const shownAt = clock.now();
  const sign = <span class="rb-sign" aria-hidden="true"></span>;
  const words = <span class="rb-status"></span>;
  // The region is there before its text, and not hidden, or screen readers miss the first change. Steps and times stand
  // outside of it: what is read aloud is the state.
  const whose = <span class="rb-whose"></span>;
  const status = (
    <span role="status">
      {whose}
      {words}
    </span>
  );
  const step = <span class="rb-step"></span>;
  const time = <span class="rb-time"></span>;
  const bar = /** @type {HTMLProgressElement} */ (<progress aria-label={say("page.progress")}></progress>);
  const close = (
    <button type="button" class="rb-close" aria-label={say("page.close")} onClick={actions.close}>
      ×
    </button>
  );
  const steps = <ol class="rb-steps"></ol>;
  const outcome = <div class="rb-outcome"></div>;
  const fold = (
    <details open hidden>
      <summary aria-label={say("page.runDetails")}></summary>
      <div class={hasSteps ? "rb-body rb-tall" : "rb-body"}>
        {steps}
        {outcome}
      </div>
    </details>
  );
  const progress = (
    <p class="rb-progress">
      {step} {time}
    </p>
  );
  const element = (
    <div role="group" aria-label={label} tabindex="-1">
      <div class="rb-head">
        {sign}
        {status}
        {progress}
      </div>
      {bar}
      {fold}
      {close}
    </div>
  );
  /** @type {Map<number, number>} when each step was first seen running */
  let seen = new Map();
  /** The step that was last scrolled to; from there on, the user scrolls. */
  let reached = -1;
  let stopTicking = () => {};

  /**
   * @param {RunView} view
   * @param {boolean} isQuiet whether something else tells of this, so that it is not to be read aloud twice
   */
  function update(view, isQuiet) {
    const busy = isBusy(view.state);
    const isOpen = view.startedAt !== null;
    stopTicking();
    if (isOpen && fold.hidden) {
      // A panel opens behind those that are open, and pushes none of them.
      element.style.order = String(Math.floor(clock.now() / 1000) % 1e9);
      seen = new Map();
      reached = -1;
    }
    element.className = isOpen ? "rb-panel" : "rb-closed";
    fold.hidden = !isOpen;
    bar.hidden = !isOpen;
    setText(whose, isOpen ? say("page.of", { label }) : "");
    element.toggleAttribute("data-busy", busy);
    // What was refused at once needs no room for a run.
    element.toggleAttribute("data-room", isOpen && (busy || element.hasAttribute("data-room")));
    sign.textContent = SIGNS[view.state] ?? "";
    status.setAttribute("aria-live", isQuiet ? "off" : "polite");
    // Live regions speak when their text is set, even to what it was.
    setText(words, statusLine(view, say));
    element.toggleAttribute("data-closable", isOpen && !busy && !view.canResume);
    const at = view.steps.findIndex(({ state }) => state === "running");
    setText(
      step,
      busy && at >= 0
        ? say("page.step", { name: stepName(view.steps[at], say), n: at + 1, of: countOf(view.steps) })
        : "",
    );
    progress.hidden = !busy;
    const items = view.steps.map((one) => stepItem(one, say));
    steps.replaceChildren(...items);
    const hadFocus = outcome.contains(document.activeElement);
    const told = outcomeOf(view, { say, timeZone, shownAt, now: clock.now() }, actions);
    outcome.replaceChildren(...told.elements);
    if (hadFocus) {
      focus();
    }
    scrollTo(view.steps.findIndex(({ state }) => state === "running" || state === "failed"));
    if (busy || told.tick) {
      tick();
      stopTicking = clock.every(1000, tick);
    }

    function tick() {
      const now = clock.now();
      const elapsed = now - Number(view.startedAt);
      const usual = view.usual ? say("page.usual", { time: roughly(view.usual, say) }) : "";
      setText(time, clockFace(elapsed) + usual);
      bar.setAttribute("aria-valuetext", time.textContent ?? "");
      if (view.usual) {
        // Not quite full before the end: the bar promises nothing.
        bar.value = Math.min(elapsed / view.usual, 0.95);
      } else {
        bar.removeAttribute("value");
      }
      if (busy && at >= 0) {
        setText(/** @type {HTMLElement} */ (items[at].querySelector(".rb-took")), clockFace(now - begunAt(at, now)));
      }
      told.tick?.(now);
      // A panel that is no longer on the page needs no clock.
      if (!element.isConnected) {
        stopTicking();
      }
    }

    /**
     * When a running step began: as the service says, whose clock may go differently, but not before the run, nor after
     * it was first seen.
     *
     * @param {number} index
     * @param {number} now
     */
    function begunAt(index, now) {
      const latest = seen.get(index) ?? now;
      seen.set(index, latest);
      return Math.min(Math.max(view.steps[index].begunAt ?? latest, Number(view.startedAt)), latest);
    }

    /** @param {number} index */
    function scrollTo(index) {
      if (index >= 0 && index !== reached) {
        reached = index;
        steps.scrollTop = items[index].offsetTop - items[0].offsetTop - items[0].offsetHeight;
      }
      // What scrolls can be scrolled by keyboard too. To look has the browser lay out the page: not for an empty list.
      if (items.length > 0 && steps.scrollHeight > steps.clientHeight + 1) {
        steps.tabIndex = 0;
      } else {
        steps.removeAttribute("tabindex");
      }
    }
  }

  function focus() {
    element.focus({ preventScroll: true });
  }

  return { element, update, focus };
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * @param {Step} step
 * @param {Say} say
 */
function stepItem(step, say) {
  const { state, took } = step;
  return (
    <li data-step={state}>
      <span class="rb-sign" aria-hidden="true">
        {SIGNS[state]}
      </span>
      <span class="rb-name">{stepName(step, say)}</span>
      <span class="rb-word">
        {say(`steps.${state}`)} <span class="rb-took">{took === undefined ? "" : spoken(took, say)}</span>
      </span>
    </li>
  );
}

/** @param {Step[]} steps */
function countOf(steps) {
  return steps.reduce((count, { more = 1 }) => count + more, 0);
}
