import { notify } from "../page/kintone.js";
import { SIGNS, statusLine } from "./statusline.js";
/** @import { Device } from "../page/kintone.js" */
/** @import { RunView } from "../run/run.js" */
/** @import { Say } from "./say.js" */

/** @type {Partial<Record<RunView["state"], NotificationType>>} */
const TYPES = { succeeded: "SUCCESS", failed: "ERROR" };

/** How many ends are told together at most: nobody may come by for days. */
const MOST = 5;

/** What outshines what where several ends are told in one. */
const WEIGHTS = /** @type {NotificationType[]} */ (["SUCCESS", "INFO", "ERROR"]);

/** @typedef {{type: NotificationType, sign: string, label: string, message: string}} Notice */

/**
 * Tells of the ends of runs that the user does not see: by kintone's notification, and in the title of a tab that is not
 * in front.
 *
 * kintone has one notification, its own included, and the last one replaces what was there; so what was not read yet is
 * told again with the next. It counts as read once the user does anything on the page.
 *
 * @param {() => Device} device
 */
export function createNotices(device) {
  /** @type {Notice[]} */
  let unread = [];
  /** @type {string} what the title begins with */
  let mark = "";

  /** @param {Notice} notice */
  function tell(notice) {
    unread = [...unread.slice(1 - MOST), notice];
    const type = unread.map((one) => WEIGHTS.indexOf(one.type)).reduce((a, b) => Math.max(a, b));
    notify(device(), WEIGHTS[type], unread.map(({ message }) => message).join("\n"));
    if (document.hidden) {
      document.addEventListener("visibilitychange", () => setMark(""), { once: true });
      setMark(`${unread.map(({ sign, label }) => `${sign} ${label}`).join(" ")} – `);
    }
  }

  /** @param {string} next */
  function setMark(next) {
    // kintone, or others, may have set a title of their own meanwhile.
    const bare = document.title.startsWith(mark) ? document.title.slice(mark.length) : document.title;
    document.title = next + bare;
    mark = next;
  }

  const read = () => {
    unread = [];
  };
  document.addEventListener("pointerdown", read, true);
  document.addEventListener("keydown", read, true);

  return { tell };
}

/**
 * @param {UnitConfig} unit
 * @param {string} place where it ran
 * @param {RunView} view of a run that has ended
 * @param {Say} say
 * @returns {Notice}
 */
export function endNotice(unit, place, view, say) {
  const label = say(unit.label);
  const of = /^\d+$/.test(place) ? say("page.inRecord", { label, record: place }) : label;
  const type = TYPES[view.state] ?? "INFO";
  return { type, sign: SIGNS[view.state] ?? "", label, message: say("page.of", { label: of }) + statusLine(view, say) };
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
