// kintone's functions for the plug-in's settings page alone. Source: cybozu.dev, "Plug-in" of the JavaScript API.

/**
 * What kintone's plug-in settings hold for the requests of one method whose address begins so.
 *
 * @typedef {object} StoredEntry
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} headers
 * @property {Record<string, string>} data
 */

/**
 * The page's plug-in, app and user. To be called while the script is loaded.
 *
 * @returns {{pluginId: string, appId: number | null, language: string}}
 */
export function settingsPage() {
  return { pluginId: kintone.$PLUGIN_ID, appId: kintone.app.getId(), language: kintone.getLoginUser().language };
}

/**
 * What is stored for requests of this method and address; only this page can read it.
 *
 * @param {{method: string, url: string}} request
 * @returns {{headers: Record<string, string>, data: Record<string, string>} | null}
 */
export function readStored({ method, url }) {
  return kintone.plugin.app.getProxyConfig(url, method);
}

/**
 * Stores headers and data for requests of this method whose address begins with `url`; empty ones take the entry away.
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
 * Replaces all that users' pages can read of the settings.
 *
 * @param {Record<string, string>} config
 * @returns {Promise<void>}
 */
export function saveConfig(config) {
  return answered((done) => kintone.plugin.app.setConfig(config, done));
}

/**
 * The revision of the app's settings before [Update app], which every save of them raises ("Get App Plug-ins", REST API).
 * Only an app administrator may ask. A failed request rejects.
 *
 * @param {number | null} appId
 * @returns {Promise<string>}
 */
export async function readRevision(appId) {
  // In a guest space the address has another beginning.
  const address = kintone.api.url("/k/v1/preview/app/plugins.json", true);
  return String((await kintone.api(address, "GET", { app: appId })).revision);
}

/**
 * kintone calls back when it has saved, and not at all when it could not: there is no callback for failures.
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
