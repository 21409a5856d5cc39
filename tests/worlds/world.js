import { createAgenda } from "./agenda.js";
import { chance } from "./chance.js";
import { createLocks } from "./locks.js";
import { createProxy } from "./proxy.js";
import { judges } from "./rules.js";
import { CALL_DEADLINE } from "./rules/calls.js";
import { createKrewData } from "./services/krewdata.js";
import { createTrocco } from "./services/trocco.js";
import { clock, said } from "./story.js";
import { dispatch, loadDocument } from "./tab.js";
import { ADDRESSES, API_KEY, isOf, readRequest, SERIAL, TROCCO, unitsOf } from "./units.js";
import { act, answerDialog } from "./user.js";

const BEGIN = Date.UTC(2026, 10, 22, 9);

/** No world is longer, in events. */
const MOST_EVENTS = 20_000;

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
  const lastActionAt = BEGIN + plan.actions.reduce((last, { at }) => Math.max(last, at), 0);
  let steps = 0;
  let ending = 0;
  let calm = 0;

  /** @type {World} */
  const world = {
    plan,
    program,
    SERIAL,
    API_KEY,
    now: BEGIN,
    browsers: [],
    tabs: [],
    clicks: [],
    starts: [],
    sent: [],
    faulted: [],
    broken: null,
    over: false,
    memory: new Map(),
    runtime: null,

    // Time has whole milliseconds, as Date.now() has.
    at: (at, work) => agenda.add(Math.max(Math.ceil(at), world.now), work),
    chance: (what, n, more = "") => chance(plan.seed, what + more, n),
    count(what) {
      const n = (counts.get(what) ?? 0) + 1;
      counts.set(what, n);
      return n;
    },
    tell(line) {
      listen?.(`${clock(world.now - BEGIN)}  ${line()}`);
    },

    forDocument(doc, at, work) {
      world.at(at, () => {
        if (!doc.alive) {
          return;
        }
        const { wakesAt } = doc.tab.browser;
        if (wakesAt > world.now) {
          world.forDocument(doc, wakesAt + 1, work);
        } else {
          world.guard(doc, work);
        }
      });
    },
    guard(doc, work) {
      try {
        work();
      } catch (error) {
        world.happened("thrown", doc, error);
      }
    },
    happened(event, ...facts) {
      for (const { name, judge } of judges[event] ?? []) {
        const wrong = judge(world, ...facts);
        if (wrong) {
          world.breaks(name, wrong);
        }
      }
    },
    breaks(rule, wrong) {
      if (!world.broken) {
        world.tell(() => `BROKEN: ${rule}: ${wrong}`);
        world.broken = { rule, wrong };
        world.over = true;
      }
    },

    begin(doc, runtime, device) {
      world.runtime ??= runtime;
      const units = unitsOf(plan, device);
      const plugin = {
        id: "plugin1",
        callProxy: (...request) => world.proxy.send(doc, ...request, true),
        hasSecret: () => true,
      };
      if (plan.features.plugin) {
        runtime.start(runtime.services, { apps: { 45: units }, words: runtime.words }, plugin);
      } else {
        runtime.start(runtime.services, { source: "worlds", units, words: runtime.words });
      }
    },
    withStored(url, headers, data) {
      if (url.endsWith("/token")) {
        const own = typeof data === "string" ? JSON.parse(data || "{}") : data;
        return { headers, data: { ...own, krewdataAppUrl: "https://yourdomain.cybozu.com/k/123", serialNumber: SERIAL } };
      }
      return url.startsWith(TROCCO) ? { headers: { ...headers, Authorization: `Token ${API_KEY}` }, data } : { headers, data };
    },
    serviceOf: (url) => services.find(([begin]) => url.startsWith(begin))?.[1] ?? nowhere,

    originOf({ doc, call, data }) {
      const request = call === "run" || call === "post" ? readRequest(data) : null;
      const click = request && doc.clicks.findLast((one) => one.confirmed && one.unit === request.unit && isOf(one, request));
      return { doc, browser: doc.tab.browser, unit: request?.unit ?? null, click: click ?? null, doubled: false };
    },
    started(origin, given) {
      const n = world.count("start");
      const roll = (what) => chance(plan.seed, what, n);
      const longest = plan.features.longRuns ? 2.5 * plan.timeout : 40_000;
      const queue = given.queue ?? (plan.features.queues ? 60_000 * roll("queue") ** 2 : 1500 * roll("queue"));
      const endless = plan.features.longRuns && roll("endless") < 0.05;
      const length = given.length ?? (endless ? 1e9 : 500 * (longest / 500) ** roll("length"));
      const ends = plan.features.badEnds && roll("bad") < 0.4;
      const service = origin.unit[0] === "k" ? "krewdata" : "trocco";
      const bad = service === "krewdata" ? "failed" : ["failed", "canceled", "skipped"][Math.floor(roll("end") * 3)];
      const start = {
        n,
        unit: origin.unit,
        click: origin.click,
        browser: origin.browser,
        doubled: origin.doubled,
        executed: given.executed ?? true,
        at: world.now,
        begins: world.now + queue,
        ends: world.now + queue + length,
        outcome: given.outcome ?? (ends ? bad : "succeeded"),
        task: null,
        token: null,
      };
      world.starts.push(start);
      origin.click?.starts.push(start);
      if (origin.click) {
        origin.browser.known.push(start);
      }
      world.tell(
        () =>
          `    the service starts run ${n} of ${start.unit}, which ends ${start.outcome} at ${clock(start.ends - BEGIN)}`,
      );
      world.happened("start", start);
      return start;
    },

    /** A user is asked in a document; resolves with "OK" or "CANCEL". */
    asked(doc, title, body) {
      return new Promise((resolve) => {
        const unit = title.slice(0, 2);
        const click = doc.clicks.findLast((one) => one.unit === unit) ?? null;
        const doubt = Object.values(world.runtime.words).some(({ page }) => body.includes(page.confirmUnknown));
        doc.dialog = { unit, click, doubt, resolve };
        world.tell(() => `${doc.tab.name} asks: ${body.replaceAll("\n", " / ")}`);
        if (click) {
          click.heard = true;
          click.confirmed = false;
        }
        answerDialog(world, doc, doc.dialog);
      });
    },
    sees(face, view) {
      const click = face.doc.clicks.findLast((one) => one.unit === face.unit);
      if (click && view.state !== "idle") {
        click.heard = true;
      }
      world.tell(() => `    ${face.doc.tab.name} shows ${face.unit} on record ${face.page.record}: ${said(view)}`);
      world.happened("view", face, view);
    },
    storageChanged(doc, key, value) {
      for (const other of doc.tab.browser.tabs) {
        if (other.doc !== doc) {
          world.forDocument(other.doc, world.now + 2, () =>
            dispatch(world, other.doc, "window:storage", { key, newValue: value, storageArea: null }),
          );
        }
      }
    },
    openTab(browser, page, session) {
      const tab = {
        n: world.tabs.length + 1,
        name: `${browser.user}'s tab ${world.tabs.length + 1}`,
        browser,
        session: new Map(session),
        page,
        hidden: false,
        hiddenAt: 0,
        open: true,
        doc: null,
      };
      world.tabs.push(tab);
      browser.tabs.push(tab);
      loadDocument(world, tab);
      return tab;
    },
    /** A document goes, and `then` what comes after it; on its way out it may still hear that its calls broke off. */
    unload(tab, then = () => {}) {
      const { doc } = tab;
      dispatch(world, doc, "window:pagehide", { persisted: false });
      doc.ready = false;
      const gone = () => {
        doc.alive = false;
        browser.locks.release(doc);
        then();
      };
      const { browser } = tab;
      if (plan.features.brokenCalls) {
        world.sent.filter((sent) => sent.doc === doc && !sent.over).forEach((sent) => sent.breakOff());
        world.at(world.now + 5, gone);
      } else {
        gone();
      }
    },
    reload(tab) {
      world.unload(tab, () => tab.open && loadDocument(world, tab));
    },
    reloadsItself(doc) {
      world.tell(() => `${doc.tab.name} reloads itself`);
      world.happened("reload", doc);
      // The document lives on for a moment.
      world.forDocument(doc, world.now + 20, () => {
        if (doc.tab.doc === doc && doc.ready) {
          world.reload(doc.tab);
        }
      });
    },

    /** Hours of the world's own time. */
    spent: () => (world.now - BEGIN) / 3_600_000,

    step() {
      if (world.over) {
        return;
      }
      if (agenda.empty || steps++ > MOST_EVENTS) {
        world.over = true;
        if (!agenda.empty) {
          world.breaks("worldsEnd", "the world goes on for ever");
        }
        return;
      }
      world.now = agenda.next;
      agenda.take()();
    },
  };

  const services = [
    [ADDRESSES[0], createKrewData(world)],
    [ADDRESSES[1], createKrewData(world)],
    [TROCCO, createTrocco(world)],
  ];
  const nowhere = { answer: () => ({ status: 404, text: "", headers: {} }) };
  world.proxy = createProxy(world);
  world.DateOfWorld = class extends Date {
    /** @param {any[]} given */
    constructor(...given) {
      super(...(given.length ? given : [world.now]));
    }
    static now() {
      return world.now;
    }
  };
  world.MathOfWorld = Object.create(Math, { random: { value: () => world.chance("random", world.count("random")) } });

  for (const user of plan.features.twoUsers ? ["Aoki", "Baba"] : ["Aoki"]) {
    const browser = { user, known: [], cleared: false, tabs: [], local: new Map(), locks: createLocks(world), wakesAt: 0, sleeps: 0, slept: 0 };
    world.browsers.push(browser);
    world.openTab(browser, { kind: "detail", record: 1 });
  }
  for (const action of plan.actions) {
    world.at(BEGIN + action.at, () => act(world, action));
  }
  const longest = plan.timeout + 5 * CALL_DEADLINE;
  world.at(lastActionAt + 1000, settle);

  /** The users do no more: what is open gets closed, what sleeps wakes, and all runs have their time to end. */
  function settle() {
    const asleep = world.browsers.reduce((last, { wakesAt }) => Math.max(last, wakesAt), 0);
    if (asleep > world.now) {
      world.at(asleep + 10, settle);
      return;
    }
    world.tell(() => "The users do no more.");
    world.quiet = true;
    for (const browser of world.browsers) {
      if (!browser.tabs.length) {
        world.openTab(browser, { kind: "detail", record: 1 });
      }
      for (const tab of browser.tabs) {
        if (tab.hidden && !plan.features.leftHidden) {
          tab.hidden = false;
          dispatch(world, tab.doc, "document:visibilitychange");
        }
        if (tab.doc.dialog) {
          const { dialog } = tab.doc;
          tab.doc.dialog = null;
          dialog.resolve("CANCEL");
        }
      }
    }
    ending = world.now + longest;
    world.at(world.now + 5000, look);
  }

  /** Ends the world once nothing goes on in it. */
  function look() {
    const busy = world.browsers.some(({ tabs }) =>
      tabs.some(({ doc }) => !doc.ready || doc.header.some((face) => face.view && world.runtime.isBusy(face.view.state))),
    );
    if (busy && world.now < ending) {
      calm = 0;
      world.at(world.now + 10_000, look);
      return;
    }
    // What is told last takes a moment to get to all tabs.
    if (!calm++) {
      world.at(world.now + 3000, look);
      return;
    }
    world.happened("end");
    world.over = true;
  }

  return world;
}
