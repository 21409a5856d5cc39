"""What is left of a run when its panel is closed, or the user clicks again."""

from tests.v8 import evaluate

WORLD = """
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
"""

DISMISSED = """
  await run.click(() => ({ record: {} }), {}, null, async () => true);
  const before = { state: run.view.state, canResume: run.view.canResume, kept: session.items.has("unit/1") };
  run.dismiss();
  return { before, after: { state: run.view.state, canResume: run.view.canResume, kept: session.items.has("unit/1") } };
"""


def test_the_panel_of_a_run_that_was_lost_sight_of_leaves_nothing_when_it_is_closed() -> None:
    told = evaluate('import { createRun } from "./runtime/run/run.js";', WORLD + DISMISSED)
    assert told["before"] == {"state": "unknown", "canResume": True, "kept": True}
    assert told["after"] == {"state": "idle", "canResume": False, "kept": False}


CLICKED = """
  let word = { state: "running", startedAt: 900, steps: [] };
  session.write("unit/1", { startedAt: 900, handle: { id: 1 } });
  tabs.heard = () => word;
  tabs.hold = async (name, work) => { word = null; await work(); return true; };
  const states = [];
  run.watch((view) => states.push(view.state), () => {});
  clock.sleep = async () => {
    hear({ ...run.view, state: "succeeded", endedAt: 1000, elsewhere: false });
    run.click(() => ({ record: {} }), {}, null, () => new Promise(() => {}));
  };
  await run.recall();
  return states;
"""


def test_a_click_while_the_word_of_another_tabs_end_is_waited_for_is_no_mistake() -> None:
    world = WORLD.replace("listen() {}", "listen(name, listener) { hear = listener; }")
    states = evaluate('import { createRun } from "./runtime/run/run.js";', f"let hear; {world}{CLICKED}")
    assert states[-2:] == ["succeeded", "confirming"]
