/**
 * kintone.api: "kintone REST API Request" (cybozu.dev), only what settings pages need: GET, with a promise. The page's
 * session is the administrator's; users' pages have none here, so their requests fail.
 */

import { data } from "./page.js";

/**
 * @param {string} address
 * @param {string} method
 * @param {Record<string, unknown>} params
 * @returns {Promise<any>} rejects with kintone's error object
 */
export async function api(address, method, params) {
  if (method !== "GET") throw new TypeError("kintone.api of the stub: GET");
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  const response = await fetch(`${address}?${query}`, { headers: { "X-Stub-Settings": data.settings?.token ?? "" } });
  const body = await response.json();
  if (!response.ok) throw body;
  return body;
}

/** @param {string} path */
api.url = (path) => new URL(path, location.href).href;
