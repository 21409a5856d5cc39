import { pluginConfig, pluginId, pluginProxy } from "./kintone.js";
import { unseal } from "./sealed.js";

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
    async units(sealed) {
      const { key } = pluginConfig(id);
      // Before the app's settings were saved for the first time there is no key, and no button.
      if (!sealed || !key) {
        return [];
      }
      return unseal(sealed, key).catch(() => {
        console.warn("Runbutton: an app administrator has to save this plug-in's settings again.");
        return [];
      });
    },
    hasSecret(unit) {
      const stored = JSON.parse(pluginConfig(id).stored ?? "{}");
      return Object.entries(unit.stored ?? {}).every(([address, mark]) => stored[address] === mark);
    },
  };
}
