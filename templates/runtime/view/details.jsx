/** @jsx h */
import { moment, spoken } from "./duration.js";
import { h } from "./element.js";
import { icon } from "./icon.jsx";
import { ranNothing, stepName } from "./statusline.js";
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/**
 * A run's details: times, name, flows, the service's own words, and the link to the service.
 *
 * @param {RunView} view
 * @param {Pick<import("./button.jsx").Face, "say" | "timeZone" | "noteOf">} face
 * @param {Node | null} link
 */
export function detailsOf(view, { say, timeZone, noteOf }, link) {
  const { problem, steps } = view;
  const when = whenLine(view, say, timeZone);
  const note = noteOf?.(view.id);
  const own = [problem?.code, problem?.text].filter(Boolean).join(" ");
  return (
    <div>
      {when && <div class="rb-when">{when}</div>}
      {steps.length > 0 && (
        <ol class="rb-steps">
          {steps.map((step) => (
            <li data-step={step.state}>
              {icon(step.state === "canceled" ? "skipped" : step.state)}
              <span class="rb-name">{stepName(step, say)}</span>
              <span class="rb-word">
                {say(`steps.${step.state}`)} {step.took !== undefined && spoken(step.took, say)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {own && ownWords(own, say)}
      {note && <div>{note}</div>}
      {link && <div class="rb-do">{link}</div>}
    </div>
  );
}

/**
 * The start, end and name of a run; empty for a run that did not start.
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
 * The service's own message, for copying.
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
      // If the browser refuses, the text is at least selected for copying by hand.
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
