// kintone's dialog with a body of one's own, which only apps with `ask` use.
/** @import { Device } from "./kintone.js" */

/**
 * Creates kintone's own dialog; on mobile its bottom sheet. Source: cybozu.dev, "Create Dialog", "Create Bottom Sheet".
 *
 * @param {Device} device
 * @param {DialogConfig} config
 * @returns {Promise<KintoneDialog>}
 */
export function createDialog(device, config) {
  return device === "mobile" ? kintone.mobile.createBottomSheet(config) : kintone.createDialog(config);
}
