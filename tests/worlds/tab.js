import { AbortController, CustomEvent, Element, Node, Page, Target } from "./dom.js";
import { createKintone } from "./kintone.js";
import { placeOf, recordAt } from "./places.js";
import { createStorage } from "./storage.js";

/** The names that the runtime's program finds in its document instead of the browser's own, in their order. */
export const GLOBALS = [
  "kintone",
  "document",
  "window",
  "location",
  "navigator",
  "localStorage",
  "sessionStorage",
  "addEventListener",
  "removeEventListener",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "requestAnimationFrame",
  "Date",
  "Math",
  "Intl",
  "crypto",
  "performance",
  "console",
  "innerHeight",
  "getSelection",
  "matchMedia",
  "Node",
  "Element",
  "HTMLElement",
  "CustomEvent",
  "AbortController",
  "self",
  "globalThis",
  "handOver",
];

/** Chrome wakes the timers of hidden tabs once a second, and after five minutes once a minute. */
const INTENSIVE_AFTER = 300_000;

/** How often panels update the time, in milliseconds; and the minimum here. */
const CLOCK = 1000;
const MOST_CLOCK = 5000;

/**
 * Loads a document into a tab: the runtime's program starts again, with the tab's stored values.
 *
 * @param {World} world
 * @param {Tab} tab
 */
export function loadDocument(world, tab) {
  const { plan } = world;
  const { browser } = tab;
  /** @type {Doc} */
  const doc = {
    id: world.count("document"),
    tab,
    browser,
    user: browser.user,
    page: tab.page,
    place: placeOf(tab.page),
    alive: true,
    ready: false,
    frozen: false,
    cached: false,
    leaving: false,
    leftAt: null,
    backlog: [],
    handlers: new Map(),
    /** What is to come of each timer, by its ID. */
    timers: new Map(),
    clicks: [],
    dialog: null,
    pending: 0,
    inHandler: false,
    /** The units' elements in which something has changed since it was last looked. */
    changed: new Set(),
    sights: new Map(),
    /** The runs whose ends it has shown. */
    endsSeen: new Set(),
    loadedAt: world.now,
    shownAt: world.now,
    visibleSince: tab.hidden ? Infinity : world.now,
    // Objects of one shape are fast: each has all of its fields from the start.
    guard: undefined,
    window: undefined,
    tells: undefined,
    tree: undefined,
    document: undefined,
    localStorage: undefined,
    header: undefined,
    input: undefined,
    awayAt: undefined,
    hiddenAt: undefined,
    frozenAt: undefined,
    awakeSince: undefined,
    renews: undefined,
    told: undefined,
    notRecorded: undefined,
    recordsKnown: undefined,
  };
  tab.doc = doc;
  if (plan.features.log) {
    tab.docs.push(doc);
  }
  tab.process.docs.add(doc);
  doc.guard = (work) => world.guard(doc, work);
  doc.window = new Target();
  doc.tells = (type, event = {}) => doc.window.dispatchEvent({ type, ...event }, doc.guard);
  doc.tree = new Page(
    (unit) => {
      if (!doc.changed.size) {
        world.documentChanged(doc);
      }
      doc.changed.add(unit);
    },
    doc.guard,
    () => tab.hidden || doc.cached || doc.leaving,
    plan.features.scrolled,
  );
  const { document } = doc.tree;
  doc.document = document;
  document.addEventListener("runbutton", (/** @type {any} */ event) => world.happened("event", doc, event));
  makeHeader(doc);

  /** @param {any} work @param {number} delay @param {boolean} repeat */
  function setTimer(work, delay, repeat) {
    const id = world.count("timer") + 1;
    let wanted = Math.max(delay | 0, 1);
    const isClock = repeat && wanted === CLOCK;
    const arm = (/** @type {number} */ from) => {
      let due = from + wanted;
      if (plan.features.throttled && document.hidden) {
        const grain = world.now - tab.hiddenAt > INTENSIVE_AFTER ? 60_000 : 1000;
        due = Math.ceil(due / grain) * grain;
      }
      const slept = browser.slept;
      const wake = () => {
        // If timers stop while the computer sleeps, they must wait that much longer.
        const missing = plan.features.stoppedTimers ? due + browser.slept - slept - world.now : 0;
        if (missing > 0) {
          world.forDocument(doc, world.now + missing, fire);
        } else {
          fire();
        }
      };
      doc.timers.set(id, world.forDocument(doc, due, wake));
    };
    const fire = () => {
      if (!doc.timers.has(id)) {
        return;
      }
      if (!repeat) {
        doc.timers.delete(id);
      }
      const before = world.activity;
      work();
      if (doc.timers.has(id)) {
        // A clock that only shows the time need not do so every second, which saves half of all events.
        wanted = isClock ? (world.activity === before ? Math.min(wanted + CLOCK, MOST_CLOCK) : CLOCK) : wanted;
        arm(world.now);
      }
    };
    arm(world.now);
    return id;
  }
  const clearTimer = (/** @type {number} */ id) => {
    const due = doc.timers.get(id);
    if (due) {
      due.work = null;
      doc.timers.delete(id);
    }
  };
  const setTimeout = (/** @type {any} */ work, /** @type {number} */ delay = 0) => setTimer(work, delay, false);

  doc.localStorage = browser.area.storageOf(doc);
  const sessionStorage = createStorage(
    () => tab.session,
    () => world.modeOf(browser),
    (key, value) => {
      if (value === null) {
        tab.session.delete(key);
      } else {
        tab.session.set(key, value);
      }
      world.happened("storedInSession", doc, key, value);
    },
  );
  const said = (/** @type {string} */ level) => (/** @type {any[]} */ ...words) => {
    const text = words.map((word) => word?.stack ?? word).join(" ");
    world.tell(() => `    ${tab.name}'s console: ${text}`);
    world.happened("console", doc, level, text);
  };
  const console = { log: said("log"), info: said("info"), warn: said("warn"), error: said("error"), debug: said("debug") };
  const location = { reload: () => world.reloadsItself(doc), href: `https://example.cybozu.com/k/${doc.page.app}/`, origin: "https://example.cybozu.com", pathname: `/k/${doc.page.app}/show` };
  const navigator = { ...(!plan.features.noLocks && { locks: browser.locks.manager(doc) }), language: "ja", clipboard: {} };
  const crypto = {
    randomUUID: () => `00000000-0000-4000-8000-${Math.floor(world.random() * 2 ** 48).toString(16).padStart(12, "0")}`,
    getRandomValues: (/** @type {any} */ array) => array.map(() => Math.floor(world.random() * 2 ** 32)),
  };
  const add = doc.window.addEventListener.bind(doc.window);
  const remove = doc.window.removeEventListener.bind(doc.window);
  const globals = {
    kintone: createKintone(world, doc),
    document,
    location,
    navigator,
    localStorage: doc.localStorage,
    sessionStorage,
    addEventListener: add,
    removeEventListener: remove,
    setTimeout,
    clearTimeout: clearTimer,
    setInterval: (/** @type {any} */ work, /** @type {number} */ delay = 0) => setTimer(work, delay, true),
    clearInterval: clearTimer,
    requestAnimationFrame: (/** @type {any} */ work) => setTimeout(work, 16),
    Date: browser.Date,
    Math: world.MathOfWorld,
    Intl: browser.Intl,
    crypto,
    // It continues while the clock is corrected, and in some browsers while the computer sleeps.
    performance: { now: () => world.now - world.begin },
    console,
    innerHeight: 900,
    getSelection: () => null,
    matchMedia: () => ({ matches: false, addEventListener() {} }),
    Node,
    Element,
    HTMLElement: Element,
    CustomEvent,
    AbortController,
    handOver: (/** @type {any} */ runtime) => world.begins(doc, runtime),
  };
  globals.window = globals;
  globals.self = globals;
  globals.globalThis = globals;
  document.defaultView = globals;
  world.guard(doc, () => world.program(...GLOBALS.map((name) => globals[name])));
  world.forDocument(doc, world.now + 50 + 200 * world.chance("load", doc.id), () => {
    doc.ready = true;
    doc.shownAt = world.now;
    showPage(world, doc);
  });
  return doc;
}

