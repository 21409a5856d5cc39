import { openApp } from "./app.js";
import { onShow } from "./kintone.js";

/**
 * What only some apps use, each linked where one does: a plug-in that holds the secrets, buttons on forms, conditions for a
 * button to be there, and the reload after a success.
 *
 * @typedef {object} Features
 * @property {typeof import("./plugin.js").openPlugin} [openPlugin]
 * @property {typeof import("./forms.js").createForms} [createForms]
 * @property {typeof import("./conditions.js").holds} [holds]
 * @property {typeof import("./reload.js").createReload} [createReload]
 */

/**
 * Puts an app's buttons on its pages, and takes part in the app's runs that are under way, wherever they were started.
 *
 * @param {Service[]} services those that the app's units need
 * @param {Features} features
 * @param {ScriptConfig} config
 */
export function main(services, features, config) {
  const plugin = features.openPlugin?.();
  const source = plugin?.id ?? config.source ?? "";
  /** @type {ReturnType<typeof openApp> | null} what this document needs: it shows one app */
  let show = null;
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
    if (units.length) {
      show ??= openApp(services, config, { ...features, plugin }, source, units, shown, warn);
      show(shown);
    } else {
      warn(`${source} was not built for app ${shown.appId}, and shows nothing here`);
    }
  });
}
