/** @jsx h */
import { h } from "../runtime/view/element.js";
import { icon } from "./icons.jsx";
import { problemWith } from "./secrets.js";
/** @import { SecretGroup } from "./groups.js" */
/** @import { EntryState } from "./holdings.js" */
/** @import { IconName } from "./icons.jsx" */
/** @import { Say, Sentence, WordKey } from "../runtime/view/say.js" */

/**
 * The card of one secret: its field, and the buttons that use it. A stored secret is never shown.
 *
 * @param {SecretGroup} group
 * @param {Record<string, SettingsService>} services
 * @param {Say} say
 */
export function createCard(group, services, say) {
  const { units, requests } = group;
  const service = services[units[0].service];
  const secretWords = service.secretWords ?? service.words;
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
    <label class="rb-tick">
      {remove} {say("settings.remove")}
    </label>
  );
  const choice = (
    <div class="rb-choice">
      {units.length > 1 && <p class="rb-note">{say("settings.shared", { secret: secretWords })}</p>}
    </div>
  );
  const element = (
    <section class="rb-card" data-unit={units.map(({ id }) => id).join(" ")}>
      <div class="rb-card-head">
        <label for={inputId}>{say(secretWords)}</label>
        {badge}
      </div>
      {input}
      {note}
      {removeLabel}
      {choice}
      <ul class="rb-uses">
        {units.map((unit) => (
          <li>
            <span>{say(unit.label)}</span>
            <span class="rb-what">{say(services[unit.service].words)}</span>
            <code>{unit.requests[0].url}</code>
          </li>
        ))}
      </ul>
      <details>
        <summary>{say("settings.allows")}</summary>
        {addressList(requests, say)}
      </details>
    </section>
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
    // Copying can add white space.
    const typed = input.value.trim();
    const problem = typed ? problemWith(typed, service.refusals) : null;
    tell(problem ?? hint, problem !== null);
    return problem === null;
  }

  return {
    group,
    names: units.map(({ label }) => say(label)),
    element,
    /** The text about the buttons' common secret, or the choice to separate them. */
    choice,
    check,
    focus: () => input.focus(),
    /** @returns {string | null | undefined} the typed secret; null to remove the stored one; undefined to keep it */
    wish: () => (remove.checked ? null : input.value.trim() || undefined),

    /** @param {boolean} isLocked */
    lock(isLocked) {
      remove.disabled = isLocked;
      input.disabled = isLocked || remove.checked;
    },

    clear() {
      input.value = "";
      remove.checked = false;
      input.disabled = false;
    },

    /** @param {EntryState} state */
    show(state) {
      const [sign, title, words] = STATES[state];
      hint = words;
      badge.replaceChildren(icon(sign), say(title));
      badge.dataset.is = state;
      input.placeholder = state === "stored" ? "••••••••••••" : "";
      removeLabel.hidden = state === "absent";
      check();
    },
  };
}

/** @typedef {ReturnType<typeof createCard>} Card */

/** @type {Record<EntryState, [IconName, WordKey, WordKey]>} */
const STATES = {
  stored: ["check", "settings.saved", "settings.keep"],
  pending: ["mind", "settings.interrupted", "settings.typeOrRemove"],
  again: ["mind", "settings.toSave", "settings.again"],
  absent: ["ring", "settings.notSaved", "settings.needed"],
};

/**
 * @param {{method: string, url: string}[]} requests
 * @param {Say} say
 */
export function addressList(requests, say) {
  return (
    <ul class="rb-addresses">
      {requests.map(({ method, url }) => (
        <li>{say("settings.beginsWith", { method, url })}</li>
      ))}
    </ul>
  );
}
