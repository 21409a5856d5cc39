import { notify } from "./kintone.js";
import { texts } from "./messages.js";
import { isBusy } from "./run.js";
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
 * Whether the user cannot see the element: another record or tab is shown, or it is scrolled away.
 *
 * @param {HTMLElement} element
 */
export function isOutOfSight(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return document.hidden || height === 0 || bottom <= 0 || top >= innerHeight;
}

/**
 * Whether a run of this tab has just ended.
 *
 * @param {RunView} before
 * @param {RunView} now
 */
export function hasEnded(before, now) {
  return isBusy(before.state) && !isBusy(now.state) && now.state !== "idle" && !now.elsewhere;
}
