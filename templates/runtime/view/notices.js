import { notify } from "../page/kintone.js";
import { SIGNS, statusLine } from "./statusline.js";

/** @type {Partial<Record<RunState, NotificationType>>} */
const TYPES = { succeeded: "SUCCESS", failed: "ERROR" };

/** How many ends are told together at most: nobody may come by for days. */
const MOST = 5;

/** What outshines what where several ends are told in one. */
const WEIGHTS = /** @type {NotificationType[]} */ (["SUCCESS", "INFO", "ERROR"]);

/** @typedef {{type: NotificationType, sign: string, label: string, message: string}} Notice */

/**
 * Tells of the ends of runs that the user does not see: by kintone's notification, in the title of a tab that is not in
 * front, and in those other tabs that `key` reaches.
 *
 * kintone has one notification, its own included, and the last one replaces what was there; so what was not read yet is
 * told again with the next. It counts as read once the user does anything on the page.
 *
 * @param {Store} local
 * @param {() => Device} device
 */
export function createNotices(local, device) {
  /** @type {Notice[]} */
  let unread = [];
  /** @type {string} what the title begins with */
  let mark = "";

  /** @param {Notice} notice */
  function show(notice) {
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

  return {
    /**
     * @param {Notice} notice
     * @param {string} key in the storage of all tabs
     * @param {unknown} run that tells those who hear it which run this is
     */
    tell(notice, key, run) {
      show(notice);
      if (document.hidden) {
        local.write(key, { notice, run });
        local.remove(key);
      }
    },

    /**
     * Shows what other tabs tell under `key`, while this one is in front.
     *
     * @param {string} key
     * @param {(run: any) => boolean} isSeen whether this page shows that run anyway
     */
    listen(key, isSeen) {
      addEventListener("storage", (event) => {
        if (event.key === key && event.newValue && !document.hidden) {
          const { notice, run } = JSON.parse(event.newValue);
          if (!isSeen(run)) {
            show(notice);
          }
        }
      });
    },
  };
}

/**
 * @param {UnitConfig} unit
 * @param {number | null} record that it ran on
 * @param {RunView} view of a run that has ended
 * @param {Say} say
 * @returns {Notice}
 */
export function endNotice(unit, record, view, say) {
  const label = say(unit.label);
  const of = record === null ? label : say("page.inRecord", { label, record });
  const type = TYPES[view.state] ?? "INFO";
  return { type, sign: SIGNS[view.state] ?? "", label, message: say("page.of", { label: of }) + statusLine(view, say) };
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
