import { spoken } from "./duration.js";
import { stateTexts, texts } from "./messages.js";

/**
 * What is going on with a run, in one line.
 *
 * @param {RunView} view
 * @param {Say} say
 * @returns {string}
 */
export function statusLine(view, say) {
  const line = say(view.doing ?? stateTexts[view.state]);
  const current = view.steps.findIndex((step) => step.state === "running");
  if (view.state === "running" && current >= 0) {
    return say(texts.step, { line, name: view.steps[current].name, n: current + 1, of: view.steps.length });
  }
  if (view.state === "succeeded") {
    return say(texts.doneIn, { line, time: spoken(Number(view.endedAt) - Number(view.startedAt), say) });
  }
  return view.problem ? say(texts.because, { line, problem: say(view.problem.happened, view.problem.values) }) : line;
}
