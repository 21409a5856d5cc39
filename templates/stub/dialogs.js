/**
 * kintone's own dialogs, notification and loading overlay, on desktop and (as bottom sheets) on mobile:
 * "showConfirmDialog", "createDialog", "showConfirmBottomSheet", "createBottomSheet", "showNotification", "showLoading"
 * (cybozu.dev, kintone JavaScript API).
 *
 * @typedef {'OK' | 'CANCEL' | 'CLOSE' | 'FUNCTION'} Outcome
 * @typedef {{
 *   title?: string, showOkButton?: boolean, okButtonText?: string, showCancelButton?: boolean, cancelButtonText?: string,
 *   showCloseButton?: boolean,
 * }} Buttons
 * @typedef {Buttons & {body?: string}} ConfirmConfig
 * @typedef {Buttons & {body?: Element, beforeClose?: (action: Outcome) => unknown}} DialogConfig
 */

import { button, element, iconButton } from "./dom.js";
import { say } from "./page.js";

const OPTIONS = [
  "title",
  "body",
  "showOkButton",
  "okButtonText",
  "showCancelButton",
  "cancelButtonText",
  "showCloseButton",
];

/**
 * @param {ConfirmConfig} config
 * @param {string} shape class of the dialog
 * @returns {Promise<Outcome>}
 */
async function confirmIn(config, shape) {
  known(config, OPTIONS);
  const { body = "" } = config;
  if (typeof body !== "string") throw new TypeError("body must be text");
  const message = element("p", { class: "stub-dialog-text" }, body);
  return makeDialog(config, message, () => true, shape).show();
}

/**
 * @param {DialogConfig} config
 * @param {string} shape class of the dialog
 */
async function createIn(config, shape) {
  known(config, [...OPTIONS, "beforeClose"]);
  const { body, beforeClose = () => true } = config;
  if (!(body instanceof Element)) throw new TypeError("body must be an Element");
  return makeDialog(config, body, beforeClose, shape);
}

/**
 * @param {Buttons} config
 * @param {Element} body
 * @param {(action: Outcome) => unknown} beforeClose
 * @param {string} shape
 */
function makeDialog(config, body, beforeClose, shape) {
  const { title = "", showOkButton = true, showCancelButton = false, showCloseButton = false } = config;
  const { okButtonText = say("stub.ok"), cancelButtonText = say("stub.cancel") } = config;
  const dialog = element("dialog", { class: `stub-dialog ${shape}`, closedby: "none" });
  /** @type {(outcome: Outcome) => void} */
  let settle = () => {};

  /** @param {Outcome} outcome */
  const close = async (outcome) => {
    if ((await beforeClose(outcome)) === false) return;
    dialog.close();
    dialog.remove();
    settle(outcome);
  };
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (showCloseButton) close("CLOSE");
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());

  const head = element("div", { class: "stub-dialog-head" }, element("h2", {}, title));
  if (showCloseButton) head.append(iconButton("close", say("stub.close"), () => close("CLOSE")));
  const foot = element("div", { class: "stub-dialog-foot" });
  if (showCancelButton) foot.append(button("stub-button", cancelButtonText, () => close("CANCEL")));
  if (showOkButton) foot.append(button("stub-button stub-button-main", okButtonText, () => close("OK")));
  if (title) dialog.setAttribute("aria-label", title);
  dialog.append(head, element("div", { class: "stub-dialog-body" }, body), foot);

  return {
    /** @returns {Promise<Outcome>} */
    async show() {
      document.body.append(dialog);
      dialog.showModal();
      return new Promise((resolve) => {
        settle = resolve;
      });
    },
    async close() {
      await close("FUNCTION");
    },
  };
}

const NOTIFICATIONS = { ERROR: "alert", SUCCESS: "status", INFO: "status" };

/**
 * The page shows one notification at a time, including kintone's own: the last one stays until it is closed.
 *
 * @param {keyof typeof NOTIFICATIONS} type
 * @param {string} message
 */
export async function showNotification(type, message) {
  if (!Object.hasOwn(NOTIFICATIONS, type)) throw new TypeError("type must be 'ERROR', 'SUCCESS' or 'INFO'");
  if (typeof message !== "string") throw new TypeError("message must be text");
  hideNotification();
  const banner = element(
    "div",
    { class: `stub-notification stub-notification-${type.toLowerCase()}`, role: NOTIFICATIONS[type] },
    element("p", {}, message),
    iconButton("close", say("stub.close"), hideNotification),
  );
  document.body.append(banner);
}

export function hideNotification() {
  document.querySelector(".stub-notification")?.remove();
}

/** @param {'VISIBLE' | 'HIDDEN'} state */
async function showLoading(state) {
  if (state !== "VISIBLE" && state !== "HIDDEN") throw new TypeError("state must be 'VISIBLE' or 'HIDDEN'");
  document.querySelector(".stub-loading")?.remove();
  if (state === "VISIBLE")
    document.body.append(element("div", { class: "stub-loading", role: "status" }, say("stub.loading")));
}

export const desktopDialogs = {
  showConfirmDialog: (/** @type {ConfirmConfig} */ config) => confirmIn(config, "stub-dialog-box"),
  createDialog: (/** @type {DialogConfig} */ config) => createIn(config, "stub-dialog-box"),
  showNotification,
  showLoading,
};

export const mobileDialogs = {
  showConfirmBottomSheet: (/** @type {ConfirmConfig} */ config) => confirmIn(config, "stub-dialog-sheet"),
  createBottomSheet: (/** @type {DialogConfig} */ config) => createIn(config, "stub-dialog-sheet"),
  showNotification,
  showLoading,
};

/**
 * Refuses a misspelt option, which kintone would ignore.
 *
 * @param {object} config
 * @param {string[]} names
 */
function known(config, names) {
  const strange = Object.keys(config).filter((name) => !names.includes(name));
  if (strange.length > 0) throw new TypeError(`unknown option ${strange.join(", ")}; there are ${names.join(", ")}`);
}
