import { chance } from "./chance.js";
import { dispatch, fire, showPage } from "./tab.js";

/**
 * A user does something, if it can be done now.
 *
 * @param {World} world
 * @param {Action} action
 */
export function act(world, action) {
  const open = world.tabs.filter((tab) => tab.open);
  const tab = open[Math.floor(action.tab * open.length)];
  if (action.kind === "openTab") {
    const browser = world.browsers[Math.floor(action.tab * world.browsers.length)];
    if (browser.wakesAt <= world.now && browser.tabs.length < 4) {
      // Mostly the same record: that is where tabs get into each other's way.
      const opened = world.openTab(browser, pageOf(world, action.choice));
      world.tell(() => `${browser.user} opens tab ${opened.n} on ${opened.page.kind} ${opened.page.record}`);
      lookAt(world, opened);
    }
    return;
  }
  if (tab && tab.browser.wakesAt <= world.now) {
    ACTS[action.kind](world, tab, action);
  }
}

/** @type {Record<string, (world: World, tab: Tab, action: Action) => void>} */
const ACTS = {
  click: (world, tab, { choice }) => clickOn(world, tab, choice, 1),
  doubleClick: (world, tab, { choice }) => clickOn(world, tab, choice, 2),
  flood(world, tab, { choice }) {
    for (let n = 0; n < 7; n++) {
      world.at(world.now + n * 1500, () => tab.open && clickOn(world, tab, (choice + n * 0.37) % 1, 1));
    }
  },
  /** While the user is being asked in one tab, the same is done in another one, which then is gone for a moment. */
  race(world, tab, { choice }) {
    const { browser, doc } = tab;
    const other = browser.tabs.find((one) => one !== tab && one.doc.page.record === doc.page.record);
    if (!usable(doc)) {
      return;
    }
    if (!other) {
      if (browser.tabs.length < 4) {
        world.openTab(browser, doc.page);
        world.at(world.now + 1000, () => tab.open && ACTS.race(world, tab, { choice }));
      }
      return;
    }
    clickOn(world, tab, choice, 1);
    if (doc.dialog) {
      doc.dialog.late = 6000;
    }
    world.at(world.now + 300, () => other.open && clickOn(world, other, choice, 1));
    world.at(world.now + 4000, () => other.open && ACTS[choice < 0.3 ? "close" : "reload"](world, other, { choice }));
  },
  reload(world, tab) {
    if (!tab.doc.ready) {
      return;
    }
    world.tell(() => `${tab.name} is reloaded`);
    world.reload(tab);
  },
  close(world, tab) {
    if (!tab.doc.ready) {
      return;
    }
    world.tell(() => `${tab.name} is closed`);
    world.unload(tab);
    tab.open = false;
    tab.browser.tabs = tab.browser.tabs.filter((one) => one !== tab);
  },
  duplicate(world, tab) {
    if (tab.browser.tabs.length < 4) {
      const copy = world.openTab(tab.browser, tab.doc.page, tab.session);
      world.tell(() => `${tab.name} is duplicated: tab ${copy.n}`);
      lookAt(world, copy);
    }
  },
  hide(world, tab) {
    if (!tab.hidden) {
      world.tell(() => `${tab.name} is hidden`);
      hide(world, tab);
    }
  },
  show: (world, tab) => lookAt(world, tab),
  page(world, tab, { choice }) {
    goTo(world, tab, pageOf(world, 1 - choice * 0.6));
  },
  back: (world, tab) => goTo(world, tab, { kind: "detail", record: 1 }),
  edit(world, tab, { choice }) {
    const { page } = tab.doc;
    if (page.kind === "detail") {
      goTo(world, tab, { kind: "edit", record: page.record });
      if (choice < 0.5) {
        world.at(world.now + 1200, () => tab.open && clickOn(world, tab, choice * 2, 1));
      }
    }
  },
  save(world, tab) {
    const { doc } = tab;
    if (!usable(doc) || (doc.page.kind !== "edit" && doc.page.kind !== "create")) {
      return;
    }
    lookAt(world, tab);
    const created = doc.page.kind === "create";
    const record = created ? 100 + world.count("created") : doc.page.record;
    world.tell(() => `${tab.name} saves record ${record}`);
    fire(world, doc, `app.record.${doc.page.kind}.submit`, { appId: 45, record: {} });
    fire(world, doc, `app.record.${doc.page.kind}.submit.success`, { appId: 45, recordId: record, record: {} });
    if (created) {
      for (const one of world.clicks) {
        if (one.doc === doc && one.record === doc.page.record) {
          one.saved = record;
        }
      }
    }
    if (created && world.chance("loads", record) < 0.5) {
      tab.page = { kind: "detail", record };
      world.reload(tab);
    } else {
      show(world, tab, { kind: "detail", record });
    }
  },
  askOn(world, tab, { choice }) {
    const faces = tab.doc.header.filter((face) => face.view?.canResume);
    if (usable(tab.doc) && faces.length) {
      lookAt(world, tab);
      const face = faces[Math.floor(choice * faces.length)];
      world.tell(() => `${tab.name}: “Check again” for ${face.unit}`);
      // Some click twice.
      for (let n = choice % 0.5 < 0.15 ? 2 : 1; n > 0; n--) {
        world.guard(tab.doc, () => face.panel.resume());
      }
    }
  },
  dismiss(world, tab, { choice }) {
    const faces = tab.doc.header.filter(({ view }) => view && view.state !== "idle" && !world.runtime.isBusy(view.state));
    if (usable(tab.doc) && faces.length) {
      lookAt(world, tab);
      const face = faces[Math.floor(choice * faces.length)];
      world.tell(() => `${tab.name}: the panel of ${face.unit} is closed`);
      world.guard(tab.doc, () => face.panel.close());
    }
  },
  sleep(world, { browser }, { choice }) {
    const time = 5000 * 1000 ** choice;
    world.tell(() => `${browser.user}'s computer sleeps for ${Math.round(time / 1000)} s`);
    browser.wakesAt = world.now + time;
    browser.sleeps += 1;
    world.at(browser.wakesAt, () => {
      browser.slept += time;
      world.tell(() => `${browser.user}'s computer wakes up`);
    });
  },
  clear(world, { browser }, { choice }) {
    world.tell(() => `${browser.user} clears the site's data`);
    browser.cleared = true;
    browser.local.clear();
    if (choice < 0.7) {
      browser.tabs.forEach((tab) => tab.session.clear());
    }
  },
};

