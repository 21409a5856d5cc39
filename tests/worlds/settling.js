import { bringIntoSight, openTab, thaw } from "./navigation.js";

/** The timeout of a call, in milliseconds. */
const CALL_DEADLINE = 180_000;

/**
 * The second phase, liveness: no more user actions and faults happen, and all runs have time to end. Then, in some
 * worlds, every clicked place is checked on a newly loaded page.
 *
 * @param {World} world
 */
export function settleWorld(world) {
  const { plan, browsers } = world;
  const until = Math.max(world.actsUntil, ...browsers.map(({ wakesAt }) => wakesAt));
  if (until > world.now) {
    world.at(until + 10, () => settleWorld(world));
    return;
  }
  world.tell(() => "The users do no more, and nothing is lost any more.");
  world.phase = "liveness";
  if (browsers.some(({ sleeps }) => sleeps)) {
    world.records.settle();
  }
  for (const browser of browsers) {
    browser.full = false;
    if (!browser.tabs.length) {
      openTab(world, browser, { app: 45, kind: "detail", record: 1 });
    }
    // Hidden and frozen tabs may stay so; one page of an app is visible.
    const inSight = browser.tabs.find(({ doc, hidden }) => !hidden && doc.page.kind !== "portal");
    for (const tab of plan.features.leftHidden ? [inSight ?? browser.tabs[0]] : [...browser.tabs]) {
      bringIntoSight(world, tab);
      thaw(world, tab.doc);
    }
    if (browser.tabs.every(({ doc, hidden }) => hidden || doc.page.kind === "portal")) {
      openTab(world, browser, { app: 45, kind: "detail", record: 1 });
    }
    for (const { doc } of browser.tabs) {
      doc.input?.blur();
      if (doc.dialog) {
        const { dialog } = doc;
        doc.dialog = null;
        dialog.answer("CANCEL");
      }
    }
  }
  const ending = world.now + plan.timeout + 6 * CALL_DEADLINE;
  let calm = 0;
  world.at(world.now + 5000, look);

  /** Whether anything is still in progress in the world. */
  function look() {
    const busy = browsers.some(({ tabs }) => tabs.some(isBusy)) || world.records.busyUntil > world.now;
    if (busy && world.now < ending) {
      calm = 0;
      world.at(world.now + 10_000, look);
      return;
    }
    // The last messages take a moment to reach all tabs.
    if (!calm++) {
      world.at(world.now + 3000, look);
      return;
    }
    world.happened("settled");
    inspect(plan.features.inspected ? placesOf(world) : []);
  }

  /** @param {{browser: Browser, page: Page}[]} places */
  function inspect([place, ...more]) {
    if (!place) {
      world.happened("end");
      world.over = true;
      return;
    }
    const tab = openTab(world, place.browser, place.page);
    world.at(world.now + 4000, () => {
      world.happened("inspected", tab.doc);
      tab.open = false;
      inspect(more);
    });
  }
}

/** @param {Tab} tab */
function isBusy({ doc }) {
  return !doc.frozen && (!doc.ready || [...doc.sights.values()].some(({ state }) => ["confirming", "starting", "queued", "running"].includes(state)));
}

/** The pages of all clicked places. @param {World} world */
function placesOf({ clicks }) {
  const places = new Map();
  for (const { browser, place } of clicks) {
    const [app, record] = place.split("/");
    // Unsaved records no longer exist.
    if (!record.startsWith("new")) {
      const page = { app: Number(app), kind: record === "index" ? "index" : "detail", record: record === "index" ? record : Number(record) };
      places.set(`${browser.first} ${place}`, { browser, page });
    }
  }
  return [...places.values()];
}
