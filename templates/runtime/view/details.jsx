/** @jsx h */
import { moment, spoken } from "./duration.js";
import { h } from "./element.js";
import { icon } from "./icon.jsx";
import { ranNothing, stepName } from "./statusline.js";
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/**
 * What a run's details show: when, what it is called, its flows, the service's own words, and where to look further.
 *
 * @param {RunView} view
 * @param {{say: Say, timeZone: string}} page
 * @param {Node | null} link
 */
export function detailsOf(view, { say, timeZone }, link) {
  const { problem, steps } = view;
  const when = whenLine(view, say, timeZone);
  const own = [problem?.code, problem?.text].filter(Boolean).join(" ");
  return (
    <div>
      {when && <p class="rb-when">{when}</p>}
      {steps.length > 0 && (
        <ol class="rb-steps">
          {steps.map((step) => (
            <li data-step={step.state}>
              {icon(step.state)}
              <span class="rb-name">{stepName(step, say)}</span>
              <span class="rb-word">
                {say(`steps.${step.state}`)} {step.took !== undefined && spoken(step.took, say)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {own && ownWords(own, say)}
      {link && <div class="rb-do">{link}</div>}
    </div>
  );
}

/**
 * When it began and ended, and what it is called; of what did not start, nothing.
 *
 * @param {RunView} view
 * @param {Say} say
 * @param {string} timeZone
 */
function whenLine(view, say, timeZone) {
  const { startedAt, endedAt, state, name, times } = view;
  const end = state !== "unknown" && (times?.finished ?? endedAt);
  const ran = !ranNothing(view);
  return [
    ran && say("page.started", { time: moment(Number(startedAt), timeZone) }),
    ran && end && say("page.finished", { time: moment(end, timeZone) }),
    name && say(name.words, { name: name.text }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * What the service itself said, to be passed on.
 *
 * @param {string} own
 * @param {Say} say
 */
function ownWords(own, say) {
  const words = <pre tabindex="0">{own}</pre>;
  const copied = <span aria-live="polite" />;
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