/**
 * @param {World} world
 * @param {Tab} tab
 * @param {number} choice
 * @param {number} times
 */
function clickOn(world, tab, choice, times) {
  const { doc } = tab;
  if (!usable(doc) || !doc.header.length || tab.browser.wakesAt > world.now) {
    return;
  }
  lookAt(world, tab);
  dispatch(world, doc, "document:pointerdown");
  const face = doc.header[Math.floor(choice * doc.header.length)];
  for (let n = 0; n < times; n++) {
    if (face.view && world.runtime.isBusy(face.view.state)) {
      return;
    }
    world.tell(() => `${tab.name}: a click on ${face.unit}, record ${doc.page.record}`);
    const one = {
      unit: face.unit,
      record: doc.page.record,
      saved: null,
      doc,
      browser: tab.browser,
      at: world.now,
      confirmed: world.plan.features.noConfirmation,
      doubt: false,
      heard: false,
      starts: [],
      saidNothing: false,
    };
    doc.clicks.push(one);
    world.clicks.push(one);
    world.happened("click", one, face);
    world.guard(doc, () => face.click());
  }
}

/**
 * A user answers a confirmation: soon or late, yes or no, or lets it stand.
 *
 * @param {World} world
 * @param {Doc} doc
 * @param {any} dialog
 */
export function answerDialog(world, doc, dialog) {
  const n = world.count("dialog");
  const roll = (/** @type {string} */ what) => chance(world.plan.seed, what, n);
  const { lateConfirmations, cancels } = world.plan.features;
  const late = lateConfirmations && roll("late") < 0.4 ? 60_000 * roll("later") ** 2 : 0;
  const answer = () => {
    if (doc.dialog !== dialog) {
      return;
    }
    if (dialog.late) {
      world.forDocument(doc, world.now + dialog.late, answer);
      dialog.late = 0;
      return;
    }
    const { click } = dialog;
    const word = cancels && roll("cancels") < 0.3 ? "CANCEL" : "OK";
    doc.dialog = null;
    world.tell(() => `${doc.tab.name}: ${doc.tab.browser.user} answers ${word} for ${dialog.unit}`);
    if (click && word === "OK") {
      click.confirmed = true;
      click.at = world.now;
      click.doubt ||= dialog.doubt;
      world.happened("confirmed", click);
    }
    dialog.resolve(word);
  };
  world.forDocument(doc, world.now + 200 + 1500 * roll("thinks") + late, answer);
}

/** @param {Doc} doc */
function usable(doc) {
  return doc.alive && doc.ready && !doc.dialog;
}

/**
 * The user turns to a tab; in one window the others go out of sight.
 *
 * @param {World} world
 * @param {Tab} tab
 */
function lookAt(world, tab) {
  if (world.plan.features.oneWindow) {
    tab.browser.tabs.filter((other) => other !== tab && !other.hidden).forEach((other) => hide(world, other));
  }
  if (tab.hidden) {
    world.tell(() => `${tab.name} is shown`);
    tab.hidden = false;
    tab.shownAt = world.now;
    dispatch(world, tab.doc, "document:visibilitychange");
  }
}

/** @param {World} world @param {Tab} tab */
function hide(world, tab) {
  tab.hidden = true;
  tab.hiddenAt = world.now;
  dispatch(world, tab.doc, "document:visibilitychange");
}

/** @param {World} world @param {number} choice */
function pageOf({ plan }, choice) {
  if (plan.features.inForms && choice > 0.9) {
    return { kind: "create", record: "create" };
  }
  if (plan.features.inLists && choice > 0.8) {
    return { kind: "index", record: "index" };
  }
  return { kind: "detail", record: choice < 0.6 ? 1 : 2 };
}

/** @param {World} world @param {Tab} tab @param {any} page */
function goTo(world, tab, page) {
  const { doc } = tab;
  if (!usable(doc) || (doc.page.kind === page.kind && doc.page.record === page.record)) {
    return;
  }
  lookAt(world, tab);
  world.tell(() => `${tab.name} goes to ${page.kind} ${page.record}`);
  if (page.kind === "index" || page.kind === "create" || doc.page.kind === "index") {
    tab.page = page;
    world.reload(tab);
  } else {
    show(world, tab, page);
  }
}

/** @param {World} world @param {Tab} tab @param {any} page */
function show(world, tab, page) {
  tab.page = page;
  tab.doc.page = page;
  showPage(world, tab.doc);
}
