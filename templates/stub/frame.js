/** The frame of a record or a list: bars, breadcrumbs and the header space for customizations. */

import { element, icon, iconButton } from "./dom.js";
import { data, pageUrl, say, view } from "./page.js";

/**
 * @typedef {{
 *   crumb: HTMLElement, menu: HTMLElement, process: HTMLElement, main: HTMLElement, side: HTMLElement,
 *   slot: HTMLElement, headerSlot: HTMLElement,
 * }} Frame
 */

/**
 * Draws the frame once a page; `slot` is for the header menu space (desktop), `headerSlot` for the header space.
 *
 * @returns {Frame}
 */
export function drawFrame() {
  const frame = {
    crumb: element("span", {}),
    menu: element("div", { class: "stub-menu" }),
    process: element("div", { class: "stub-process" }),
    main: element("main", { class: "stub-main" }),
    side: element("aside", { class: "stub-side" }),
    slot: element("div", { class: "stub-slot" }),
    headerSlot: element("div", { class: "stub-slot stub-slot-wide" }),
  };
  const home = element(
    "a",
    { href: "/", class: "stub-home", "aria-label": say("stub.home"), title: say("stub.home") },
    icon("home"),
  );
  const top = element(
    "header",
    { class: "stub-top" },
    home,
    element("span", {}, say("stub.stub")),
    element("span", { class: "stub-user" }, String(data.user.name)),
  );
  const title = element("div", { class: "stub-app" }, element("a", { href: pageUrl("index", null) }, data.app.name));
  const bar = element("div", { class: "stub-toolbar" });
  const content = element("div", { class: "stub-content" }, frame.main, frame.side);
  const crumbs = element(
    "nav",
    { class: "stub-crumbs" },
    element("a", { href: pageUrl("index", null) }, say("stub.app", { name: data.app.name })),
    icon("next"),
    frame.crumb,
  );
  const page = element("div", { class: `stub-page stub-${data.mobile ? "mobile" : "desktop"} stub-kind-${data.kind}` });
  if (data.mobile) {
    bar.append(frame.crumb, frame.menu);
    page.append(top, title, frame.headerSlot, bar, frame.process, content);
  } else {
    bar.append(frame.slot, frame.menu);
    page.append(top, title, crumbs, bar, frame.headerSlot, frame.process, content);
  }
  document.getElementById("stub-place")?.append(page);
  return frame;
}

/**
 * Gives customizations their header space, a new or the old one, depending on the switch. The list's spaces stay ("Add
 * a button to the record list", cybozu.dev).
 *
 * @param {Frame} frame
 */
export function renewSpaces(frame) {
  if (view.kind === "print") return;
  const stays = view.kind === "index" || data.switches.headerSpace === "reused";
  const slot = data.mobile ? frame.headerSlot : frame.slot;
  const known = data.mobile ? view.headerSpace : view.headerMenuSpace;
  const space = known && stays ? known : element("div", { class: "stub-space" });
  slot.replaceChildren(space);
  if (data.mobile) view.headerSpace = space;
  else view.headerMenuSpace = space;
  if (!stays) view.spaces.clear();
  if (!data.mobile && view.kind === "index" && !view.headerSpace) {
    view.headerSpace = element("div", { class: "stub-space" });
    frame.headerSlot.replaceChildren(view.headerSpace);
  }
}

/**
 * @param {Frame} frame
 * @param {(() => void) | null} previous
 * @param {(() => void) | null} next
 */
export function pager(frame, previous, next) {
  frame.menu.append(
    element(
      "span",
      { class: "stub-pager" },
      iconButton("previous", say("stub.previous"), previous),
      iconButton("next", say("stub.next"), next),
    ),
  );
}
