/**
 * The part of the side panel about the app's plug-in: its settings page, what is saved there, and what can be.
 *
 * @typedef {import("./panel.js").Offered} Offered
 */

import { button, element, picker } from "./dom.js";
import { data, pageUrl, request, say } from "./page.js";

/**
 * @param {Offered} offered
 * @param {HTMLElement} note for what was done
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
 * What the settings of the app's plug-in hold: the preview's own secrets, nothing, or what a person saved.
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
      const body = JSON.stringify({ saved: choice });
      const headers = { "Content-Type": "application/json" };
      await request(`/k/stub/apps/${data.app.id}/saved`, { method: "PUT", headers, body });
      location.reload();
    }),
  ];
}

/**
 * The secrets that the emulated services accept on the settings page: they know no real ones.
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
