/** @jsx h */
import { h } from "./element.js";
import { stepName } from "./statusline.js";
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/** How full it gets before the end, in per cent: the bar promises nothing. */
const FULLEST = 95;

/**
 * How far a run is: a segment for each flow; where no flow is known, one that fills with the usual time.
 *
 * @param {RunView} view
 * @param {number} count of the flows
 * @param {string} label
 * @param {Say} say
 * @returns {{element: HTMLElement, tick: (elapsed: number) => void}}
 */
export function barOf({ state, steps, usual }, count, label, say) {
  const done = state === "succeeded";
  const whole = done || !usual ? state : "timed";
  const parts = (steps.length ? steps.map((step) => (done ? state : step.state)) : [whole]).map((word) => (
    <i class={`rb-${word}`}></i>
  ));
  const at = steps.findIndex((step) => step.state === "running");
  const value = done ? count : steps.filter((step) => step.state === "succeeded").length;
  const element = (
    <span
      class="rb-bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin="0"
      aria-valuemax={count || 100}
      aria-valuenow={count ? value : done && 100}
      aria-valuetext={at >= 0 && say("page.step", { name: stepName(steps[at], say), n: at + 1, of: count })}
    >
      {parts}
    </span>
  );
  /** @param {number} elapsed */
  function tick(elapsed) {
    if (whole === "timed" && !count && usual) {
      const percent = Math.min(Math.round((100 * elapsed) / usual), FULLEST);
      parts[0].style.setProperty("--rb-part", `${percent}%`);
      element.setAttribute("aria-valuenow", String(percent));
    }
  }
  return { element, tick };
}
