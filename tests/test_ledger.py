"""One entry per place, which several tabs of one browser read and write: what they show, and who asks."""

import json

import pytest

from tests.tabs import play
from tests.v8 import WORDS, evaluate


def test_every_tab_shows_what_the_entry_says() -> None:
    assert play("""
      const [a, b] = [tab(), tab()];
      await a.start();
      await flush();
      const states = [b.state()];
      await advance(3000);
      states.push(b.state());
      status = { state: "failed", steps: [], problem };
      await advance(3000);
      return [...states, a.state(), b.state(), asked.start, a.ends, b.ends];
    """) == ["queued", "running", "failed", "failed", 1, ["failed"], ["failed"]]


@pytest.mark.parametrize("answer", [True, False])
@pytest.mark.parametrize("leaves", ["closes", "ends", "goes on"])
def test_an_answer_to_the_question_counts_for_what_was_on_view_when_it_was_asked(answer: bool, leaves: str) -> None:
    asked, state, end = play(
        """
      const [a, b] = [tab(), tab()];
      b.click();
      await flush();
      await a.start();
      await advance(3000);
      if (leaves === "closes") a.close();
      if (leaves === "ends") { status = done; await advance(30_000); }
      b.answer(answer);
      await advance(500);
      const state = b.state();
      status = done;
      await advance(20_000);
      return [asked.start, state, b.state()];
    """,
        answer=answer,
        leaves=leaves,
    )
    assert asked == 1
    assert (state, end) == ("succeeded" if leaves == "ends" else "running", "succeeded")


def test_an_end_does_not_come_under_an_open_question() -> None:
    assert play("""
      const [a, b] = [tab(), tab()];
      status = done;
      await a.start();
      await advance(1500);
      b.click();
      await advance(60_000);
      const asking = b.state();
      b.answer(false);
      await flush();
      return [asking, b.state()];
    """) == ["confirming", "succeeded"]


@pytest.mark.parametrize("delay", [0, 50])
def test_tabs_that_are_clicked_at_once_start_one_run(delay: int) -> None:
    assert play(
        """
      delay = lag;
      const tabs = Array.from({ length: 4 }, () => tab());
      for (const one of tabs) one.click();
      await flush();
      for (const one of tabs) one.answer(true);
      await advance(3000);
      return [asked.start, tabs.map((one) => one.state())];
    """,
        lag=delay,
    ) == [1, ["running"] * 4]


def test_of_two_runs_the_later_one_is_on_view_whichever_clock_was_right() -> None:
    assert play("""
      const a = tab();
      await a.start();
      await advance(3000);
      a.close();
      const old = new Map(shared);
      const b = tab();
      status = done;
      await advance(5000);
      now -= 60 * MINUTE;
      started = { handle: { id: 2 } };
      status = { state: "failed", steps: [], problem };
      await b.start();
      await advance(5000);
      // A tab comes back with the older value.
      const c = tab({ own: old });
      await advance(30_000);
      return [b.state(), c.state(), b.ends, asked.start, entry().run.state];
    """) == ["failed", "failed", ["succeeded", "failed"], 2, "failed"]


def test_an_end_is_not_taken_back_by_an_older_value() -> None:
    """F2: who is granted the lock may read an old value."""
    assert play("""
      const [a, b] = [tab(), tab()];
      await a.start();
      await advance(5000);
      delay = 90;
      status = done;
      while (a.state() !== "succeeded") await advance(50);
      const before = asked.status;
      await advance(5000);
      return [b.state(), asked.status - before, b.ends, b.views.map(({ state }) => state).lastIndexOf("running") <
        b.views.map(({ state }) => state).indexOf("succeeded")];
    """) == ["succeeded", 0, ["succeeded"], True]


def test_places_share_nothing() -> None:
    assert play("""
      const places = ["1", "2", "index", "create-45-a", "create-45-b"].map((place) => tab({ place }));
      status = { problem, again: false };
      await places[3].start();
      await advance(5000);
      const states = places.map((one) => one.state());
      for (const one of places) one.click();
      await flush();
      return [states, places.map(({ doubts }) => doubts.at(-1))];
    """) == [["idle", "idle", "idle", "unknown", "idle"], [False, False, False, True, False]]


@pytest.mark.parametrize("gone", ["closed", "left for another page"])
def test_a_run_goes_on_in_another_tab_and_in_the_next_page(gone: str) -> None:
    assert play(
        """
      const [a, b] = [tab(), tab()];
      await a.start();
      await advance(3000);
      if (gone === "closed") a.close(); else a.leave();
      await advance(10_000);
      const before = asked.status;
      b.close();
      now += 10 * MINUTE;
      const c = tab();
      const found = c.state();
      status = done;
      await advance(3000);
      return [before > 3, found, c.state(), asked.start];
    """,
        gone=gone,
    ) == [True, "running", "succeeded", 1]


