/**
 * The preview's side panel: the user's language, the device, how long runs take, how they end, and what fails.
 *
 * @typedef {{seconds: number, krewdata: string, trocco: string, call: string, how: string, always: boolean}} Choices
 * @typedef {{
 *   chosen: Choices, seconds: number[], krewdata: string[], trocco: string[], languages: string[],
 *   ways: Record<string, {name: string, label: string}[]>,
 *   settings?: {name: string, href: string}[], secrets?: Record<string, string>,
 * }} Offered
 */

import { button, element } from "./dom.js";
import { addressed, data, pageUrl } from "./page.js";

const TEXTS = {
  accepted: { ja: "ここで使える値", en: "Values that work here" },
  api_key: { ja: "TROCCOのAPIキー", en: "TROCCO API key" },
  always: { ja: "毎回", en: "Every time" },
  call: { ja: "失敗させる呼び出し", en: "Call that fails" },
  chosen: { ja: "適用しました", en: "Applied" },
  copied: { ja: "コピーしました", en: "Copied" },
  copy: { ja: "コピー", en: "Copy" },
  desktop: { ja: "パソコン版を開く", en: "Open the desktop page" },
  how: { ja: "失敗のしかた", en: "How it fails" },
  krewdata: { ja: "krewData の結果", en: "krewData ends with" },
  language: { ja: "ユーザーの言語", en: "User's language" },
  mobile: { ja: "モバイル版を開く", en: "Open the mobile page" },
  none: { ja: "なし", en: "none" },
  panel: { ja: "プレビューの操作", en: "Preview controls" },
  reset: { ja: "はじめの状態に戻す", en: "Reset" },
  record: { ja: "レコードを開く", en: "Open a record" },
  seconds: { ja: "実行時間（秒）", en: "A run takes (seconds)" },
  serial_number: { ja: "krewDataのシリアル番号", en: "krewData serial number" },
  settings: { ja: "設定: {0}", en: "Settings: {0}" },
  trocco: { ja: "TROCCO の結果", en: "TROCCO ends with" },
};

const OPEN_KEY = "stub-panel-closed";

/** @type {Offered} */
const offered = JSON.parse(document.getElementById("stub-controls")?.textContent ?? "");
let chosen = offered.chosen;

const said = element("p", { role: "status", class: "stub-note" });
const panel = element("details", { class: "stub-panel" });
document.getElementById("stub-panel")?.append(panel);
panel.open = sessionStorage.getItem(OPEN_KEY) === null && matchMedia("(min-width: 900px)").matches;
panel.addEventListener("toggle", () => {
  if (panel.open) sessionStorage.removeItem(OPEN_KEY);
  else sessionStorage.setItem(OPEN_KEY, "yes");
});
draw();

function draw() {
  const calls = ["", ...Object.keys(offered.ways)];
  const ways = offered.ways[chosen.call] ?? [];
  const always = element("input", { type: "checkbox" });
  always.checked = chosen.always;
  always.addEventListener("change", () => choose({ always: always.checked }));
  panel.replaceChildren(
    element("summary", {}, text("panel")),
    picker("language", offered.languages, data.user.language, speak),
    ...(data.kind === "settings"
      ? acceptedSecrets()
      : [button("stub-button", text(data.mobile ? "desktop" : "mobile"), switchDevice)]),
    ...(offered.settings ?? []).map(({ name, href }) =>
      button(
        "stub-button",
        text("settings").replace("{0}", () => name),
        () => location.assign(href),
      ),
    ),
    picker("seconds", offered.seconds.map(String), String(chosen.seconds), (it) => choose({ seconds: Number(it) })),
    picker("krewdata", offered.krewdata, chosen.krewdata, (krewdata) => choose({ krewdata })),
    picker("trocco", offered.trocco, chosen.trocco, (trocco) => choose({ trocco })),
    picker("call", calls, chosen.call, (call) => choose({ call, how: offered.ways[call]?.[0].name ?? "" })),
    ...(chosen.call
      ? [
          picker(
            "how",
            ways.map((way) => way.name),
            chosen.how,
            (how) => choose({ how }),
            ways.map((way) => way.label),
          ),
          element("label", { class: "stub-choice" }, always, text("always")),
        ]
      : []),
    button("stub-button", text("reset"), () => send("DELETE")),
    said,
  );
}

/** @param {Partial<Choices>} changes */
function choose(changes) {
  return send("PUT", { ...chosen, ...changes });
}

/**
 * @param {string} method
 * @param {Choices} [choices]
 */
async function send(method, choices) {
  const body = choices && JSON.stringify(choices);
  const response = await fetch("/k/stub/controls", { method, headers: { "Content-Type": "application/json" }, body });
  const answer = await response.json();
  if (response.ok) chosen = answer.chosen;
  draw();
  said.textContent = response.ok ? text("chosen") : answer.message;
}

/** @param {string} language */
function speak(language) {
  document.cookie = `stub-language=${language}; path=/; SameSite=Lax`;
  // A language in the address would win over the cookie.
  const url = new URL(location.href);
  url.searchParams.delete("lang");
  if (url.href === location.href) location.reload();
  else location.assign(url);
}

/** What a person can type into the settings page: the emulated services know no real secrets. */
function acceptedSecrets() {
  const values = Object.entries(offered.secrets ?? {}).map(([key, value]) => {
    const input = element("input", { class: "stub-input", readonly: "", value });
    const copy = button("stub-button", text("copy"), async () => {
      await navigator.clipboard.writeText(value);
      said.textContent = text("copied");
    });
    return element("div", {}, element("label", { class: "stub-pick" }, text(/** @type {any} */ (key)), input), copy);
  });
  const record = button("stub-button", text("record"), () => location.assign(pageUrl("detail", 1, false)));
  return values.length > 0 ? [element("h2", {}, text("accepted")), ...values, record] : [record];
}

function switchDevice() {
  // From the address, since the record itself may still be on its way.
  const { recordId, edit } = addressed();
  if (recordId !== null) location.assign(pageUrl(edit ? "edit" : "detail", recordId, !data.mobile));
  else location.assign(pageUrl(data.kind, null, !data.mobile));
}

/**
 * @param {keyof typeof TEXTS} name
 * @param {string[]} values
 * @param {string} value
 * @param {(value: string) => void} onChange
 * @param {string[]} [labels]
 */
function picker(name, values, value, onChange, labels = values) {
  const options = values.map((it, index) => element("option", { value: it }, labels[index] || text("none")));
  const select = element("select", { class: "stub-input" }, ...options);
  select.value = value;
  select.addEventListener("change", () => onChange(select.value));
  return element("label", { class: "stub-pick" }, text(name), select);
}

/** @param {keyof typeof TEXTS} key */
function text(key) {
  return TEXTS[key][data.user.language === "ja" ? "ja" : "en"];
}
