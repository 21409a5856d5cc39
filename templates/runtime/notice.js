import { notify } from "./kintone.js";
import { texts } from "./messages.js";
import { statusLine } from "./statusline.js";

/** @type {Partial<Record<RunState, NotificationType>>} */
const TYPES = { succeeded: "SUCCESS", failed: "ERROR" };

/**
 * Tells of a run's end by kintone's notification.
 *
 * @param {UnitConfig} unit
 * @param {Device} device
 * @param {RunView} view
 * @param {Say} say
 */
export function tellEnd(unit, device, view, say) {
  const message = say(texts.notice, { label: unit.label, line: statusLine(view, say) });
  notify(device, TYPES[view.state] ?? "INFO", message);
}

/**
 * Whether the user cannot read the panel's first line: another record or tab is shown, or it is scrolled away.
 *
 * @param {HTMLElement} element of the unit
 */
export function isOutOfSight(element) {
  const { top = 0, bottom = 0 } = element.querySelector('[role="status"]')?.getBoundingClientRect() ?? {};
  return document.hidden || bottom <= 0 || top >= innerHeight;
}
