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
 * Shared by all buttons of a page. `timeZone`: the user's; `renew` loads the page's values again, and is absent if that
 * would lose the user's input. With a log of runs, `told` is the last run of others if it is the latest, and `noteOf`
 * says that a run could not be recorded.
 *
 * @typedef {object} Face
 * @property {Say} say
 * @property {Clock} clock
 * @property {string} timeZone
 * @property {string} source
 * @property {() => void} [renew]
 * @property {() => ReturnType<typeof lastRunOf>} [told]
 * @property {(runId: string) => string | undefined} [noteOf]
 */

/** How often "2 minutes ago" is updated, in milliseconds. */
const RETOLD = 60 * 1000;

/**
 * A unit's button, in the element that custom style sheets and scripts select, with the text for screen readers and the
 * last run below it; and the unit's line with the current activity.
 *
 * @param {{id: string, label: string, isPrimary: boolean, record: number | null}} unit
 * @param {PlaceRun} run
 * @param {Face} face
 * @param {() => void} click
 */
export function createButton(unit, run, face, click) {
  const { id, label, isPrimary, record } = unit;
  const { say, clock, timeZone, source } = face;
  const row = <li class="rb-line" data-line={id} data-source={source} tabindex="-1" hidden />;
  const shownAt = clock.now();
  /** @type {ReturnType<typeof createLine> | undefined} made with the first run: most pages show none */
  let line;
  const words = <span>{label}</span>;
  const button = (
    <button type="button" class="rb-run" onClick={() => (isBusy(run.view().state) ? line?.open() : click())}>
      {words}
    </button>
  );
  const last = <div class="rb-last" hidden />;
  // The region exists before its text, or screen readers miss the first change. It has the state, not the clock.
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
    const told = face.told?.() ?? lastRunOf(run.last(), say, timeZone, clock.now());
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

  /** @param {RunView} view @param {boolean} [isQuiet] whether something else reads it aloud */
  function update(view, isQuiet) {
    const { state } = view;
    // mutant event-twice: if (true) {
    if (element.dataset.state !== state) {
      element.dataset.state = state;
      const detail = { unit: id, record, state };
      element.dispatchEvent(new CustomEvent("runbutton", { bubbles: true, detail }));
    }
    const busy = isBusy(state);
    // mutant busy-button-enabled:
    button.setAttribute("aria-busy", String(busy));
    // A new drawing would start its animation again.
    if (busy === (button.firstChild === words)) {
      button.replaceChildren(...(busy ? [icon("running")] : []), words);
    }
    // If the run can be followed again, that is the right action, not running again.
    button.classList.toggle("rb-primary", isPrimary && !view.canResume);
    // During the question, the text about the previous run stays, and is not announced again.
    if (state === "confirming") {
      return;
    }
    const focused = document.activeElement;
    const hadFocus = row.contains(focused);
    if (view.startedAt !== null) {
      line ??= createLine(row, label, shownAt, run, face);
    }
    line?.update(view);
    const said = view.startedAt === null ? "" : say("page.of", { label }) + statusLine(view, say);
    // Live regions speak when their text is set, even to the same text.
    if (status.textContent !== said) {
      status.setAttribute("aria-live", isQuiet ? "off" : "polite");
      status.textContent = said;
    }
    stop();
    stop = clock.every(RETOLD, tellLast);
    tellLast();
    // If the focused element is gone, keyboard users continue at the button, not at the top of the page.
    if (hadFocus && (row.hidden || document.activeElement !== focused)) {
      const isThere = focused instanceof HTMLElement && focused.isConnected && !row.hidden;
      (isThere ? focused : button).focus({ preventScroll: true });
    }
  }

  return { element, line: row, update };
}
