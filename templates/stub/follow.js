/**
 * Follows the server, which reports when this page is out of date and when its log has new calls.
 *
 * @typedef {{state: string}} Shown
 */

/** @type {Shown} */
const shown = JSON.parse(document.getElementById("stub-choices")?.textContent ?? "");

/** @type {EventSource | null} */
let source = null;

/** Callbacks for an outdated page, and for new calls. */
export const heard = {
  changed: () => location.reload(),
  calls: () => {},
};

listen();
document.addEventListener("visibilitychange", listen);

/** Only a visible page listens, because a browser has 6 connections to a server for all its tabs. */
function listen() {
  if (document.hidden) {
    source?.close();
    source = null;
  } else if (!source) {
    source = new EventSource(`/k/stub/events?state=${shown.state}`);
    source.addEventListener("changed", () => {
      source?.close();
      heard.changed();
    });
    source.addEventListener("calls", () => heard.calls());
  }
}
