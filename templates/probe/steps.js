/**
 * The steps in their order: the action of each, and who does it.
 *
 * @typedef {import('./calls.js').Found} Found
 * @typedef {{ says: WordKey, skips?: WordKey, doubts?: string, refusal?: WordKey, by: 'itself' | 'click' | 'person',
 *   link?: string, do: () => Promise<Found | null>, }} Step `says` is the instruction, and the step's name. `by`
 *   'itself': runs when it is reached; 'click': after a click; 'person': when the page detects that the user has done
 *   it. `link`: the page where the user does it; this page is loaded again before `do`, which returns null if it was
 *   not done. `refusal`: the message for that. `skips`: the next step after a skip; `doubts`: the fact that a skip
 *   leaves open.
 */

import { largeAnswer, noAnswer, ownApi, refusedCalls, severalAtOnce, unknownHost } from "./calls.js";
import { beforeUpdate, pluginCalls } from "./plugin-calls.js";
import { load } from "./state.js";
import { appId, config } from "./tenant.js";
import { functions, headerSpaceAfter, nextShow } from "./watch.js";
/** @import { Sections, WordKey } from "../runtime/view/say.js" */

/** @typedef {{pluginId: string, version: string, patience: number, cap: number, style: string, words: Partial<Record<string, Sections>>}} Config times in ms */

const NOTHING = { facts: {}, observations: {} };

/**
 * @param {Config} given
 * @returns {Step[]} in their order; the last one is the end
 */
export function steps(given) {
  return [...automatic(given), ...withHelp(given), END];
}

/** @type {Step} */
const END = { says: "probe.end", by: "person", do: () => new Promise(() => {}) };

/**
 * The steps that need only a click in the panel.
 *
 * @param {Config} config
 * @returns {Step[]}
 */
export function automatic({ cap }) {
  return [
    { says: "probe.ownApi", by: "itself", do: ownApi },
    { says: "probe.unknownHost", by: "itself", do: unknownHost },
    { says: "probe.refusedCalls", by: "itself", do: refusedCalls },
    { says: "probe.severalAtOnce", by: "itself", do: severalAtOnce },
    { says: "probe.functions", by: "itself", do: functions },
    { says: "probe.noAnswer", by: "click", do: () => noAnswer(cap) },
    { says: "probe.largeAnswer", by: "click", do: largeAnswer },
  ];
}

/**
 * The steps that the user does in kintone's own pages.
 *
 * @param {Config} config
 * @returns {Step[]}
 */
export function withHelp({ pluginId }) {
  const app = `/k/admin/app/${appId()}`;
  const settings = `${app}/plugin/config?pluginId=${pluginId}`;
  const update = `/k/admin/app/flow?app=${appId()}`;

  /**
   * @param {string} what
   * @param {"detail" | "edit"} mode
   */
  const shownAgain = (what, mode) => async () => {
    await nextShow(mode);
    return headerSpaceAfter(what);
  };
  return [
    { says: "probe.nextRecord", by: "person", do: shownAgain("next record", "detail") },
    { says: "probe.edit", by: "person", do: shownAgain("edit", "edit") },
    { says: "probe.cancel", by: "person", do: shownAgain("cancel", "detail") },
    { says: "probe.save", by: "person", do: shownAgain("save", "detail") },
    {
      says: "probe.addPlugin",
      by: "click",
      skips: "probe.end",
      link: `${app}/plugin/`,
      do: async () => unsetPlugin(pluginId),
    },
    {
      says: "probe.store",
      by: "click",
      skips: "probe.end",
      doubts: "unset_plugin",
      link: settings,
      do: async () => (isKnown("get_proxy_config") ? beforeUpdate(pluginId) : null),
    },
    { says: "probe.updateApp", by: "click", link: update, do: async () => NOTHING },
    { says: "probe.pluginCalls", by: "click", refusal: "probe.tokenRefused", do: () => pluginCalls(pluginId) },
    { says: "probe.remove", by: "click", link: settings, do: async () => (isKnown("empty_removes") ? NOTHING : null) },
  ];
}

/** Whether the settings page has observed this fact. @param {string} fact */
function isKnown(fact) {
  return fact in load().facts;
}

/**
 * P10: whether the plug-in's script ran on this page while its settings were not saved.
 *
 * @param {string} pluginId
 * @returns {Found}
 */
function unsetPlugin(pluginId) {
  if ("saved" in config(pluginId)) return { facts: {}, observations: { P10: "the settings were saved before" } };
  return { facts: { unset_plugin: "pluginRan" in window ? "runs" : "off" }, observations: {} };
}

/** The name of a step in reports and in the page: the last part of its key. @param {Step} step */
export function nameOf({ says }) {
  return says.split(".")[1];
}
