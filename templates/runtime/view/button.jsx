/** @jsx h */
import { h } from "./element.js";
import { icon } from "./icon.jsx";
import { isBusy } from "../run/states.js";
import { lastRunOf } from "./last-run.js";
import { createLine } from "./line.jsx";
import { statusLine } from "./statusline.js";
/** @import { PlaceRun, RunView } from "../run/run.js" */
/** @import { Clock } from "../page/clock.js" */
/** @import { Say } from "./say.js" */

/**
 * What all buttons of a page have in common. `timeZone`: the user's; `renew` gets the page's values anew, and is absent
 * where that would lose what is being written.
 *
 * @typedef {{say: Say, clock: Clock, timeZone: string, source: string, renew?: () => void}} Face
 */

/** How often "2 minutes ago" is told anew, in milliseconds. */
const RETOLD = 60 * 1000;

/**
 * A unit's button, in the element that people's style sheets and scripts know it by, with what screen readers hear of its
 * runs, and the last run below it; and the unit's line, which tells what is going on.
 *
 * @param {{id: string, label: string, isPrimary: boolean, record: number | null}} unit
 * @param {PlaceRun} run
 * @param {Face} face
 * @param {() => void} click
 */
export function createButton(unit, run, face, click) {
  const { id, label, isPrimary, record } = unit;
  const { say, clock, timeZone, source } = face;
  const line = createLine(unit, run, face);
  const button = (
    <button type="button" class="rb-run" onClick={() => (isBusy(run.view().state) ? line.open() : click())}>
      {icon("running")}
      <span>{label}</span>
    </button>
  );
  const last = <p class="rb-last" hidden />;
  // The region is there before its text, or screen readers miss the first change. It says the state, not the clock.
  const status = <span class="rb-sr" role="status" />;
  const element = (
    <div class="rb" data-runbutton={id} data-source={source} data-state="idle">
      {button}
      {last}
      {status}
    </div>
  );
  let stop = () => {};

  function tellLast() {
    const told = lastRunOf(run.last(), say, timeZone, clock.now());
    last.hidden = !told;
    if (told) {
      last.title = told.whole;
      last.dataset.tone = told.state;
      const short = <span aria-hidden="true">{told.short}</span>;
      last.replaceChildren(icon(told.state), short, <span class="rb-sr">{told.whole}</span>);
    }
    if (!element.isConnected) {
      stop();
    }
  }

  /** @param {RunView} view @param {boolean} [isQuiet] whether something else tells of it, so that it is not read aloud twice */
  function update(view, isQuiet) {
    const { state } = view;
    // mutant event-twice: if (true) {
    if (element.dataset.state !== state) {
      element.dataset.state = state;
      const detail = { unit: id, record, state };
      element.dispatchEvent(new CustomEvent("runbutton", { bubbles: true, detail }));
    }
    // mutant busy-button-enabled:
    button.setAttribute("aria-busy", String(isBusy(state)));
    // Where the run can be asked for, asking is the thing to do, and running again is not.
    button.classList.toggle("rb-primary", isPrimary && !view.canResume);
    // While the user is being asked, what is told of the run before stays, and is not told again.
    if (state === "confirming") {
      return;
    }
    const hadFocus = line.element.contains(document.activeElement);
    line.update(view);
    const words = view.startedAt === null ? "" : say("page.of", { label }) + statusLine(view, say);
    // Live regions speak when their text is set, even to what it was.
    if (status.textContent !== words) {
      status.setAttribute("aria-live", isQuiet ? "off" : "polite");
      status.textContent = words;
    }
    stop();
    stop = clock.every(RETOLD, tellLast);
    tellLast();
    // What had the focus is gone: whoever uses the keyboard goes on at the button, not at the page's top.
    if (hadFocus && (line.element.hidden || !line.element.contains(document.activeElement))) {
      button.focus({ preventScroll: true });
    }
  }

  return { element, line: line.element, update };
}
