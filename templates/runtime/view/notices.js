import { notify } from "../page/kintone.js";
import { statusLine } from "./statusline.js";
/** @import { Device } from "../page/kintone.js" */
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/** The maximum number of ends in one notification: the page may be unattended for days. */
const MOST = 5;

/** The weight of each end: the heaviest one sets the notification's type. */
const TYPES = /** @type {NotificationType[]} */ (["SUCCESS", "INFO", "ERROR"]);

/**
 * Reports the ends of runs that the user cannot see with kintone's notification.
 *
 * kintone shows one notification at a time, and a new one replaces it, so unread messages are repeated in the next one.
 * A message counts as read when the user does anything on the page.
 *
 * @param {() => Device} device
 * @returns {(state: RunView["state"], message: string) => void}
 */
export function createNotices(device) {
  /** @type {{weight: number, message: string}[]} */
  let unread = [];
  const read = () => {
    unread = [];
  };
  return (state, message) => {
    // To add a listener again changes nothing.
    document.addEventListener("pointerdown", read, true);
    document.addEventListener("keydown", read, true);
    const weight = (state === "failed" && 2) || (state === "succeeded" ? 0 : 1);
    unread = [...unread.slice(1 - MOST), { weight, message }];
    const type = TYPES[Math.max(...unread.map((one) => one.weight))];
    notify(device(), type, unread.map((one) => one.message).join("\n"));
  };
}

/**
 * @param {UnitConfig} unit
 * @param {string} place where it ran
 * @param {RunView} view of a run that has ended
 * @param {Say} say
 */
export function endNotice(unit, place, view, say) {
  const label = say(unit.label);
  const of = /^\d+$/.test(place) ? say("page.inRecord", { label, record: place }) : label;
  return say("page.of", { label: of }) + statusLine(view, say);
}

/**
 * Whether a unit's line is not visible: another record or tab is shown, or it is scrolled away.
 *
 * @param {HTMLElement} element of the unit
 */
export function isOutOfSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return document.hidden || bottom <= 0 || top >= innerHeight;
}
