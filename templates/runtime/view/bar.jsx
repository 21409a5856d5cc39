/** @jsx h */
import { h } from "./element.js";
import { stepName } from "./statusline.js";
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/**
 * The progress of a run: a segment for each flow; without known flows, one that fills during the usual duration.
 *
 * @param {RunView} view
 * @param {number} at which flow runs
 * @param {number} count of the flows
 * @param {string} label
 * @param {Say} say
 */
export function barOf({ state, steps, usual }, at, count, label, say) {
  const done = state === "succeeded";
  const whole = usual && state === "running" ? "timed" : state;
  return (
    <span
      class="rb-bar"
      role="progressbar"
      aria-label={label}
      aria-valuemax={count || 1}
      aria-valuenow={done ? count || 1 : count > 0 && steps.filter((step) => step.state === "succeeded").length}
      aria-valuetext={at >= 0 && `${at + 1}/${count} ${stepName(steps[at], say)}`}
    >
      {(steps.length ? steps.map((step) => (done ? state : step.state)) : [whole]).map((word) => (
        <i class={`rb-${word}`} />
      ))}
    </span>
  );
}
