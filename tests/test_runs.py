"""The rules of a run in one tab: its state changes, requests, duration, and effects of the surrounding page."""

from typing import Any

import pytest

from tests.tabs import play

# --- the table of moves


def test_a_move_that_the_table_has_not_is_refused_loudly() -> None:
    refused = play("""
      const refused = [];
      for (const [state, event, next] of [
        [null, "accept", "queued"], ["starting", "begin", "starting"], ["running", "begin", "starting"],
        ["succeeded", "progress", "running"], ["running", "end", "queued"], ["failed", "resume", "running"],
      ]) {
        const run = state && { ...BLANK, id: "r", startedAt: 1, deadline: 2, state };
        try { move(run, event, { state: next }); } catch (error) { refused.push(error.message); }
      }
      return refused;
    """)
    assert len(refused) == 6
    assert all("cannot" in words for words in refused)


def test_every_state_is_reached_and_none_but_a_run_at_rest_can_be_begun() -> None:
    moves = play("return MOVES;")
    states = {"starting", "queued", "running", "succeeded", "failed", "canceled", "skipped", "unknown"}
    assert {state for event in moves.values() for state in event["to"]} == states
    assert not {"starting", "queued", "running"} & set(moves["begin"]["from"])
    assert [event for event, told in moves.items() if "starting" in told["to"]] == ["begin", "wait"]


def test_a_state_keeps_nothing_that_it_does_not_have() -> None:
    assert play("""
      const run = { ...BLANK, id: "r", startedAt: 1, deadline: 2, state: "queued", handle: { id: 1 }, doing: "x" };
      const end = move(run, "end", { state: "succeeded" });
      const lost = move(run, "end", { state: "unknown" });
      return [end.handle, end.doing, lost.handle, lost.doing];
    """) == [None, None, {"id": 1}, None]


# --- when requests are sent, and until when


@pytest.mark.parametrize("usual", [None, 60_000, 1_800_000])
def test_the_first_question_comes_within_two_seconds(usual: int | None) -> None:
    first = play(
        """
      if (usual) local.write("runbutton/durations/unit", [usual]);
      const a = tab();
      const before = ticks;
      await a.start();
      await advance(10_000);
      return asked.at[0] - before;
    """,
        usual=usual,
    )
    assert first <= 2000


@pytest.mark.parametrize("again", ["reload", "another tab"])
def test_a_run_has_one_deadline_and_is_asked_for_once_more_before_that_is_said(again: str) -> None:
    assert play(
        """
      unit.timeout = 10 * MINUTE;
      const a = tab();
      await a.start();
      await advance(8 * MINUTE);
      if (again === "reload") a.close();
      const b = tab();
      await advance(1000);
      a.close();
      await advance(2.5 * MINUTE);
      const state = b.state();
      const before = asked.status;
      await advance(20 * MINUTE);
      return [state, asked.status - before];
    """,
        again=again,
    ) == ["unknown", 0]


def test_who_asks_on_after_the_deadline_has_a_minute() -> None:
    assert play("""
      unit.timeout = 10 * MINUTE;
      const a = tab();
      await a.start();
      await advance(11 * MINUTE);
      const before = [a.state(), a.view().canResume, asked.status];
      a.run.resume();
      await advance(50_000);
      const during = a.state();
      await advance(30_000);
      return [before[0], before[1], during, a.state(), asked.status > before[2], entry().run.handle];
    """) == ["unknown", True, "running", "unknown", True, None]


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


def test_a_clock_that_is_put_back_prolongs_nothing() -> None:
    assert play("""
      unit.timeout = 10 * MINUTE;
      const a = tab();
      await a.start();
      await advance(5 * MINUTE);
      now -= 60 * MINUTE;
      const before = asked.status;
      await advance(60_000);
      const during = [a.state(), asked.status > before];
      await advance(5 * MINUTE);
      return [...during, a.state()];
    """) == ["running", True, "unknown"]


def test_starts_that_a_clock_counted_which_was_ahead_are_forgotten() -> None:
    assert (
        play("""
      service.limit = { starts: 4, within: MINUTE, address: () => "/trigger/v1/abc" };
      local.write("runbutton/starts//trigger/v1/abc", [1, 2, 3, 4].map((n) => now + n * 60 * MINUTE));
      const a = tab();
      await a.start();
      return a.state();
    """)
        == "queued"
    )


# --- how long it took


@pytest.mark.parametrize(
    ("took", "away", "told", "learned"),
    [
        # The service's clock is right, however late the page looks.
        (10_000, True, 10_000, [10_000]),
        (10_000, False, 10_000, [10_000]),
        # Without it, the duration of an unwatched run is unknown.
        (None, True, None, None),
    ],
)
def test_a_run_took_as_long_as_the_service_says(took: int | None, away: bool, told: int | None, learned: Any) -> None:
    assert play(
        """
      const a = tab();
      await a.start();
      await advance(4000);
      if (away) { a.close(); now += 30 * MINUTE; }
      status = took === null ? done : { ...done, took };
      const b = away ? tab() : a;
      await advance(4000);
      return [b.state(), b.view().took, durations()];
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
      return [a.view().took, durations()];
    """)
    assert learned == [took]
    assert 20_000 <= took <= 26_000


def test_a_question_that_was_lost_is_no_look_at_the_run() -> None:
    assert play("""
      const a = tab({ hidden: true });
      await a.start();
      status = { problem, again: true };
      await advance(31_000);
      status = done;
      await advance(62_000);
      return [a.state(), a.view().took, durations()];
    """) == ["succeeded", None, None]
