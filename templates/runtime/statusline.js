import { spoken } from "./duration.js";
import { ranTexts, stateTexts, texts } from "./messages.js";

/** @type {Partial<Record<RunState | Step["state"], string>>} Signs for those who cannot tell the colours apart; screen readers hear the words. */
export const SIGNS = {
  starting: "●",
  queued: "○",
  running: "●",
  succeeded: "✓",
  failed: "✕",
  canceled: "–",
  skipped: "–",
  unknown: "?",
};

/**
 * What is going on with a run, in one line that does not change while a state lasts.
 *
 * @param {RunView} view
 * @param {Say} say
 * @returns {string}
 */
export function statusLine(view, say) {
  const line = say(
    view.doing ?? (view.state === "failed" && ranNothing(view) ? texts.couldNotRun : stateTexts[view.state]),
  );
  if (view.state === "succeeded" && view.took !== null) {
    return say(texts.doneIn, { line, time: spoken(view.took, say) });
  }
  return view.problem ? say(texts.because, { line, problem: say(view.problem.happened, view.problem.values) }) : line;
}

/**
 * Whether nothing ran: nothing has a time then, and nothing has to be said of what it may have done.
 *
 * @param {RunView} view
 */
export function ranNothing({ state, problem }) {
  // A view that another tab tells of is a copy.
  return (
    (state === "failed" || state === "skipped") && JSON.stringify(problem?.ran) === JSON.stringify(ranTexts.nothing)
  );
}
