// kintone's functions that only the plug-in's settings page uses. Source: cybozu.dev, "Plug-in" of the JavaScript API.

/**
 * The data in kintone's plug-in settings for requests of one method whose address begins with `url`.
 *
 * @typedef {object} StoredEntry
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {Record<string, string>} data
 */

/**
 * The page's plug-in, app and user. Call it while the script is loaded.
 *
 * @returns {{pluginId: string, appId: number | null, language: string}}
 */
export function settingsPage() {
  return { pluginId: kintone.$PLUGIN_ID, appId: kintone.app.getId(), language: kintone.getLoginUser().language };
}

/**
 * The stored data for requests of this method and address; only this page can read it.
 *
 * @param {{method: string, url: string}} request
 * @returns {{headers: Record<string, string>, data: Record<string, string>} | null}
 */
export function readStored({ method, url }) {
  return kintone.plugin.app.getProxyConfig(url, method);
}

/**
 * Stores headers and data for requests of this method whose address begins with `url`; empty ones remove the entry.
 *
 * @param {StoredEntry} entry
 * @returns {Promise<void>}
 */
export function store({ method, url, headers, data }) {
  return answered((done) => kintone.plugin.app.setProxyConfig(url, method, headers, data, done));
}

/**
 * @param {string} id
 * @returns {Record<string, string>}
 */
export function readConfig(id) {
  return kintone.plugin.app.getConfig(id) ?? {};
}

/**
 * Replaces the config, the part of the settings that users' pages can read.
 *
 * @param {Record<string, string>} config
 * @returns {Promise<void>}
 */
export function saveConfig(config) {
  return answered((done) => kintone.plugin.app.setConfig(config, done));
}

/**
 * The revision of the app's settings before [Update app], which every save of them raises ("Get App Plug-ins", REST API).
 * Only an app administrator may read it. A failed request rejects.
 *
 * @param {number | null} appId
 * @returns {Promise<string>}
 */
export async function readRevision(appId) {
  // In a guest space the path begins differently.
  const address = kintone.api.url("/k/v1/preview/app/plugins.json", true);
  return String((await kintone.api(address, "GET", { app: appId })).revision);
}

/**
 * kintone calls back only after a successful save: it has no callback for failures.
 *
 * @param {(done: () => void) => void} call
 * @returns {Promise<void>}
 */
function answered(call) {
  return new Promise((resolve, reject) => {
    setTimeout(reject, 10_000, new Error("no answer"));
    call(resolve);
  });
}
