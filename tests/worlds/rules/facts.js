// The true state, for the rules to compare with the page.

export const BUSY = ["starting", "queued", "running"];
export const ENDS = ["succeeded", "failed", "canceled", "skipped"];

/** News may take so long from one tab to the others, in milliseconds. */
export const SPREAD = 3000;

/** The maximum time until a click is processed and reported, in milliseconds. */
export const MOMENT = 3000;

/**
 * Whether the browser remembers its runs: what is cleared or refused is not there, and without locks hardly anything is
 * certain.
 *
 * @param {World} world
 * @param {Browser} browser
 */
export function canKnow({ plan }, browser) {
  return plan.storage === "works" && !plan.features.noLocks && !browser.cleared;
}

/**
 * Whether the browser's storage keeps written values, with or without locks.
 *
 * @param {World} world
 * @param {Browser} browser
 */
export function remembers({ plan }, browser) {
  return plan.storage === "works" && !browser.cleared;
}

/** This user's clicks on this unit, at this place, in this browser. @returns {Click[]} */
export function clicksAt(world, { browser, user }, unit, place) {
  return world.clicks.filter(
    (click) =>
      click.unit === unit &&
      click.browser === browser &&
      click.user === user &&
      (click.place === place || (click.was === place && click.movedAt > world.now - SPREAD)),
  );
}

/** Whether a run did something. @param {Start} start */
export function hasRun({ executed, outcome }) {
  return executed && outcome !== "skipped";
}

/** Until when a page may ask for a run, by the true time. @param {World} world @param {Start} start */
export function deadlineOf({ plan }, { click, resumedAt }) {
  return Math.max(click.at + plan.timeout, (resumedAt ?? 0) + 65_000);
}

/** Whether a page may be looked at by a user now. @param {Doc} doc */
export function isInSight(doc) {
  return doc.alive && doc.ready && !doc.frozen && !doc.cached && !doc.tab.hidden;
}

/** The documents that are open in a browser. @param {Browser} browser @returns {Doc[]} */
export function documentsOf({ tabs }) {
  return tabs.map(({ doc }) => doc).filter(({ alive, ready, cached }) => alive && ready && !cached);
}

/**
 * What is remembered about a unit at a place for a user of a browser: which starts are in doubt there, and which jobs were
 * offered.
 *
 * @param {World} world
 * @param {{browser: Browser, user: string}} by
 * @param {string} unit
 * @param {string} place
 * @returns {{doubts: {click: Click | null, at: number}[], unknownAt: number, offered: boolean, warnedAt: number}}
 */
export function memoryOf(world, { browser, user }, unit, place) {
  let memory = world.memories.find((one) => one.unit === unit && one.place === place && one.user === user && one.browser === browser);
  if (!memory) {
    memory = { browser, user, unit, place, doubts: [], unknownAt: 0, offered: false, unknownSince: undefined, shown: undefined };
    world.memories.push(memory);
  }
  return memory;
}
