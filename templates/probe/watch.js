// Observations E1 to E5: kintone's events, header space and functions. Of the record, only its ID is read.

import { note } from "./state.js";
import { having, headerSpace, on, recordGet, uiVersion } from "./tenant.js";

const MARK = "runbutton-probe-mark";
const DIALOGS = ["showConfirmDialog", "showNotification", "createDialog", "mobile.showConfirmBottomSheet"];
const SHOWS = ["app.record.detail.show", "app.record.edit.show", "app.record.create.show"];

/** The show events since the page was loaded, oldest first, with the marks that were in the header space. */
const shown = /** @type {{type: string, marks: number}[]} */ ([]);
/** @type {() => void} */
let resolveFirst = () => {};
/** The page's first show: by then all scripts have been loaded. */
export const firstShow = /** @type {Promise<void>} */ (
  new Promise((resolve) => {
    resolveFirst = resolve;
  })
);
/** Callbacks that wait for the next show. */
const waiting = /** @type {Set<(type: string) => void>} */ (new Set());

/** Registers the handlers; call it while the script is loaded. */
export function watchEvents() {
  // E2, the first of two: it returns nothing.
  on("app.record.detail.show", () => undefined);
  on("app.record.detail.show", (event) => {
    note({ undefined_return: event === undefined ? "undefined" : "previous" });
    return event;
  });
  for (const type of SHOWS) on(type, (event) => whileShown(type, event));
  for (const type of ["app.record.edit.submit.success", "app.record.detail.process.proceed"]) {
    on(type, (event) => {
      const kinds = Object.entries(event).map(([name, value]) => `${name}: ${typeof value}`);
      note({}, { [`E5 ${type}`]: kinds.sort() });
      return event;
    });
  }
  document.addEventListener("securitypolicyviolation", (event) => {
    note({}, { "E4 policy": event.effectiveDirective });
  });
}

/**
 * E1 and E3.
 *
 * @param {string} type
 * @param {unknown} event
 */
async function whileShown(type, event) {
  const inHandler = recordGet();
  const space = headerSpace();
  shown.push({ type, marks: space?.querySelectorAll(`.${MARK}`).length ?? 0 });
  if (space) {
    const mark = document.createElement("span");
    mark.className = MARK;
    space.append(mark);
  }
  // As a click would call it while a handler's promise is pending.
  const pending = await new Promise((resolve) => setTimeout(() => resolve(recordGet()), 50));
  note({ record_get_in_handler: inHandler }, { "E1 while a promise is pending": pending });
  resolveFirst();
  for (const go of waiting) go(type);
  return event;
}

/**
 * The next show after now of a record in this mode.
 *
 * @param {"detail" | "edit"} mode
 * @returns {Promise<void>}
 */
export function nextShow(mode) {
  return new Promise((resolve) => {
    /** @param {string} type */
    const go = (type) => {
      if (type !== `app.record.${mode}.show`) return;
      waiting.delete(go);
      resolve();
    };
    waiting.add(go);
  });
}

/**
 * E3: whether the previous show's mark still exists; unknown after a reload.
 *
 * @param {string} what was done
 * @returns {import('./calls.js').Found}
 */
export function headerSpaceAfter(what) {
  const last = shown[shown.length - 1];
  if (shown.length < 2) return { facts: {}, observations: { [`E3 ${what}`]: "the page was loaded anew" } };
  const space = last.marks > 0 ? "reused" : "rebuilt";
  return { facts: what === "next record" ? { header_space: space } : {}, observations: { [`E3 ${what}`]: space } };
}

/** E4: the functions of this kintone. @returns {Promise<import('./calls.js').Found>} */
export async function functions() {
  const had = having([...DIALOGS, "app.getFormFields", "user.getGroups", "isMobilePage", "getPageType"]);
  const policy = await contentSecurityPolicy();
  return {
    facts: {},
    observations: { "E4 functions": had, "E4 uiVersion": uiVersion(), "E4 policy directives": policy },
  };
}

/** The names of the page's directives, without their addresses. */
async function contentSecurityPolicy() {
  const response = await fetch(location.pathname).catch(() => null);
  const header = response?.headers.get("Content-Security-Policy") ?? "";
  return header
    .split(";")
    .map((directive) => directive.trim().split(" ")[0])
    .filter((name) => /^[a-z-]+$/.test(name));
}
