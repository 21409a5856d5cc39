/**
 * kintone.proxy: "Send External API Request" (cybozu.dev). The stub's server checks methods, headers and hosts.
 *
 * @typedef {[body: string, status: number, headers: Record<string, string>]} ProxyResult
 * @typedef {(body: string, status: number, headers: Record<string, string>) => void} Success
 * @typedef {(text: string) => void} Failure
 */

import { data } from "./page.js";

/** Proxy calls in progress, for tests that wait for a page to be idle. */
export const calls = { pending: 0 };

/**
 * @param {string} url
 * @param {string} method
 * @param {Record<string, unknown>} headers
 * @param {Record<string, unknown> | string} body
 * @param {Success} [success]
 * @param {Failure} [failure]
 * @returns {Promise<ProxyResult> | undefined} nothing where a success callback is given
 */
export function proxy(url, method, headers, body, success, failure) {
  check("kintone.proxy", url, method, headers, body);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return answered(send("/k/api/proxy/call.json", { url, method, headers, body: text }), success, failure);
}

/**
 * kintone.plugin.app.proxy: the server adds the plug-in's stored data to a body that is an object.
 *
 * @param {string} pluginId
 * @param {string} url
 * @param {string} method
 * @param {Record<string, unknown>} headers
 * @param {Record<string, unknown> | string} body
 * @param {Success} [success]
 * @param {Failure} [failure]
 * @returns {Promise<ProxyResult> | undefined} nothing where a success callback is given
 */
export function pluginProxy(pluginId, url, method, headers, body, success, failure) {
  if (typeof pluginId !== "string") throw new TypeError("kintone.plugin.app.proxy: pluginId: text");
  check("kintone.plugin.app.proxy", url, method, headers, body);
  const call = { appId: data.app.id, pluginId, url, method, headers, body };
  return answered(send("/k/api/app/plugin/proxy/call.json", call), success, failure);
}

/**
 * @param {string} name
 * @param {unknown} url
 * @param {unknown} method
 * @param {unknown} headers
 * @param {unknown} body
 */
function check(name, url, method, headers, body) {
  if (typeof url !== "string" || typeof method !== "string") throw new TypeError(`${name}: url, method: text`);
  if (!isPlainObject(headers)) throw new TypeError(`${name}: headers must be an object, {} when none`);
  if (typeof body !== "string" && !isPlainObject(body)) {
    throw new TypeError(`${name}: data must be an object or text, {} when none`);
  }
}

/**
 * @param {Promise<ProxyResult>} answer
 * @param {Success} [success]
 * @param {Failure} [failure]
 */
function answered(answer, success, failure) {
  if (!success) return answer;
  answer.then((result) => success(...result), failure ?? (() => {}));
  return undefined;
}

/**
 * @param {string} endpoint
 * @param {{headers: Record<string, unknown>} & Record<string, unknown>} call
 * @returns {Promise<ProxyResult>} rejected with text
 */
async function send(endpoint, call) {
  const headers = Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, String(value)]));
  calls.pending += 1;
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...call, headers, __REQUEST_TOKEN__: data.requestToken }),
    }).catch(() => null);
    const answer = response ? await response.text().catch(() => "") : "";
    // kintone rejects with the text itself, not with an Error.
    if (!response?.ok) return Promise.reject(answer);
    const { result } = JSON.parse(answer);
    return [result.body, result.status, result.headers];
  } finally {
    calls.pending -= 1;
  }
}

/** @param {unknown} value */
function isPlainObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
