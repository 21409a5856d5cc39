/**
 * kintone.proxy: "Send External API Request" (cybozu.dev). The server side of it is the stub's, which knows methods,
 * headers and hosts.
 *
 * @typedef {[body: string, status: number, headers: Record<string, string>]} ProxyResult
 */

import { data } from "./page.js";

/** Proxy calls under way, for tests that wait for a page to settle. */
export const calls = { pending: 0 };

/**
 * @param {string} url
 * @param {string} method
 * @param {Record<string, unknown>} headers
 * @param {Record<string, unknown> | string} body
 * @param {(body: string, status: number, headers: Record<string, string>) => void} [success]
 * @param {(text: string) => void} [failure]
 * @returns {Promise<ProxyResult> | undefined} nothing where a success callback is given
 */
export function proxy(url, method, headers, body, success, failure) {
  if (typeof url !== "string" || typeof method !== "string") throw new TypeError("kintone.proxy: url, method: text");
  if (!isPlainObject(headers)) throw new TypeError("kintone.proxy: headers must be an object, {} when none");
  if (typeof body !== "string" && !isPlainObject(body)) {
    throw new TypeError("kintone.proxy: data must be an object or text, {} when none");
  }
  const answer = send(url, method, headers, typeof body === "string" ? body : JSON.stringify(body));
  if (!success) return answer;
  answer.then((result) => success(...result), failure ?? (() => {}));
  return undefined;
}

/**
 * @param {string} url
 * @param {string} method
 * @param {Record<string, unknown>} headers
 * @param {string} body
 * @returns {Promise<ProxyResult>} rejected with text
 */
async function send(url, method, headers, body) {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  calls.pending += 1;
  try {
    const response = await fetch("/k/api/proxy/call.json", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ url, method, headers: texts, body, __REQUEST_TOKEN__: data.requestToken }),
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
