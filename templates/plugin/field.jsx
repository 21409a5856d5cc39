/** @jsx h */
import { h } from "../runtime/view/element.js";
import { problemWith, trimmed } from "./secrets.js";
/** @import { SecretGroup } from "./groups.js" */
/** @import { Say, Sentence, WordKey } from "../runtime/view/say.js" */

/**
 * One secret's part of the form. What is saved is never shown.
 *
 * @param {SecretGroup} group
 * @param {Record<string, SettingsService>} services
 * @param {Say} say
 */
export function createField(group, services, say) {
  const { units, requests } = group;
  const service = services[units[0].service];
  const inputId = `rb-secret-${units[0].id}`;
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
        onInput={() => input.getAttribute("aria-invalid") === "true" && check()}
      ></input>
    )
  );
  const remove = /** @type {HTMLInputElement} */ (<input type="checkbox" onChange={syncRemove}></input>);
  const removeLabel = (
    <label class="rb-remove">
      {remove} {say("settings.remove")}
    </label>
  );
  const names = units.map(({ label }) => say(label)).join(" / ");
  const element = (
    <fieldset class="rb-unit" data-unit={units.map(({ id }) => id).join(" ")}>
      <legend>
        {names} {badge}
      </legend>
      {units.length > 1 && <p>{say("settings.shared")}</p>}
      {units.map((unit) => (
        <p>
          {units.length > 1 && `${say(unit.label)}: `}
          {say(services[unit.service].words)} <code>{unit.requests[0].url}</code>
        </p>
      ))}
      <label for={inputId}>{say(service.secretWords ?? service.words)}</label>
      {input}
      {note}
      {removeLabel}
      <details>
        <summary>{say("settings.allows")}</summary>
        {addressList(requests, say)}
      </details>
    </fieldset>
  );
  /** @type {WordKey} */
  let hint = "settings.needed";

  function syncRemove() {
    if (remove.checked) {
      input.value = "";
      tell(hint, false);
    }
    input.disabled = remove.checked;
  }

  /**
   * @param {Sentence} words
   * @param {boolean} wrong
   */
  function tell(words, wrong) {
    note.textContent = say(words);
    input.setAttribute("aria-invalid", String(wrong));
  }

  function check() {
    const typed = trimmed(input.value);
    const problem = typed ? problemWith(typed, service.refusals) : null;
    tell(problem ?? hint, problem !== null);
    return problem === null;
  }

  return {
    group,
    names,
    element,
    check,
    focus: () => input.focus(),
    /** @returns {string | null | undefined} the secret that was typed; null to take it away; undefined to leave it */
    wish: () => (remove.checked ? null : trimmed(input.value) || undefined),

    /** @param {boolean} isLocked */
    lock(isLocked) {
      remove.disabled = isLocked;
      input.disabled = isLocked || remove.checked;
    },

    clear() {
      input.value = "";
      remove.checked = false;
    },

    /** @param {"saved" | "unannounced" | "again" | "none"} standing */
    show(standing) {
      hint = HINTS[standing];
      badge.textContent = say(BADGES[standing]);
      badge.dataset.saved = String(standing === "saved");
      removeLabel.hidden = standing === "none";
      check();
    },
  };
}

/** @typedef {ReturnType<typeof createField>} SettingsField */

/** @type {Record<"saved" | "unannounced" | "again" | "none", WordKey>} */
const BADGES = {
  saved: "settings.saved",
  unannounced: "settings.toSave",
  again: "settings.toSave",
  none: "settings.notSaved",
};
/** @type {typeof BADGES} */
const HINTS = {
  saved: "settings.keep",
  unannounced: "settings.saveOnly",
  again: "settings.again",
  none: "settings.needed",
};

/**
 * @param {{method: string, url: string}[]} requests
 * @param {Say} say
 */
export function addressList(requests, say) {
  return (
    <ul>
      {requests.map(({ method, url }) => (
        <li>{say("settings.beginsWith", { method, url })}</li>
      ))}
    </ul>
  );
}
