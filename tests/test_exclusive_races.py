"""Exclusive runs whose requests to the log arrive late, or at a moment when a lock is free."""

from tests.log_records import play


def test_a_number_that_was_free_for_a_moment_lets_no_two_run() -> None:
    """An expired lock is given back between another user's look at the locks and their own lock."""
    starts, states = play(
        """
      const a = tab({ open });
      await a.start();
      await advance(3000);
      a.freeze();
      await advance(62 * MINUTE);
      const [b, c] = [tab({ open, login: "kato", place: "2" }), tab({ open, login: "suzuki", place: "3" })];
      b.click();
      await advance(500);
      b.answer(true);
      b.freeze();
      await advance(500);
      status = done;
      a.thawAll();
      await advance(10_000);
      status = { state: "running", steps: [] };
      await c.start();
      await advance(500);
      b.thawAll();
      await advance(10_000);
      return [asked.start, [a.state(), b.state(), c.state()]];
    """,
        at_once="one",
    )
    assert states == ["succeeded", "failed", "running"]
    assert starts == 2


def test_a_lock_that_arrives_after_its_click_was_refused_is_given_back() -> None:
    before, after, starts = play(
        """
      const a = tab({ open });
      a.click();
      await flush();
      faults.POST.push("slow");
      a.answer(true);
      await advance(5000);
      faults.GET.push("lost", "lost", "lost", "lost");
      await advance(45_000);
      const refused = a.state();
      await arrive();
      const before = [refused, shownRows()];
      await advance(60_000);
      return [before, shownRows(), asked.start];
    """,
        at_once="one",
    )
    assert before == ["failed", [["starting", "45:u#1", "sato"]]]
    assert after == [["failed", "", "sato"]]
    assert starts == 0


def test_a_lock_that_arrives_after_another_user_was_faster_is_given_back() -> None:
    before, after, starts = play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato", place: "2" })];
      a.click();
      await flush();
      faults.POST.push("slow");
      a.answer(true);
      await advance(1000);
      await b.start();
      await advance(15_000);
      const refused = a.view().problem.happened;
      status = done;
      await advance(10_000);
      await arrive();
      const before = [refused, shownRows()];
      await advance(60_000);
      return [before, shownRows(), asked.start];
    """,
        at_once="one",
    )
    assert before == ["log.taken", [["succeeded", "", "kato"], ["starting", "45:u#1", "sato"]]]
    assert after == [["succeeded", "", "kato"], ["failed", "", "sato"]]
    assert starts == 1


def test_a_lock_that_somebody_removes_at_once_starts_nothing() -> None:
    rows, starts, state = play(
        """
      const a = tab({ open });
      a.click();
      await flush();
      a.answer(true);
      for (let turn = 0; turn < 200 && !records.length; turn++) await null;
      records[0].gone = true;
      await advance(60_000);
      return [records.length, asked.start, a.state()];
    """,
        at_once="one",
    )
    assert (rows, starts, state) == (1, 0, "failed")


def test_the_users_own_run_of_another_tab_is_shown_and_refuses_no_click() -> None:
    before, starts, states = play(
        """
      const [a, b] = [tab({ open }), tab({ open })];
      a.click();
      await flush();
      faults.GET.push("slow");
      b.click();
      await flush();
      a.answer(true);
      await advance(3000);
      await arrive();
      await advance(100);
      b.answer(true);
      await advance(1000);
      return [b.before, asked.start, [a.state(), b.state()]];
    """,
        at_once="one",
    )
    assert before == {}
    assert (starts, states) == (1, ["running", "running"])


def test_a_start_that_another_tab_gave_up_is_not_recorded_backwards() -> None:
    """The tab was frozen while it waited for its lock; its record says unknown by then, and stays so until the end."""
    before, after = play(
        """
      const [a, b] = [tab({ open }), tab({ open })];
      a.click();
      await flush();
      a.answer(true);
      for (let turn = 0; turn < 200 && !records.length; turn++) await null;
      a.freeze();
      await advance(120_000);
      const before = shownRows();
      a.thawAll();
      await advance(5000);
      return [before, shownRows()];
    """,
        at_once="one",
    )
    assert before == after == [["unknown", "45:u#1", "sato"]]


def test_a_start_whose_lock_expired_meanwhile_does_not_go_on() -> None:
    starts, states = play(
        """
      const [a, b] = [tab({ open }), tab({ open, login: "kato", place: "2" })];
      a.click();
      await flush();
      a.answer(true);
      for (let turn = 0; turn < 200 && !records.length; turn++) await null;
      a.freeze();
      await advance(62 * MINUTE);
      await b.start();
      await advance(500);
      b.answer(true);
      await advance(5000);
      a.thawAll();
      await advance(120_000);
      return [asked.start, [a.state(), b.state()]];
    """,
        at_once="one",
    )
    assert (starts, states) == (1, ["failed", "running"])


def test_a_record_that_was_found_and_then_removed_is_not_added_again() -> None:
    assert play(
        """
      const [a, b] = [tab({ open }), tab({ open })];
      faults.PUT.push("lost", "lost", "lost", "lost");
      await a.start();
      await advance(500);
      a.close();
      await advance(2500);
      records[0].gone = true;
      faults.PUT.length = 0;
      await advance(60_000);
      return [records.length, b.state()];
    """,
        at_once="one",
    ) == [1, "running"]


def test_closing_an_old_result_does_not_end_the_question_before_a_run() -> None:
    """The log is asked first, so the page is not blocked by the question yet."""
    closed, starts = play(
        """
      const a = tab({ open });
      await a.start();
      status = done;
      await advance(20_000);
      faults.GET.push("slow");
      a.click();
      await flush();
      await a.run.dismiss();
      const closed = a.state();
      await arrive();
      await advance(100);
      a.answer(true);
      await advance(3000);
      return [closed, asked.start];
    """,
        at_once="one",
    )
    assert (closed, starts) == ("confirming", 2)