/** @param {Doc} doc */
function makeHeader(doc) {
  doc.header?.remove();
  doc.header = doc.document.createElement("div");
  doc.tree.body.append(doc.header);
}

/**
 * Shows the document's page: kintone fires its event, and another script's handler may be slow.
 *
 * @param {World} world
 * @param {Doc} doc
 */
export function showPage(world, doc) {
  const { kind, record, app } = doc.page;
  doc.place = placeOf(doc.page);
  if (kind === "portal") {
    return;
  }
  // kintone may keep the header of the previous page, or create a new one.
  if (world.chance("header", world.count("shown")) < 0.5) {
    makeHeader(doc);
  }
  if (world.plan.features.slowHandlers && world.chance("slow", world.count("handler")) < 0.8) {
    doc.pending += 1;
    world.forDocument(doc, world.now + 9000 * world.chance("handles", world.count("handles")), () => {
      doc.pending -= 1;
    });
  }
  const shown = kind === "index" ? { records: [] } : { record: recordAt(doc.place) };
  const recordId = kind === "index" || kind === "create" ? {} : { recordId: record };
  fire(world, doc, `app.record.${kind}.show`, { appId: app, ...recordId, ...shown });
  for (const [unit, { element }] of doc.sights) {
    if (!element.isConnected) {
      doc.sights.delete(unit);
    }
  }
}

/**
 * @param {World} world
 * @param {Doc} doc
 * @param {string} name
 * @param {object} content
 */
export function fire(world, doc, name, content) {
  const type = `${world.plan.features.mobile ? "mobile." : ""}${name}`;
  for (const handler of doc.handlers.get(type) ?? []) {
    const event = { type, ...content };
    doc.inHandler = true;
    world.guard(doc, () => {
      const returned = handler(event);
      if (returned !== event && !returned?.then) {
        world.happened("unreturned", doc, type);
      }
    });
    doc.inHandler = false;
  }
}
