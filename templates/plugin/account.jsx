/** @jsx h */
import { h } from "../runtime/view/element.js";
import { createCard } from "./card.jsx";
import { joined } from "./groups.js";
/** @import { Card } from "./card.jsx" */
/** @import { SecretGroup } from "./groups.js" */
/** @import { Say } from "../runtime/view/say.js" */

/**
 * The cards of one account of a service: one for all its buttons, or, on request, one for each group that can have its
 * own secret.
 *
 * @param {SecretGroup[]} groups
 * @param {boolean} isOne whether to begin with one card
 * @param {Record<string, SettingsService>} services
 * @param {Say} say
 * @param {() => void} changed called when the administrator has chosen
 */
export function createAccount(groups, isOne, services, say, changed) {
  const whole = createCard(joined(groups), services, say);
  const parts = groups.length > 1 ? groups.map((group) => createCard(group, services, say)) : [];
  const element = <div class="rb-account"></div>;
  const one = /** @type {HTMLInputElement} */ (<input type="checkbox" onChange={choose}></input>);
  one.checked = isOne || parts.length === 0;
  const { secretWords, words } = services[groups[0].units[0].service];
  const label = (
    <label class="rb-tick">
      {one} {say("settings.oneForAll", { secret: secretWords ?? words })}
    </label>
  );
  arrange();

  function choose() {
    cards().forEach((card) => card.clear());
    arrange();
    changed();
    one.focus();
  }

  function arrange() {
    element.replaceChildren(...cards().map((card) => card.element));
    if (parts.length) {
      cards()[0].choice.replaceChildren(label);
    }
  }

  /** @returns {Card[]} the cards that are shown */
  function cards() {
    return one.checked ? [whole] : parts;
  }

  return {
    element,
    cards,
    /** @param {boolean} isLocked */
    lock(isLocked) {
      one.disabled = isLocked;
      cards().forEach((card) => card.lock(isLocked));
    },
  };
}
