import { fire, loadDocument, showPage } from "./tab.js";

// How documents come and go in tabs.

/** How long a browser keeps a page for Back if the page holds locks. */
const KEPT_WITH_LOCKS = 1500;

/**
 * @param {World} world
 * @param {Browser} browser
 * @param {Page} page
 * @param {Tab} [opener] in whose process it runs
 * @param {Map<string, string>} [session] the initial sessionStorage of a duplicated tab
 * @returns {Tab}
 */
export function openTab(world, browser, page, opener, session) {
  const shared = world.plan.features.oneProcess ? browser.tabs[0] : opener;
  const tab = {
    n: world.tabs.length + 1,
    name: `tab ${world.tabs.length + 1}`,
    browser,
    process: shared?.process ?? browser.area.open(),
    session: new Map(session),
    page,
    back: [],
    hidden: false,
    hiddenAt: 0,
    open: true,
    doc: null,
    /** All that it has shown, in worlds with a log. */
    docs: [],
  };
  world.tabs.push(tab);
  browser.tabs.push(tab);
  loadDocument(world, tab);
  return tab;
}

/**
 * A document is unloaded, then `then` is called; meanwhile it may still get errors of its aborted calls.
 *
 * @param {World} world
 * @param {Tab} tab
 */
export function unload(world, tab, then = () => {}) {
  const { doc, browser } = tab;
  const gone = () => {
    die(world, doc);
    then();
  };
  if (doc.frozen) {
    // A frozen page is discarded without further events.
    gone();
    return;
  }
  doc.tells("pagehide", { persisted: false });
  leaveSight(tab);
  left(world, doc);
  if (world.plan.features.brokenCalls && browser.wakesAt <= world.now) {
    world.sent.filter((sent) => sent.doc === doc && !sent.over).forEach((sent) => sent.breakOff());
    world.records.breakOff(doc);
    world.at(world.now + 5, gone);
  } else {
    gone();
  }
}

/** @param {World} world @param {Doc} doc */
function left(world, doc) {
  doc.ready = false;
  doc.leftAt = world.now;
  doc.awayAt = world.now;
  world.happened("left", doc);
}

/** @param {World} world @param {Doc} doc */
function die(world, doc) {
  doc.alive = false;
  doc.ready = false;
  if (doc.leftAt === null) {
    left(world, doc);
  }
  doc.timers.forEach((due) => (due.work = null));
  doc.tab.process.docs.delete(doc);
  doc.browser.locks.release(doc);
}

/** Browsers send a page that is unloaded a visibility change. @param {Tab} tab */
function leaveSight({ doc, hidden }) {
  doc.visibleSince = Infinity;
  if (!hidden) {
    doc.leaving = true;
    doc.document.dispatchEvent({ type: "visibilitychange" }, doc.guard);
  }
}

/** @param {World} world @param {Tab} tab */
export function reload(world, tab) {
  unload(world, tab, () => tab.open && loadDocument(world, tab));
}

/** @param {World} world @param {Tab} tab */
export function close(world, tab) {
  unload(world, tab, () => tab.browser.area.close(tab.process));
  dropHistory(world, tab);
  tab.open = false;
  tab.browser.tabs = tab.browser.tabs.filter((one) => one !== tab);
}

/** @param {World} world @param {Tab} tab */
function dropHistory(world, tab) {
  tab.back.forEach(({ doc }) => doc && die(world, doc));
  tab.back = [];
}

/**
 * Loads another page into the tab; the one that is left may be kept for Back as it is.
 *
 * @param {World} world
 * @param {Tab} tab
 * @param {Page} page
 */
export function goTo(world, tab, page) {
  const { doc } = tab;
  const n = world.count("left");
  if (tab.back.length > 3) {
    dropHistory(world, tab);
  }
  if (world.plan.features.keptForBack && doc.ready && (world.plan.kind === "story" || world.chance("kept", n) < 0.8)) {
    tab.back.push({ page: doc.page, doc });
    keep(world, doc);
    tab.page = page;
    loadDocument(world, tab);
  } else {
    tab.back.push({ page: doc.page, doc: null });
    unload(world, tab, () => {
      if (tab.open) {
        tab.page = page;
        loadDocument(world, tab);
      }
    });
  }
}

/** Within the document. @param {World} world @param {Tab} tab @param {Page} page */
export function show(world, tab, page) {
  tab.page = page;
  tab.doc.page = page;
  showPage(world, tab.doc);
}

