// kintone's REST API for records, with the rights of the signed-in user; linked only if an app has a log of runs.
/** @import { CallRecords } from "../log/rows.js" */

/**
 * Sends a request to kintone's REST API, in the page's guest space if it has one (cybozu.dev, "kintone REST API
 * Request"). Rejects with kintone's error object, or with anything else if there is no answer.
 *
 * @type {CallRecords}
 */
export function callRecords(method, path, body) {
  return /** @type {Promise<any>} */ (kintone.api(kintone.api.url(`/k/v1/${path}`, true), method, body));
}
