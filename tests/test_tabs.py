"""One run in several tabs of one browser."""

import pytest

from tests.tabs import play
from tests.v8 import evaluate

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


def test_a_duplicate_that_gets_the_lock_before_the_word_of_the_end_does_not_ask_again() -> None:
    assert play("""
      telling = 300;
      const a = tab();
      await a.start();
      await advance(5000);
      const b = tab({ session: new Map(a.session) });
      await advance(1000);
      status = done;
      while (a.state() !== "succeeded") await advance(100);
      const before = asked.status;
      await advance(400);
      const kept = b.session.size;
      await advance(5000);
      return [a.state(), b.state(), asked.status - before, b.ends, kept, b.session.size];
    """) == ["succeeded", "succeeded", 0, [], 0, 0]


def test_a_yes_within_the_moment_in_which_a_duplicate_waits_for_the_end_starts_a_run() -> None:
    # The duplicate was loaded before the end was told, and has the lock until it has heard of it.
    assert play("""
      const a = tab();
      await a.start();
      await advance(3000);
      telling = 900;
      const b = tab({ session: new Map(a.session) });
      await flush();
      status = done;
      await advance(1100);
      const ended = a.state();
      a.click();
      await flush();
      const held = locks.get("unit/1") === b;
      status = { state: "running", steps: [] };
      a.answer(true);
      await advance(5000);
      return [ended, held, a.state(), a.run.view.elsewhere, asked.start];
    """) == ["succeeded", True, "running", False, 2]


def test_what_this_tab_kept_of_an_older_run_is_nothing_to_go_on_with() -> None:
    # A closed tab that the browser opens again has what it kept then; another one has run the unit anew since.
    assert play("""
      const a = tab();
      started = { handle: { id: 1 } };
      await a.start();
      await advance(3000);
      a.close();
      const b = tab({ session: new Map() });
      await advance(60_000);
      started = { handle: { id: 2 } };
      await b.start();
      await advance(3000);
      const handles = [];
      service.status = async (question, handle) => { handles.push(handle.id); return status; };
      const again = tab({ session: new Map(a.session) });
      await advance(3000);
      const seen = [again.state(), again.run.view.elsewhere, again.session.size];
      b.close();
      status = done;
      await advance(20_000);
      return [seen, again.state(), handles.filter((id) => id === 1).length];
    """) == [["running", True, 0], "unknown", 0]


def test_a_run_that_got_another_name_hears_what_is_told_under_that_one_alone() -> None:
    # Other tabs' create pages tell of runs of other records.
    assert evaluate(
        'import { createTabs } from "./runtime/run/tabs.js";',
        """
      let hear;
      globalThis.addEventListener = (type, listener) => { hear = listener; };
      const shared = { read: () => null, write() {}, remove() {} };
      const tabs = createTabs(shared, undefined, { now: () => 0 });
      const heard = [];
      tabs.listen("unit/create", (view) => heard.push(view), () => heard.push("poked"));
      tabs.rename("unit/create", "unit/7");
      for (const name of ["unit/create", "unit/7"]) {
        hear({ key: name, newValue: JSON.stringify({ view: name }) });
        hear({ key: `${name}/look`, newValue: "1" });
      }
      return heard;
    """,
    ) == ["unit/7", "poked"]
