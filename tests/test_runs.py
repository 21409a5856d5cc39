"""The rules of a run in one tab: its moves, when it is asked, how long it took, what the page around it may do."""

from typing import Any

import pytest

from tests.tabs import play

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


# --- when it is asked, and until when


@pytest.mark.parametrize("usual", [None, 60_000, 1_800_000])
def test_the_first_question_comes_within_two_seconds(usual: int | None) -> None:
    first = play(
        """
      if (usual) local.write("unit/durations", [usual]);
      const a = tab();
      const startedAt = now;
      await a.start();
      await advance(10_000);
      return asked.at[0] - startedAt;
    """,
        usual=usual,
    )
    assert first <= 2000


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
