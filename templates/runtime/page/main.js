import { openApp } from "./app.js";
import { onCreated, onShow } from "./kintone.js";
/** @import { HostPlugin } from "./plugin.js" */

/**
 * Puts an app's buttons on its pages, and takes part in the app's runs that are under way, wherever they were started.
 *
 * @param {Service[]} services those that the app's units need
 * @param {ScriptConfig} config
 * @param {HostPlugin} [plugin] the plug-in that this script is a part of
 */
export function main(services, config, plugin) {
  const source = plugin?.id ?? config.source ?? "";
  /** @type {ReturnType<typeof openApp> | null} what this document needs: it shows one app */
  let app = null;
  /** @type {Set<string>} what the console was told of */
  const told = new Set();

  /** @param {string} words */
  function warn(words) {
    if (!told.has(words)) {
      told.add(words);
      console.warn(`Runbutton: ${words}.`);
    }
  }

  onShow((shown) => {
    // mutant wrong-app: const units = config.units ?? config.apps?.[shown.appId] ?? [];
    const units = (config.app === shown.appId ? config.units : config.apps?.[shown.appId]) ?? [];
    if (!units.length) {
      warn(`${source} was not built for app ${shown.appId}, and shows nothing here`);
    } else {
      app ??= openApp(services, config, plugin, source, units, shown, warn);
      app.show(shown);
    }
  });
  onCreated((recordId) => app?.created(recordId));
}
