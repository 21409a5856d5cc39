/** @jsx h */
import { clockFace, spoken } from "./duration.js";
import { h } from "./element.js";
import { stepTexts, texts } from "./messages.js";
import { isBusy } from "./states.js";
import { statusLine } from "./statusline.js";

/** @type {Partial<Record<RunState, string>>} Signs for those who cannot tell the colours apart; screen readers hear the words. */
const MARKS = {
  starting: "●",
  queued: "○",
  running: "●",
  succeeded: "✓",
  failed: "✕",
  canceled: "–",
  skipped: "–",
  unknown: "?",
};

/** @typedef {ReturnType<typeof createPanel>} Panel */

/**
 * The panel under a button: what is going on in one line, and below it, to fold away, time, steps and problems.
 *
 * @param {Say} say
 * @param {Clock} clock
 * @param {string} timeZone the user's, an IANA name
 * @param {() => void} resume called when the user wants to ask on for a run that was lost sight of
 */
export function createPanel(say, clock, timeZone, resume) {
  const mark = <span class="rb-mark" aria-hidden="true"></span>;
  // The region is there before its text, and not hidden, or screen readers miss the first change.
  const status = <span role="status" class="rb-status"></span>;
  const time = <span class="rb-time"></span>;
  const bar = /** @type {HTMLProgressElement} */ (<progress aria-label={say(texts.progress)}></progress>);
  const link = <a target="_blank" rel="noopener noreferrer"></a>;
  const body = <div class="rb-body"></div>;
  const summary = (
    <summary>
      {say(texts.progress)} {time}
    </summary>
  );
  const fold = (
    <details open>
      {summary}
      {body}
      {link}
    </details>
  );
  const element = (
    <div>
      <p class="rb-line">
        {mark}
        {status}
      </p>
      {bar}
      {fold}
    </div>
  );
  let stopTicking = () => {};

  /** @param {RunView} view */
  function update(view) {
    const busy = isBusy(view.state);
    stopTicking();
    fold.hidden = view.startedAt === null;
    element.className = fold.hidden ? "" : "rb-panel";
    mark.textContent = MARKS[view.state] ?? "";
    // Live regions speak when their text is set, even to what it was.
    setText(status, statusLine(view, say));
    bar.hidden = !busy;
    link.hidden = !view.link;
    if (view.link) {
      link.setAttribute("href", view.link.href);
      setText(link, say(view.link.words));
    }
    const hadFocus = body.contains(document.activeElement);
    body.replaceChildren(...bodyOf(view));
    if (hadFocus) {
      focus();
    }
    tick();
    if (busy && view.startedAt !== null) {
      stopTicking = clock.everySecond(tick);
    }

    function tick() {
      const elapsed = (view.endedAt ?? clock.now()) - Number(view.startedAt);
      setText(time, busy && view.usual ? usualTime(elapsed, view.usual) : clockFace(elapsed));
      if (view.usual) {
        // Not quite full before the end: the bar promises nothing.
        bar.value = Math.min(elapsed / view.usual, 0.95);
      } else {
        bar.removeAttribute("value");
      }
      // A panel that is no longer on the page needs no clock.
      if (!element.isConnected) {
        stopTicking();
      }
    }
  }

  /**
   * @param {number} elapsed
   * @param {number} usual
   */
  function usualTime(elapsed, usual) {
    return `${clockFace(elapsed)} / ${say(texts.usual, { time: spoken(usual, say) })}`;
  }

  /**
   * @param {RunView} view
   * @returns {HTMLElement[]}
   */
  function bodyOf(view) {
    const parts = [
      view.elsewhere && isBusy(view.state) ? <p>{say(texts.elsewhere)}</p> : null,
      view.steps.length ? <ol class="rb-steps">{view.steps.map((step) => stepItem(step, say))}</ol> : null,
      view.times ? <p>{timesText(view.times)}</p> : null,
      view.problem && problemText(view.problem, say),
      view.canResume ? (
        <button type="button" onClick={resume}>
          {say(texts.resume)}
        </button>
      ) : null,
    ];
    return parts.filter((part) => part !== null);
  }

  /** @param {NonNullable<RunView["times"]>} times */
  function timesText({ started, finished }) {
    /** @param {Words} words @param {number | null} at */
    const part = (words, at) =>
      at ? say(words, { time: new Date(at).toLocaleString(say(texts.locale), { timeZone }) }) : "";
    return [part(texts.started, started), part(texts.finished, finished)].filter(Boolean).join(" – ");
  }

  function focus() {
    summary.focus({ preventScroll: true });
  }

  return { element, update, focus };
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/**
 * @param {Step} step
 * @param {Say} say
 */
function stepItem({ name, state, took }, say) {
  return (
    <li data-step={state}>
      <span class="rb-mark" aria-hidden="true">
        {MARKS[state]}
      </span>
      <span class="rb-name">{name}</span>
      <span class="rb-word">
        {say(stepTexts[state])} {took === undefined ? "" : spoken(took, say)}
      </span>
    </li>
  );
}

/**
 * What ran, what to do, and behind a fold the service's own code and words, to be passed on.
 *
 * @param {Problem} problem
 * @param {Say} say
 */
function problemText({ ran, advice, values, code, text }, say) {
  const own = [code, text].filter(Boolean).join(" ");
  return (
    <div class="rb-problem">
      {ran ? <p>{say(ran)}</p> : null}
      <p>{say(advice, values)}</p>
      {own ? ownWords(own, say) : null}
    </div>
  );
}

/**
 * @param {string} own
 * @param {Say} say
 */
function ownWords(own, say) {
  const copied = <span aria-live="polite"></span>;
  const words = <pre tabindex="0">{own}</pre>;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(own);
      copied.textContent = say(texts.copied);
    } catch {
      // Where the browser refuses, the text is at least marked, ready to be copied by hand.
      getSelection()?.selectAllChildren(words);
    }
  };
  return (
    <details class="rb-details">
      <summary>{say(texts.details)}</summary>
      {words}
      <button type="button" onClick={copy}>
        {say(texts.copy)}
      </button>{" "}
      {copied}
    </details>
  );
}
