import { close, freeze, goBack, goTo, hide, lookAt, openTab, reload, save, show } from "./navigation.js";
import { isEnabled, unitElements } from "./sight.js";

const MOST_TABS = 4;

/** How long a user waits for what comes of a click, in milliseconds. */
const MOST_CHECKED = 80_000;

/**
 * A user does something, if it can be done now.
 *
 * @param {World} world
 * @param {Action} action `tab` below one is a part of all that are open, from one on a tab's number
 */
export function act(world, action) {
  const open = world.tabs.filter((tab) => tab.open);
  const tab = action.tab < 1 ? open[Math.floor(action.tab * open.length)] : open.find(({ n }) => n === action.tab);
  if (world.phase === "liveness") {
    return;
  }
  if (action.kind === "openTab") {
    const browser = tab?.browser ?? world.browsers[Math.floor((action.tab % 1) * world.browsers.length)];
    if (browser.wakesAt <= world.now && browser.tabs.length < MOST_TABS) {
      // Mostly the same record, where tabs can conflict.
      const opened = openTab(world, browser, action.page ?? pageOf(world, action.choice), action.choice < 0.3 ? tab : undefined);
      world.tell(() => `${browser.user} opens ${opened.name} on ${told(opened.page)}`);
      lookAt(world, opened);
    }
    return;
  }
  if (tab && tab.browser.wakesAt <= world.now) {
    ACTS[action.kind](world, tab, action);
  }
}

const told = (/** @type {Page} */ { app, kind, record }) => `${kind} ${record} of app ${app}`;

/** Follow-ups of an action, while users are active. */
function later(world, delay, work) {
  world.actsUntil = Math.max(world.actsUntil, world.now + delay);
  world.at(world.now + delay, () => world.phase === "safety" && work());
}

