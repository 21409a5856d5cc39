// kintone's functions about a list of records that only apps with `list` use.
/** @import { Device } from "./kintone.js" */

/**
 * The filter of the list on the page, without its order; "" without a filter, null on other pages. Source: cybozu.dev, "Get
 * Record List Query".
 *
 * @param {Device} device
 * @returns {string | null}
 */
export function listFilter(device) {
  return (device === "mobile" ? kintone.mobile.app : kintone.app).getQueryCondition();
}
