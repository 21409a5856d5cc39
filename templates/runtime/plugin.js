import { pluginConfig, pluginId, pluginProxy } from "./kintone.js";

/**
 * The plug-in whose settings hold the units' secrets. To be called while the script is loaded: afterwards kintone gives
 * the id of the next plug-in.
 *
 * @returns {HostPlugin}
 */
export function openPlugin() {
  const id = pluginId();
  return {
    id,
    callProxy: (url, method, headers, data) => pluginProxy(id, url, method, headers, data),
    hasSecret: (unit) => JSON.parse(pluginConfig(id).saved ?? "[]").includes(unit.id),
  };
}
