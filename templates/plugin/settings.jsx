/** @jsx h */
import { createClock } from "../runtime/page/clock.js";
import { h } from "../runtime/view/element.js";
import { createSay } from "../runtime/view/say.js";
import { addressList, createField } from "./field.jsx";
import { groupUnits } from "./groups.js";
import { createHoldings } from "./holdings.js";
import { readConfig, readStored, saveConfig, settingsPage, store } from "./kintone.js";
import { saveAll } from "./save.js";

/**
 * Shows the settings of the app's units: each secret once, saved where only kintone's server uses it.
 *
 * @param {SettingsConfig} config
 */
export function showSettings({ apps, services, words }) {
  const { pluginId, appId, language } = settingsPage();
  const say = createSay(language, words);
  const clock = createClock();
  const units = apps[String(appId)] ?? [];
  const groups = groupUnits(units);
  const open = units.filter(({ requests }) => !requests.length);
  const host = { readEntry: readStored, readConfig: () => readConfig(pluginId) };
  const holdings = createHoldings(groups, host);
  const fields = groups.map((group) => createField(group, services, say));
  const left = <section class="rb-left"></section>;
  const result = <div role="status" class="rb-result"></div>;
  const saveButton = /** @type {HTMLButtonElement} */ (
    (
      <button type="submit" class="kintoneplugin-button-dialog-ok">
        {say("settings.save")}
      </button>
    )
  );

  const root = /** @type {HTMLElement} */ (document.getElementById("rb-settings"));
  const about = [
    groups.length > 0 && say("settings.intro"),
    units.length === 0 && say("settings.noUnits"),
    open.length > 0 && say("settings.noSecret", { names: namesOf(open) }),
  ];
  root.replaceChildren(
    <h1>{say("settings.title")}</h1>,
    ...about.filter((line) => line !== false).map((line) => <p>{line}</p>),
  );
  if (groups.length || holdings.leftovers().length) {
    root.append(
      <form onSubmit={submit} autocomplete="off">
        {fields.map(({ element }) => element)}
        {left}
        {result}
        <p class="rb-buttons">
          {/* By a relative address: in a guest space it has another beginning. */}
          <button type="button" class="kintoneplugin-button-dialog-cancel" onClick={() => location.assign("./")}>
            {say("settings.cancel")}
          </button>
          {saveButton}
        </p>
      </form>,
    );
    refresh();
    window.addEventListener("beforeunload", (event) => {
      if (fields.some(({ wish }) => wish() !== undefined)) {
        event.preventDefault();
      }
    });
  }

  /** Shows how everything stands now. */
  function refresh() {
    fields.forEach((field) => field.show(holdings.standing(field.group)));
    const leftovers = holdings.leftovers();
    left.replaceChildren(
      ...(leftovers.length
        ? [<h2>{say("settings.left")}</h2>, <p>{say("settings.leftAllows")}</p>, addressList(leftovers, say)]
        : []),
    );
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const wrong = fields.filter(({ check }) => !check());
    if (wrong.length) {
      wrong[0].focus();
      return;
    }
    lock(true);
    await save();
    lock(false);
    refresh();
    saveButton.focus();
  }

  /** @param {boolean} isLocked */
  function lock(isLocked) {
    saveButton.disabled = isLocked;
    fields.forEach((field) => field.lock(isLocked));
  }

  /** Saves what was changed, and says what came of it. */
  async function save() {
    const changed = fields.filter(({ wish }) => wish() !== undefined);
    const jobs = [
      ...changed.flatMap((field) =>
        holdings.entries(field.group, field.wish() ?? null).map((entry) => ({ field, entry })),
      ),
      ...holdings.removals().map((entry) => ({ field: null, entry })),
    ];
    if (!jobs.length && !holdings.config()) {
      fields.forEach((field) => field.clear());
      result.replaceChildren(say("settings.nothing"));
      return;
    }
    const total = jobs.length + 1;
    const went = await saveAll(
      jobs.map(
        ({ entry }) =>
          () =>
            store(entry).then(() => holdings.saved(entry)),
      ),
      clock,
      (done) => progress(done, total),
    );
    progress(jobs.length, total);
    const config = holdings.config();
    const [told] = config ? await saveAll([() => saveConfig(config)], clock, () => {}) : [true];
    const failed = new Set(jobs.filter((_, at) => !went[at]).map(({ field }) => field));
    const saved = changed.filter((field) => !failed.has(field));
    saved.forEach((field) => field.clear());
    report(saved, [...failed], told);
  }

  /**
   * @param {number} done
   * @param {number} total
   */
  function progress(done, total) {
    result.replaceChildren(say("settings.saving", { done, total }));
  }

  /**
   * @param {import("./field.jsx").SettingsField[]} saved
   * @param {(import("./field.jsx").SettingsField | null)[]} failed null stands for the leftovers
   * @param {boolean} told whether the config was saved
   */
  function report(saved, failed, told) {
    const unsaved = fields
      .filter(({ group }) => holdings.standing(group) !== "saved")
      .flatMap(({ group }) => group.units);
    const good = failed.length === 0 && told;
    const names = failed.map((field) => (field ? field.names : say("settings.left")));
    const lines = [
      good && say("settings.done"),
      !good && saved.length > 0 && say("settings.partly", { names: saved.map((field) => field.names).join(", ") }),
      failed.length > 0 && say("settings.failed", { names: names.join(", ") }),
      !told && say("settings.failedConfig"),
      good && unsaved.length > 0 && say("settings.unsaved", { n: unsaved.length }),
    ];
    result.replaceChildren(
      ...lines.filter((line) => line !== false).map((line) => <p>{line}</p>),
      <p>
        <a href={`../../flow?app=${appId}`}>{say("settings.appSettings")}</a>
      </p>,
    );
  }

  /** @param {SettingsUnit[]} some */
  function namesOf(some) {
    return some.map(({ label }) => say(label)).join(", ");
  }
}
