/** @jsx h */
import { clockFace, spoken } from "./duration.js";
import { h } from "./element.js";
import { stateTexts, stepTexts, texts } from "./messages.js";
import { isBusy } from "./run.js";

/** Signs beside the words, for those who cannot tell the colours apart; screen readers hear the words alone. */
const MARKS = {
  queued: "○",
  running: "●",
  starting: "●",
  succeeded: "✓",
  failed: "✕",
  canceled: "–",
  skipped: "–",
  unknown: "?",
};

/**
 * The panel under a button: what is going on in one line, and below it, to fold away, time, steps and problems.
 *
 * @param {Say} say
 * @param {Clock} clock
 * @param {() => void} resume called when the user wants to ask on for a run that was lost sight of
 * @returns {{element: HTMLElement, update: (view: RunView) => void}}
 */
export function createPanel(say, clock, resume) {
  const mark = <span class="rb-mark" aria-hidden="true"></span>;
  // The region is there before its text, or screen readers miss the first change.
  const status = <span role="status" class="rb-status"></span>;
  const time = <span class="rb-time"></span>;
  const body = <div class="rb-body"></div>;
  const fold = (
    <details class="rb-fold" open>
      <summary>
        {say(texts.flows)} {time}
      </summary>
      {body}
    </details>
  );
  const element = (
    <div class="rb-panel" hidden>
      <p class="rb-line">
        {mark}
        {status}
      </p>
      {fold}
    </div>
  );
  let stopTicking = () => {};

  /** @param {RunView} view */
  function update(view) {
    stopTicking();
    element.hidden = view.startedAt === null;
    mark.textContent = MARKS[/** @type {keyof typeof MARKS} */ (view.state)] ?? "";
    setText(status, statusLine(view, say));
    tick();
    if (isBusy(view.state) && view.startedAt !== null) {
      stopTicking = clock.everySecond(tick);
    }
    body.replaceChildren(
      ...[stepList(view, say), view.problem && problemText(view.problem, say), resumeButton(view)].filter(
        (part) => part !== null,
      ),
    );
    fold.hidden = !body.hasChildNodes() && !isBusy(view.state);

    function tick() {
      // Shown in another place of the document or no longer at all: a page that is gone needs no clock.
      if (!element.isConnected) {
        stopTicking();
      }
      setText(time, view.startedAt === null ? "" : clockFace((view.endedAt ?? clock.now()) - view.startedAt));
    }
  }

  /** @param {RunView} view */
  function resumeButton(view) {
    return view.canResume ? (
      <button type="button" class="rb-secondary" onClick={resume}>
        {say(texts.resume)}
      </button>
    ) : null;
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

/**
 * @param {RunView} view
 * @param {Say} say
 */
function statusLine(view, say) {
  const line = say(stateTexts[view.state]);
  if (view.state === "running") {
    const current = view.steps.findIndex((step) => step.state === "running");
    return current < 0
      ? line
      : say(texts.step, { line, name: view.steps[current].name, n: current + 1, of: view.steps.length });
  }
  if (view.state === "succeeded") {
    return say(texts.doneIn, { line, time: spoken(Number(view.endedAt) - Number(view.startedAt), say) });
  }
  return view.problem ? say(texts.because, { line, problem: say(view.problem.happened, view.problem.values) }) : line;
}

/**
 * @param {RunView} view
 * @param {Say} say
 */
function stepList(view, say) {
  return view.steps.length ? (
    <ol class="rb-steps">
      {view.steps.map((step) => (
        <li data-step={step.state}>
          <span class="rb-mark" aria-hidden="true">
            {MARKS[step.state]}
          </span>
          <span class="rb-name">{step.name}</span>
          <span class="rb-word">{say(stepTexts[step.state])}</span>
          <span class="rb-took">{step.took === undefined ? "" : spoken(step.took, say)}</span>
        </li>
      ))}
    </ol>
  ) : null;
}

/**
 * @param {Problem} problem
 * @param {Say} say
 */
function problemText(problem, say) {
  const own = [problem.code, problem.text].filter(Boolean).join(" ");
  return (
    <div class="rb-problem">
      {problem.ran ? <p>{say(problem.ran)}</p> : null}
      <p>{say(problem.advice)}</p>
      {own ? (
        <details class="rb-details">
          <summary>{say(texts.details)}</summary>
          <pre>{own}</pre>
        </details>
      ) : null}
    </div>
  );
}
