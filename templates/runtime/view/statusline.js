import { spoken } from "./duration.js";
/** @import { Step } from "../run/entry.js" */
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/**
 * The status of a run, in one line that does not change during a state.
 *
 * @param {RunView} view
 * @param {Say} say
 * @returns {string}
 */
export function statusLine(view, say) {
  const line = stateWords(view, say);
  if (view.state === "succeeded" && view.took !== null) {
    return say("page.doneIn", { line, time: spoken(view.took, say) });
  }
  return view.problem ? say("page.because", { line, problem: say(view.problem.happened, view.problem.values) }) : line;
}

/**
 * The state only.
 *
 * @param {RunView} view
 * @param {Say} say
 */
export function stateWords(view, say) {
  const state = /** @type {"running"} */ (view.state);
  return say(view.doing ?? (view.state === "failed" && ranNothing(view) ? "page.couldNotRun" : `states.${state}`));
}

/**
 * Whether nothing ran: then the run has no times and no effects to report.
 *
 * @param {Pick<RunView, "state" | "problem">} run
 */
export function ranNothing({ state, problem }) {
  return (state === "failed" || state === "skipped") && problem?.ran === "ran.nothing";
}

/**
 * @param {Step} step
 * @param {Say} say
 */
export function stepName({ name, more }, say) {
  return more ? say("page.moreSteps", { n: more }) : name;
}
