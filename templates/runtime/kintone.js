// The only module that names the kintone global. Older kintones lack some of what is asked for here, so that every
// getter is careful and says null where there is nothing. Source: cybozu.dev, kintone JavaScript API.

/** @type {Record<string, PageKind>} */
const SHOW_EVENTS = {
  "app.record.detail.show": "detail",
  "mobile.app.record.detail.show": "detail",
};

/**
 * Calls `handle` each time a record page is shown: on paging, after saving and after a status change too, without a
 * reload of the document.
 *
 * @param {(shown: Shown) => void} handle
 */
export function onShow(handle) {
  kintone.events.on(Object.keys(SHOW_EVENTS), (event) => {
    // What an earlier handler returned is what we get, and what we return is what the next one gets.
    if (event && event.record) {
      handle({
        device: event.type.startsWith("mobile.") ? "mobile" : "desktop",
        page: SHOW_EVENTS[event.type],
        appId: event.appId,
        recordId: event.recordId ?? null,
        record: event.record,
      });
    }
    return event;
  });
}

/**
 * The place that kintone keeps for such buttons, or null where it has none.
 *
 * @param {Device} device
 * @returns {HTMLElement | null}
 */
export function headerElement(device) {
  return device === "mobile"
    ? kintone.mobile.app.getHeaderSpaceElement()
    : kintone.app.record.getHeaderMenuSpaceElement();
}

/** @returns {LoginUser} */
export function loginUser() {
  const { code, language } = kintone.getLoginUser();
  return { code, language };
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
 * Asks with kintone's own dialog.
 *
 * @param {Device} device
 * @param {ConfirmConfig} config
 * @returns {Promise<ConfirmResult> | null} null where this kintone has no such dialog (PC before 2025-09, mobile before 2026-03)
 */
export function confirmDialog(device, config) {
  const show = device === "mobile" ? kintone.mobile.showConfirmBottomSheet : kintone.showConfirmDialog;
  return show ? show(config) : null;
}
