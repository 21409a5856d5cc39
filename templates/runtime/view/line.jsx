/** @jsx h */
import { barOf } from "./bar.jsx";
import { detailsOf } from "./details.jsx";
import { clockFace, moment, roughly, spoken } from "./duration.js";
import { h } from "./element.js";
import { icon } from "./icon.jsx";
import { isBusy } from "../run/states.js";
import { ranNothing, stateWords, stepName } from "./statusline.js";
/** @import { PlaceRun, RunView } from "../run/run.js" */
/** @import { Face } from "./button.jsx" */

/** The maximum of the bar of a run without flows before its end, in per cent. */
const FULLEST = 95;

/**
 * A unit's line: the current activity, or what happened and what to do, in one row if the sentences are short; and its
 * details, which open over the record on request.
 *
 * @param {HTMLElement} element of the line, still empty and hidden
 * @param {string} label of the unit
 * @param {number} shownAt when the page got the record's values
 * @param {PlaceRun} run
 * @param {Face} face
 */
export function createLine(element, label, shownAt, run, face) {
  const { say, clock, timeZone, renew } = face;
  const title = say("page.detailsOf", { label });
  let body = <div />;
  const details = <div class="rb-details" role="group" aria-label={title} tabindex="0" hidden />;
  const more = (
    <button
      type="button"
      class="rb-more"
      aria-label={title}
      aria-expanded="false"
      onClick={() => fold(!details.hidden)}
    >
      <span>{say("page.details")}</span>
      {icon("open")}
    </button>
  );
  const close = (
    <button type="button" class="rb-close" aria-label={say("page.close")} onClick={run.dismiss}>
      {icon("close")}
    </button>
  );
  element.append(body, more, details, close);
  element.addEventListener("keydown", ({ key }) => key === "Escape" && fold(true));
  element.addEventListener("focusout", leave);
  let shown = "";
  let shownRun = "";
  let stopTicking = () => {};

  /** @param {boolean} folded @param {boolean} [hasFocus] */
  function fold(folded, hasFocus = true) {
    if (details.hidden !== folded) {
      details.hidden = folded;
      more.setAttribute("aria-expanded", String(!folded));
      if (hasFocus) {
        (folded ? more : details).focus({ preventScroll: true });
      }
    }
  }

  /** A click elsewhere and the Tab key close the details; switching windows does not. @param {FocusEvent} event */
  function leave({ relatedTarget }) {
    if (!element.contains(/** @type {Node | null} */ (relatedTarget)) && document.hasFocus()) {
      // The clicked element has the focus; if it cannot have it, the focus returns.
      fold(true, !relatedTarget);
    }
  }

  /** @param {RunView} view */
  function update(view) {
    const { state, startedAt, steps, problem, offer, link, usual, took } = view;
    // Otherwise animations would restart with each answer of the service.
    const known = shown;
    shown = JSON.stringify({ ...view, at: 0, next: 0, note: face.noteOf?.(view.id) });
    if (shown === known) {
      return;
    }
    stopTicking();
    element.hidden = startedAt === null;
    if (element.hidden || shownRun !== view.id) {
      shownRun = view.id;
      fold(true);
    }
    if (startedAt === null) {
      return;
    }
    const busy = isBusy(state);
    const done = state === "succeeded";
    const isTold = Boolean(problem || offer || !(busy || done));
    element.className = isTold ? "rb-line rb-told" : "rb-line";
    element.dataset.tone = state;
    close.hidden = busy || view.canResume;
    const at = steps.findIndex((step) => step.state === "running");
    const count = steps.reduce((sum, { more: n = 1 }) => sum + n, 0);
    const time = <span class="rb-time" />;
    const advice = <span />;
    const bar = barOf(view, at, count, label, say);
    const open = link && (
      <a target="_blank" rel="noopener noreferrer" href={link.href}>
        {say(link.words)}
      </a>
    );
    const next = (
      <div class="rb-body">
        {icon(state)}
        {isTold ? sentences() : row()}
      </div>
    );
    body.replaceWith(next);
    body = next;
    if (!isTold) {
      next.after(more);
    }
    const facts = detailsOf(view, face, isTold ? null : open);
    details.replaceChildren(facts);
    more.hidden = !facts.firstChild;
    if (busy || problem?.until) {
      stopTicking = clock.every(1000, tick);
    }
    tick();

    function tick() {
      const now = clock.now();
      const elapsed = now - Number(startedAt);
      time.textContent = clockFace(elapsed);
      bar.style.setProperty("--rb-part", `${Math.min((100 * elapsed) / Number(usual), FULLEST)}%`);
      if (problem) {
        const seconds = Math.ceil((Number(problem.until) - now) / 1000);
        advice.textContent = seconds <= 0 ? say("page.again") : say(problem.advice, { ...problem.values, seconds });
      }
      // A line that was removed from the page needs no clock.
      if (!element.isConnected) {
        stopTicking();
      }
    }

    function names() {
      return [
        <span class="rb-label" title={label}>
          {label}
        </span>,
        <b class="rb-state">{stateWords(view, say)}</b>,
      ];
    }

    /** The current activity, in one row. */
    function row() {
      const flow = busy && at >= 0 && stepName(steps[at], say);
      const isOld = done && Number(view.endedAt) > shownAt;
      if (isOld) {
        // One link for all lines, because it reloads the whole page.
        document.querySelectorAll(".rb-renew").forEach((other) => other.remove());
      }
      return [
        ...names(),
        flow && <span class="rb-n">{`${at + 1}/${count}`}</span>,
        flow && (
          <span class="rb-flow" title={flow}>
            {flow}
          </span>
        ),
        bar,
        busy && time,
        busy && usual !== null && <span class="rb-usual">{say("page.usual", { time: roughly(usual, say) })}</span>,
        done && took !== null && <span>{spoken(took, say)}</span>,
        isOld && renew && (
          <button type="button" class="rb-renew" aria-label={say("page.renew")} onClick={renew}>
            {icon("renew")}
            <span>{say("page.renew")}</span>
          </button>
        ),
      ];
    }

    /** What happened, its possible effect, what to do; and the buttons for that. */
    function sentences() {
      const resume = view.canResume && (
        <button type="button" class="rb-first" onClick={run.resume}>
          {say(offer?.follow ?? "page.resume")}
        </button>
      );
      const told = [
        problem && say(problem.happened, problem.values),
        problem?.ran && !ranNothing(view) && say(problem.ran),
        // mutant offer-is-own: view.canResume && offer && say(offer.words, { time: moment(offer.at, timeZone) }),
        offer && say(offer.words, { time: moment(offer.at, timeZone) }),
      ].filter(Boolean);
      const space = say("page.space");
      return (
        <div class="rb-say">
          {names().flatMap((part) => [part, " "])}
          {told.map((sentence) => sentence + space)}
          {advice} {more}
          {(resume || open) && (
            <div class="rb-do">
              {resume}
              {open}
            </div>
          )}
        </div>
      );
    }
  }

  return { update, open: () => fold(false) };
}
