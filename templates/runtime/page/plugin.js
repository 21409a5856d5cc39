import { pluginConfig, pluginId, pluginProxy } from "./kintone-plugin.js";
import { readMarks } from "./marks.js";
/** @import { CallProxy } from "./kintone.js" */
/** @import { Problem } from "../run/problems.js" */

/**
 * A plug-in whose settings contain the units' secrets.
 *
 * @typedef {object} HostPlugin
 * @property {string} id
 * @property {CallProxy} callProxy
 * @property {(unit: UnitConfig, tellMissing: (what: string) => void) => Problem | null} refuse a problem if the
 *   settings lack something that this unit's requests need now; `tellMissing` gets what is missing
 */

/**
 * The plug-in whose settings contain the units' secrets. Call it while the script is loaded, because afterwards kintone
 * returns the id of the next plug-in.
 *
 * @returns {HostPlugin}
 */
export function openPlugin() {
  const id = pluginId();
  return {
    id,
    callProxy: (url, method, headers, data) => pluginProxy(id, url, method, headers, data),
    refuse({ label, stored }, tellMissing) {
      const saved = readMarks(pluginConfig(id));
      const [missing] = Object.entries(stored ?? {}).filter(([address, mark]) => saved[address] !== mark);
      // mutant one-secret-enough: if (!missing || Object.keys(stored ?? {}).some((address) => address in saved)) {
      if (!missing) {
        return null;
      }
      const [address] = missing;
      const found = saved[address] ? "credentials of an older version of this unit" : "no credentials";
      tellMissing(`the plug-in settings have ${found} for ${address}`);
      return { happened: "run.notSetUp", ran: "ran.nothing", advice: "run.setUp", values: { label } };
    },
  };
}
