// What of kintone only plug-ins use.

/**
 * The id of the plug-in whose script is being loaded; kintone changes it for each.
 *
 * @returns {string}
 */
export function pluginId() {
  return kintone.$PLUGIN_ID;
}

/**
 * What the plug-in's settings page has saved with setConfig in this app; readable for every user.
 *
 * @param {string} id
 * @returns {Record<string, string>}
 */
export function pluginConfig(id) {
  return kintone.plugin.app.getConfig(id) ?? {};
}

/**
 * As callProxy, with what the plug-in's settings hold for this address added by kintone's server.
 *
 * @param {string} id
 * @param {string} url
 * @param {string} method
 * @param {Record<string, string>} headers
 * @param {unknown} data an object where stored data is to be merged: merging into text is not documented
 * @returns {Promise<[string, number, Record<string, string>]>}
 */
export function pluginProxy(id, url, method, headers, data) {
  return /** @type {Promise<any>} */ (kintone.plugin.app.proxy(id, url, method, headers, data));
}
