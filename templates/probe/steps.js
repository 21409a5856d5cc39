/**
 * The steps in their order: what each does, and whom it needs.
 *
 * @typedef {import('./messages.js').Text} Text
 * @typedef {import('./calls.js').Found} Found
 * @typedef {{
 *   id: Text & string, skips?: string, doubts?: string, refusal?: Text, by: 'itself' | 'click' | 'person', link?: string,
 *   do: () => Promise<Found | null>,
 * }} Step
 *   `by` 'itself': done as soon as it is reached; 'click': after a click; 'person': when the page sees that the person has
 *   done it. `link`: where the person does it; the page is loaded again before `do`, which gives null if it was not done.
 *   `refusal`: what is said then. `skips`: the step that follows a skip; `doubts`: the fact that a skip leaves open.
 */

import { largeAnswer, noAnswer, ownApi, refusedCalls, severalAtOnce, unknownHost } from "./calls.js";
import { beforeUpdate, pluginCalls } from "./plugin-calls.js";
import { load } from "./state.js";
import { appId, config } from "./tenant.js";
import { functions, headerSpaceAfter, nextShow } from "./watch.js";

/** @typedef {{pluginId: string, version: string, patience: number, cap: number, style?: string}} Config times in ms */

const NOTHING = { facts: {}, observations: {} };

/**
 * @param {Config} config
 * @returns {Step[]}
 */
export function steps({ pluginId, cap }) {
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
    { id: "ownApi", by: "itself", do: ownApi },
    { id: "unknownHost", by: "itself", do: unknownHost },
    { id: "refusedCalls", by: "itself", do: refusedCalls },
    { id: "severalAtOnce", by: "itself", do: severalAtOnce },
    { id: "functions", by: "itself", do: functions },
    { id: "noAnswer", by: "click", do: () => noAnswer(cap) },
    { id: "largeAnswer", by: "click", do: largeAnswer },
    { id: "nextRecord", by: "person", do: shownAgain("next record", "detail") },
    { id: "edit", by: "person", do: shownAgain("edit", "edit") },
    { id: "cancel", by: "person", do: shownAgain("cancel", "detail") },
    { id: "save", by: "person", do: shownAgain("save", "detail") },
    {
      id: "addPlugin",
      by: "click",
      skips: "end",
      link: `${app}/plugin/`,
      do: async () => unsetPlugin(pluginId),
    },
    {
      id: "store",
      by: "click",
      skips: "end",
      doubts: "unset_plugin",
      link: settings,
      do: async () => (isKnown("get_proxy_config") ? beforeUpdate(pluginId) : null),
    },
    { id: "updateApp", by: "click", link: update, do: async () => NOTHING },
    { id: "pluginCalls", by: "click", refusal: "tokenRefused", do: () => pluginCalls(pluginId) },
    { id: "remove", by: "click", link: settings, do: async () => (isKnown("empty_removes") ? NOTHING : null) },
    { id: "end", by: "person", do: () => new Promise(() => {}) },
  ];
}

/** Whether the settings page has found this out: the person was there. @param {string} fact */
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
