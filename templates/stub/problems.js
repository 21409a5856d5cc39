/** Shows the config's problems in the page, as the reason for missing buttons. */

import { element } from "./dom.js";
import { say } from "./page.js";

/** Whether the page shows them. */
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
