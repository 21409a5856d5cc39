/**
 * Shows why a button of the config is not on the page; the runtime's own module checks the conditions.
 *
 * @typedef {import("../runtime/page/conditions.js").Condition} Condition
 * @typedef {import("../runtime/page/kintone.js").Shown} Shown
 * @typedef {Pick<UnitConfig, "id" | "label" | "devices" | "pages" | "showIf" | "showTo">} Unit
 */

import { holds, valuesOf } from "../runtime/page/conditions.js";
import { element } from "./dom.js";
import { shows } from "./events.js";
import { data, pageUrl, say } from "./page.js";
import { problems } from "./problems.js";

export const section = element("section", { class: "stub-missing" });
section.hidden = true;

/** Messages of Runbutton's scripts on this page's console. */
const said = new Set();
const quietly = () => {};

const PAGES = /** @type {const} */ ({
  detail: "stub.pageDetail",
  index: "stub.pageIndex",
  create: "stub.pageCreate",
  edit: "stub.pageEdit",
});

/**
 * Checks again after each show event.
 *
 * @param {Unit[]} units that the app has
 * @param {(count: number) => void} onCount gets the number of missing buttons
 */
export function watchMissing(units, onCount) {
  const warn = console.warn;
  console.warn = (...words) => {
    if (String(words[0]).startsWith("Runbutton: ")) said.add(words[0]);
    warn(...words);
  };
  shows.after = (event, isHandled) => {
    const missing = units.filter(({ id }) => !document.querySelector(`[data-runbutton="${CSS.escape(id)}"]`));
    section.hidden = missing.length === 0;
    section.replaceChildren(
      element("h2", {}, say("stub.missing")),
      element("ul", {}, ...missing.map((unit) => item(unit, shownBy(event), isHandled))),
      ...[...said].map((words) => element("p", { class: "stub-note" }, say("stub.missingConsole", { line: words }))),
    );
    onCount(missing.length);
  };
}

/**
 * @param {import("./events.js").KintoneEvent} event
 * @returns {Shown} the page as the runtime sees it
 */
function shownBy({ type, appId, recordId = null, record = {} }) {
  const page = /** @type {Shown["page"]} */ (type.split(".").at(-2));
  return { device: data.mobile ? "mobile" : "desktop", page, appId, recordId, record };
}

/**
 * @param {Unit} unit
 * @param {Shown} shown
 * @param {boolean} isHandled whether a script has a handler for this page
 */
function item(unit, shown, isHandled) {
  return element("li", {}, element("strong", {}, say(unit.label)), ` (${unit.id})`, ...reasons(unit, shown, isHandled));
}

/**
 * @param {Unit} unit
 * @param {Shown} shown
 * @param {boolean} isHandled
 */
function reasons(unit, shown, isHandled) {
  const { device, page, record } = shown;
  if (problems.shown) return [line(say("stub.missingProblems"))];
  const lines = [];
  if (!unit.devices.includes(device)) {
    lines.push(line(say(device === "mobile" ? "stub.missingOnMobile" : "stub.missingOnDesktop")));
  }
  if (!unit.pages.includes(page)) lines.push(line(say("stub.missingOnPage"), ...links(unit)));
  else {
    const unmet = (unit.showIf ?? []).filter((condition) => !holds([condition], record, quietly));
    lines.push(...unmet.map((condition) => line(conditionWords(condition, record))));
    if (unit.showTo && !isTheirs(unit.showTo)) lines.push(line(say("stub.missingAudience", { user: data.user.code })));
  }
  if (lines.length === 0) lines.push(line(say(isHandled ? "stub.missingUnknown" : "stub.missingScript")));
  return lines;
}

/** @param {NonNullable<Unit["showTo"]>} showTo */
function isTheirs({ users = [], groups = [], organizations = [] }) {
  return (
    users.includes(data.user.code) ||
    data.memberships.groups.some(({ code }) => groups.includes(code)) ||
    data.memberships.organizations.some(({ organization }) => organizations.includes(organization.code))
  );
}

/** @param {...(Node | string)} words */
function line(...words) {
  return element("p", {}, ...words);
}

/** @param {Unit} unit */
function links({ pages, devices }) {
  const mobile = devices.includes(data.mobile ? "mobile" : "desktop") ? data.mobile : !data.mobile;
  return pages.flatMap((page) => [" ", element("a", { href: pageUrl(page, 1, mobile) }, say(PAGES[page]))]);
}

/**
 * @param {Condition} condition
 * @param {Shown["record"]} record
 */
function conditionWords({ field, in: wanted, notIn: unwanted, filled }, record) {
  if (!Object.hasOwn(record, field)) return say("stub.missingField", { field });
  const value = valuesOf(record[field]).join(", ") || say("stub.emptyValue");
  if (wanted) return say("stub.missingIn", { field, values: listed(wanted), value });
  if (unwanted) return say("stub.missingNotIn", { field, values: listed(unwanted), value });
  return say(filled ? "stub.missingFilled" : "stub.missingEmpty", { field, value });
}

/** @param {string[]} values */
function listed(values) {
  return values.map((value) => (value ? say("stub.quoted", { value }) : say("stub.emptyValue"))).join(say("stub.or"));
}
