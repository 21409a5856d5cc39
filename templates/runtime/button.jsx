/** @jsx h */
import { h } from "./element.js";
import { createPanel } from "./panel.jsx";
import { isBusy } from "./run.js";

/**
 * A unit's button with its panel, in the element that people's style sheets and scripts know it by.
 *
 * @param {{id: string, label: string, source: string, device: Device}} unit
 * @param {Say} say
 * @param {Clock} clock
 * @param {() => void} click
 * @param {() => void} resume
 * @returns {{element: HTMLElement, update: (view: RunView) => void}}
 */
export function createButton({ id, label, source, device }, say, clock, click, resume) {
  const panel = createPanel(say, clock, resume);
  const button = (
    <button type="button" class="rb-run" onClick={click}>
      {label}
    </button>
  );
  const element = (
    <div class={`rb rb-${device}`} data-runbutton={id} data-source={source} data-state="idle">
      {button}
      {panel.element}
    </div>
  );
  return {
    element,
    update(view) {
      element.dataset.state = view.state;
      // Not the disabled attribute's sudden loss of focus: a keyboard user stays where they are.
      button.toggleAttribute("disabled", isBusy(view.state));
      panel.update(view);
    },
  };
}
