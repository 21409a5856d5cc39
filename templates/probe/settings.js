// The settings page of the probe's plug-in: stores a token for reading calls, observes how saving behaves, removes it.

/** @import { Sections, WordKey } from "../runtime/view/say.js" */

/**
 * @typedef {{patience: number, pause: number}} Waits ms: after which a save counts as failed; between two saves
 * @typedef {Waits & {words: Partial<Record<string, Sections>>}} SettingsConfig
 */

import { h } from "../runtime/view/element.js";
import { createSay } from "../runtime/view/say.js";
import { addresses, entries } from "./entries.js";
import { load, note, save } from "./state.js";
import { appId, home, isStored, language, ownPluginId, proxyHere, saveConfig, saveEntry } from "./tenant.js";

const ATTEMPTS = 3;
// The observation to make after the reload.
const AFTERWARDS = "runbutton-probe-afterwards";

/** @param {SettingsConfig} config */
export function showSettings(config) {
  const pluginId = ownPluginId();
  const place = document.getElementById("runbutton-probe");
  if (!place) return;
  const say = createSay(language(), config.words);
  const field = /** @type {HTMLInputElement} */ (h("input", { type: "password", autocomplete: "off" }));
  const status = h("p", { role: "status" });

  /**
   * @param {WordKey} key
   * @param {() => Promise<boolean>} act
   * @param {string} afterwards
   */
  const button = (key, act, afterwards) => {
    const onClick = async () => {
      status.textContent = say("probe.working");
      if (await act()) {
        sessionStorage.setItem(AFTERWARDS, afterwards);
        location.reload();
      } else {
        status.textContent = say("probe.notSaved");
      }
    };
    return h("button", { type: "button", onClick }, say(key));
  };
  const app = Number(appId());
  const store = button(
    "probe.storeToken",
    async () => {
      const token = field.value.trim();
      field.value = "";
      if (!token) return false;
      note({ settings_proxy: await proxyHere(pluginId, `${home()}/k/v1/app.json?id=1`) });
      const saved = String(Date.now());
      save({ ...load(), saved });
      return (await saveAll(entries(home(), app, token), config)) && saveConfig({ saved }, config.patience);
    },
    "stored",
  );
  const remove = button(
    "probe.takeAway",
    async () => (await saveCarefully(entries(home(), app, ""), config)) && saveConfig({}, config.patience),
    "removed",
  );
  place.className = "rbp-settings";
  place.replaceChildren(
    h("p", {}, say("probe.settingsIntro")),
    h("label", {}, say("probe.token"), " ", field),
    store,
    remove,
    status,
  );

  const afterwards = sessionStorage.getItem(AFTERWARDS);
  sessionStorage.removeItem(AFTERWARDS);
  const { all } = addresses(home());
  if (afterwards === "stored") {
    note({ get_proxy_config: isStored(`${all}/longer`) ? "longest" : "same" });
    status.textContent = say("probe.stored");
  } else if (afterwards === "removed") {
    note({ empty_removes: isStored(all) ? "no" : "yes" });
    status.textContent = say("probe.removed");
  }
}

/**
 * P8 and P9: one entry after the other, each in the previous one's callback; after a failure, with pauses.
 *
 * @param {import('./entries.js').Entry[]} list
 * @param {Waits} config
 * @returns {Promise<boolean>} whether all are saved
 */
async function saveAll(list, config) {
  const { all } = addresses(home());
  const before = isStored(all);
  let missed = 0;
  let saved = 0;
  for (const entry of list) {
    if (await saveEntry(entry, config.patience)) saved += 1;
    else missed += 1;
    // An entry from an earlier try would be read in any case.
    if (entry.url === all && !before && saved === 1) note({ reads_saved: isStored(all) ? "at once" : "on reload" });
    if (missed > 0) break;
  }
  if (!("saves_need_pause" in load().facts)) {
    note({ saves_need_pause: missed > 0 ? "yes" : "no" }, { "P9 saved before the first failure": saved });
  }
  return missed === 0 ? pause(config) : saveCarefully(list.slice(saved), config);
}

/**
 * Saves with pauses and repetitions.
 *
 * @param {import('./entries.js').Entry[]} list
 * @param {Waits} config
 */
async function saveCarefully(list, config) {
  for (const entry of list) {
    let done = false;
    for (let attempt = 0; attempt < ATTEMPTS && !done; attempt += 1) {
      await pause(config);
      done = await saveEntry(entry, config.patience);
    }
    if (!done) return false;
  }
  return pause(config);
}

/**
 * @param {Waits} config
 * @returns {Promise<true>}
 */
function pause(config) {
  return new Promise((resolve) => setTimeout(resolve, config.pause, true));
}
