// Observations P1 to P7: what the plug-in proxy adds to a call, seen in the answers of kintone's own API.

import { found, shape } from "./calls.js";
import { addresses, READING } from "./entries.js";
import { load } from "./state.js";
import { ask, config, home, recordId } from "./tenant.js";

const NO_TOKEN = "runbutton-probe-is-no-token";
const NOT_SIGNED_IN = "CB_AU01";
const NO_APP = 999_999_999;

/**
 * @param {string} pluginId
 * @returns {Promise<import('./calls.js').Found | null>} null if the token has no access to the records
 */
export async function pluginCalls(pluginId) {
  const { all, longer, one, untyped } = addresses(home());
  const id = recordId();
  /** @type {Record<string, any>} */
  const observations = {};

  /**
   * Whether a call gets the records; null if the answer does not show it.
   *
   * @param {string} name
   * @param {import('./tenant.js').Call} call
   * @param {string} [refusal] the only code that counts as a refusal
   */
  const works = async (name, call, refusal) => {
    const answer = await ask({ method: "POST", ...call }, pluginId);
    observations[name] = shape(answer);
    if (!("status" in answer)) return null;
    if (answer.status !== 200 && refusal && answer.code !== refusal) return null;
    return answer.status === 200;
  };

  /** @type {Record<string, string>} */
  const facts = {};
  /**
   * @param {string} fact
   * @param {boolean | null} answered
   * @param {[string, string]} alternatives
   */
  const settle = (fact, answered, [yes, no]) => {
    if (answered !== null) facts[fact] = answered ? yes : no;
  };

  // The other calls show nothing unless this one works.
  if (!(await works("P1 object", { url: all, body: { query: "" } }))) return null;
  settle("merge_object", true, ["yes", "no"]);
  settle("merge_text", await works("P2 text", { url: all, body: JSON.stringify({ query: "" }) }), ["yes", "no"]);
  settle("saved_wins", await works("P3 both give app", { url: all, body: { app: NO_APP } }), ["yes", "no"]);
  settle("one_entry", await works("P6 longer without token", { url: longer, body: {} }, NOT_SIGNED_IN), ["no", "yes"]);

  const none = await ask(
    { url: `${home()}/k/v1/record.json?app=1&id=1`, headers: { "X-Cybozu-API-Token": NO_TOKEN } },
    pluginId,
  );
  observations["P5 header of the call, nothing stored"] = shape(none);
  const alone = "status" in none ? none.code !== NOT_SIGNED_IN : null;
  const typed = await works("P5 type of the call", {
    url: untyped,
    headers: { "Content-Type": "application/json" },
    body: {},
  });
  const plain = await works("P5 no type", { url: untyped, body: {} });
  settle("default_content_type", plain, ["json", "none"]);
  // If every body gets a type, a call with one shows nothing about headers.
  if (alone !== null) settle("call_headers", alone && (plain || typed), ["sent", "dropped"]);
  if (alone && typed) {
    const clash = await works("P4 token in another case", {
      url: all,
      headers: { "x-cybozu-api-token": NO_TOKEN },
      body: {},
    });
    settle("header_clash", clash, ["any case", "same case"]);
  }

  if (await works("P7 the very address", { url: one, body: { id } })) {
    settle(
      "prefix_match",
      await works("P7 goes on in the middle", { url: `${one}2`, headers: READING, body: { id } }, NOT_SIGNED_IN),
      ["text", "part"],
    );
  }
  // It has its own headers, so that only the token depends on the matching entry.
  const led = await ask({ url: `${all}/../record.json`, method: "POST", headers: READING, body: { id } }, pluginId);
  observations["P7 leads elsewhere by .."] = shape(led);
  if ("status" in led && led.status === 200) facts.resolves_dots = "no";
  else if ("status" in led && led.code === NOT_SIGNED_IN) facts.resolves_dots = "yes";
  return found(facts, observations);
}

/**
 * P8: before the app is updated.
 *
 * @param {string} pluginId
 * @returns {import('./calls.js').Found}
 */
export function beforeUpdate(pluginId) {
  return found({ settings_need_update: config(pluginId).saved === load().saved ? "no" : "yes" }, {});
}
