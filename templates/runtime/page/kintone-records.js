// kintone's REST API for records, with the rights of the signed-in user; linked only if an app needs records.
/** @import { CallRecords } from "../log/rows.js" */
/** @import { Clock } from "./clock.js" */

/**
 * Sends a request to kintone's REST API, in the page's guest space if it has one (cybozu.dev, "kintone REST API
 * Request"). Rejects with kintone's error object; if it answered with something else, `message` is that text.
 *
 * @type {CallRecords}
 */
export function callRecords(method, path, body) {
  const answer = /** @type {Promise<any>} */ (kintone.api(kintone.api.url(`/k/v1/${path}`, true), method, body));
  return answer.catch((error) => Promise.reject(typeof error === "string" ? { message: error } : error));
}

/** How long a click waits for an answer, in milliseconds. kintone's own limit is not documented. */
const PATIENCE = 10 * 1000;

/**
 * Counts an answer that does not come in time as lost.
 *
 * @param {CallRecords} call
 * @param {Pick<Clock, "sleep">} clock
 * @returns {CallRecords}
 */
export function inTime(call, clock) {
  return (...request) => {
    const late = clock
      .sleep(PATIENCE)
      .then(() => Promise.reject({ message: `No answer within ${PATIENCE / 1000} s.` }));
    return Promise.race([call(...request), late]);
  };
}
