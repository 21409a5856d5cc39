/** @jsx h */
import { moment, spoken } from "./duration.js";
import { h } from "./element.js";
import { icon } from "./icon.js";
import { ranNothing, stepName } from "./statusline.js";
/** @import { Link } from "../run/entry.js" */
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/**
 * What a run's details show: when, what it is called, its flows, the service's own words, and where to look further.
 *
 * @param {RunView} view
 * @param {{say: Say, timeZone: string, link: Link | null}} page
 * @returns {{elements: HTMLElement[], took: HTMLElement[]}} `took`: how long each flow took, to be told anew
 */
export function detailsOf(view, { say, timeZone, link }) {
  const took = view.steps.map((step) => (
    <span class="rb-took">{step.took === undefined ? "" : spoken(step.took, say)}</span>
  ));
  const own = [view.problem?.code, view.problem?.text].filter(Boolean).join(" ");
  const when = whenLine(view, say, timeZone);
  const elements = [
    when && <p class="rb-when">{when}</p>,
    view.steps.length > 0 && (
      <ol class="rb-steps">
        {view.steps.map((step, index) => (
          <li data-step={step.state} data-tone={step.state}>
            {icon(step.state)}
            <span class="rb-name">{stepName(step, say)}</span>
            <span class="rb-word">
              {say(`steps.${step.state}`)} {took[index]}
            </span>
          </li>
        ))}
      </ol>
    ),
    own && ownWords(own, say),
    link && (
      <div class="rb-do">
        <a target="_blank" rel="noopener noreferrer" href={link.href}>
          {say(link.words)}
        </a>
      </div>
    ),
  ];
  return { elements: elements.filter((part) => part instanceof HTMLElement), took };
}

/**
 * When it began and ended, and what it is called; of what did not start, nothing.
 *
 * @param {RunView} view
 * @param {Say} say
 * @param {string} timeZone
 */
function whenLine(view, say, timeZone) {
  const { startedAt, endedAt, state, name } = view;
  if (startedAt === null || ranNothing(view)) {
    return name ?? "";
  }
  const started = say("page.started", { time: moment(startedAt, timeZone) });
  const end = view.times?.finished ?? endedAt;
  const finished = end !== null && state !== "unknown" && say("page.finished", { time: moment(end, timeZone) });
  return [started, finished, name].filter(Boolean).join(" · ");
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
    <div>
      {words}
      <div class="rb-do">
        <button type="button" onClick={copy}>
          {say("page.copy")}
        </button>
        {copied}
      </div>
    </div>
  );
}
