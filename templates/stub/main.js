/** Draws the page and fires its show event, after the customization has registered its handlers. */

import { showNotification } from "./dialogs.js";
import { data, RefusedError, UnansweredError } from "./page.js";
import { showProblems } from "./problems.js";

// Errors that no part of the page shows itself.
addEventListener("unhandledrejection", (event) => {
  if (event.reason instanceof RefusedError || event.reason instanceof UnansweredError) {
    event.preventDefault();
    showNotification("ERROR", event.reason.message);
  }
});

if (data.problems) showProblems(data.problems);
start();

async function start() {
  if (data.scene?.framed) {
    // A frame of the gallery has no panel to show it.
    const { section, watchMissing } = await import("./missing.js");
    document.getElementById("stub-problems")?.append(section);
    watchMissing([data.scene.about], () => {});
  }
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
}
