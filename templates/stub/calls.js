/**
 * The log of the proxy's calls: when, which, what came back and how fast, what was sent, and which fault it met.
 *
 * @typedef {{
 *   number: number, time: string, title: Words | null, call: Words | null, method: string, url: string, sent: string,
 *   status: number | null, answer: string, milliseconds: number, fault: Words | null,
 * }} ProxyCall
 * @typedef {import('./panel-texts.js').Words} Words
 */

import { element } from "./dom.js";
import { said, text } from "./panel-texts.js";

export const log = element("section", { class: "stub-log" });
const list = element("ol", { class: "stub-calls", reversed: "" });
log.append(element("h2", {}, text("log")), list);

/** The calls that are unfolded, by their numbers. */
const open = new Set();

export async function showCalls() {
  const response = await fetch("/k/stub/calls").catch(() => null);
  if (!response?.ok) return;
  /** @type {ProxyCall[]} */
  const calls = await response.json();
  list.replaceChildren(
    ...(calls.length > 0 ? calls.map(item) : [element("li", { class: "stub-note" }, text("noCalls"))]),
  );
}

/** @param {ProxyCall} call */
function item(call) {
  const failed = call.status === null || call.status >= 400;
  const time = new Date(call.time).toLocaleTimeString("sv");
  const outcome = element(
    "span",
    { class: failed || call.fault ? "stub-bad" : "stub-good" },
    call.status === null ? text("rejected") : String(call.status),
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
      call.title && call.call ? `${said(call.title)}: ${said(call.call)}` : `${call.method} ${call.url}`,
    ),
    ...(call.fault ? [element("p", { class: "stub-bad" }, text("fault", said(call.fault)))] : []),
    element("p", { class: "stub-url" }, `${call.method} ${call.url}`),
    element("h3", {}, text("sent")),
    element("pre", {}, call.sent || text("nothing")),
    element("h3", {}, text("answer")),
    element("pre", {}, call.answer || text("nothing")),
  );
  fold.open = open.has(call.number);
  fold.addEventListener("toggle", () => (fold.open ? open.add(call.number) : open.delete(call.number)));
  return element("li", {}, fold);
}
