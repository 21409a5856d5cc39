/** @jsx h */
import { moment } from "./duration.js";
import { h } from "./element.js";
import { ranNothing } from "./statusline.js";
/** @import { RunView } from "../run/run.js" */
/** @import { PanelActions } from "./panel.jsx" */
/** @import { Say } from "./say.js" */

/**
 * What came of a run, and what there is to do: when, what may have changed, whom to tell, the service's own words.
 *
 * @param {RunView} view
 * @param {{say: Say, timeZone: string, shownAt: number, now: number}} page `shownAt`: when it got the values that it shows
 * @param {PanelActions} actions
 * @returns {{elements: HTMLElement[], tick?: (now: number) => void}} `tick` is to be called every second, if there
 */
export function outcomeOf(view, { say, timeZone, shownAt, now }, actions) {
  const { problem, link } = view;
  const isOld = view.state === "succeeded" && Number(view.endedAt) > shownAt && actions.renew;
  const advice = problem && <span></span>;
  /** @param {number} time */
  const advise = (time) => {
    if (problem && advice) {
      const seconds = Math.ceil((Number(problem.until) - time) / 1000);
      const text =
        seconds > 0 || !problem.until ? say(problem.advice, { ...problem.values, seconds }) : say("page.again");
      if (advice.textContent !== text) {
        advice.textContent = text;
      }
    }
  };
  advise(now);
  const own = [problem?.code, problem?.text].filter(Boolean).join(" ");
  const parts = [
    whenLine(view, say, timeZone),
    problem && (
      <p>
        {problem.ran && !ranNothing(view) ? say(problem.ran) + say("page.space") : ""}
        {advice}
      </p>
    ),
    isOld ? (
      <p>
        {say("page.old")}
        <button type="button" onClick={actions.renew}>
          {say("page.renew")}
        </button>
      </p>
    ) : null,
    // mutant offer-is-own: view.offer && view.canResume && <p>{say("page.offer", { time: moment(view.offer.at, timeZone) })}</p>,
    view.offer && <p>{say("page.offer", { time: moment(view.offer.at, timeZone) })}</p>,
    view.canResume ? (
      <button type="button" class="rb-primary" onClick={actions.resume}>
        {say(view.offer ? "page.follow" : "page.resume")}
      </button>
    ) : null,
    link && (
      <a target="_blank" rel="noopener noreferrer" href={link.href}>
        {say(link.words)}
      </a>
    ),
    own ? ownWords(own, say) : null,
  ];
  return { elements: parts.filter((part) => part !== null), ...(problem?.until && { tick: advise }) };
}

/**
 * When it ended, and what it is called; of a run that is lost sight of, when it was started; of what did not start,
 * nothing.
 *
 * @param {RunView} view
 * @param {Say} say
 * @param {string} timeZone
 */
function whenLine(view, say, timeZone) {
  const lost = view.state === "unknown";
  const at = lost ? view.startedAt : (view.times?.finished ?? view.endedAt);
  const hasTime = at !== null && view.endedAt !== null && !ranNothing(view);
  const when = hasTime ? say(lost ? "page.started" : "page.finished", { time: moment(at, timeZone) }) : "";
  const parts = [when, view.name].filter(Boolean);
  return parts.length ? <p class="rb-when">{parts.join(" · ")}</p> : null;
}

/**
 * What the service itself said, to be passed on.
 *
 * @param {string} own
 * @param {Say} say
 */
function ownWords(own, say) {
  const copied = <span aria-live="polite"></span>;
  const words = <pre tabindex="0">{own}</pre>;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(own);
      copied.textContent = say("page.copied");
    } catch {
      // Where the browser refuses, the text is at least marked, ready to be copied by hand.
      getSelection()?.selectAllChildren(words);
    }
  };
  return (
    <details class="rb-details">
      <summary>{say("page.details")}</summary>
      {words}
      <button type="button" onClick={copy}>
        {say("page.copy")}
      </button>{" "}
      {copied}
    </details>
  );
}
