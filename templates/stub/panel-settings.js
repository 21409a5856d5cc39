/**
 * The part of the side panel about the app's plug-in: its settings page, the saved settings, and the available ones.
 *
 * @typedef {import("./panel.js").Offered} Offered
 */

import { button, element, picker } from "./dom.js";
import { data, json, pageUrl, request, say } from "./page.js";

/**
 * @param {Offered} offered
 * @param {HTMLElement} note for the result
 */
export function pluginSettings(offered, note) {
  const links = (offered.settings ?? []).map(({ name, href }) =>
    button("stub-button", say("stub.settings", { name }), () => location.assign(href)),
  );
  const parts = [
    ...savedPicker(offered),
    ...links,
    ...(data.kind === "settings" ? acceptedSecrets(offered, note) : []),
  ];
  return parts.length > 0 ? [element("h2", {}, say("stub.pluginSettings")), ...parts] : [];
}

/**
 * The settings of the app's plug-in: the preview's own secrets, nothing, or the user's values.
 *
 * @param {Offered} offered
 */
function savedPicker({ saved }) {
  if (!saved) return [];
  const offer = [
    { name: "stand-ins", label: say("stub.savedStandIns") },
    { name: "unsaved", label: say("stub.unsaved") },
    ...(saved === "own" ? [{ name: "own", label: say("stub.savedOwn") }] : []),
  ];
  return [
    picker(say("stub.saved"), offer, saved, async (choice) => {
      await request(`/k/stub/apps/${data.app.id}/saved`, json("PUT", { saved: choice }));
      location.reload();
    }),
  ];
}

/**
 * The secrets that the emulated services accept, for the settings page: real ones are not accepted.
 *
 * @param {Offered} offered
 * @param {HTMLElement} note
 */
function acceptedSecrets(offered, note) {
  const values = (offered.secrets ?? []).map(({ words, value }) => {
    const input = element("input", { class: "stub-input", readonly: "", value });
    const copy = button("stub-button", say("stub.copy"), async () => {
      await navigator.clipboard.writeText(value);
      note.textContent = say("stub.copied");
    });
    return element("div", {}, element("label", { class: "stub-pick" }, say(words), input), copy);
  });
  const record = button("stub-button", say("stub.openRecord"), () => location.assign(pageUrl("detail", 1, false)));
  return values.length > 0 ? [element("h3", {}, say("stub.accepted")), ...values, record] : [record];
}
