/** @jsx h */
import { holds } from "../page/conditions.js";
import { h } from "./element.js";
/** @import { Shown } from "../page/kintone.js" */
/** @import { Say } from "./say.js" */

/**
 * Says below a button why it cannot be used now. The button stays and can have the focus, so that the reason is read
 * aloud with it.
 *
 * @param {UnitConfig} unit
 * @param {HTMLElement} element of the unit's button
 * @param {Shown} first the page as it is shown first: kintone returns a form's values only after its handlers
 * @param {() => Shown} shown the page with the values that the user sees
 * @param {Say} say
 * @param {(what: string) => void} tell writes to the console
 * @returns {() => boolean} looks again, and returns whether the button cannot be used
 */
export function createReason({ unless = [] }, element, first, shown, say, tell) {
  const button = /** @type {HTMLElement} */ (element.querySelector(".rb-run"));
  const place = (
    <div class="rb-reason" id={`rb-reason-${element.dataset.source}-${element.dataset.runbutton}`} hidden />
  );
  button.setAttribute("aria-describedby", place.id);
  button.after(place);
  const miss = (/** @type {string} */ field) => tell(`no field ${field} for unless`);
  function isBlocked({ record } = shown()) {
    const found = unless.find((obstacle) => holds([obstacle], record, miss));
    button.setAttribute("aria-disabled", String(!!found));
    place.hidden = !found;
    place.textContent = found ? say(found.say) : "";
    return !!found;
  }
  isBlocked(first);
  return () => isBlocked();
}
