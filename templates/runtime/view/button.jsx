/** @jsx h */
import { h } from "./element.js";
import { icon } from "./icon.js";
import { isBusy } from "../run/states.js";
import { statusLine } from "./statusline.js";
/** @import { RunView } from "../run/run.js" */
/** @import { Clock } from "../page/clock.js" */
/** @import { Say } from "./say.js" */
/** @import { LastRun } from "./last-run.js" */

/** How often "2 minutes ago" is told anew, in milliseconds. */
const RETOLD = 60 * 1000;

/**
 * A unit's button, in the element that people's style sheets and scripts know it by, with what screen readers hear of its
 * runs, and the last run below it. What is going on stands in the unit's line.
 *
 * @param {{id: string, label: string, source: string, isPrimary: boolean, record: number | null}} unit
 * @param {import("./line.jsx").Line} line
 * @param {() => LastRun | null} lastRun
 * @param {{say: Say, clock: Clock}} page
 * @param {() => void} click
 * @returns {{element: HTMLElement, update: (view: RunView, isQuiet?: boolean) => void}}
 */
export function createButton({ id, label, source, isPrimary, record }, line, lastRun, { say, clock }, click) {
  /** @type {RunView["state"]} */
  let state = "idle";
  const ring = icon("running");
  const button = /** @type {HTMLButtonElement} */ (
    (
      <button type="button" class="rb-run" onClick={() => (isBusy(state) ? line.open() : click())}>
        {ring}
        <span>{label}</span>
      </button>
    )
  );
  const last = <p class="rb-last" hidden></p>;
  // The region is there before its text, or screen readers miss the first change. It says the state, not the clock.
  const whose = <span></span>;
  const words = <span class="rb-status"></span>;
  const status = (
    <span class="rb-sr" role="status">
      {whose}
      {words}
    </span>
  );
  const element = (
    <div class="rb" data-runbutton={id} data-source={source} data-state="idle">
      {button}
      {last}
      {status}
    </div>
  );
  let stop = () => {};

  function tellLast() {
    const told = lastRun();
    last.hidden = !told;
    if (told) {
      last.title = told.whole;
      last.dataset.tone = told.state;
      const short = <span aria-hidden="true">{told.short}</span>;
      last.replaceChildren(icon(told.state), short, <span class="rb-sr">{told.whole}</span>);
    } else {
      last.replaceChildren();
    }
  }

  /** @param {RunView} view @param {boolean} isQuiet whether something else tells of it, so that it is not read aloud twice */
  function update(view, isQuiet = false) {
    state = view.state;
    // mutant event-twice: if (true) {
    if (element.dataset.state !== state) {
      element.dataset.state = state;
      const detail = { unit: id, record, state };
      element.dispatchEvent(new CustomEvent("runbutton", { bubbles: true, detail }));
    }
    const busy = isBusy(state);
    // mutant busy-button-enabled:
    button.setAttribute("aria-busy", String(busy));
    // Where the run can be asked for, asking is the thing to do, and running again is not.
    button.classList.toggle("rb-primary", isPrimary && !view.canResume);
    // While the user is being asked, what is told of the run before stays, and is not told again.
    if (state === "confirming") {
      return;
    }
    const hadFocus = line.element.contains(document.activeElement);
    line.update(view);
    status.setAttribute("aria-live", isQuiet ? "off" : "polite");
    const isTold = view.startedAt !== null;
    setText(whose, isTold ? say("page.of", { label }) : "");
    setText(words, isTold ? statusLine(view, say) : "");
    tellLast();
    stop();
    stop = last.hidden ? () => {} : clock.every(RETOLD, () => (element.isConnected ? tellLast() : stop()));
    // What had the focus is gone: whoever uses the keyboard goes on at the button, not at the page's top.
    if (hadFocus && (line.element.hidden || !line.element.contains(document.activeElement))) {
      button.focus({ preventScroll: true });
    }
  }

  return { element, update };
}

/**
 * Live regions speak when their text is set, even to what it was.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
