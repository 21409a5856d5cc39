import { createAgenda } from "./agenda.js";
import { chance } from "./chance.js";
import { createLocks } from "./locks.js";
import { openTab, reload } from "./navigation.js";
import { createProxy } from "./proxy.js";
import { createRecords } from "./records.js";
import { judges } from "./rules.js";
import { createServices } from "./services.js";
import { settleWorld } from "./settling.js";
import { looksAlike, sightOf } from "./sight.js";
import { createArea } from "./storage.js";
import { clock, said } from "./story.js";
import { createDate, INTL } from "./time.js";
import { API_KEY, SERIAL, unitsOf } from "./units.js";
import { act, answerDialog } from "./user.js";
import { createWords } from "./words.js";

/** The same for all worlds. */
let known = null;
const readWords = (/** @type {any} */ words) => (known ??= createWords(words));

const BEGIN = Date.UTC(2026, 10, 22, 9);

/** How often lasting states are checked, in milliseconds. */
const PATROL = 10_000;

/** No world is longer, in events. */
const MOST_EVENTS = 60_000;

/**
 * A world by its plan: browsers with tabs, users, a proxy, the services. `step` does the next thing in it.
 *
 * @param {Plan} plan
 * @param {(...globals: any[]) => void} program the runtime, with the globals of tab.js as parameters
 * @param {((line: string) => void) | null} listen hears the story
 */
