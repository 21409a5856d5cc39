/** @jsx h */
import { h } from "./element.js";
import { isBusy } from "../run/states.js";
/** @import { RunView } from "../run/run.js" */

/**
 * A unit's button, the line about its last run, and its panel, in the element that people's style sheets and scripts
 * know it by.
 *
 * @param {{id: string, label: string, source: string, isPrimary: boolean, record: number | null}} unit
 * @param {import("./panel.jsx").Panel} panel
 * @param {() => string} lastLine
 * @param {() => void} click
 * @returns {{element: HTMLElement, update: (view: RunView, isQuiet?: boolean) => void}}
 */
export function createButton({ id, label, source, isPrimary, record }, panel, lastLine, click) {
  const button = /** @type {HTMLButtonElement} */ (
    (
      <button type="button" class="rb-run" onClick={click}>
        {label}
      </button>
    )
  );
  const last = <span></span>;
  const lastRun = (
    <p class="rb-last">
      <span class="rb-of">{label}</span> {last}
    </p>
  );
  const element = (
    <div class="rb" data-runbutton={id} data-source={source} data-state="idle">
      {button}
      {lastRun}
      {panel.element}
    </div>
  );
  let hadFocus = false;
  return {
    element,
    update(view, isQuiet = false) {
      hadFocus ||=
        document.activeElement === button || (view.state === "idle" && element.contains(document.activeElement));
      // mutant event-twice: if (true) {
      if (element.dataset.state !== view.state) {
        element.dataset.state = view.state;
        const detail = { unit: id, record, state: view.state };
        element.dispatchEvent(new CustomEvent("runbutton", { bubbles: true, detail }));
      }
      // mutant busy-button-enabled:
      button.disabled = isBusy(view.state);
      // Where the run can be asked for, asking is the thing to do, and running again is not.
      button.classList.toggle("rb-primary", isPrimary && !view.canResume);
      // While the user is being asked, what is told of the run before stays, and is not told again.
      if (view.state === "confirming") {
        return;
      }
      panel.update(view, isQuiet);
      last.textContent = view.startedAt === null ? lastLine() : "";
      lastRun.hidden = !last.textContent;
      // A disabled button cannot keep the focus: whoever uses the keyboard goes on in the panel, not at the page's top,
      // and comes back to the button from a confirmation that was canceled, or from a panel that was closed.
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
