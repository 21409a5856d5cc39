/** Says in the page why there is no button: the config has problems. */

import { element } from "./dom.js";
import { text } from "./texts.js";

/** @param {string} problems */
export function showProblems(problems) {
  const box = element(
    "section",
    { class: "stub-problems", role: "alert" },
    element("h2", {}, text("problems")),
    element("pre", {}, problems),
  );
  document.getElementById("stub-problems")?.append(box);
}
