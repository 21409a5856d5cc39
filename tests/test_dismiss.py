"""What is left of a run whose panel was closed."""

from tests.v8 import evaluate

CODE = """
  const store = () => {
    const items = new Map();
    return {
      items,
      read: (key) => items.get(key) ?? null,
      write: (key, value) => items.set(key, value),
      remove: (key) => items.delete(key),
    };
  };
  const [session, local] = [store(), store()];
  const clock = { now: () => 1000, sleep: async () => {}, pause: async () => {} };
  const tabs = {
    heard: () => null, isHeld: async () => false, tell() {}, forget() {}, poke() {}, listen() {},
    hold: async (name, work) => { await work(); return true; },
  };
  const problem = { happened: { ja: "", en: "" }, advice: { ja: "", en: "" } };
  const service = {
    names: ["s"], refuse: () => null, sends: () => [],
    start: async () => ({ handle: { id: 1 } }),
    status: async () => ({ problem, again: false }),
  };
  const unit = { id: "u", service: "s", timeout: 60000 };
  const run = createRun(unit, service, "unit", "unit/1", { ask: null, clock, session, local, tabs });
  await run.click(() => ({ record: {} }), {}, null, async () => true);
  const before = { state: run.view.state, canResume: run.view.canResume, kept: session.items.has("unit/1") };
  run.dismiss();
  return { before, after: { state: run.view.state, canResume: run.view.canResume, kept: session.items.has("unit/1") } };
"""


def test_the_panel_of_a_run_that_was_lost_sight_of_leaves_nothing_when_it_is_closed() -> None:
    told = evaluate('import { createRun } from "./runtime/run.js";', CODE)
    assert told["before"] == {"state": "unknown", "canResume": True, "kept": True}
    assert told["after"] == {"state": "idle", "canResume": False, "kept": False}
