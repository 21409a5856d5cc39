/** Says in the page why there is no button: the config has problems. */

import { element } from "./dom.js";
import { say } from "./page.js";

/** @param {string} problems */
export function showProblems(problems) {
  const box = element(
    "section",
    { class: "stub-problems", role: "alert" },
    element("h2", {}, say("stub.problems")),
    element("pre", {}, problems),
  );
  document.getElementById("stub-problems")?.append(box);
}
