/** @jsx h */
import { h } from "./element.js";
import { isBusy } from "./states.js";

/**
 * A unit's button with its panel, in the element that people's style sheets and scripts know it by.
 *
 * @param {{id: string, label: string, source: string, device: Device}} unit
 * @param {import("./panel.jsx").Panel} panel
 * @param {() => void} click
 * @returns {{element: HTMLElement, update: (view: RunView) => void}}
 */
export function createButton({ id, label, source, device }, panel, click) {
  const button = /** @type {HTMLButtonElement} */ (
    (
      <button type="button" class="rb-run" onClick={click}>
        {label}
      </button>
    )
  );
  const element = (
    <div class={`rb rb-${device}`} data-runbutton={id} data-source={source} data-state="idle">
      {button}
      {panel.element}
    </div>
  );
  let hadFocus = false;
  return {
    element,
    update(view) {
      hadFocus ||= document.activeElement === button;
      element.dataset.state = view.state;
      button.disabled = isBusy(view.state);
      // While the user is being asked, what is told of the run before stays, and is not told again.
      if (view.state === "confirming") {
        return;
      }
      panel.update(view);
      // A disabled button cannot keep the focus: whoever uses the keyboard goes on in the panel, not at the page's top,
      // and comes back to the button from a confirmation that was canceled.
      if (hadFocus) {
        hadFocus = false;
        if (button.disabled) {
          panel.focus();
        } else {
          button.focus({ preventScroll: true });
        }
      }
    },
  };
}