/** @type {Record<string, (world: World, tab: Tab, action: Action) => void>} */
const ACTS = {
  click: (world, tab, { choice, unit }) => click(world, tab, choice, 1, unit),
  doubleClick: (world, tab, { choice, unit }) => click(world, tab, choice, 2, unit),
  flood(world, tab, { choice }) {
    for (let n = 0; n < 7; n++) {
      later(world, n * 1500, () => tab.open && click(world, tab, (choice + n * 0.37) % 1, 1));
    }
  },
  /** During the question in one tab, the user does the same in another one, which then is gone for a moment. */
  race(world, tab, { choice }) {
    const { browser, doc } = tab;
    const other = browser.tabs.find((one) => one !== tab && one.doc.place === doc.place);
    if (!usable(doc)) {
      return;
    }
    if (!other) {
      // A create page that is opened again is another place.
      if (browser.tabs.length < MOST_TABS && doc.page.kind !== "create") {
        openTab(world, browser, doc.page);
        later(world, 1000, () => tab.open && ACTS.race(world, tab, { choice }));
      }
      return;
    }
    click(world, tab, choice, 1);
    if (doc.dialog) {
      doc.dialog.late = 6000;
    }
    later(world, 300, () => other.open && click(world, other, choice, 1));
    later(world, 4000, () => other.open && ACTS[choice < 0.3 ? "close" : "reload"](world, other, { choice }));
  },
  reload(world, tab) {
    if (tab.doc.ready) {
      world.tell(() => `${tab.name} is reloaded`);
      reload(world, tab);
    }
  },
  close(world, tab) {
    if (tab.doc.ready) {
      world.tell(() => `${tab.name} is closed`);
      close(world, tab);
    }
  },
  duplicate(world, tab, { choice, apart = choice < 0.5 }) {
    if (tab.browser.tabs.length < MOST_TABS && tab.doc.ready) {
      const copy = openTab(world, tab.browser, tab.doc.page, apart ? undefined : tab, tab.session);
      world.tell(() => `${tab.name} is duplicated: ${copy.name}`);
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
  /** The browser saves energy. */
  freeze(world, tab) {
    if (!tab.hidden) {
      hide(world, tab);
    }
    if (!tab.doc.frozen) {
      world.tell(() => `${tab.name} is hidden and frozen`);
      freeze(world, tab.doc);
    }
  },
  page: (world, tab, { choice, page }) => visit(world, tab, page ?? pageOf(world, 1 - choice * 0.6, tab.doc.page.kind)),
  toFirst: (world, tab) => visit(world, tab, { app: 45, kind: "detail", record: 1 }),
  /** Another page of the browser, which has none of our buttons. */
  leave: (world, tab) => visit(world, tab, { app: 0, kind: "portal", record: "portal" }),
  back(world, tab) {
    if (usable(tab.doc) && tab.back.length) {
      lookAt(world, tab);
      world.tell(() => `${tab.name} goes back`);
      goBack(world, tab);
    }
  },
  create(world, tab) {
    // The same page again cannot be distinguished from a reloaded page.
    if (tab.doc.page.kind !== "create") {
      visit(world, tab, newRecord(world));
    }
  },
  edit(world, tab, { choice }) {
    const { page } = tab.doc;
    if (page.kind === "detail") {
      visit(world, tab, { ...page, kind: "edit" });
      if (choice < 0.5) {
        later(world, 1200, () => tab.open && click(world, tab, choice * 2, 1));
      }
    }
  },
  save(world, tab, { loads }) {
    const { doc } = tab;
    if (usable(doc) && (doc.page.kind === "edit" || doc.page.kind === "create")) {
      lookAt(world, tab);
      save(world, tab, loads ?? world.chance("loads", world.count("saved")) < 0.7);
    }
  },
  /** Into a comment, or into a list's row. */
  type(world, tab, { choice }) {
    const { doc } = tab;
    if (!usable(doc)) {
      return;
    }
    lookAt(world, tab);
    world.tell(() => `${tab.name}: something is being written`);
    if (!doc.input?.isConnected) {
      doc.input = doc.document.createElement("textarea");
      doc.tree.body.append(doc.input);
    }
    doc.input.focus();
    world.forDocument(doc, world.now + 60_000 * choice ** 2, () => doc.input.blur());
  },
  askOn: (world, tab, { choice }) => press(world, tab, choice, "asks on", (words, text) => words.asksOn(text)),
  renew: (world, tab, { choice }) => press(world, tab, choice, "wants the new values", (words, text) => words.renews(text)),
  dismiss(world, tab, { choice }) {
    press(world, tab, choice, "closes the line", (words, text, button) => button.className === "rb-close");
  },
  sleep(world, { browser }, { choice }) {
    const time = 5000 * 1000 ** choice;
    world.tell(() => `${browser.user}'s computer sleeps for ${Math.round(time / 1000)} s`);
    browser.wakesAt = world.now + time;
    browser.sleeps += 1;
    browser.sleptFrom = world.now;
    world.at(browser.wakesAt, () => {
      browser.slept += time;
      browser.wokeAt = world.now;
      world.tell(() => `${browser.user}'s computer wakes up`);
    });
  },
  /** The computer's clock is put right, or wrong. */
  clock(world, { browser }, { choice, by }) {
    const sign = choice < 0.5 ? -1 : 1;
    const jump = by ?? sign * Math.round(2000 * 3600 ** ((2 * choice) % 1));
    browser.offset += jump;
    browser.clockJumps += 1;
    browser.jumpedAt = world.now;
    world.tell(() => `${browser.user}'s clock is put ${jump < 0 ? "back" : "on"} by ${Math.abs(jump) / 1000} s`);
  },
  clear(world, { browser }, { choice }) {
    world.tell(() => `${browser.user} clears the site's data`);
    browser.cleared = true;
    browser.area.clear();
    if (choice < 0.7) {
      browser.tabs.forEach((tab) => tab.session.clear());
    }
  },
  /** Other sites' data fill the disk, or go. */
  fill(world, { browser }) {
    browser.full = !browser.full;
    browser.cleared = true;
    world.tell(() => `the storage of ${browser.user}'s browser is ${browser.full ? "full" : "free again"}`);
  },
  /** Another user signs in: open pages stay unchanged until they are reloaded. */
  relogin(world, tab) {
    const { browser, doc } = tab;
    if (!usable(doc)) {
      return;
    }
    browser.user = browser.user === "Chiba" ? browser.first : "Chiba";
    lookAt(world, tab);
    world.tell(() => `${browser.user} signs in, in ${tab.name}`);
    reload(world, tab);
  },
  /**
   * What was written down at a place while its first run went on comes once more, from a page that was away; `later` makes
   * it look newer, as if that page had gone on writing.
   */
  replay(world, { browser }, { later = 0 }) {
    const { key, value } = browser.written;
    const { seq, ...entry } = JSON.parse(value);
    world.tell(() => `an old value of ${key} comes once more`);
    browser.area.write(key, JSON.stringify({ ...entry, seq: seq + later }));
  },
  /** Another program's value replaces Runbutton's. */
  garble(world, { browser }, { key, value }) {
    world.tell(() => `somebody else writes ${key}`);
    browser.area.write(key, value);
  },
  /** In the log app, by a colleague who may. */
  removeRecord: (world, tab, { choice }) => world.records.remove(choice),
  /** At the service, by another person. */
  others(world, tab, { choice, unit }) {
    const { units } = world;
    world.runElsewhere(unit ?? units[Math.floor(choice * units.length)].id);
  },
};

/**
 * @param {World} world
 * @param {Tab} tab
 * @param {number} choice
 * @param {number} times
 * @param {string} [unit]
 */
function click(world, tab, choice, times, unit) {
  const { doc, browser } = tab;
  // While the page reads the log, users wait for the result of their click.
  if (!usable(doc) || browser.wakesAt > world.now || doc.clicks.some(({ checking }) => checking)) {
    return;
  }
  const elements = unitElements(doc.tree.body);
  const element = unit
    ? elements.find(({ dataset }) => dataset.runbutton === unit)
    : elements[Math.floor(choice * elements.length)];
  if (!element) {
    return;
  }
  lookAt(world, tab);
  doc.tree.active = doc.tree.body;
  doc.document.dispatchEvent({ type: "pointerdown" }, doc.guard);
  const button = element.querySelector(".rb-run");
  for (let n = 0; n < times; n++) {
    if (!isEnabled(button)) {
      return;
    }
    const one = {
      n: world.clicks.length + 1,
      unit: element.dataset.runbutton,
      place: doc.place,
      doc,
      browser,
      user: doc.user,
      clickedAt: world.now,
      at: world.now,
      // The user gets a question, or sees that the button runs immediately.
      confirmed: world.plan.features.noConfirmation,
      /** The right value that the user has typed in the form, and whether it was canceled. */
      typed: null,
      canceled: false,
      warned: false,
      heard: false,
      starts: [],
      accepted: null,
      sentAt: null,
      was: null,
      saidNothing: false,
      /** Whether its page is still asking the log about other users' runs. */
      checking: world.plan.features.log === true,
      runId: null,
      last: null,
      asked: undefined,
      movedAt: undefined,
      repeated: undefined,
      trouble: undefined,
    };
    world.tell(() => `${tab.name}: a click on ${one.unit}, ${one.place}`);
    doc.clicks.push(one);
    if (one.checking) {
      world.forDocument(doc, world.now + MOST_CHECKED, () => (one.checking = false));
    }
    world.clicks.push(one);
    world.happened("click", one, doc);
    button.click();
  }
}

/** A click on a button in a line. */
function press(world, tab, choice, what, fits) {
  const { doc } = tab;
  if (!usable(doc) || tab.browser.wakesAt > world.now) {
    return;
  }
  const sights = [...doc.sights.values()].filter(({ element }) => element.isConnected);
  const buttons = sights.flatMap(({ buttons }) => buttons).filter((one) => one.isConnected && fits(world.words, one.textContent, one));
  const button = buttons[Math.floor(choice * buttons.length)];
  if (button) {
    lookAt(world, tab);
    world.tell(() => `${tab.name} ${what}: ${button.textContent}`);
    doc.document.dispatchEvent({ type: "pointerdown" }, doc.guard);
    world.happened("pressed", doc, button.closest("[data-line]").dataset.line, what);
    // Some click twice.
    for (let n = choice % 0.5 < 0.15 ? 2 : 1; n > 0; n--) {
      button.click();
    }
  }
}

/**
 * A user answers a confirmation: soon or late, yes or no, or never.
 *
 * @param {World} world
 * @param {Doc} doc
 * @param {any} dialog
 */
export function answerDialog(world, doc, dialog) {
  const n = world.count("dialog");
  const scripted = world.plan.dialogs?.[n] ?? {};
  const roll = (/** @type {string} */ what) => world.chance(what, n);
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
    const word = scripted.word ?? (world.phase === "liveness" ? "CANCEL" : undefined) ?? (cancels && roll("cancels") < 0.3 ? "CANCEL" : "OK");
    doc.dialog = null;
    world.tell(() => `${doc.tab.name}: ${doc.user} answers ${word} for ${dialog.unit}`);
    if (click && word === "OK") {
      click.confirmed = true;
      click.at = world.now;
      click.warned ||= dialog.doubt;
      world.happened("confirmed", click);
    }
    dialog.answer(word);
  };
  world.forDocument(doc, world.now + (scripted.after ?? 200 + 1500 * roll("thinks") + late), answer);
}

/** @param {Doc} doc */
function usable(doc) {
  return doc.alive && doc.ready && !doc.dialog && !doc.cached;
}

/** @param {World} world @param {number} choice @param {string} [from] the kind of the page before @returns {Page} */
function pageOf(world, choice, from) {
  const { features } = world.plan;
  const app = features.twoApps && (choice * 7) % 1 < 0.4 ? 46 : 45;
  if (features.inForms && choice > 0.9 && from !== "create") {
    return newRecord(world);
  }
  if (features.inLists && choice > 0.75) {
    return { app, kind: "index", record: "index" };
  }
  return { app, kind: "detail", record: choice < 0.6 ? 1 : 2 };
}

/** Each new record is a separate one. @param {World} world @returns {Page} */
function newRecord(world) {
  return { app: 45, kind: "create", record: `new${world.count("new")}` };
}

/** @param {World} world @param {Tab} tab @param {Page} page */
function visit(world, tab, page) {
  const { doc } = tab;
  const { page: from } = doc;
  if (!usable(doc) || (from.app === page.app && from.kind === page.kind && from.record === page.record)) {
    return;
  }
  lookAt(world, tab);
  world.tell(() => `${tab.name} goes to ${told(page)}`);
  const within = ["detail", "edit"];
  if (from.app === page.app && within.includes(from.kind) && within.includes(page.kind)) {
    show(world, tab, page);
  } else {
    goTo(world, tab, page);
  }
}
