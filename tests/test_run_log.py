"""The log of runs: tabs and users that share the records of one log app."""

import pytest

from tests.log_records import play


def test_a_run_is_one_record_from_its_start_to_its_end() -> None:
    begun, ended, requests = play("""
      const a = tab({ open });
      await a.start();
      await advance(3000);
      const begun = structured(records);
      status = { ...done, took: 12_400, problem: undefined };
      await advance(20_000);
      return [begun, structured(records), asked_log];
    """)
    assert requests == {"GET": 1, "POST": 1, "PUT": 1}
    (row,) = begun
    assert {code: field["value"] for code, field in row.items() if not code.startswith("$")} == {
        "作成者": {"code": "sato", "name": "sato"},
        "作成日時": "2026-11-22T00:00:00Z",
        "lock": "",
        "run_key": row["run_key"]["value"],
        "unit": "u",
        "label": "Recalculate",
        "service": "krewData",
        "app_id": 45,
        "record_id": "1",
        "record": "https://example.cybozu.com/k/45/show#record=1",
        "started_at": "2026-11-22T00:00:00Z",
        "state": "running",
        "took": None,
        "job": "",
        "code": "",
        "message": "",
    }
    (row,) = ended
    assert (row["state"]["value"], row["took"]["value"], row["message"]["value"]) == ("succeeded", 12, "Done (12 s)")


def test_a_failure_is_recorded_with_the_services_code_and_text() -> None:
    assert play("""
      const a = tab({ open });
      await a.start();
      status = { state: "failed", steps: [], problem: { ...problem, code: "409", text: "Busy." } };
      await advance(20_000);
      const { state, code, message } = records[0];
      return [state.value, code.value, message.value];
    """) == ["failed", "409", "Failed: An unexpected error occurred.\nBusy."]


def test_a_start_that_was_refused_or_canceled_leaves_no_record() -> None:
    assert (
        play("""
      const a = tab({ open });
      started = { state: "failed", problem: { ...problem, ran: "ran.nothing" } };
      await a.start();
      await advance(5000);
      a.click();
      await flush();
      a.answer(false);
      await advance(5000);
      return records.length + asked_log.POST + asked_log.PUT;
    """)
        == 0
    )


def test_a_lost_start_is_recorded_as_unknown() -> None:
    assert play("""
      const a = tab({ open });
      started = { state: "unknown", problem };
      await a.start();
      await advance(20_000);
      return shownRows();
    """) == [["unknown", "", "sato"]]


@pytest.mark.parametrize("fault", ["lost", "late", "never", "GAIA_DA02", "GAIA_RE18"])
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_lost_answer_leaves_one_record_that_is_right(fault: str, method: str) -> None:
    rows, state, notes = play(
        """
      const a = tab({ open });
      faults[method].push(fault);
      await a.start();
      await advance(60_000);
      status = done;
      await advance(120_000);
      return [shownRows(), a.state(), a.log.notes];
    """,
        fault=fault,
        method=method,
    )
    assert (rows, state, notes) == ([["succeeded", "", "sato"]], "succeeded", [])


@pytest.mark.parametrize("refusal", ["CB_NO02", "GAIA_AP01"])
def test_a_run_that_cannot_be_recorded_goes_on_and_says_so_once(refusal: str) -> None:
    rows, state, notes, requests = play(
        """
      const a = tab({ open });
      unreachable = error;
      await a.start();
      await advance(60_000);
      status = done;
      await advance(60_000);
      const { id } = entry().run;
      return [records.length, a.state(), a.log.noteOf(id), asked_log.POST + asked_log.PUT];
    """,
        error=refusal,
    )
    assert (rows, state) == (0, "succeeded")
    assert notes == f"The run could not be recorded ({refusal} kintone says {refusal})."
    assert requests == 1


def test_a_log_that_never_answers_does_not_hold_up_the_run() -> None:
    assert play("""
      const a = tab({ open });
      unreachable = "never";
      a.click();
      await flush();
      a.answer(true);
      await advance(15_000);
      const begun = a.state();
      status = done;
      await advance(5 * MINUTE);
      return [begun, a.state(), [...new Set(a.log.notes)]];
    """) == ["running", "succeeded", ["The run could not be recorded (No answer within 10 s.)."]]


def test_another_tab_brings_the_record_to_its_end() -> None:
    assert play("""
      const [a, b] = [tab({ open }), tab({ open })];
      await a.start();
      await advance(3000);
      a.close();
      status = done;
      await advance(20_000);
      return [shownRows(), asked_log.POST];
    """) == [[["succeeded", "", "sato"]], 1]


def test_another_tab_records_a_run_whose_tab_was_closed_before_it_could() -> None:
    assert play("""
      const [a, b] = [tab({ open }), tab({ open })];
      faults.POST.push("lost");
      await a.start();
      a.close();
      await advance(3000);
      status = done;
      await advance(20_000);
      return shownRows();
    """) == [["succeeded", "", "sato"]]


def test_a_record_that_somebody_removed_is_not_added_again() -> None:
    assert play("""
      const [a, b] = [tab({ open }), tab({ open })];
      await a.start();
      await advance(3000);
      records[0].gone = true;
      a.close();
      await advance(3000);
      status = done;
      await advance(60_000);
      return [records.length, b.state(), b.log.notes];
    """) == [1, "succeeded", ["The run could not be recorded (Its log record was deleted.)."]]


def test_a_state_never_replaces_a_later_one() -> None:
    """The first tab's repeated request arrives after the second tab has recorded the end."""
    assert (
        play("""
      const [a, b] = [tab({ open }), tab({ open })];
      faults.POST.push("lost");
      await a.start();
      a.freeze();
      await advance(100_000);
      status = done;
      await advance(30_000);
      const before = shownRows();
      a.thawAll();
      await advance(60_000);
      return [before, shownRows()];
    """)
        == [[["succeeded", "", "sato"]]] * 2
    )


def test_a_run_of_a_unit_with_a_similar_name_is_not_meant() -> None:
    """kintone compares words in texts, so it may find more than was asked for."""
    assert (
        play("""
      const a = tab({ open });
      await a.start();
      await advance(3000);
      records[0].unit.value = "u-2";
      const b = tab({ open, login: "kato" });
      b.click();
      await advance(500);
      return b.before;
    """)
        == {}
    )


def test_the_question_names_another_users_run() -> None:
    warning, own = play("""
      const a = tab({ open });
      await a.start();
      await advance(3000);
      const b = tab({ open, login: "kato" });
      b.click();
      await advance(500);
      const { warning } = b.before;
      b.answer(false);
      status = done;
      await advance(20_000);
      b.click();
      await advance(500);
      return [warning, b.before];
    """)
    assert warning == "sato started it at 2026-11-22 09:00, and it does not seem to have ended."
    assert own == {}


def test_a_run_of_somebody_whose_name_one_may_not_view_is_told_without_it() -> None:
    assert play("""
      const [a, b] = [tab({ open }), tab({ open, login: "kato" })];
      await a.start();
      await advance(3000);
      delete records[0].作成者;
      b.click();
      await flush();
      return b.before.warning;
    """).startswith("? started it at ")
