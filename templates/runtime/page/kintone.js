// The runtime's only use of the kintone global, apart from the modules kintone-*.js, which only some apps need. An older
// kintone lacks some of these functions, so every getter checks and returns null. Source: cybozu.dev, kintone JavaScript API.

/** @typedef {"desktop" | "mobile"} Device */

/** @typedef {"detail" | "edit" | "create" | "index"} PageKind */

/**
 * @typedef {object} Field
 * @property {string} type
 * @property {unknown} value
 */

/** @typedef {Record<string, Field>} KintoneRecord */

/**
 * A record page, from kintone's show event.
 *
 * @typedef {object} Shown
 * @property {Device} device
 * @property {PageKind} page
 * @property {number} appId
 * @property {number | null} recordId
 * @property {KintoneRecord} record
 */

/**
 * @typedef {object} LoginUser
 * @property {string} code
 * @property {string} name
 * @property {string} language
 * @property {string} timezone an IANA name, such as Asia/Tokyo
 */

/**
 * @typedef {( url: string, method: string, headers: Record<string, string>, data: unknown, ) => Promise<[string, number, Record<string, string>]>} CallProxy
 */

/** @type {Device[]} */
const DEVICES = ["desktop", "mobile"];
/** @type {PageKind[]} */
const PAGES = ["detail", "edit", "create", "index"];

/**
 * Calls `handle` for each of these events. Each handler of an event gets what the one before returned, and runs only if
 * that one did not fail: so the event is always returned.
 *
 * @param {string[]} types
 * @param {(event: any) => void} handle
 */
export function onEvents(types, handle) {
  kintone.events.on(types, (event) => {
    try {
      handle(event ?? {});
    } catch (error) {
      console.error("Runbutton:", error);
    }
    // mutant event-not-returned: return undefined;
    return event;
  });
}

/**
 * Calls `handle` each time a record page is shown: on paging, after saving and after a status change too, without a
 * reload of the document. Printing pages have another event and get no buttons.
 *
 * @param {(shown: Shown) => void} handle
 */
export function onShow(handle) {
  for (const device of DEVICES) {
    for (const page of PAGES) {
      onEvents(
        [`${device === "mobile" ? "mobile." : ""}app.record.${page}.show`],
        ({ appId, recordId = null, record = {} }) => {
          if (appId) {
            handle({ device, page, appId, recordId, record });
          }
        },
      );
    }
  }
}

/**
 * kintone's place for buttons, or null if the page has none.
 *
 * @param {Device} device
 * @param {PageKind} page
 * @returns {HTMLElement | null}
 */
export function headerElement(device, page) {
  const { app, mobile } = kintone;
  return device === "mobile"
    ? mobile.app.getHeaderSpaceElement()
    : (page === "index" ? app : app.record).getHeaderMenuSpaceElement();
}

/**
 * @param {Device} device
 * @param {string} id the element ID of a Space field
 * @returns {HTMLElement | null}
 */
export function spaceElement(device, id) {
  return (device === "mobile" ? kintone.mobile.app : kintone.app).record.getSpaceElement(id);
}

/**
 * The names of the app's fields by their codes; empty if this kintone cannot return them (before 2025-07).
 *
 * @returns {Promise<Record<string, string>>}
 */
export async function fieldNames() {
  try {
    const fields = /** @type {Record<string, {label: string}>} */ (await kintone.app.getFormFields?.()) ?? {};
    return Object.fromEntries(Object.entries(fields).map(([code, { label }]) => [code, label]));
  } catch {
    return {};
  }
}

/** @returns {LoginUser} whose time zone the browser may not know */
export function loginUser() {
  return kintone.getLoginUser();
}

/**
 * Sends a request through kintone's proxy; resolves with body, status and headers, rejects with a string.
 *
 * @param {string} url
 * @param {string} method
 * @param {Record<string, string>} headers
 * @param {unknown} data
 * @returns {Promise<[string, number, Record<string, string>]>}
 */
export function callProxy(url, method, headers, data) {
  return /** @type {Promise<any>} */ (kintone.proxy(url, method, headers, data));
}

/**
 * Asks with kintone's own dialog, available since 2025-09, and since 2026-03 on mobile.
 *
 * @param {Device} device
 * @param {ConfirmConfig} config
 * @returns {Promise<ConfirmResult>}
 */
export function confirmDialog(device, config) {
  return device === "mobile" ? kintone.mobile.showConfirmBottomSheet(config) : kintone.showConfirmDialog(config);
}

/**
 * Shows kintone's own notification.
 *
 * @param {Device} device
 * @param {NotificationType} type
 * @param {string} message
 */
export function notify(device, type, message) {
  (device === "mobile" ? kintone.mobile : kintone).showNotification(type, message);
}
