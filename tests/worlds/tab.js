import { createStorage } from "./storage.js";

/** The names that the runtime's program finds in its document instead of the browser's own, in their order. */
export const GLOBALS = [
  "kintone",
  "document",
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
  "Date",
  "Math",
  "console",
  "innerHeight",
  "globalThis",
  "FACE",
  "handOver",
];

const PREFIX = { desktop: "", mobile: "mobile." };

/**
 * Loads a document into a tab: the runtime's program runs in it anew, with what the tab kept.
 *
 * @param {World} world
 * @param {Tab} tab
 */
export function loadDocument(world, tab) {
  const { plan } = world;
  const { browser } = tab;
  const device = plan.features.mobile ? "mobile" : "desktop";
  /** @type {Doc} */
  const doc = {
    id: world.count("document"),
    tab,
    alive: true,
    page: tab.page,
    ready: false,
    handlers: new Map(),
    listeners: new Map(),
    timers: new Set(),
    header: [],
    clicks: [],
    dialog: null,
    pending: 0,
    inHandler: false,
  };
  tab.doc = doc;

  /** @param {string} target */
  const adding = (target) => (/** @type {string} */ type, /** @type {any} */ listener, /** @type {any} */ options) => {
    const key = `${target}:${type}`;
    const list = doc.listeners.get(key) ?? [];
    const entry = { listener, once: options?.once };
    doc.listeners.set(key, [...list, entry]);
    options?.signal?.addEventListener("abort", () => removing(target)(type, listener));
  };
  /** @param {string} target */
  const removing = (target) => (/** @type {string} */ type, /** @type {any} */ listener) => {
    const key = `${target}:${type}`;
    doc.listeners.set(
      key,
      (doc.listeners.get(key) ?? []).filter((entry) => entry.listener !== listener),
    );
  };

  /** @param {any} work @param {number} delay @param {boolean} repeat */
  function setTimer(work, delay, repeat) {
    const id = world.count("timer") + 1;
    const wanted = Math.max(delay | 0, 1);
    doc.timers.add(id);
    const arm = (/** @type {number} */ from) => {
      let due = from + wanted;
      if (plan.features.throttled && tab.hidden) {
        const grain = world.now - tab.hiddenAt > 300_000 ? 60_000 : 1000;
        due = Math.ceil(due / grain) * grain;
      }
      const slept = browser.slept;
      world.forDocument(doc, due, () => {
        if (!doc.timers.has(id)) {
          return;
        }
        // Where timers stand still while the computer sleeps, they have that much to wait still.
        const missing = plan.features.stoppedTimers ? due + browser.slept - slept - world.now : 0;
        if (missing > 0) {
          world.forDocument(doc, world.now + missing, fire);
        } else {
          fire();
        }
      });
    };
    const fire = () => {
      if (doc.timers.has(id)) {
        if (repeat) {
          arm(world.now);
        } else {
          doc.timers.delete(id);
        }
        work();
      }
    };
    arm(world.now);
    return id;
  }
  const clearTimer = (/** @type {number} */ id) => void doc.timers.delete(id);

  const header = {
    append: (/** @type {any} */ element) => {
      doc.header = [...doc.header.filter((one) => one !== element), element];
      world.happened("mounted", doc);
    },
  };
  const record = () => ({ record: recordOf(doc.page.record) });
  const recordApi = {
    getHeaderMenuSpaceElement: () => header,
    getSpaceElement: () => null,
    get() {
      if (doc.pending || doc.inHandler) {
        throw new Error("You cannot call kintone.app.record.get() in handler or during processing a handler.");
      }
      return record();
    },
  };
  const app = { record: recordApi, getHeaderMenuSpaceElement: () => header, getHeaderSpaceElement: () => header };
  const askUser = (/** @type {string} */ title, /** @type {string} */ body) => world.asked(doc, title, body);
  const showConfirmDialog = (/** @type {any} */ config) => askUser(config.title, config.body);
  const showNotification = (/** @type {string} */ type, /** @type {string} */ message) => {
    world.tell(() => `${tab.name}: the notice ${type}: ${message}`);
    world.happened("notice", doc, type, message);
  };
  const dialogs = plan.features.oldKintone ? {} : { showNotification };
  const kintone = {
    events: {
      on(/** @type {any} */ types, /** @type {any} */ handler) {
        for (const type of [types].flat()) {
          doc.handlers.set(type, [...(doc.handlers.get(type) ?? []), handler]);
        }
      },
    },
    app,
    mobile: {
      app,
      ...dialogs,
      ...(!plan.features.oldKintone && { showConfirmBottomSheet: showConfirmDialog }),
    },
    ...dialogs,
    ...(!plan.features.oldKintone && { showConfirmDialog }),
    getLoginUser: () => ({
      code: browser.user,
      language: plan.features.japanese ? "ja" : "en",
      timezone: plan.features.unknownZone ? "Asia/Nowhere" : "Asia/Tokyo",
    }),
    proxy: (/** @type {[string, string, any, any]} */ ...request) => world.proxy.send(doc, ...request, false),
  };

  const documentFake = {
    title: "kintone",
    get hidden() {
      return tab.hidden;
    },
    get visibilityState() {
      return tab.hidden ? "hidden" : "visible";
    },
    activeElement: { matches: () => doc.writing, closest: () => null },
    addEventListener: adding("document"),
    removeEventListener: removing("document"),
    querySelector(/** @type {string} */ selector) {
      const id = /data-runbutton="([^"]*)"/.exec(selector)?.[1];
      return doc.header.find((face) => face.unit === id) ?? null;
    },
    querySelectorAll: (/** @type {string} */ selector) => {
      const id = /data-runbutton="([^"]*)"/.exec(selector)?.[1];
      return doc.header.filter((face) => !id || face.unit === id);
    },
  };

  const storageOf = (/** @type {Map<string, string>} */ items, /** @type {boolean} */ shared) =>
    createStorage(items, plan.storage, (key, value) => {
      world.happened("stored", doc, key, value, shared);
      if (shared) {
        world.storageChanged(doc, key, value);
      }
    });

  const navigatorFake = plan.features.noLocks ? {} : { locks: browser.locks.manager(doc) };
  const consoleFake = Object.fromEntries(
    ["log", "info", "warn", "error", "debug"].map((name) => [
      name,
      (/** @type {any[]} */ ...words) => world.happened("console", doc, words.join(" ")),
    ]),
  );
  const location = { reload: () => world.reloadsItself(doc), href: "https://example.cybozu.com/k/45/" };

  world.program(
    kintone,
    documentFake,
    location,
    navigatorFake,
    storageOf(browser.local, true),
    storageOf(tab.session, false),
    adding("window"),
    removing("window"),
    (/** @type {any} */ work, /** @type {number} */ delay = 0) => setTimer(work, delay, false),
    clearTimer,
    (/** @type {any} */ work, /** @type {number} */ delay = 0) => setTimer(work, delay, true),
    clearTimer,
    world.DateOfWorld,
    world.MathOfWorld,
    consoleFake,
    900,
    { console: consoleFake },
    faceOf(world, doc, askUser),
    (/** @type {any} */ runtime) => world.begin(doc, runtime, device),
  );
  world.forDocument(doc, world.now + 50 + 200 * world.chance("load", doc.id), () => {
    doc.ready = true;
    doc.shownAt = world.now;
    showPage(world, doc);
  });
}

