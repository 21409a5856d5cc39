"""What a run leaves open, and what the page around it may do to it."""

import pytest

from tests.tabs import play

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
      return [a.state(), a.run.view.problem.ran, asked.start];
    """) == ["failed", "ran.nothing", 0]


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
      const during = [a.state(), a.run.view.doing];
      status = { state: "queued", steps: [] };
      await advance(11_000);
      return [...during, a.state(), asked.start, a.run.view.problem?.ran ?? null];
    """,
        busy=busy,
    )
    assert (waiting, end, count) == ("starting", state, starts)
    assert said == "run.formWait"
    assert ran == (None if starts else "ran.nothing")


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


def test_a_refusal_shown_over_a_lost_run_leaves_nothing_of_it_but_the_doubt() -> None:
    assert play("""
      status = { problem, again: false };
      const a = tab();
      await a.start();
      await advance(3000);
      const kept = [a.state(), a.session.size];
      service.refuse = () => problem;
      a.click();
      await flush();
      const refused = [a.state(), a.run.view.canResume, a.session.size];
      service.refuse = () => null;
      a.click();
      await flush();
      return [kept, refused, a.doubts];
    """) == [["unknown", 1], ["failed", False, 0], [False, True]]


def test_a_click_right_after_check_again_is_a_click() -> None:
    assert play("""
      status = { problem, again: false };
      const a = tab();
      await a.start();
      await advance(3000);
      const before = asked.status;
      a.run.resume();
      a.click();
      await flush();
      const asking = [a.state(), a.run.view.problem === problem];
      a.answer(true);
      await flush();
      return [asking, a.state(), a.run.view.startedAt === now, asked.start, asked.status - before];
    """) == [["confirming", True], "queued", True, 2, 0]


def test_check_again_clicked_twice_is_one_run_that_ends() -> None:
    assert play("""
      status = { problem, again: false };
      const a = tab();
      await a.start();
      await advance(3000);
      status = { state: "running", steps: [] };
      a.run.resume();
      a.run.resume();
      await advance(3000);
      const during = a.state();
      status = done;
      await advance(20_000);
      const end = a.state();
      a.click();
      await flush();
      return [during, end, a.state(), a.doubts];
    """) == ["running", "succeeded", "confirming", [False, False]]
