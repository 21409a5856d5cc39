/**
 * The preview's side panel: the user's language, the device, the duration and result of runs, faults, the clock, and
 * the log of calls.
 *
 * @typedef {{name: string, words: LocalText}} Option
 * @typedef {{seconds: number, speed: number, ends: Record<string, string>, call: string, how: string, always: boolean}} Choice
 * @typedef {{name: string, title: LocalText, ends: Option[], calls: (Option & {faults: Option[]})[]}} Service
 * @typedef {{
 *   chosen: Choice, now: number, seconds: number[], speeds: number[], services: Service[], languages: string[], people: Record<string, string>,
 *   settings?: {name: string, href: string}[], saved?: "stand-ins" | "unsaved" | "own" | null,
 *   units?: import("./missing.js").Unit[], others?: {href: string, name: string, labels: LocalText[]}[],
 *   secrets?: {words: LocalText, value: string}[],
 * }} Offered
 */

import { log, showCalls } from "./calls.js";
import { button, element, picker } from "./dom.js";
import { heard } from "./follow.js";
import { section as missing, watchMissing } from "./missing.js";
import { addressed, data, json, pageUrl, request, say, view } from "./page.js";
import { pluginSettings } from "./panel-settings.js";
import { setTime } from "./time.js";
/** @import { LocalText } from "../runtime/view/say.js" */

const OPEN_KEY = "stub-panel-closed";

/** @type {Offered} */
const offered = JSON.parse(document.getElementById("stub-choices")?.textContent ?? "");
let chosen = offered.chosen;
/** The choice that is being sent. The next one waits for its answer, because each is sent with everything chosen before. */
let sent = Promise.resolve();

const note = element("p", { role: "status", class: "stub-note" });
const panel = element("details", { class: "stub-panel" });
document.getElementById("stub-panel")?.append(panel);
panel.open = sessionStorage.getItem(OPEN_KEY) === null && matchMedia("(min-width: 900px)").matches;
panel.addEventListener("toggle", () => {
  if (panel.open) sessionStorage.removeItem(OPEN_KEY);
  else sessionStorage.setItem(OPEN_KEY, "yes");
});
// The open panel has the list itself.
const missingCount = element("span", { class: "stub-missing-count" });
const summary = element("summary", {}, say("stub.panel"), missingCount);
watchMissing(offered.units ?? [], (count) => {
  missingCount.textContent = count > 0 ? say("stub.missingCount", { count }) : "";
});
setTime(offered.now, chosen.speed);
heard.calls = showCalls;
heard.changed = () => {
  // A reload would lose the user's input.
  if (["edit", "create", "settings"].includes(view.kind)) tellOfChange();
  else location.reload();
};
draw();

function draw() {
  const calls = offered.services.flatMap((service) =>
    service.calls.map((call) => ({ ...call, label: `${say(service.title)}: ${say(call.words)}` })),
  );
  const faults = calls.find((call) => call.name === chosen.call)?.faults ?? [];
  const always = element("input", { type: "checkbox" });
  always.checked = chosen.always;
  always.addEventListener("change", () => choose({ always: always.checked }));
  panel.replaceChildren(
    summary,
    missing,
    picker(
      say("stub.language"),
      offered.languages.map((name) => ({ name, label: languageName(name) })),
      data.user.language,
      speak,
    ),
    ...(data.kind === "settings"
      ? []
      : [userPicker(), button("stub-button", say(data.mobile ? "stub.desktop" : "stub.mobile"), switchDevice)]),
    ...pluginSettings(offered, note),
    element("h2", {}, say("stub.services")),
    picker(
      say("stub.seconds"),
      offered.seconds.map((seconds) => ({ name: String(seconds), label: String(seconds) })),
      String(chosen.seconds),
      (seconds) => choose({ seconds: Number(seconds) }),
    ),
    ...offered.services.map(({ name, title, ends }) =>
      picker(say("stub.ends", { service: title }), labelled(ends), chosen.ends[name] ?? ends[0].name, (end) =>
        choose({ ends: { ...chosen.ends, [name]: end } }),
      ),
    ),
    picker(say("stub.call"), [{ name: "", label: say("stub.none") }, ...calls], chosen.call, (name) =>
      choose({ call: name, how: calls.find((call) => call.name === name)?.faults[0].name ?? "" }),
    ),
    ...(chosen.call
      ? [
          picker(say("stub.how"), labelled(faults), chosen.how, (how) => choose({ how })),
          element("label", { class: "stub-choice" }, always, say("stub.always")),
        ]
      : []),
    element("h2", {}, say("stub.time")),
    picker(
      say("stub.speed"),
      offered.speeds.map((speed) => ({
        name: String(speed),
        label: speed === 1 ? say("stub.slower") : say("stub.times", { n: speed }),
      })),
      String(chosen.speed),
      (speed) => choose({ speed: Number(speed) }),
    ),
    button("stub-button", say("stub.hour"), () => send("POST", { seconds: 3600 }, "clock")),
    button("stub-button", say("stub.reset"), reset),
    ...sceneLinks(),
    ...otherApps(),
    note,
    log,
  );
}