def test_only_one_tab_asks() -> None:
    one, three = play("""
      const counts = [];
      for (const number of [1, 3]) {
        const tabs = Array.from({ length: number }, () => tab());
        const before = asked.status;
        await tabs[0].start();
        await advance(60_000);
        counts.push(asked.status - before);
        status = done;
        await advance(30_000);
        status = { state: "running", steps: [] };
        for (const one of tabs) one.close();
        // The end of a run tells how long the next one usually takes.
        shared.clear();
      }
      return counts;
    """)
    assert three == one


def test_a_follower_out_of_sight_hands_over_to_a_tab_in_sight() -> None:
    alone, looked_at = play("""
      const a = tab();
      await a.start();
      await advance(60_000);
      a.hide(true);
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


def test_a_frozen_follower_loses_the_run_to_a_tab_in_sight_and_takes_nothing_back() -> None:
    assert play("""
      const a = tab();
      await a.start();
      await advance(5000);
      a.hide(true);
      await flush();
      a.freeze();
      const b = tab();
      await advance(120_000);
      const followed = asked.status > 10;
      status = done;
      await advance(30_000);
      const end = b.state();
      status = { state: "running", steps: [] };
      a.thawAll();
      await advance(60_000);
      return [followed, end, b.state(), a.state(), entry().run.state];
    """) == [True, "succeeded", "succeeded", "succeeded", "succeeded"]


def test_nobody_steals_again_and_again_while_answers_take_minutes() -> None:
    assert play("""
      const a = tab();
      await a.start();
      await advance(3000);
      service.status = () => { asked.status += 1; return sleep(170_000).then(() => status); };
      const [b, c] = [tab(), tab()];
      const before = asked.status;
      await advance(600_000);
      return asked.status - before <= 8;
    """)


def test_a_page_that_comes_back_asks_no_second_question_beside_an_open_one() -> None:
    assert play("""
      const a = tab();
      await a.start();
      await advance(3000);
      let answer;
      service.status = () => { asked.status += 1; return new Promise((resolve) => { answer = resolve; }); };
      await advance(10_000);
      const before = asked.status;
      a.leave();
      await flush();
      a.comeBack();
      await advance(20_000);
      const open = asked.status - before;
      answer(done);
      await advance(3000);
      return [open, a.state()];
    """) == [0, "succeeded"]


def test_a_start_that_was_cut_off_is_unknown_after_a_second_look() -> None:
    assert play("""
      started = () => new Promise(() => {});
      const a = tab();
      await a.start();
      await advance(500);
      const b = tab();
      await advance(2000);
      const alive = b.state();
      a.close();
      await advance(800);
      const first = b.state();
      await advance(2000);
      return [alive, first, b.state(), b.view().problem.happened, asked.start];
    """) == ["starting", "starting", "unknown", "run.left", 1]


def test_the_token_is_stored_from_the_accepted_start_to_the_end_or_the_deadline() -> None:
    assert play("""
      unit.timeout = 10 * MINUTE;
      let answer;
      started = () => new Promise((resolve) => { answer = resolve; });
      const a = tab();
      await a.start();
      const seen = [entry().run.handle];
      answer({ handle: { id: 1 } });
      await advance(3000);
      seen.push(entry().run.handle);
      a.freeze();
      await advance(20 * MINUTE);
      const other = tab({ place: "2" });
      other.ledger.tidy();
      seen.push(entry().run.handle);
      return seen;
    """) == [None, {"id": 1}, None]


@pytest.mark.parametrize("trouble", ["no locks", "cleared"])
def test_a_run_goes_on_without_locks_and_after_the_storage_was_cleared(trouble: str) -> None:
    assert play(
        """
      const a = tab({ locks: trouble !== "no locks" });
      await a.start();
      await advance(3000);
      if (trouble === "cleared") { a.own.clear(); shared.clear(); }
      await advance(5000);
      status = done;
      await advance(10_000);
      return [a.state(), asked.start];
    """,
        trouble=trouble,
    ) == ["succeeded", 1]


def test_without_locks_the_next_page_follows_after_a_while() -> None:
    assert play("""
      const a = tab({ locks: false });
      await a.start();
      await advance(3000);
      a.close();
      const b = tab({ locks: false });
      await advance(5000);
      const waiting = b.state();
      status = done;
      await advance(30_000);
      return [waiting, b.state()];
    """) == ["running", "succeeded"]


MALFORMED = [
    None,
    1,
    "x",
    [],
    {},
    {"turn": 1, "seq": 0},
    {"turn": "1", "seq": 0, "run": None},
    {"turn": 1, "seq": 0, "run": {"state": "running"}},
    {"turn": 1, "seq": 0, "run": {"id": "a", "state": "confirming", "startedAt": 1, "deadline": 2}},
    {"turn": 1, "seq": 0, "run": {"id": "a", "state": "running", "startedAt": "1", "deadline": 2}},
    {"turn": 1, "seq": -1, "run": None},
]


@pytest.mark.parametrize("value", MALFORMED, ids=json.dumps)
def test_what_is_no_entry_counts_as_nothing(value: object) -> None:
    assert play(
        """
      shared.set(`${PREFIX}/u/1`, JSON.stringify(value));
      const a = tab();
      a.hear(`${PREFIX}/u/1`, value);
      const before = a.state();
      await a.start();
      await advance(3000);
      return [before, a.state(), entry().run.state];
    """,
        value=value,
    ) == ["idle", "running", "running"]


PARTS = {
    "steps": [[1], [{"name": 1, "state": "running"}], "x", [{"name": "a", "state": "running"}] * 300],
    "link": [{"href": "javascript:alert(1)", "words": "page.close"}, {"href": "http://a", "words": "page.close"}, "x"],
    "problem": [{"happened": 1}, "x", {"happened": "a", "advice": ["b"]}, {"happened": "a" * 3000, "advice": "b"}],
    "handle": [{"id": {}}, "x", 1],
    "times": [{"started": "x"}, 1],
    "took": ["x", -1, None],
    "name": [{}, "x" * 3000],
    "doubt": ["x"],
    "dismissed": ["no", 1],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in PARTS.items() for value in values])
def test_a_part_of_a_run_that_is_not_as_it_should_be_counts_as_not_there(name: str, value: object) -> None:
    found, blank = play(
        """
      const run = { ...BLANK, id: "r", state: "unknown", startedAt: now, deadline: now + MINUTE, endedAt: now };
      shared.set(`${PREFIX}/u/1`, JSON.stringify({ turn: 1, seq: 0, run: { ...run, [name]: value } }));
      const a = tab();
      return [a.view()[name], { ...BLANK }[name]];
    """,
        name=name,
        value=value,
    )
    assert found == blank


def test_the_oldest_of_many_places_are_forgotten() -> None:
    assert play("""
      const run = { ...BLANK, id: "r", state: "succeeded", startedAt: now, deadline: now, endedAt: now };
      for (let n = 1; n <= 150; n++)
        shared.set(`${PREFIX}/u/${n}`, JSON.stringify({ turn: n, seq: 0, run }));
      const a = tab({ place: "none" });
      a.ledger.tidy();
      await flush();
      return [a.ledger.keys().length, entry("50"), entry("51") !== null];
    """) == [100, None, True]


def test_an_end_is_in_full_for_five_minutes_and_unknown_for_a_day_and_then_the_last_run() -> None:
    assert play("""
      const results = [];
      for (const [state, age] of [["succeeded", 4], ["succeeded", 6], ["unknown", 23 * 60], ["unknown", 25 * 60],
                                  ["failed", -10]]) {
        const endedAt = now - age * MINUTE;
        const run = { ...BLANK, id: "r", state, startedAt: endedAt, deadline: endedAt, endedAt };
        shared.set(`${PREFIX}/u/1`, JSON.stringify({ turn: 1, seq: 0, run }));
        const a = tab();
        results.push([a.state(), a.run.last()?.state ?? null]);
        a.close();
      }
      return results;
    """) == [["succeeded", None], ["idle", "succeeded"], ["unknown", None], ["idle", "unknown"], ["idle", "failed"]]


def test_a_reload_for_new_values_waits_until_the_storage_has_the_end() -> None:
    assert play("""
      const a = tab();
      status = done;
      await a.start();
      await advance(3000);
      const key = `${PREFIX}/u/1`;
      const kept = a.ledger.isKept(key);
      a.own.delete(key);
      return [kept, a.ledger.isKept(key)];
    """) == [True, False]


def test_a_start_whose_answer_takes_long_is_given_up_by_nobody() -> None:
    assert play("""
      let answer;
      started = () => new Promise((resolve) => { answer = resolve; });
      const [a, b] = [tab(), tab()];
      await a.start();
      await advance(170_000);
      const during = b.state();
      answer({ handle: { id: 1 } });
      await advance(3000);
      return [during, a.state(), b.state(), asked.start];
    """) == ["starting", "running", "running", 1]


def test_a_start_that_was_given_up_while_its_page_was_frozen_is_followed_once_its_answer_is_there() -> None:
    assert play("""
      let answer;
      started = () => new Promise((resolve) => { answer = resolve; });
      const [a, b] = [tab(), tab()];
      await a.start();
      a.freeze();
      await advance(120_000);
      const given = b.state();
      a.thawAll();
      answer({ handle: { id: 1 } });
      await advance(10_000);
      status = done;
      await advance(10_000);
      return [given, a.state(), b.state(), asked.start];
    """) == ["unknown", "succeeded", "succeeded", 1]


def test_no_token_is_kept_of_the_run_before_either_after_its_deadline() -> None:
    assert play("""
      unit.timeout = 10 * MINUTE;
      status = { problem, again: false };
      const a = tab();
      await a.start();
      await advance(3000);
      const kept = entry().run.handle;
      now += 11 * MINUTE;
      started = () => new Promise(() => {});
      await a.start();
      await advance(1000);
      return [kept, entry().run.state, entry().run.before.handle];
    """) == [{"id": 1}, "starting", None]


def test_a_hand_over_waits_for_the_answer_to_the_open_question() -> None:
    assert play("""
      const a = tab();
      await a.start();
      await advance(5000);
      let answer;
      service.status = () => { asked.status += 1; return new Promise((resolve) => { answer = resolve; }); };
      await advance(10_000);
      const before = asked.status;
      a.hide(true);
      const b = tab();
      await advance(5000);
      const open = asked.status - before;
      answer(status);
      await advance(5000);
      return [open, asked.status - before];
    """) == [0, 1]


def test_an_end_is_final_whatever_another_tab_writes_of_the_run_and_an_older_value_is_repaired() -> None:
    assert play("""
      const a = tab();
      await a.start();
      await advance(3000);
      const running = entry();
      status = done;
      await advance(3000);
      const key = `${PREFIX}/u/1`;
      const late = { ...running, seq: running.seq + 50 };
      a.own.set(key, JSON.stringify(late));
      shared.set(key, JSON.stringify(late));
      a.hear(key, late);
      const heard = a.state();
      await advance(400);
      return [heard, entry().run.state, a.ends];
    """) == ["succeeded", "succeeded", ["succeeded"]]


def test_a_value_that_a_full_storage_cannot_replace_is_removed() -> None:
    """It may hold a token; in this page the new value counts."""
    assert play("""
      const items = new Map([["runbutton/a", '{"handle":"token"}']]);
      let full = true;
      const storage = storageOf(items, () => {});
      const store = createStore(() => ({
        ...storage, setItem: (key, value) => { if (full) throw new Error("full"); storage.setItem(key, value); },
        get length() { return items.size; },
      }));
      store.write("runbutton/a", { handle: null });
      const kept = [items.has("runbutton/a"), store.read("runbutton/a"), store.keys("runbutton/")];
      full = false;
      store.write("runbutton/a", { handle: 1 });
      return [...kept, items.get("runbutton/a")];
    """) == [False, {"handle": None}, ["runbutton/a"], '{"handle":1}']


def test_what_did_not_run_is_no_last_run() -> None:
    imports = (
        'import { lastRunOf } from "./runtime/view/last-run.js";\nimport { createSay } from "./runtime/view/say.js";'
    )
    code = """
      const say = createSay("en", words);
      const run = { endedAt: 1, took: null, times: null, state: "failed" };
      return [{ ran: "ran.nothing" }, { ran: "ran.maybe" }].map((problem) =>
        lastRunOf({ ...run, problem }, say, "Asia/Tokyo", 120_000)?.whole ?? null);
    """
    nothing, something = evaluate(imports, code, words=WORDS)
    assert nothing is None
    assert something.startswith("Last run 1970-01-01 09:00: failed")


def test_a_warning_outlives_other_runs_and_a_reload() -> None:
    assert play("""
      started = { state: "unknown", problem };
      const a = tab();
      await a.start();
      started = { handle: { id: 2 } };
      status = done;
      await a.start();
      await advance(5000);
      a.close();
      const b = tab();
      b.click();
      await flush();
      return [b.state(), b.doubts];
    """) == ["confirming", [True]]


@pytest.mark.parametrize("locks", [True, False])
def test_a_start_that_takes_long_is_not_given_up_by_another_tab(locks: bool) -> None:
    """Without Web Locks, only what the starting page writes shows that it is still there."""
    assert play(
        """
      const [a, b] = [tab({ locks }), tab({ locks })];
      let answer = null;
      started = () => new Promise((resolve) => { answer = resolve; });
      await a.start();
      await advance(60_000);
      const during = [a.state(), b.state()];
      answer({ handle: { id: 1 } });
      await advance(3000);
      return [...during, a.state(), b.state(), asked.start];
    """,
        locks=locks,
    ) == ["starting", "starting", "running", "running", 1]
