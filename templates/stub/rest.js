/**
 * kintone.api: "kintone REST API Request", "Get the URL", "Get the URL with Query" (cybozu.dev), on desktop and mobile
 * pages alike. On users' pages the session is the user's; on settings pages it is the administrator's, who may read.
 *
 * @typedef {(answer: any) => void} Callback
 */

import { data } from "./page.js";

const METHODS = ["GET", "POST", "PUT", "DELETE"];
// Longer addresses are sent as a POST that says it is a GET ("Common Specifications": 8 KB at most).
const LONGEST_ADDRESS = 4096;

/**
 * @param {string} pathOrUrl
 * @param {string} method
 * @param {Record<string, unknown>} params
 * @param {Callback} [success]
 * @param {Callback} [failure]
 * @returns {Promise<any> | undefined} rejected with kintone's error object, or with text that is no JSON; nothing where
 *   a success callback is given
 */
export function api(pathOrUrl, method, params, success, failure) {
  if (!METHODS.includes(method)) throw new TypeError(`kintone.api: method: one of ${METHODS.join(", ")}`);
  const answer = send(withJson(new URL(pathOrUrl, location.href)).href, method, params);
  if (!success) return answer;
  answer.then(success, failure ?? (() => {}));
  return undefined;
}

/**
 * @param {string} path
 * @param {boolean} [detectGuestSpace] whether to ask in the guest space of the page's app, if it is in one
 */
api.url = (path, detectGuestSpace = false) => {
  const space = detectGuestSpace ? data.app.guestSpace : null;
  return withJson(new URL(space === null ? path : path.replace(/^\/k\//, `/k/guest/${space}/`), location.href)).href;
};

/**
 * @param {string} path
 * @param {Record<string, unknown>} params
 * @param {boolean} [detectGuestSpace]
 */
api.urlForGet = (path, params, detectGuestSpace) => `${api.url(path, detectGuestSpace)}?${queryOf(params)}`;

/**
 * @param {string} url
 * @param {string} method
 * @param {Record<string, unknown>} params
 */
async function send(url, method, params) {
  /** @type {Record<string, string>} */
  const headers = { "X-Requested-With": "XMLHttpRequest" };
  if (data.settings) headers["X-Stub-Settings"] = data.settings.token;
  const address = `${url}?${queryOf(params)}`;
  const isShort = method === "GET" && address.length <= LONGEST_ADDRESS;
  if (!isShort) headers["Content-Type"] = "application/json";
  if (method === "GET" && !isShort) headers["X-HTTP-Method-Override"] = "GET";
  const response = await fetch(isShort ? address : url, {
    method: method === "GET" && !isShort ? "POST" : method,
    headers,
    body: isShort ? undefined : JSON.stringify({ ...params, __REQUEST_TOKEN__: data.requestToken }),
  }).catch(() => null);
  const text = response ? await response.text().catch(() => "") : "";
  const answer = parsed(text);
  // As with kintone, nothing else says what has failed.
  if (!response?.ok) return Promise.reject(answer);
  return answer;
}

/**
 * Parameters of an address: lists have an index each, as fields[0].
 *
 * @param {Record<string, unknown>} params
 */
function queryOf(params) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (Array.isArray(value)) value.forEach((each, index) => query.set(`${name}[${index}]`, String(each)));
    else if (value !== undefined) query.set(name, String(value));
  }
  return query;
}

/** @param {URL} url */
function withJson(url) {
  if (!url.pathname.endsWith(".json")) url.pathname += ".json";
  return url;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
