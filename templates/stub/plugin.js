/**
 * kintone.plugin.app: "Plug-in" of the JavaScript API (cybozu.dev). Users' pages read the config and call the proxy;
 * only the settings page writes, and reads the proxy's stored data. On other pages these functions do nothing.
 *
 * @typedef {() => void} Saved
 * @typedef {{
 *   config?: Record<string, string>, url?: string, method?: string, headers?: Record<string, unknown>, data?: Record<string, unknown>,
 * }} Change the arguments of setConfig or setProxyConfig
 */

import { showNotification } from "./dialogs.js";
import { data, request, say } from "./page.js";
import { calls, pluginProxy } from "./proxy.js";

/** The saved settings as this page sees them; null on users' pages. */
const known = { settings: data.settings };
let saves = 0;
const last = { saved: -Infinity };

export const pluginApi = {
  /**
   * @param {string} pluginId
   * @returns {Record<string, string> | null}
   */
  getConfig(pluginId) {
    const { settings } = known;
    const config = settings?.pluginId === pluginId ? settings.config : data.plugins[pluginId];
    return structuredClone(config ?? null);
  },

  /**
   * @param {Record<string, string>} config
   * @param {Saved | null} [callback]
   */
  setConfig(config, callback) {
    save({ config }, callback);
  },

  /**
   * @param {string} url
   * @param {string} method
   * @returns {{headers: Record<string, string>, data: Record<string, any>} | null}
   */
  getProxyConfig(url, method) {
    const ofMethod = (known.settings?.additions ?? []).filter((addition) => addition.method === method);
    const [found] =
      data.switches.getProxyConfig === "same"
        ? ofMethod.filter((addition) => addition.url === url)
        : ofMethod.filter((addition) => url.startsWith(addition.url)).sort((a, b) => b.url.length - a.url.length);
    return found ? structuredClone({ headers: found.headers, data: found.data }) : null;
  },

  /**
   * @param {string} url
   * @param {string} method
   * @param {Record<string, unknown>} headers
   * @param {Record<string, unknown>} body
   * @param {Saved | null} [callback]
   */
  setProxyConfig(url, method, headers, body, callback) {
    save({ url, method, headers, data: body }, callback);
  },

  /** @param {Parameters<typeof pluginProxy>} call */
  proxy: (...call) => (isOfNoUse() ? undefined : pluginProxy(...call)),
};

/** By the documents and a live project, the proxy does nothing on the settings page; another project calls it there. */
function isOfNoUse() {
  return data.kind === "settings" && data.switches.settingsProxy === "nothing";
}

/**
 * Changes by other pages are visible after a reload; this page's own changes then too, or immediately.
 *
 * @param {Change} change
 */
function learn(change) {
  last.saved = Date.now();
  if (!known.settings || data.switches.readsSaved === "on reload") return;
  const { config, url, method } = change;
  const others = known.settings.additions.filter((addition) => addition.url !== url || addition.method !== method);
  const isRemoved = Object.keys({ ...change.headers, ...change.data }).length === 0;
  const own = isRemoved || config ? [] : [/** @type {import('./page.js').Addition} */ (asSaved(change))];
  known.settings = { ...known.settings, ...(config && { config }), additions: [...others, ...own] };
}

/**
 * Header values are returned as text, converted by JavaScript.
 *
 * @param {Change} change
 */
function asSaved({ headers = {}, ...change }) {
  return {
    ...change,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
}

/**
 * Saves one change. There is no callback for a failure: kintone shows the user an error, and the script gets nothing.
 * Without a callback the page goes to the list of the app's plug-ins.
 *
 * @param {Change} change
 * @param {Saved | null} [callback]
 */
async function save(change, callback) {
  if (!known.settings) return;
  const { pluginId, token } = known.settings;
  const underWay = saves;
  // Measured by the page's clock, which tests can move.
  const sinceLast = Date.now() - last.saved;
  saves += 1;
  calls.pending += 1;
  try {
    const { isOk, answer } = await request(`/k/stub/apps/${data.app.id}/plugins/${pluginId}/settings`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Stub-Settings": token },
      // JSON omits an undefined value, but the server must refuse it.
      body: JSON.stringify({ ...change, underWay, sinceLast }, (_, value) => (value === undefined ? null : value)),
    });
    if (!isOk) {
      showNotification("ERROR", say("stub.saveFailed", { reason: answer?.message ?? "" }));
      return;
    }
    learn(change);
  } finally {
    saves -= 1;
    calls.pending -= 1;
  }
  if (callback) callback();
  else location.assign(`/k/admin/app/${data.app.id}/plugin/?saved=1`);
}
