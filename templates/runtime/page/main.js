import { openApp } from "./app.js";
import { onShow } from "./kintone.js";

/**
 * Optional parts, linked only if an app uses them: a plug-in with the secrets, buttons on forms, conditions for
 * buttons, the reload after a success, the log of runs, runs that exclude each other, buttons for some users, and reasons
 * why a button cannot be used, what a run gets besides its record, and the form for that.
 *
 * @typedef {object} Features
 * @property {typeof import("./plugin.js").openPlugin} [openPlugin]
 * @property {typeof import("./forms.js").createForms} [createForms]
 * @property {typeof import("./conditions.js").holds} [holds]
 * @property {typeof import("./reload.js").createReload} [createReload]
 * @property {typeof import("./audience.js").createAudience} [createAudience]
 * @property {typeof import("../view/reason.jsx").createReason} [createReason]
 * @property {typeof import("../ask/input.js").createInput} [createInput]
 * @property {typeof import("../ask/ask.js").askFor} [askFor]
 * @property {typeof import("../ask/list.js").readList} [readList]
 * @property {typeof import("../log/page-log.js").openPageLog} [openPageLog]
 * @property {typeof import("../log/exclusive.js").createExclusive} [createExclusive]
 * @property {typeof import("../log/asked.js").askedLines} [askedLines]
 */

/**
 * Puts an app's buttons on its pages, and joins the app's runs in progress, started on any page.
 *
 * @param {Service[]} services those that the app's units need
 * @param {Features} features
 * @param {ScriptConfig} config
 */
export function main(services, features, config) {
  const plugin = features.openPlugin?.();
  const source = plugin?.id ?? config.source ?? "";
  /** @type {ReturnType<typeof openApp> | null} for the first app of this document that has units */
  let show = null;
  /** @type {Set<string>} messages already written to the console */
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
    } else {
      warn(`${source} was not built for app ${shown.appId}, and shows nothing here`);
    }
    show?.(shown);
  });
}