/** @param {Partial<Choice>} changes */
function choose(changes) {
  sent = sent.then(() => send("PUT", { ...chosen, ...changes }));
}

/**
 * @param {string} method
 * @param {unknown} [given]
 * @param {string} [place]
 */
async function send(method, given, place = "choices") {
  const { isOk, answer } = await request(`/k/stub/${place}`, json(method, given));
  if (!answer) {
    note.textContent = say("stub.unanswered");
    return;
  }
  if (isOk) {
    chosen = answer.chosen;
    setTime(answer.now, chosen.speed);
  }
  draw();
  note.textContent = isOk ? say("stub.chosen") : answer.message;
}

/** Links to the scene with this choice, and to the gallery. */
function sceneLinks() {
  const [unit] = offered.units ?? [];
  if (!unit || data.scene) return [];
  const { ends, always, ...plain } = chosen;
  const given = new URLSearchParams({
    act: "run",
    lang: data.user.language,
    device: data.mobile ? "mobile" : "desktop",
  });
  for (const [name, value] of Object.entries(plain)) if (value) given.set(name, String(value));
  for (const [name, end] of Object.entries(ends)) given.set(`end-${name}`, end);
  if (always) given.set("always", "1");
  const scene = `/scene/${data.app.id}/${unit.id}?${given}`;
  return [
    element(
      "p",
      { class: "stub-link" },
      element("a", { href: scene, target: "_blank" }, say("stub.scene", { label: unit.label })),
    ),
    element("p", { class: "stub-link" }, element("a", { href: `/scenes?app=${data.app.id}` }, say("stub.gallery"))),
  ];
}

/** The buttons of the config's other apps, and the pages that have them. */
function otherApps() {
  const others = offered.others ?? [];
  if (others.length === 0) return [];
  const items = others.map(({ href, name, labels }) =>
    element("li", {}, element("a", { href }, name), `: ${labels.map((label) => say(label)).join(say("stub.and"))}`),
  );
  return [element("h2", {}, say("stub.otherApps")), element("ul", { class: "stub-others" }, ...items)];
}

/** Resets the preview, and removes the page's stored data of earlier runs. */
async function reset() {
  for (const storage of [sessionStorage, localStorage]) {
    const kept = Object.keys(storage).filter((key) => key.startsWith("runbutton/"));
    for (const key of kept) storage.removeItem(key);
  }
  await send("DELETE");
  location.reload();
}

function tellOfChange() {
  note.replaceChildren(
    say("stub.changed"),
    button("stub-button", say("stub.reload"), () => location.reload()),
  );
}

/** @param {string} language */
function languageName(language) {
  return new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
}

/** Who is signed in in this browser; another browser may have another user. */
function userPicker() {
  const people = Object.entries(offered.people).map(([name, label]) => ({ name, label }));
  return picker(say("stub.user"), people, data.user.code, (code) => {
    document.cookie = `stub-user=${code}; path=/; SameSite=Lax`;
    location.reload();
  });
}

/** @param {string} language */
function speak(language) {
  document.cookie = `stub-language=${language}; path=/; SameSite=Lax`;
  // A language in the address would take precedence over the cookie.
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  if (url.href === location.href) location.reload();
  else location.assign(url);
}

function switchDevice() {
  // Read from the address, because the record may not be loaded yet.
  const { recordId, edit } = addressed();
  if (recordId !== null) location.assign(pageUrl(edit ? "edit" : "detail", recordId, !data.mobile));
  else location.assign(pageUrl(data.kind, null, !data.mobile));
}

/** @param {Option[]} options */
function labelled(options) {
  return options.map(({ name, words }) => ({ name, label: say(words) }));
}
