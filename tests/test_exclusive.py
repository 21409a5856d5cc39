"""Exclusive runs: users and machines that share the locks of one log app."""

import pytest

from tests.log_records import play


@pytest.mark.parametrize("at_once", ["one", "one_per_record"])
def test_two_users_who_click_at_once_start_one_run(at_once: str) -> None:
    starts, states, rows = play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato" })];
      a.click(); b.click();
      await flush();
      a.answer(true); b.answer(true);
      await advance(5000);
      const states = [a.state(), b.state()];
      return [asked.start, states, shownRows()];
    """,
        at_once=at_once,
    )
    assert starts == 1
    assert sorted(states) == ["failed", "running"]
    assert [(state, lock) for state, lock, _ in rows] == [
        ("running", "45:u#1" if at_once == "one" else "45:u:1#1"),
    ]


def test_a_click_is_refused_with_the_name_and_time_while_another_users_run_goes_on() -> None:
    problem, starts = play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato" })];
      await a.start();
      await advance(3000);
      b.click();
      await advance(500);
      const refused = b.view().problem;
      status = done;
      await advance(20_000);
      await b.start();
      await advance(500);
      b.answer(true);
      await advance(3000);
      return [refused, asked.start];
    """,
        at_once="one",
    )
    assert (problem["happened"], problem["values"]["user"]) == ("log.taken", "sato")
    assert starts == 2


def test_records_do_not_exclude_each_other_where_one_per_record_may_run() -> None:
    assert (
        play(
            """
      const [a, b] = [tab({ open }), tab({ open, place: "2", login: "kato" })];
      await a.start();
      await b.start();
      await advance(5000);
      return asked.start;
    """,
            at_once="one_per_record",
        )
        == 2
    )


@pytest.mark.parametrize("fault", ["lost", "late", "never", "GAIA_DA02"])
def test_a_lost_answer_to_the_lock_leaves_one_record_and_one_run(fault: str) -> None:
    starts, rows, states = play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato" })];
      faults.POST.push(fault);
      await a.start();
      await advance(30_000);
      await b.start();
      await advance(1000);
      return [asked.start, shownRows(), [a.state(), b.state()]];
    """,
        at_once="one",
        fault=fault,
    )
    assert (starts, rows) == (1, [["running", "45:u#1", "sato"]])
    assert states == ["running", "failed"]


@pytest.mark.parametrize("fault", ["lost", "never", "CB_NO02", "GAIA_AP01", "GAIA_RE18"])
def test_without_the_lock_there_is_no_start(fault: str) -> None:
    starts, state, happened = play(
        """
      const a = tab({ open });
      a.click();
      await flush();
      unreachable = fault;
      a.answer(true);
      await advance(2 * MINUTE);
      return [asked.start, a.state(), a.view().problem.happened];
    """,
        at_once="one",
        fault=fault,
    )
    assert (starts, state, happened) == (0, "failed", "log.unsure")


def test_a_refused_start_gives_the_lock_back() -> None:
    rows, starts = play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato" })];
      started = { state: "failed", problem: { ...problem, ran: "ran.nothing" } };
      await a.start();
      await advance(5000);
      const rows = shownRows();
      started = { handle: { id: 2 } };
      await b.start();
      await advance(5000);
      return [rows, asked.start];
    """,
        at_once="one",
    )
    assert rows == [["failed", "", "sato"]]
    assert starts == 2


def test_a_lock_without_an_end_expires_after_the_timeout_and_the_question_says_so() -> None:
    early, late, rows, again = play(
        """
      const a = tab({ open });
      await a.start();
      await advance(3000);
      a.close();
      const b = tab({ open, login: "kato" });
      await advance(59 * MINUTE);
      b.click();
      await advance(500);
      const early = b.before.problem.happened;
      await advance(3 * MINUTE);
      b.click();
      await advance(500);
      const late = b.before.warning;
      b.answer(true);
      await advance(3000);
      const rows = shownRows();
      const c = tab({ open, login: "suzuki" });
      c.click();
      await advance(500);
      return [early, late, rows, c.before.problem.values.user];
    """,
        at_once="one",
    )
    assert early == "log.taken"
    assert late == "sato started it at 2026-11-22 09:00. It is not known whether that run has ended."
    assert rows == [["running", "45:u#1", "sato"], ["running", "45:u#2", "kato"]]
    assert again == "kato"


def test_two_users_who_take_over_an_expired_lock_start_one_run() -> None:
    assert (
        play(
            """
      const a = tab({ open });
      await a.start();
      await advance(3000);
      a.close();
      await advance(62 * MINUTE);
      const others = [tab({ open, login: "kato" }), tab({ open, login: "suzuki" })];
      for (const one of others) one.click();
      await advance(500);
      for (const one of others) one.answer(true);
      await advance(5000);
      return asked.start;
    """,
            at_once="one",
        )
        == 2
    )


def test_an_unknown_end_keeps_the_lock() -> None:
    assert play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato" })];
      started = { state: "unknown", problem };
      await a.start();
      await advance(5000);
      b.click();
      await advance(500);
      return [shownRows(), b.before.problem.happened];
    """,
        at_once="one",
    ) == [[["unknown", "45:u#1", "sato"]], "log.taken"]


def test_who_was_faster_is_told_without_a_pause() -> None:
    """Both have looked before either has added its lock."""
    assert play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato" })];
      a.click(); b.click();
      await flush();
      a.answer(true); b.answer(true);
      await advance(200);
      return [a.state(), b.state()].sort();
    """,
        at_once="one",
    ) == ["failed", "queued"]


def test_an_exclusive_run_takes_six_requests_as_the_guide_says() -> None:
    assert play(
        """
      const a = tab({ open });
      await a.start();
      await advance(3000);
      status = done;
      await advance(20_000);
      return [shownRows(), asked_log];
    """,
        at_once="one",
    ) == [[["succeeded", "", "sato"]], {"GET": 3, "POST": 1, "PUT": 2}]


@pytest.mark.parametrize("at_once", ["one", "one_per_record"])
def test_a_record_can_be_run_again_however_many_runs_of_other_records_left_their_locks(at_once: str) -> None:
    assert play(
        """
      for (let n = 1; n <= 150; n++) {
        const lock = at_once === "one" ? `45:u#${n}` : `45:u:${n}#1`;
        const row = { run_key: `old${n}`, app_id: "45", unit: "u", record_id: String(n), state: "unknown", lock };
        const fields = { $id: String(n), $revision: "1", ...row, started_at: "2026-01-01T00:00:00Z", took: "" };
        records.push(Object.fromEntries(Object.entries(fields).map(([code, value]) => [code, { value }])));
        records.at(-1).作成者 = { type: "CREATOR", value: { code: "kato", name: "kato" } };
      }
      const a = tab({ open });
      await a.start();
      await advance(3000);
      return [a.state(), asked.start, records.at(-1).lock.value];
    """,
        at_once=at_once,
    ) == ["running", 1, "45:u#151" if at_once == "one" else "45:u:1#2"]
