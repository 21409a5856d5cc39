/** @jsx h */
import { barOf } from "./bar.jsx";
import { detailsOf } from "./details.jsx";
import { clockFace, moment, roughly, spoken } from "./duration.js";
import { h } from "./element.js";
import { icon } from "./icon.js";
import { isBusy } from "../run/states.js";
import { ranNothing, stateWords, stepName } from "./statusline.js";
/** @import { Clock } from "../page/clock.js" */
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/**
 * What a line's buttons do.
 *
 * @typedef {object} LineActions
 * @property {() => void} resume asks on for a run that was lost sight of
 * @property {() => void} close puts away what is told of a run that has ended
 * @property {() => void} [renew] gets the page's values anew; absent where that would lose what is being written
 */

/** @typedef {ReturnType<typeof createLine>} Line */

/**
 * A unit's line: what is going on, or what happened and what to do, in one row as long as no sentence needs more; and its
 * details, which open over the record on demand.
 *
 * @param {{id: string, label: string, source: string, timeZone: string}} unit `timeZone` is the user's
 * @param {Say} say
 * @param {Clock} clock
 * @param {LineActions} actions
 */
export function createLine({ id, label, source, timeZone }, say, clock, actions) {
  const shownAt = clock.now();
  const body = <div class="rb-body"></div>;
  const details = (
    <div class="rb-details" role="group" aria-label={say("page.detailsOf", { label })} tabindex="0"></div>
  );
  const more = (
    <button type="button" class="rb-more" title={say("page.details")} aria-label={say("page.detailsOf", { label })}>
      <span>{say("page.details")}</span>
      {icon("open")}
    </button>
  );
  const close = (
    <button
      type="button"
      class="rb-close"
      title={say("page.close")}
      aria-label={say("page.close")}
      onClick={actions.close}
    >
      {icon("close")}
    </button>
  );
  const element = (
    <li class="rb-line" data-line={id} data-source={source} hidden>
      {body}
      {more}
      {details}
      {close}
    </li>
  );
  more.addEventListener("click", () => fold(!details.hidden));
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !details.hidden) {
      event.stopPropagation();
      fold(true);
      more.focus({ preventScroll: true });
    }
  });
  /** @param {Event} event */
  const outside = (event) => {
    if (!element.contains(/** @type {Node} */ (event.target))) {
      fold(true);
    }
  };
  /** @type {Map<number, number>} when each step was first seen running */
  let seen = new Map();
  let run = "";
  let stopTicking = () => {};
  fold(true);

  /** @param {boolean} folded */
  function fold(folded) {
    const had = details.contains(document.activeElement);
    details.hidden = folded;
    more.setAttribute("aria-expanded", String(!folded));
    document.removeEventListener("pointerdown", outside, true);
    if (!folded) {
      document.addEventListener("pointerdown", outside, true);
    } else if (had) {
      more.focus({ preventScroll: true });
    }
  }

  /** @param {RunView} view */
  function update(view) {
    stopTicking();
    const busy = isBusy(view.state);
    element.hidden = view.startedAt === null;
    if (element.hidden || run !== view.id) {
      run = view.id;
      seen = new Map();
      fold(true);
    }
    if (element.hidden) {
      body.replaceChildren();
      details.replaceChildren();
      return;
    }
    const { problem, link } = view;
    const isTold = Boolean(problem || view.offer || (!busy && view.state !== "succeeded"));
    element.dataset.tone = view.state;
    element.classList.toggle("rb-told", isTold);
    close.hidden = busy || view.canResume;
    const isOld = view.state === "succeeded" && Number(view.endedAt) > shownAt && actions.renew;
    element.toggleAttribute("data-old", Boolean(isOld));
    const at = view.steps.findIndex(({ state }) => state === "running");
    const count = view.steps.reduce((sum, step) => sum + (step.more ?? 1), 0);
    const time = <span class="rb-time"></span>;
    const usual =
      busy && view.usual ? <span class="rb-usual">{say("page.usual", { time: roughly(view.usual, say) })}</span> : null;
    const name = (
      <span class="rb-label" title={label}>
        {label}
      </span>
    );
    const advice = <span></span>;
    const bar = isTold ? null : barOf(view, count, label, say);
    body.replaceChildren(
      ...[
        icon(view.state),
        isTold ? null : name,
        isTold ? sentences() : <b class="rb-state">{stateWords(view, say)}</b>,
        busy && at >= 0 && <span class="rb-n">{`${at + 1}/${count}`}</span>,
        busy && at >= 0 && (
          <span class="rb-flow" title={stepName(view.steps[at], say)}>
            {stepName(view.steps[at], say)}
          </span>
        ),
        bar?.element,
        busy && time,
        usual,
        !busy && !isTold && view.took !== null && <span>{spoken(view.took, say)}</span>,
        isOld && (
          <button
            type="button"
            class="rb-renew"
            title={say("page.renew")}
            aria-label={say("page.renew")}
            onClick={actions.renew}
          >
            {icon("renew")}
            <span>{say("page.renew")}</span>
          </button>
        ),
      ].filter((part) => part instanceof Node),
    );
    const told = detailsOf(view, { say, timeZone, link: isTold ? null : link });
    details.replaceChildren(...told.elements);
    more.hidden = !told.elements.length;
    if (busy || problem?.until) {
      stopTicking = clock.every(1000, tick);
    }
    tick();

    function tick() {
      const now = clock.now();
      const elapsed = now - Number(view.startedAt);
      time.textContent = busy ? clockFace(elapsed) : "";
      bar?.tick(elapsed);
      if (problem) {
        const seconds = Math.ceil((Number(problem.until) - now) / 1000);
        const text =
          seconds > 0 || !problem.until ? say(problem.advice, { ...problem.values, seconds }) : say("page.again");
        if (advice.textContent !== text) {
          advice.textContent = text;
        }
      }
      if (busy && at >= 0) {
        const latest = seen.get(at) ?? now;
        seen.set(at, latest);
        // As the service says, whose clock may go differently, but not before the run, nor after it was first seen.
        const begun = Math.min(Math.max(view.steps[at].begunAt ?? latest, Number(view.startedAt)), latest);
        told.took[at].textContent = clockFace(now - begun);
      }
      // A line that is no longer on the page needs no clock.
      if (!element.isConnected) {
        stopTicking();
        document.removeEventListener("pointerdown", outside, true);
      }
    }

    /** What happened, what it may have done, what to do; and the buttons for that. */
    function sentences() {
      const happened = problem && say(problem.happened, problem.values) + say("page.space");
      const ran = problem?.ran && !ranNothing(view) ? say(problem.ran) + say("page.space") : "";
      // mutant offer-is-own: const offered = view.canResume && view.offer;
      const offered = view.offer;
      const acts = [
        view.canResume && (
          <button type="button" class="rb-first" onClick={actions.resume}>
            {say(view.offer ? "page.follow" : "page.resume")}
          </button>
        ),
        link && (
          <a target="_blank" rel="noopener noreferrer" href={link.href}>
            {say(link.words)}
          </a>
        ),
      ].filter((part) => part instanceof Node);
      return (
        <div class="rb-say">
          {name} <b class="rb-state">{stateWords(view, say)}</b> {happened}
          {ran}
          {offered && say("page.offer", { time: moment(offered.at, timeZone) }) + say("page.space")}
          {advice}
          {acts.length > 0 && <div class="rb-do">{acts}</div>}
        </div>
      );
    }
  }

  return { element, update, open: () => fold(false) };
}
