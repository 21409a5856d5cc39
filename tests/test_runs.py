"""The rules of a run, by the real run.js in an engine without a page: several tabs, a clock that only the test moves,
and a service that answers as the test says."""

from typing import Any

import pytest

from tests.v8 import evaluate

IMPORTS = """
import { createRun } from "./runtime/run.js";
import { createAsk } from "./runtime/proxy.js";
import { IDLE, isBusy, MOVES, move } from "./runtime/states.js";
import { createStore } from "./runtime/storage.js";
"""

# A browser with tabs of one record's page. `status` and `started` are what the service says next; `asked` counts.
BROWSER = """
const MINUTE = 60_000;
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
      others().forEach((other) => Promise.resolve().then(() => other.alive && other.hear(word)));
    }),
    forget: guarded((key) => local.remove(key)),
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


# --- the table of moves


def test_a_move_that_the_table_has_not_is_refused_loudly() -> None:
    refused = play("""
      const refused = [];
      for (const [state, elsewhere, event, next] of [
        ["idle", false, "begin", "starting"], ["starting", false, "ask", "confirming"],
        ["running", true, "end", "succeeded"], ["running", false, "hear", "running"],
        ["succeeded", false, "progress", "running"], ["confirming", false, "end", "failed"],
      ]) {
        const view = { ...IDLE, state, elsewhere };
        try { move(view, event, { state: next }); } catch (error) { refused.push(error.message); }
      }
      return refused;
    """)
    assert len(refused) == 6
    assert all("cannot" in words for words in refused)


def test_every_state_is_reached_and_none_but_a_run_at_rest_can_be_asked_for() -> None:
    moves = play("return MOVES;")
    states = {"confirming", "starting", "queued", "running", "succeeded", "failed", "canceled", "skipped", "unknown"}
    assert {state for event in moves.values() for state in event["to"]} == {*states, "idle"}
    busy = {"confirming", "starting", "queued", "running"}
    assert not busy & set(moves["ask"]["from"])
    assert [event for event, told in moves.items() if "starting" in told["to"] and told["then"] == "mine"] == [
        "begin",
        "wait",
    ]


# --- other tabs while the user is being asked


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("leaves", ["closes", "ends", "goes on"])
def test_after_an_answer_the_page_looks_again_what_other_tabs_did(answer: bool, leaves: str) -> None:
    asked, state, end = play(
        """
      const [a, b] = [tab(), tab()];
      b.click();
      await a.start();
      await advance(3000);
      if (leaves === "closes") a.close();
      if (leaves === "ends") { status = done; await advance(30_000); }
      b.answer(answer);
      await flush();
      const state = b.state();
      await advance(20_000);
      return [asked.start, state, b.state()];
    """,
        answer=answer,
        leaves=leaves,
    )
    assert asked == 1
    assert (state, end) == {
        "closes": ("running", "unknown"),
        "ends": ("succeeded", "succeeded"),
        "goes on": ("running", "running"),
    }[leaves]


def test_a_canceled_question_is_no_end() -> None:
    assert play("""
      const a = tab();
      status = done;
      await a.start();
      await advance(5000);
      a.click();
      await flush();
      a.answer(false);
      await flush();
      return [a.ends, a.state()];
    """) == [["succeeded"], "succeeded"]


def test_a_mirror_does_not_end_under_an_open_question() -> None:
    assert play("""
      const [a, b] = [tab(), tab()];
      status = done;
      await a.start();
      await advance(2500);
      b.click();
      await advance(60_000);
      const asking = b.state();
      b.answer(false);
      await flush();
      return [asking, b.state(), b.ends];
    """) == ["confirming", "succeeded", []]


# --- mirrors


def test_a_mirror_says_what_the_run_says_and_nothing_of_before() -> None:
    doing, line, state = play("""
      const [a, b] = [tab(), tab()];
      status = { state: "queued", steps: [], doing: { ja: "準備", en: "Getting ready" } };
      await a.start();
      await advance(3000);
      const doing = b.run.view.doing.en;
      status = { ...done, doing: undefined };
      await advance(5000);
      return [doing, b.run.view.doing, b.state()];
    """)
    assert (doing, line, state) == ("Getting ready", None, "succeeded")


def test_a_hidden_tab_asks_every_half_minute_and_at_the_pace_of_whoever_looks() -> None:
    alone, looked_at = play("""
      const a = tab();
      await a.start();
      await advance(60_000);
      a.hidden = true;
      await advance(60_000);
      let before = asked.status;
      await advance(120_000);
      const alone = asked.status - before;
      const b = tab();
      await advance(30_000);
      before = asked.status;
      await advance(120_000);
      return [alone, asked.status - before];
    """)
    assert 3 <= alone <= 4
    assert looked_at >= 6


def test_a_tab_that_is_duplicated_while_the_other_starts_shows_its_run() -> None:
    assert play("""
      let answer;
      started = () => new Promise((resolve) => { answer = resolve; });
      const [a, c] = [tab(), tab()];
      await a.start();
      const b = tab({ session: new Map(a.session) });
      await flush();
      const states = [b.state(), c.state()];
      answer({ handle: { id: 1 } });
      await advance(3000);
      states.push(b.state(), c.state());
      status = done;
      await advance(20_000);
      return [...states, b.state(), c.state(), asked.start, [...b.session.keys()]];
    """) == ["starting", "starting", "running", "running", "succeeded", "succeeded", 1, []]


def test_a_tab_that_mirrors_another_run_forgets_its_own_older_one() -> None:
    assert play("""
      const [a, b] = [tab(), tab()];
      status = { problem, again: false };
      await a.start();
      await advance(3000);
      const kept = a.session.size;
      status = done;
      await b.start();
      await advance(5000);
      return [kept, a.state(), a.session.size];
    """) == [1, "succeeded", 0]


# --- when it is asked, and until when


@pytest.mark.parametrize("usual", [None, 60_000, 1_800_000])
def test_the_first_question_comes_within_two_seconds(usual: int | None) -> None:
    first, said = play(
        """
      if (usual) local.write("unit/durations", [usual]);
      const a = tab();
      const startedAt = now;
      await a.start();
      const said = a.run.view.doing.en;
      await advance(10_000);
      return [asked.at[0] - startedAt, said];
    """,
        usual=usual,
    )
    assert first <= 2000
    assert "queue" not in said.lower()


@pytest.mark.parametrize("again", ["reload", "duplicate", "ask"])
def test_a_run_has_one_deadline_and_is_asked_for_once_more_before_that_is_said(again: str) -> None:
    state, questions = play(
        """
      unit.timeout = 10 * MINUTE;
      let a = tab();
      await a.start();
      await advance(again === "ask" ? 11 * MINUTE : 8 * MINUTE);
      let before = asked.status;
      if (again === "ask") a.run.resume();
      else {
        const session = new Map(a.session);
        if (again === "reload") a.close();
        const b = tab({ session });
        await advance(1000);
        a.close();
        a = b;
      }
      await advance(again === "ask" ? 1000 : 2.5 * MINUTE);
      const state = a.state();
      if (again === "ask") return [state, asked.status - before];
      before = asked.status;
      await advance(20 * MINUTE);
      return [state, asked.status - before + 1];
    """,
        again=again,
    )
    assert (state, questions) == ("unknown", 1)


def test_after_a_sleep_beyond_the_deadline_the_truth_is_told() -> None:
    assert (
        play("""
      unit.timeout = 10 * MINUTE;
      const a = tab();
      await a.start();
      await advance(60_000);
      status = done;
      now += 3 * 60 * MINUTE; // The computer sleeps.
      await advance(40_000);
      return a.state();
    """)
        == "succeeded"
    )


def test_a_service_that_never_answers_ends_as_lost() -> None:
    state, late, waited = play("""
      let answer;
      const forever = () => new Promise((resolve) => { answer = resolve; });
      const ask = createAsk(forever, forever, { now: () => now, sleep });
      const before = now;
      let got = null;
      ask("POST", "https://a", {}, "").then((one) => { got = one; });
      while (!got) await advance(1000);
      const waited = now - before;
      answer(["{}", 200, {}]);
      await flush();
      return [got.status, got.text, waited];
    """)
    assert state == 0
    assert "180" in late
    assert 180_000 <= waited <= 181_000


def test_what_needs_nothing_stored_goes_by_kintones_own_proxy_and_a_success_has_no_text() -> None:
    assert play("""
      const by = (name) => async () => [`{"by": "${name}", "token`, 200, {}];
      const json = (name) => async () => [`{"by": "${name}"}`, 200, {}];
      const clock = { now: () => now, sleep };
      const plain = await createAsk(json("kintone"), json("plugin"), clock)("GET", "a", {}, "");
      const stored = await createAsk(json("kintone"), json("plugin"), clock)("GET", "a", {}, "", true);
      const cut = await createAsk(by("kintone"), by("plugin"), clock)("GET", "a", {}, "");
      return [plain.json.by, stored.json.by, cut.text, cut.json];
    """) == ["kintone", "plugin", "", None]


# --- how long it took


@pytest.mark.parametrize(
    ("took", "away", "told", "learned"),
    [
        # The service's clock is right, however late the page looks.
        (10_000, True, 10_000, [10_000]),
        (10_000, False, 10_000, [10_000]),
        # Without one nobody knows it of a run that nobody watched.
        (None, True, None, None),
    ],
)
def test_a_run_took_as_long_as_the_service_says(took: int | None, away: bool, told: int | None, learned: Any) -> None:
    assert play(
        """
      const a = tab();
      await a.start();
      await advance(4000);
      if (away) { const { session } = a; a.close(); now += 30 * MINUTE; }
      status = took === null ? done : { ...done, took };
      const b = away ? tab({ session: a.session }) : a;
      await advance(4000);
      return [b.state(), b.run.view.took, local.read("unit/durations")];
    """,
        took=took,
        away=away,
    ) == ["succeeded", told, learned]


def test_a_closely_watched_run_teaches_without_the_services_clock() -> None:
    took, learned = play("""
      const a = tab();
      await a.start();
      await advance(20_000);
      status = done;
      await advance(7000);
      return [a.run.view.took, local.read("unit/durations")];
    """)
    assert learned == [took]
    assert 20_000 <= took <= 26_000


# --- doubts


@pytest.mark.parametrize("where", ["the same tab", "after a reload", "another tab"])
def test_a_doubt_is_told_once_at_the_next_click(where: str) -> None:
    assert play(
        """
      started = { state: "unknown", problem };
      const a = tab();
      await a.start();
      if (where === "after a reload") a.close();
      const b = where === "the same tab" ? a : tab({ session: where === "another tab" ? new Map() : a.session });
      b.doubts.length = 0;
      b.click();
      await flush();
      b.answer(false);
      started = { handle: { id: 2 } };
      status = done;
      await flush();
      await b.start();
      await advance(5000);
      await b.start();
      return b.doubts;
    """,
        where=where,
    ) == [True, True, False]


def test_an_outcome_that_was_found_after_all_is_no_doubt() -> None:
    assert play("""
      const a = tab();
      status = { problem, again: false };
      await a.start();
      await advance(5000);
      const state = a.state();
      status = done;
      a.run.resume();
      await advance(1000);
      await a.start();
      return [state, a.doubts];
    """) == ["unknown", [False, False]]


def test_a_run_that_was_found_for_a_lost_start_is_followed_when_the_user_wants_so() -> None:
    assert play("""
      started = { state: "unknown", problem, found: { handle: { id: 9 }, at: now } };
      const a = tab();
      await a.start();
      await advance(60_000);
      const offered = [a.state(), a.run.view.canResume, a.run.view.offer !== null, asked.status, a.session.size];
      a.run.resume();
      status = done;
      await advance(1000);
      return [offered, a.state(), a.run.view.offer, a.session.size];
    """) == [["unknown", True, True, 0, 0], "succeeded", None, 0]


# --- the page around it


def test_a_view_that_throws_ends_no_run() -> None:
    assert play("""
      globalThis.console = { error() {} };
      const a = tab();
      a.run.watch((view) => { if (isBusy(view.state)) throw new RangeError("no"); }, () => {});
      await a.start();
      await advance(3000);
      const during = a.state();
      status = done;
      await advance(3000);
      return [during, a.state(), a.run.view.problem];
    """) == ["running", "succeeded", None]


def test_a_mistake_of_ours_before_anything_was_sent_says_that_nothing_ran() -> None:
    assert play("""
      service.refuse = () => { throw new RangeError("Invalid time zone"); };
      const a = tab();
      await a.click();
      return [a.state(), a.run.view.problem.ran.en, asked.start];
    """) == ["failed", "Nothing was run.", 0]


@pytest.mark.parametrize(("busy", "state", "starts"), [(3000, "queued", 1), (60_000, "failed", 0)])
def test_a_form_whose_record_cannot_be_read_yet_is_waited_for_and_said_so(busy: int, state: str, starts: int) -> None:
    waiting, said, end, count, ran = play(
        """
      const free = now + busy;
      const a = tab();
      a.click(() => { if (now < free) throw new Error("You cannot call kintone.app.record.get() ..."); return shown; });
      await flush();
      a.answer(true);
      await advance(1000);
      const during = [a.state(), a.run.view.doing.en];
      status = { state: "queued", steps: [] };
      await advance(11_000);
      return [...during, a.state(), asked.start, a.run.view.problem?.ran.en ?? null];
    """,
        busy=busy,
    )
    assert (waiting, end, count) == ("starting", state, starts)
    assert "page is ready" in said
    assert ran == (None if starts else "Nothing was run.")


def test_a_run_of_the_create_page_is_found_on_the_records_page() -> None:
    assert play("""
      const a = tab({ name: "unit/create" });
      await a.start();
      await advance(3000);
      a.run.moveTo("unit/7");
      a.close();
      const b = tab({ session: a.session, name: "unit/7" });
      await advance(1000);
      const state = b.state();
      status = done;
      await advance(5000);
      return [state, b.state(), asked.start, [...b.session.keys()], [...localItems.keys()].includes("unit/create")];
    """) == ["running", "succeeded", 1, [], False]


def test_starts_count_by_the_services_address_whichever_button_they_are_of() -> None:
    assert play("""
      service.limit = { starts: 4, within: MINUTE, address: () => "/trigger/v1/abc" };
      service.start = async ({ take }) => {
        const problem = take();
        if (!problem) asked.start += 1;
        return problem ? { state: "failed", problem } : { handle: { id: 1 } };
      };
      status = done;
      const states = [];
      for (let i = 0; i < 6; i++) {
        const one = tab({ name: `unit${i}/1` });
        await one.start();
        await advance(3000);
        states.push(one.state());
      }
      await advance(45_000);
      const last = tab({ name: "unit9/1" });
      await last.start();
      await advance(3000);
      return [states, last.state(), asked.start];
    """) == [["succeeded"] * 4 + ["failed"] * 2, "succeeded", 5]


def test_starts_that_were_asked_for_at_once_are_counted_when_they_are_sent() -> None:
    assert (
        play("""
      service.limit = { starts: 4, within: MINUTE, address: () => "/trigger/v1/abc" };
      service.start = async ({ take, clock }) => {
        await clock.sleep(70_000);
        const problem = take();
        if (!problem) asked.start += 1;
        return problem ? { state: "failed", problem } : { handle: { id: 1 } };
      };
      for (let i = 0; i < 6; i++) await tab({ name: `unit${i}/1` }).start();
      await advance(71_000);
      return asked.start;
    """)
        == 4
    )


def test_a_duplicate_in_sight_moves_a_hidden_run_on() -> None:
    assert play("""
      const a = tab();
      await a.start();
      await advance(10_000);
      a.hidden = true;
      const b = tab({ session: new Map(a.session) });
      await advance(4000);
      status = done;
      await advance(11_000);
      return [b.state(), asked.start];
    """) == ["succeeded", 1]