/**
 * Shows the document's page: kintone fires its event, and a handler of somebody else's may take its time.
 *
 * @param {World} world
 * @param {Doc} doc
 */
export function showPage(world, doc) {
  const { kind, record } = doc.page;
  // kintone may keep the header from the page before, or make it anew.
  if (world.chance("header", world.count("shown")) < 0.5) {
    doc.header = [];
  }
  if (world.plan.features.slowHandlers && world.chance("slow", world.count("handler")) < 0.8) {
    doc.pending += 1;
    world.forDocument(doc, world.now + 9000 * world.chance("handles", world.count("handles")), () => {
      doc.pending -= 1;
    });
  }
  const shown = kind === "index" ? { records: [] } : { record: recordOf(record) };
  const recordId = kind === "index" || kind === "create" ? {} : { recordId: record };
  fire(world, doc, `app.record.${kind}.show`, { appId: 45, ...recordId, ...shown });
}

/**
 * @param {World} world
 * @param {Doc} doc
 * @param {string} name
 * @param {object} content
 */
export function fire(world, doc, name, content) {
  const type = `${PREFIX[world.plan.features.mobile ? "mobile" : "desktop"]}${name}`;
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

/**
 * @param {World} world
 * @param {Doc} doc
 * @param {string} key `window:type` or `document:type`
 * @param {object} [event]
 */
export function dispatch(world, doc, key, event = {}) {
  for (const { listener, once } of doc.listeners.get(key) ?? []) {
    if (once) {
      doc.listeners.set(
        key,
        (doc.listeners.get(key) ?? []).filter((entry) => entry.listener !== listener),
      );
    }
    world.guard(doc, () => (typeof listener === "function" ? listener(event) : listener.handleEvent(event)));
  }
}

/** @param {number | string} record */
function recordOf(record) {
  const value = String(record);
  const field = { type: "SINGLE_LINE_TEXT", value };
  return { k1: field, k2: field, t1: field, w1: field, secretOfUsers: { type: "SINGLE_LINE_TEXT", value: "private" } };
}

/**
 * @param {World} world
 * @param {Doc} doc
 * @param {(title: string, body: string) => Promise<string>} askUser
 */
function faceOf(world, doc, askUser) {
  return {
    createButton(/** @type {any} */ unit, /** @type {any} */ panel, /** @type {any} */ click) {
      const face = {
        unit: unit.id,
        doc,
        page: doc.page,
        panel,
        click,
        /** @type {any} */
        view: null,
        dataset: {},
        remove() {
          doc.header = doc.header.filter((one) => one !== face);
        },
        querySelector: () => ({
          getBoundingClientRect: () => (world.plan.features.scrolled ? { top: -90, bottom: -50 } : { top: 10, bottom: 50 }),
        }),
      };
      return {
        element: face,
        update(/** @type {any} */ view) {
          face.view = view;
          world.sees(face, view);
          if (world.plan.features.viewThrows && world.chance("throws", world.count("throw")) < 0.1) {
            throw new RangeError("The face of this world fails");
          }
        },
      };
    },
    askInDialog: (/** @type {any} */ words) => askUser(words.title, words.body).then((answer) => answer === "OK"),
  };
}
