/** @jsx h */
import { createClock } from "../runtime/page/clock.js";
import { h } from "../runtime/view/element.js";
import { createSay } from "../runtime/view/say.js";
import { createAccount } from "./account.jsx";
import { addressList } from "./card.jsx";
import { byAccount, groupUnits } from "./groups.js";
import { createHoldings } from "./holdings.js";
import { readConfig, readRevision, readStored, saveConfig, settingsPage, store } from "./kintone.js";
import { createResult } from "./result.jsx";
import { createRevision } from "./revision.js";
import { saveEntries } from "./save.js";

/**
 * Shows the settings of the app's units: each secret once, stored so that only kintone's server uses it.
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
  const host = { readEntry: readStored, config: readConfig(pluginId) };
  const holdings = createHoldings(
    groups.flatMap(({ requests }) => requests),
    host,
  );
  const accounts = byAccount(groups).map((some) => {
    const isOne = holdings.isOneSecret(some.flatMap(({ requests }) => requests));
    return createAccount(some, isOne, services, say, refresh);
  });
  const left = <section class="rb-card rb-left"></section>;
  const result = createResult(say, appId);
  const revision = createRevision(() => readRevision(appId), clock);
  let isSaving = false;
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
  if (!holdings.isReadable) {
    root.append(<p class="rb-card rb-left">{say("settings.unreadable")}</p>);
  }
  if (groups.length || holdings.leftovers().length) {
    root.append(
      <form onSubmit={submit} autocomplete="off">
        {accounts.map(({ element }) => element)}
        {left}
        <div class="rb-savebar">
          {result.element}
          {/* By a relative address: in a guest space it has another beginning. */}
          <button type="button" class="kintoneplugin-button-dialog-cancel" onClick={() => location.assign("./")}>
            {say("settings.cancel")}
          </button>
          {saveButton}
        </div>
      </form>,
    );
    refresh();
    window.addEventListener("beforeunload", (event) => {
      if (isSaving || cards().some(({ wish }) => wish() !== undefined)) {
        event.preventDefault();
      }
    });
  }

  function cards() {
    return accounts.flatMap((account) => account.cards());
  }

  /** Shows the state of each card, and unused credentials. */
  function refresh() {
    cards().forEach((card) => card.show(holdings.stateOfAll(card.group.requests)));
    const leftovers = holdings.leftovers();
    left.hidden = leftovers.length === 0;
    left.replaceChildren(
      <h2>{say("settings.left")}</h2>,
      <p class="rb-note">{say("settings.leftAllows")}</p>,
      addressList(leftovers, say),
    );
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const wrong = cards().filter(({ check }) => !check());
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
    isSaving = isLocked;
    saveButton.disabled = isLocked;
    accounts.forEach((account) => account.lock(isLocked));
  }

  /** Saves what was changed, and shows the result. */
  async function save() {
    const changed = cards().filter(({ wish }) => wish() !== undefined);
    const jobs = [
      ...changed.flatMap((card) =>
        holdings.entries(card.group.requests, card.wish() ?? null).map((entry) => ({ card, entry })),
      ),
      ...holdings.removals().map((entry) => ({ card: null, entry })),
    ];
    if (!jobs.length) {
      cards().forEach((card) => card.clear());
      result.nothing(missing(), needy());
      return;
    }
    result.progress(0, jobs.length + 2);
    const objection = await revision.objection();
    if (objection) {
      result.stop(objection);
      return;
    }
    const entries = jobs.map(({ entry }) => entry);
    const went = await saveEntries(entries, holdings, { store, saveConfig }, clock, result.progress);
    revision.renew();
    const failed = new Set(jobs.filter((_, at) => !went[at]).map(({ card }) => card));
    changed.filter((card) => !failed.has(card)).forEach((card) => card.clear());
    if (failed.size) {
      result.failed([...failed].flatMap((card) => card?.names ?? say("settings.left")));
    } else {
      result.saved(missing(), needy());
    }
  }

  /** The names of the buttons that cannot be used yet. */
  function missing() {
    return groups
      .filter(({ requests }) => holdings.stateOfAll(requests) !== "stored")
      .flatMap((group) => group.units.map(({ label }) => say(label)));
  }

  /** How many buttons need credentials. */
  function needy() {
    return units.length - open.length;
  }

  /** @param {SettingsUnit[]} some */
  function namesOf(some) {
    return some.map(({ label }) => say(label)).join(say("settings.and"));
  }
}