/** @param {World} world @param {Doc} doc */
function keep(world, doc) {
  const { features } = world.plan;
  doc.tells("pagehide", { persisted: true });
  leaveSight(doc.tab);
  left(world, doc);
  doc.cached = true;
  doc.frozen = true;
  // Calls in progress are aborted, or their answers wait for the page.
  for (const sent of world.sent) {
    if (sent.doc === doc && !sent.over && world.chance("cut", sent.n, sent.call) < 0.5) {
      sent.breakOff();
    }
  }
  if (features.backFreesLocks) {
    doc.browser.locks.release(doc);
  } else if (!features.backKeepsLocks) {
    world.at(world.now + KEPT_WITH_LOCKS, () => {
      if (doc.cached && doc.alive && doc.browser.locks.has(doc)) {
        world.tell(() => `    the page of ${doc.tab.name} that was kept for Back is dropped`);
        die(world, doc);
      }
    });
  }
}

/** The browser's Back. @param {World} world @param {Tab} tab */
export function goBack(world, tab) {
  const entry = tab.back.pop();
  if (!entry) {
    return;
  }
  unload(world, tab, () => {
    const { doc, page } = entry;
    tab.page = page;
    if (!tab.open) {
      return;
    }
    if (doc?.alive && doc.user === tab.browser.user) {
      tab.doc = doc;
      world.tell(() => `    ${tab.name} has its page as it was left`);
      doc.cached = false;
      doc.leaving = false;
      doc.ready = true;
      doc.shownAt = world.now;
      doc.leftAt = null;
      doc.visibleSince = tab.hidden ? Infinity : world.now;
      thaw(world, doc);
      world.inDocument(doc, () => {
        doc.tells("pageshow", { persisted: true });
        doc.document.dispatchEvent({ type: "visibilitychange" }, doc.guard);
      });
    } else {
      loadDocument(world, tab);
    }
  });
}

/** Browsers freeze pages that were hidden for long: nothing runs in them, and their locks stay held. @param {World} world @param {Doc} doc */
export function freeze(world, doc) {
  doc.document.dispatchEvent({ type: "freeze" }, doc.guard);
  doc.frozen = true;
  doc.frozenAt = world.now;
}

/** @param {World} world @param {Doc} doc */
export function thaw(world, doc) {
  if (doc.frozen) {
    doc.frozen = false;
    doc.awakeSince = world.now;
    if (!doc.cached) {
      doc.document.dispatchEvent({ type: "resume" }, doc.guard);
    }
    for (const work of doc.backlog.splice(0)) {
      world.at(world.now, () => world.inDocument(doc, work));
    }
  }
}

/** The user switches to a tab; the others in the same window become hidden. @param {World} world @param {Tab} tab */
export function lookAt(world, tab) {
  if (world.plan.features.oneWindow) {
    tab.browser.tabs.filter((other) => other !== tab && !other.hidden).forEach((other) => hide(world, other));
  }
  bringIntoSight(world, tab);
}

/** @param {World} world @param {Tab} tab */
export function bringIntoSight(world, tab) {
  if (tab.hidden) {
    world.tell(() => `${tab.name} is shown`);
    const { doc } = tab;
    tab.hidden = false;
    doc.visibleSince = world.now;
    doc.shownAt = world.now;
    thaw(world, doc);
    world.inDocument(doc, () => doc.document.dispatchEvent({ type: "visibilitychange" }, doc.guard));
  }
}

/** @param {World} world @param {Tab} tab */
export function hide(world, tab) {
  const { doc } = tab;
  tab.hidden = true;
  tab.hiddenAt = world.now;
  doc.visibleSince = Infinity;
  doc.hiddenAt = world.now;
  doc.document.dispatchEvent({ type: "visibilitychange" }, doc.guard);
}

/**
 * The user saves the form: kintone shows the record, in the same document or with a load.
 *
 * @param {World} world
 * @param {Tab} tab
 * @param {boolean} loads
 */
export function save(world, tab, loads) {
  const { doc } = tab;
  const { kind, app } = doc.page;
  const created = kind === "create";
  const record = created ? 100 + world.count("created") : doc.page.record;
  world.tell(() => `${tab.name} saves record ${record}`);
  fire(world, doc, `app.record.${kind}.submit`, { appId: app, record: {} });
  fire(world, doc, `app.record.${kind}.submit.success`, { appId: app, recordId: created ? String(record) : record, record: {} });
  if (created) {
    world.moveRuns(doc, `${app}/${record}`);
  }
  const page = { app, kind: "detail", record };
  if (created && loads) {
    tab.page = page;
    reload(world, tab);
  } else {
    show(world, tab, page);
  }
}
