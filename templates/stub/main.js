/** Draws the page and fires its show event, after the customization has registered its handlers. */

import { data } from "./page.js";
import { showProblems } from "./problems.js";

if (data.problems) showProblems(data.problems);
if (data.kind === "index") {
  const { startList } = await import("./list.js");
  await startList();
} else {
  const { startRecord } = await import("./record.js");
  await startRecord();
}
if (data.scene) {
  const { play } = await import("./scene.js");
  await play(data.scene);
}
