"""A browser for the real run.js in an engine without a page: several tabs, a clock that only the test moves,
and a service that answers as the test says."""

from typing import Any

from tests.v8 import evaluate

IMPORTS = """
import { createAsk } from "./runtime/page/proxy.js";
import { patientReader } from "./runtime/page/reader.js";
import { createStore } from "./runtime/page/storage.js";
import { createLedger } from "./runtime/run/ledger.js";
import { createLocks } from "./runtime/run/locks.js";
import { createRun } from "./runtime/run/run.js";
import { BLANK, isBusy, MOVES, move } from "./runtime/run/states.js";
"""

# A browser with tabs of one record's page. `status` and `started` are what the service says next; `asked` counts.
BROWSER = """
const MINUTE = 60_000;
const PREFIX = "runbutton/sato/orders/45";
/** How long a write is on its way to the other tabs, and their reads are old. */
let delay = 0;
let now = Date.UTC(2026, 10, 22);
let ticks = 0;
let timers = [];
const flush = async () => { for (let turn = 0; turn < 80; turn++) await null; };
const sleep = (delay) => new Promise((resolve) => timers.push({ at: ticks + delay, resolve }));
async function advance(milliseconds) {
  const end = ticks + milliseconds;
  for (;;) {
    await flush();
    const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    timers = timers.filter((timer) => timer !== next);
    const passed = Math.max(0, next.at - ticks);
    ticks += passed;
    now += passed;
    next.resolve();
  }
  now += end - ticks;
  ticks = end;
}
const unit = { id: "u", label: { ja: "再集計", en: "Recalculate" }, timeout: 60 * MINUTE };
const user = { code: "sato", language: "ja", timezone: "Asia/Tokyo" };
const shown = { device: "desktop", page: "detail", appId: 45, recordId: 1, record: {} };
const problem = { happened: "run.unexpected", ran: "ran.maybe", advice: "advice.retry" };
let started = { handle: { id: 1 } };
let status = { state: "running", steps: [] };
const asked = { start: 0, status: 0, at: [] };
const service = {
  names: [], sends: () => [], refuse: () => null,
  start: async () => { asked.start += 1; return typeof started === "function" ? started() : started; },
  status: async () => { asked.status += 1; asked.at.push(ticks); return status; },
};
const done = { state: "succeeded", steps: [] };
const shared = new Map();
const entry = (place = "1") => JSON.parse(shared.get(`${PREFIX}/u/${place}`) ?? "null");
const durations = () => JSON.parse(shared.get("runbutton/durations/unit") ?? "null");
const local = createStore(() => storageOf(shared, () => {}));
const storageOf = (items, written) => ({
  get length() { return items.size; },
  key: (n) => [...items.keys()][n],
  getItem: (key) => items.get(key) ?? null,
  setItem: (key, value) => { items.set(key, value); written(key, value); },
  removeItem: (key) => { items.delete(key); written(key, null); },
});
// Web Locks: in order, gone with the tab.
const held = new Map();
const queue = [];
function free(name, request) {
  if (held.get(name) !== request) return;
  held.delete(name);
  const at = queue.findIndex((one) => one.name === name);
  if (at >= 0) grant(queue.splice(at, 1)[0]);
}
function grant(request) {
  held.set(request.name, request);
  Promise.resolve().then(() => request.work({ name: request.name })).then(
    (value) => { free(request.name, request); request.resolve(value); },
    (error) => { free(request.name, request); request.reject(error); },
  );
}
const managerOf = (me) => ({
  request: (name, options, work) => new Promise((resolve, reject) => {
    const request = { me, name, work, resolve, reject };
    if (options.steal && held.has(name)) {
      const before = held.get(name);
      held.delete(name);
      before.reject(new Error("stolen"));
    }
    if (!held.has(name)) grant(request);
    else if (options.ifAvailable) resolve(work(null));
    else {
      queue.push(request);
      options.signal?.addEventListener("abort", () => {
        const at = queue.indexOf(request);
        if (at >= 0) { queue.splice(at, 1); reject(new Error("aborted")); }
      });
    }
  }),
  query: async () => ({ pending: queue.map(({ name }) => ({ name })) }),
});
globalThis.AbortController ??= class {
  constructor() {
    const listeners = [];
    this.signal = { aborted: false, addEventListener: (_, listener) => listeners.push(listener) };
    this.abort = () => {
      if (!this.signal.aborted) { this.signal.aborted = true; listeners.forEach((listener) => listener()); }
    };
  }
};
const all = [];
/** A tab of the record's page, or of another place; `views` are what it has shown, `ends` what it told.
 * Its machine's clock is `ahead`. */
function tab({
  place = "1", hidden = false, locks = true, own = new Map(shared), login = "sato", open = null, ahead = 0,
} = {}) {
  const me = { alive: true, frozen: false, hidden, left: false, own, ends: [], views: [], doubts: [] };
  const stopped = [];
  const alive = (value) =>
    me.alive && !me.frozen ? value : new Promise((resolve) => { stopped.push(() => resolve(value)); });
  const clock = {
    now: () => now + ahead, ticks: () => ticks,
    sleep: (delay) => sleep(delay).then(alive),
    pause: (delay) => clock.sleep(me.hidden ? Math.max(delay, 30_000) : delay),
    every: (delay, tick) => {
      let on = true;
      (async () => { for (;;) { await clock.sleep(delay); if (!on) return; tick(); } })();
      return () => { on = false; };
    },
  };
  // What this tab writes reaches the others, and their events, after `delay`.
  const store = createStore(() => storageOf(me.own, (key, value) => {
    if (value === null) shared.delete(key); else shared.set(key, value);
    all.filter((other) => other !== me && other.alive).forEach(async (other) => {
      if (delay) await sleep(delay); else await null;
      if (value === null) other.own.delete(key); else other.own.set(key, value);
      if (other.frozen) await new Promise((resolve) => other.missed.push(resolve));
      if (value !== null && other.alive) other.hear(key, JSON.parse(value));
    });
  }));
  const listeners = new Set();
  const changed = () => [...listeners].forEach((listener) => listener());
  const page = {
    isHidden: () => me.hidden, isLeft: () => me.left,
    onChange: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
    changed: () => new Promise((resolve) => { const stop = page.onChange(() => { stop(); resolve(); }); }),
  };
  let run = null;
  let log = null;
  const prefix = PREFIX.replace("sato", login);
  const ledger = createLedger(prefix, store, clock, (key, isOwn) => {
    if (key === run?.key) { run.changed(isOwn); log?.changed(key, isOwn); }
  });
  const world = {
    ask: null, clock, ledger, local: store, page,
    locks: createLocks(locks ? managerOf(me) : undefined), random: () => `run${all.length}-${Math.random()}`,
  };
  log = open?.(clock, ledger, login, alive);
  const own_service = log?.startOf(unit, service, () => run.key) ?? service;
  run = createRun(unit, own_service, "unit", ledger.keyOf("u", place), world, (view) => me.ends.push(view.state));
  me.log = log;
  me.missed = [];
  me.run = run;
  me.ledger = ledger;
  me.hear = (key, value) => {
    if (ledger.isKey(key)) ledger.hear(key, value);
    if (key === `runbutton/poke/${run.view().id}`) run.poked();
  };
  run.watch((view) => me.views.push(view));
  run.changed(false);
  me.click = (read = () => shown) => {
    const question = new Promise((resolve) => { me.answer = resolve; });
    return run.click(patientReader(read, clock), user, null, async (doubt) => {
      me.doubts.push(doubt);
      me.before = (await log?.before(unit, run.key)) ?? {};
      return me.before.problem ?? question;
    });
  };
  me.start = async () => { me.click(); await flush(); me.answer(true); await flush(); };
  me.hide = (hidden) => { me.hidden = hidden; changed(); };
  me.leave = () => { me.left = true; changed(); };
  me.comeBack = () => { me.left = false; changed(); ledger.look(run.key); };
  me.freeze = () => { me.frozen = true; };
  me.thawAll = () => { me.frozen = false; [...stopped.splice(0), ...me.missed.splice(0)].forEach((go) => go()); };
  me.close = () => {
    me.alive = false;
    for (let at = queue.length - 1; at >= 0; at--) if (queue[at].me === me) queue.splice(at, 1);
    [...held].filter(([, request]) => request.me === me).forEach(([name, request]) => free(name, request));
  };
  me.view = () => run.view();
  me.state = () => run.view().state;
  all.push(me);
  return me;
}
"""


def play(story: str, **given: Any) -> Any:
    return evaluate(IMPORTS, f"{BROWSER}\n{story}", **given)
