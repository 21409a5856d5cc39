/** Says in the page why there is no button: the config has problems. */

import { element } from "./dom.js";
import { say } from "./page.js";

/** Whether the page says so. */
export const problems = { shown: false };

/** @param {string} words */
export function showProblems(words) {
  problems.shown = true;
  const box = element(
    "section",
    { class: "stub-problems", role: "alert" },
    element("h2", {}, say("stub.problems")),
    element("pre", {}, words),
  );
  document.getElementById("stub-problems")?.append(box);
}