export function createWorld(plan, program, listen) {
  const agenda = createAgenda();
  const counts = new Map();
  /** User actions after the nth occurrence of an event, by its name: those of each number, and how often it came. */
  const occasions = new Map();
  /** @type {Doc[]} */
  let changed = [];
  let steps = 0;
  let isPatrolled = false;

  /** @type {World} */
  const world = {
    plan,
    program,
    SERIAL,
    API_KEY,
    begin: BEGIN,
    now: BEGIN,
    /** With faults at first; then they stop, and the world comes to rest. */
    phase: "safety",
    /** Counts whatever has consequences. */
    activity: 0,
    /** The time until which the users' actions continue. */
    actsUntil: 0,
    browsers: [],
    tabs: [],
    clicks: [],
    /** Clicks by the IDs that pages gave to their runs, in worlds with a log. */
    runs: new Map(),
    /** Data of the rules: see rules/facts.js. */
    memories: [],
    starts: [],
    sent: [],
    faulted: [],
    broken: null,
    over: false,
    runtime: null,

    // Time has whole milliseconds, as Date.now() has.
    at(at, work) {
      world.activity += 1;
      return agenda.add(Math.max(Math.ceil(at), world.now), work);
    },
    chance: (what, n, more = "") => chance(plan.seed, what + more, n),
    random: () => chance(plan.seed, "random", world.count("random")),
    count(what) {
      const n = (counts.get(what) ?? 0) + 1;
      counts.set(what, n);
      return n;
    },
    /**
     * @param {string} call
     * @param {number} n how manieth of its kind
     * @param {string[]} faults those of this world
     * @param {number} rate
     * @returns {string | null}
     */
    faultOf(call, n, faults, rate) {
      const key = `${call}:${n}`;
      if (plan.scripted?.[key]) {
        return plan.scripted[key];
      }
      if (world.phase === "liveness" || !faults.length || plan.calm.includes(key) || world.chance("fault?", n, call) >= rate) {
        return null;
      }
      world.faulted.push(key);
      return faults[Math.floor(world.chance("fault", n, call) * faults.length)];
    },
    tell(line) {
      listen?.(`${clock(world.now - BEGIN)}  ${line()}`);
    },

    forDocument: (doc, at, work) => world.at(at, () => world.inDocument(doc, work)),
    inDocument(doc, work) {
      const { wakesAt } = doc.browser;
      if (!doc.alive) {
        return;
      }
      if (doc.frozen) {
        doc.backlog.push(work);
      } else if (wakesAt > world.now) {
        world.at(wakesAt + 1, () => world.inDocument(doc, work));
      } else {
        world.guard(doc, work);
      }
    },
    guard(doc, work) {
      try {
        work();
      } catch (error) {
        world.happened("thrown", doc, error);
      }
    },
    // Spread parameters would be slow.
    happened(event, a, b, c, d) {
      const rules = judges[event];
      if (rules) {
        for (const { name, judge } of rules) {
          const wrong = judge(world, a, b, c, d);
          if (wrong) {
            world.breaks(name, wrong);
          }
        }
      }
      const occasion = occasions.get(event);
      if (occasion) {
        occasion.count += 1;
        const action = occasion.actions.get(occasion.count);
        if (action) {
          world.at(world.now + action.delay, () => act(world, action));
        }
      }
    },
    breaks(rule, wrong) {
      if (!world.broken && !plan.except?.includes(rule)) {
        world.tell(() => `BROKEN: ${rule}: ${wrong}`);
        world.broken = { rule, wrong };
        world.over = true;
      }
    },

    /** The runtime's part of a document begins. */
    begins(doc, runtime) {
      if (!world.runtime) {
        world.runtime = runtime;
        world.words = readWords(runtime.words);
      }
      const { main, openPlugin, services, words, ...features } = runtime;
      const { units } = world;
      const style = ".rb {}";
      if (plan.features.plugin) {
        main(services, { ...features, openPlugin }, { apps: { 45: units, 46: units }, words, style });
      } else {
        main(services, features, { source: "worlds", app: 45, units, words, style });
      }
    },
    modeOf: ({ full }) => (plan.storage === "works" && full ? "full" : plan.storage),

    /** A question to the user in a document; resolves with "OK" or "CANCEL". */
    asked(doc, title, body) {
      return new Promise((resolve) => {
        const unit = /[ktw]\d/.exec(title)?.[0];
        const click = doc.clicks.find((one) => one.unit === unit && one.checking) ?? doc.clicks.findLast((one) => one.unit === unit) ?? null;
        doc.dialog = { unit, click, doubt: world.words.warns(body), body, answer: resolve };
        world.tell(() => `${doc.tab.name} asks: ${body.replaceAll("\n", " / ")}`);
        if (click) {
          click.heard = true;
          click.confirmed = false;
          click.checking = false;
        }
        world.happened("asked", doc, doc.dialog);
        answerDialog(world, doc, doc.dialog);
      });
    },
    reloadsItself(doc) {
      world.tell(() => `${doc.tab.name} reloads itself`);
      world.happened("reload", doc);
      // The document stays alive for a moment.
      world.forDocument(doc, world.now + 20, () => {
        if (doc.tab.doc === doc && doc.ready) {
          reload(world, doc.tab);
        }
      });
    },
    /** Moves the runs of an unsaved record to the saved one. */
    moveRuns(doc, place) {
      for (const click of world.clicks) {
        if (click.browser === doc.browser && click.place === doc.place) {
          click.was = click.place;
          click.movedAt = world.now;
          click.place = place;
        }
      }
    },
    runIsKnown() {
      if (!isPatrolled) {
        isPatrolled = true;
        world.at(world.now + PATROL, patrol);
      }
    },
    documentChanged(doc) {
      world.activity += 1;
      changed.push(doc);
    },

    /** Hours of the world's own time. */
    spent: () => (world.now - BEGIN) / 3_600_000,

    step() {
      lookAround();
      if (world.over) {
        return;
      }
      const next = agenda.take();
      if (!next || steps++ > MOST_EVENTS) {
        world.over = true;
        if (next) {
          world.breaks("noStorm", "the world goes on for ever");
        }
        return;
      }
      world.now = next.at;
      next.work();
    },
  };

  /** As long as a run goes on that a page knows. */
  function patrol() {
    world.happened("patrol");
    isPatrolled = world.starts.some(({ knownAt, endKnownAt }) => knownAt !== null && endKnownAt === null);
    if (isPatrolled) {
      world.at(world.now + PATROL, patrol);
    }
  }

  /** Processes changes of the pages. */
  function lookAround() {
    const docs = changed;
    if (!docs.length) {
      return;
    }
    changed = [];
    for (const doc of docs) {
      const units = [...doc.changed];
      doc.changed.clear();
      doc.clicks.forEach((click) => (click.heard = true));
      if (doc.alive && !doc.cached) {
        units.forEach((element) => see(doc, element));
      }
    }
  }

  /** @param {Doc} doc @param {any} element of a unit */
  function see(doc, element) {
    const unit = element.dataset.runbutton;
    const before = doc.sights.get(unit);
    if (!element.isConnected) {
      if (before?.element === element) {
        doc.sights.delete(unit);
      }
      return;
    }
    if (before && before.element !== element && before.element.isConnected) {
      world.happened("twice", doc, unit);
    }
    const sight = sightOf(world, doc, element);
    if (sight.state !== "confirming") {
      doc.clicks.forEach((one) => (one.checking &&= one.unit !== unit || one.place !== sight.place));
    }
    if (before?.element !== element || !looksAlike(before, sight)) {
      const isNews = !looksAlike(before, sight);
      doc.sights.set(unit, sight);
      if (isNews) {
        world.tell(() => `    ${doc.tab.name} shows ${unit} on ${sight.place}: ${said(sight)}`);
        world.happened("sight", doc, unit, sight, before?.place === sight.place ? before : null);
      }
    }
  }

  const services = createServices(world);
  world.runElsewhere = services.runElsewhere;
  world.units = unitsOf(plan);
  world.serviceOf = services.of;
  world.started = services.started;
  world.originOf = services.originOf;
  world.withStored = services.withStored;
  world.proxy = createProxy(world);
  world.records = createRecords(world);
  world.MathOfWorld = Object.create(Math, { random: { value: world.random } });

  const { twoBrowsers, threeBrowsers } = plan.features;
  for (const user of ["Aoki", ...(twoBrowsers ? ["Baba"] : []), ...(threeBrowsers ? ["Doi"] : [])]) {
    const browser = {
      user,
      first: user,
      tabs: [],
      locks: null,
      area: null,
      // Its clock, against the true time.
      offset: plan.offset ?? (plan.features.wrongClock ? Math.round((2 * world.chance("clock", world.browsers.length) - 1) * 3_000_000) : 0),
      full: false,
      cleared: false,
      clockJumps: 0,
      jumpedAt: 0,
      /** The first value that was written of a run that goes on. */
      written: null,
      wakesAt: 0,
      sleeps: 0,
      slept: 0,
      Date: undefined,
      Intl: undefined,
      sleptFrom: undefined,
      wokeAt: undefined,
      runs: undefined,
      counts: undefined,
    };
    browser.locks = createLocks(world);
    browser.area = createArea(world);
    browser.Date = createDate(() => world.now + browser.offset);
    browser.Intl = INTL;
    world.browsers.push(browser);
    openTab(world, browser, plan.first ?? { app: 45, kind: "detail", record: 1 });
  }
  let last = BEGIN;
  for (const action of plan.actions) {
    if (action.on) {
      const [event, n] = action.on.split(":");
      if (!occasions.has(event)) {
        occasions.set(event, { count: 0, actions: new Map() });
      }
      occasions.get(event).actions.set(Number(n), action);
    } else {
      last = Math.max(last, BEGIN + action.at);
      world.at(BEGIN + action.at, () => act(world, action));
    }
  }
  world.at(last + 1000, () => {
    occasions.clear();
    settleWorld(world);
  });
  return world;
}
