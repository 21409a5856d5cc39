import { notify } from "../page/kintone.js";
import { statusLine } from "./statusline.js";
/** @import { Device } from "../page/kintone.js" */
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/** How many ends are told together at most: nobody may come by for days. */
const MOST = 5;

/** What outshines what where several ends are told in one. */
const TYPES = /** @type {NotificationType[]} */ (["SUCCESS", "INFO", "ERROR"]);

/**
 * Tells by kintone's notification of the ends of runs that the user does not see.
 *
 * kintone has one notification, its own included, and the last one replaces what was there; so what was not read yet is
 * told again with the next. It counts as read once the user does anything on the page.
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
  document.addEventListener("pointerdown", read, true);
  document.addEventListener("keydown", read, true);
  return (state, message) => {
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
 * Whether the user cannot read what is told of a unit: another record or tab is shown, or it is scrolled away.
 *
 * @param {HTMLElement} element of the unit
 */
export function isOutOfSight(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return document.hidden || bottom <= 0 || top >= innerHeight;
}
