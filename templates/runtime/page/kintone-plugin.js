// kintone's functions that only plug-ins use.

/**
 * The id of the plug-in whose script is being loaded; kintone changes it for each.
 *
 * @returns {string}
 */
export function pluginId() {
  return kintone.$PLUGIN_ID;
}

/**
 * The config that the plug-in's settings page saved with setConfig in this app; every user can read it.
 *
 * @param {string} id
 * @returns {Record<string, string>}
 */
export function pluginConfig(id) {
  return kintone.plugin.app.getConfig(id) ?? {};
}

/**
 * As callProxy; kintone's server adds the plug-in's stored headers and data for this address.
 *
 * @param {string} id
 * @param {string} url
 * @param {string} method
 * @param {Record<string, string>} headers
 * @param {unknown} data an object if stored data is to be merged: merging into text is not documented
 * @returns {Promise<[string, number, Record<string, string>]>}
 */
export function pluginProxy(id, url, method, headers, data) {
  return /** @type {Promise<any>} */ (kintone.plugin.app.proxy(id, url, method, headers, data));
}
