/** @jsx h */
import { h } from "../runtime/element.js";
import { createSay } from "../runtime/say.js";
import { readConfig, readStored, saveConfig, settingsPage, store } from "./kintone.js";
import { settingsTexts } from "./messages.js";
import { entriesFor, secretIn } from "./secrets.js";

/**
 * Shows the settings of the app's units: a secret for each, saved where only kintone's server uses it.
 *
 * @param {SettingsConfig} config
 */
export function showSettings({ apps }) {
  const { pluginId, appId, language } = settingsPage();
  const say = createSay(language);
  const units = apps[String(appId)] ?? [];
  const root = /** @type {HTMLElement} */ (document.getElementById("rb-settings"));
  root.replaceChildren(
    <h1>{say(settingsTexts.title)}</h1>,
    <p>{say(units.length ? settingsTexts.intro : settingsTexts.noUnits)}</p>,
  );
  if (!units.length) {
    return;
  }

  const fields = units.map((unit) => createField(unit, say));
  const result = <p role="status" class="rb-result"></p>;
  const saveButton = /** @type {HTMLButtonElement} */ (
    (
      <button type="submit" class="kintoneplugin-button-dialog-ok">
        {say(settingsTexts.save)}
      </button>
    )
  );
  const cancel = () => location.assign(`/k/admin/app/${appId}/plugin/`);
  root.append(
    <form onSubmit={submit} autocomplete="off">
      {fields.map(({ element }) => element)}
      {result}
      <p class="rb-buttons">
        <button type="button" class="kintoneplugin-button-dialog-cancel" onClick={cancel}>
          {say(settingsTexts.cancel)}
        </button>
        {saveButton}
      </p>
    </form>,
  );

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const wrong = fields.find(({ check }) => !check());
    if (wrong) {
      wrong.focus();
      return;
    }
    saveButton.disabled = true;
    result.textContent = say(settingsTexts.saving);
    result.textContent = await save();
    saveButton.disabled = false;
  }

  /** @returns {Promise<string>} what came of it, in words */
  async function save() {
    const wanted = new Map(
      fields.map(({ unit, isSaved, wantedSecret }) => [unit, { isSaved, secret: wantedSecret() }]),
    );
    /** @type {StoredRequest[]} */
    const failed = [];
    // One after the other: kintone fails where several are saved at the same time.
    for (const entry of entriesFor(wanted)) {
      try {
        await store(entry);
      } catch {
        failed.push(entry);
      }
    }
    const problems = [];
    /** @param {SettingsField} field */
    const hasFailed = ({ unit }) => unit.requests.some((request) => failed.some(isFor(request)));
    fields.filter((field) => !hasFailed(field)).forEach((field) => field.saved(wanted.get(field.unit)?.secret ?? null));
    if (failed.length) {
      const names = fields.filter(hasFailed).map(({ unit }) => say(unit.label));
      problems.push(say(settingsTexts.failed, { names: names.join(", ") }));
    }
    try {
      const set = fields.filter(({ isSaved }) => isSaved()).map(({ unit }) => unit.id);
      await saveConfig({ ...readConfig(pluginId), saved: JSON.stringify(set) });
    } catch {
      problems.push(say(settingsTexts.failedConfig));
    }
    return problems.join("\n") || say(settingsTexts.done);
  }
}

/**
 * @param {StoredRequest} entry
 * @returns {(request: StoredRequest) => boolean}
 */
function isFor(entry) {
  return ({ method, url }) => method === entry.method && url === entry.url;
}

/** @typedef {ReturnType<typeof createField>} SettingsField */

/**
 * One unit's part of the form.
 *
 * @param {SecretUnit} unit
 * @param {Say} say
 */
function createField(unit, say) {
  const inputId = `rb-secret-${unit.id}`;
  const noteId = `${inputId}-note`;
  const badge = <span class="rb-badge"></span>;
  const note = <p id={noteId} class="rb-note"></p>;
  const input = /** @type {HTMLInputElement} */ (
    (
      <input
        id={inputId}
        type="password"
        class="kintoneplugin-input-text"
        autocomplete="new-password"
        spellcheck="false"
        aria-describedby={noteId}
      ></input>
    )
  );
  const remove = /** @type {HTMLInputElement} */ (<input type="checkbox" onChange={() => syncRemove()}></input>);
  const removeLabel = (
    <label class="rb-remove">
      {remove} {say(settingsTexts.remove)}
    </label>
  );
  const element = (
    <fieldset class="rb-unit" data-unit={unit.id}>
      <legend>
        {say(unit.label)} {badge}
      </legend>
      <p>
        {say(unit.serviceWords)} <code>{unit.requests[0].url}</code>
      </p>
      <label for={inputId}>{say(unit.secretWords ?? unit.serviceWords)}</label>
      {input}
      {note}
      {removeLabel}
      <details>
        <summary>{say(settingsTexts.allows)}</summary>
        <ul>
          {unit.requests.map(({ method, url }) => (
            <li>{say(settingsTexts.beginsWith, { method, url })}</li>
          ))}
        </ul>
      </details>
    </fieldset>
  );

  // Read once: whether kintone shows what was saved before the page is loaded again is not documented.
  let stored = secretIn(unit.requests[0], readStored(unit.requests[0]));

  function syncRemove() {
    input.disabled = remove.checked;
  }

  /** Shows whether a secret is saved; the secret itself is never shown. */
  function refresh() {
    const isSaved = stored !== null;
    input.value = "";
    remove.checked = false;
    syncRemove();
    removeLabel.hidden = !isSaved;
    badge.textContent = say(isSaved ? settingsTexts.saved : settingsTexts.notSaved);
    badge.dataset.saved = String(isSaved);
    tell(isSaved ? settingsTexts.keep : settingsTexts.needed, false);
  }

  /**
   * @param {Words} words
   * @param {boolean} wrong
   */
  function tell(words, wrong) {
    note.textContent = say(words);
    input.setAttribute("aria-invalid", String(wrong));
  }

  refresh();
  return {
    unit,
    element,
    isSaved: () => stored !== null,
    /** @param {string | null} secret what kintone holds now */
    saved(secret) {
      stored = secret;
      refresh();
    },
    focus: () => input.focus(),
    check() {
      const ok = input.value === input.value.trim();
      if (!ok) {
        tell(settingsTexts.spaces, true);
      }
      return ok;
    },
    /** @returns {string | null} what kintone is to hold */
    wantedSecret: () => (remove.checked ? null : input.value || stored),
  };
}
