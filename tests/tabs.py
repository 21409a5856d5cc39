"""A browser for the real run.js in an engine without a page: several tabs, a clock that only the test moves,
and a service that answers as the test says."""

from typing import Any

from tests.v8 import evaluate

IMPORTS = """
import { createRun } from "./runtime/run/run.js";
import { createAsk } from "./runtime/page/proxy.js";
import { IDLE, isBusy, MOVES, move } from "./runtime/run/states.js";
import { createStore } from "./runtime/page/storage.js";
"""

# A browser with tabs of one record's page. `status` and `started` are what the service says next; `asked` counts.
BROWSER = """
const MINUTE = 60_000;
/** How long the word of a tab is on its way to another. */
let telling = 0;
let now = Date.UTC(2026, 10, 22);
let timers = [];
const flush = async () => { for (let turn = 0; turn < 60; turn++) await null; };
const sleep = (delay) => new Promise((resolve) => timers.push({ at: now + delay, resolve }));
async function advance(milliseconds) {
  const end = now + milliseconds;
  for (;;) {
    await flush();
    const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
    if (!next) break;
    timers = timers.filter((timer) => timer !== next);
    now = Math.max(now, next.at);
    next.resolve();
  }
  now = end;
}
const unit = { id: "u", label: { ja: "再集計", en: "Recalculate" }, timeout: 60 * MINUTE };
const user = { code: "sato", language: "ja", timezone: "Asia/Tokyo" };
const shown = { device: "desktop", page: "detail", appId: 45, recordId: 1, record: {} };
const problem = { happened: { ja: "", en: "lost" }, advice: { ja: "", en: "" } };
let started = { handle: { id: 1 } };
let status = { state: "running", steps: [] };
const asked = { start: 0, status: 0, at: [] };
const service = {
  names: [], sends: () => [], refuse: () => null,
  start: async () => { asked.start += 1; return typeof started === "function" ? started() : started; },
  status: async () => { asked.status += 1; asked.at.push(now); return status; },
};
const done = { state: "succeeded", steps: [] };
const storageOf = (items) => ({
  getItem: (key) => items.get(key) ?? null, setItem: (key, value) => items.set(key, value),
  removeItem: (key) => items.delete(key),
});
const localItems = new Map();
const local = createStore(() => storageOf(localItems));
const locks = new Map();
const all = [];
/** A tab, with what its session kept; `name` is the run's. */
function tab({ session = new Map(), name = "unit/1", hidden = false } = {}) {
  const waiting = [];
  const me = { alive: true, session, hidden, ends: [], views: [] };
  const others = () => all.filter((other) => other !== me && other.alive && other.name === name);
  const guarded = (work) => (...words) => me.alive && work(...words);
  const clock = {
    now: () => now, everySecond: () => () => {},
    sleep: (delay) => sleep(delay).then(() => me.alive || new Promise(() => {})),
    pause: (delay) => clock.sleep(me.hidden ? Math.max(delay, 30_000) : delay),
  };
  const tabs = {
    heard: (key) => local.read(key)?.view ?? null,
    async hold(key, work, { ifAvailable = false }) {
      await null;
      while (locks.has(key)) {
        if (ifAvailable) return false;
        await new Promise((resolve) => waiting.push(resolve));
      }
      locks.set(key, me);
      try { await work(); } finally { if (locks.get(key) === me) free(key); }
      return true;
    },
    isHeld: async (key) => locks.has(key),
    tell: guarded((key, view) => {
      local.write(key, { view });
      const word = JSON.parse(JSON.stringify(view));
      const way = () => (telling ? sleep(telling) : Promise.resolve());
      others().forEach((other) => way().then(() => other.alive && other.hear(word)));
    }),
    forget: guarded((key) => local.remove(key)),
    rename: guarded((key, next) => { local.remove(key); me.name = next; }),
    poke: () => others().forEach((other) => other.poked()),
    listen: (_, hear, poked) => Object.assign(me, { hear, poked }),
  };
  function free(key) { locks.delete(key); all.forEach((one) => one.waiting.splice(0).forEach((resolve) => resolve())); }
  me.name = name;
  me.waiting = waiting;
  me.run = createRun(unit, service, "unit", name, {
    ask: null, clock, local, tabs, session: createStore(() => storageOf(session)),
  });
  me.run.watch((view) => me.views.push(view), (view) => me.ends.push(view.state));
  me.confirm = null;
  me.doubts = [];
  me.click = (read = () => shown) => {
    const question = new Promise((resolve) => { me.answer = resolve; });
    return me.run.click(read, user, null, (doubt) => { me.doubts.push(doubt); return question; });
  };
  me.start = async () => { me.click(); await flush(); me.answer(true); await flush(); };
  me.close = () => {
    me.alive = false;
    [...locks].filter(([, holder]) => holder === me).forEach(([key]) => free(key));
  };
  me.state = () => me.run.view.state;
  all.push(me);
  me.run.recall();
  return me;
}
"""


def play(story: str, **given: Any) -> Any:
    return evaluate(IMPORTS, f"{BROWSER}\n{story}", **given)
