/** @import { LocalText } from "../runtime/view/say.js" */

/**
 * The log of the proxy's calls: time, call, answer, duration, request, and fault.
 *
 * @typedef {{
 *   number: number, time: string, title: LocalText | null, call: LocalText | null, method: string, url: string, sent: string,
 *   status: number | null, answer: string, milliseconds: number, fault: LocalText | null,
 * }} ProxyCall
 */

import { element } from "./dom.js";
import { request, say } from "./page.js";

export const log = element("section", { class: "stub-log" });
const list = element("ol", { class: "stub-calls", reversed: "" });
log.append(element("h2", {}, say("stub.log")), list);

/** The calls that are unfolded, by their numbers. */
const open = new Set();

export async function showCalls() {
  const { isOk, answer } = await request("/k/stub/calls");
  if (!isOk) return;
  /** @type {ProxyCall[]} */
  const calls = answer;
  list.replaceChildren(
    ...(calls.length > 0 ? calls.map(item) : [element("li", { class: "stub-note" }, say("stub.noCalls"))]),
  );
}

/** @param {ProxyCall} call */
function item(call) {
  const failed = call.status === null || call.status >= 400;
  const time = new Date(call.time).toLocaleTimeString("sv");
  const outcome = element(
    "span",
    { class: failed || call.fault ? "stub-bad" : "stub-good" },
    call.status === null ? say("stub.rejected") : String(call.status),
  );
  const fold = element(
    "details",
    {},
    element(
      "summary",
      {},
      `${time} `,
      outcome,
      ` ${call.milliseconds} ms `,
      element("br"),
      call.title && call.call ? `${say(call.title)}: ${say(call.call)}` : `${call.method} ${call.url}`,
    ),
    ...(call.fault ? [element("p", { class: "stub-bad" }, say("stub.fault", { fault: call.fault }))] : []),
    element("p", { class: "stub-url" }, `${call.method} ${call.url}`),
    element("h3", {}, say("stub.sent")),
    element("pre", {}, call.sent || say("stub.nothing")),
    element("h3", {}, say("stub.answer")),
    element("pre", {}, call.answer || say("stub.nothing")),
  );
  fold.open = open.has(call.number);
  fold.addEventListener("toggle", () => (fold.open ? open.add(call.number) : open.delete(call.number)));
  return element("li", {}, fold);
}
