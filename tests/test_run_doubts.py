"""Unknown results of a run, and how the surrounding page affects it."""

import pytest

from tests.tabs import play

# --- the warning


@pytest.mark.parametrize("where", ["the same tab", "after a reload", "another tab"])
def test_an_unresolved_start_is_told_at_every_click_for_a_day(where: str) -> None:
    assert play(
        """
      started = { state: "unknown", problem };
      const a = tab();
      await a.start();
      if (where === "after a reload") a.close();
      const b = where === "the same tab" ? a : tab();
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
      await advance(5000);
      now += 25 * 60 * MINUTE;
      await b.start();
      return b.doubts;
    """,
        where=where,
    ) == [True, True, True, False]


@pytest.mark.parametrize("refusal", ["the service refuses", "too soon", "the form cannot be read", "a mistake of ours"])
def test_a_click_that_starts_nothing_changes_nothing(refusal: str) -> None:
    """F1: neither the warning nor the way to ask on for a run that goes on."""
    assert play(
        """
      status = { problem, again: false };
      const a = tab();
      await a.start();
      await advance(3000);
      const before = JSON.stringify(entry().run);
      if (refusal === "the service refuses") started = { state: "failed", problem };
      if (refusal === "too soon") service.start = async ({ take }) => ({ state: "failed", problem: take() ?? problem });
      if (refusal === "a mistake of ours") service.start = async () => { throw new RangeError("no"); };
      let reads = 0;
      const read = () => {
        if (refusal === "the form cannot be read" && reads++) throw new Error("busy");
        return shown;
      };
      a.click(read);
      await flush();
      a.answer(true);
      await advance(12_000);
      const refused = a.view().problem !== null && a.state();
      a.run.dismiss();
      await flush();
      a.click();
      await flush();
      const doubts = [...a.doubts];
      a.answer(false);
      await flush();
      a.run.resume();
      status = done;
      await advance(3000);
      return [refused, doubts, refusal === "a mistake of ours" || a.state()];
    """,
        refusal=refusal,
    ) == (
        # A call that threw may have been sent: then it is a separate start with an unknown result.
        ["unknown", [False, True, True], True]
        if refusal == "a mistake of ours"
        else ["failed", [False, True, True], "succeeded"]
    )


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


def test_a_job_that_may_be_somebody_elses_stays_so_to_its_end_and_resolves_nothing() -> None:
    assert play("""
      const offer = { at: now, words: "trocco.offer", follow: "trocco.follow" };
      started = { state: "unknown", problem, found: { handle: { id: 9 }, offer } };
      const a = tab();
      await a.start();
      await advance(60_000);
      const offered = [a.state(), a.view().canResume, a.view().offer !== null, asked.status];
      a.run.resume();
      status = { ...done, took: 5000 };
      await advance(1000);
      const end = [a.state(), a.view().offer !== null, a.run.last(), durations()];
      a.click();
      await flush();
      return [offered, end, a.doubts];
    """) == [["unknown", True, True, 0], ["succeeded", True, None, None], [False, True]]


# --- the page around it


def test_a_view_that_throws_ends_no_run() -> None:
    assert play("""
      globalThis.console = { error() {} };
      const a = tab();
      a.run.watch((view) => { if (isBusy(view.state)) throw new RangeError("no"); });
      await a.start();
      await advance(3000);
      const during = a.state();
      status = done;
      await advance(3000);
      return [during, a.state(), a.view().problem];
    """) == ["running", "succeeded", None]


def test_a_mistake_of_ours_before_anything_was_sent_says_that_nothing_ran() -> None:
    assert play("""
      service.refuse = () => { throw new RangeError("Invalid time zone"); };
      const a = tab();
      await a.click();
      return [a.state(), a.view().problem.ran, asked.start];
    """) == ["failed", "ran.nothing", 0]


def test_a_mistake_of_ours_while_a_run_is_followed_ends_it_as_unknown() -> None:
    assert play("""
      const a = tab();
      await a.start();
      service.status = async () => { throw new RangeError("Invalid time zone"); };
      await advance(3000);
      return [a.state(), a.view().problem.happened, a.view().canResume];
    """) == ["unknown", "run.unexpected", True]


@pytest.mark.parametrize(("busy", "state", "starts"), [(3000, "queued", 1), (60_000, "failed", 0)])
def test_a_form_whose_record_cannot_be_read_yet_is_waited_for_and_said_so(busy: int, state: str, starts: int) -> None:
    waiting, said, end, count, ran = play(
        """
      const readable = now + busy;
      const a = tab();
      a.click(() => { if (now < readable) throw new Error("You cannot call ..."); return shown; });
      await flush();
      a.answer(true);
      await advance(1000);
      const during = [a.state(), a.view().doing];
      status = { state: "queued", steps: [] };
      await advance(11_000);
      return [...during, a.state(), asked.start, a.view().problem?.ran ?? null];
    """,
        busy=busy,
    )
    assert (waiting, end, count) == ("starting", state, starts)
    assert said == "run.formWait"
    assert ran == (None if starts else "ran.nothing")


def test_a_run_of_the_create_page_goes_along_with_the_saved_record() -> None:
    assert play("""
      const a = tab({ place: "create-45-abc" });
      await a.start();
      await advance(3000);
      a.run.rename(`${PREFIX}/u/7`);
      a.close();
      const b = tab({ place: "7" });
      const c = tab({ place: "create-45-abc" });
      await advance(1000);
      const state = b.state();
      status = done;
      await advance(5000);
      return [state, b.state(), c.state(), asked.start, entry("create-45-abc").run];
    """) == ["running", "succeeded", "idle", 1, None]


@pytest.mark.parametrize(
    ("way", "happened"),
    [("closed", "run.unwatched"), ("open", "run.timeout"), ("without answers", "trocco.statusLost")],
)
def test_a_page_that_has_nothing_to_check_with_any_more_advises_no_check(way: str, happened: str) -> None:
    first, second = play(
        """
      const a = tab();
      await a.start();
      await advance(way === "without answers" ? 59 * MINUTE : MINUTE);
      if (way === "closed") a.close();
      const lost = { happened: "trocco.statusLost", ran: "ran.underWay", advice: "advice.resume" };
      if (way === "without answers") status = { problem: lost, again: true };
      await advance(61 * MINUTE);
      const told = () => [...new Set(all.filter((one) => one.alive).map(({ run }) => {
        const { state, problem, canResume } = run.view();
        return `${state} ${problem.happened} ${problem.advice} ${canResume}`;
      }))];
      const first = told();
      a.close();
      // A page of another user.
      tab({ login: "kato" }).ledger.tidy();
      all.pop().close();
      await advance(1000);
      tab();
      await advance(20_000);
      return [first, told()];
    """,
        way=way,
    )
    assert first == ([] if way == "closed" else [f"unknown {happened} advice.resume true"])
    assert second == [f"unknown {happened} advice.checkLog false"]


@pytest.mark.parametrize("moment", ["before the first question", "during a question", "between two questions"])
def test_a_page_whose_record_was_saved_follows_the_run_until_kintone_leaves_it(moment: str) -> None:
    assert play(
        """
      const a = tab({ place: "create-45-abc" });
      let answer = async () => status;
      service.status = async () => { asked.status += 1; return answer(); };
      await a.start();
      if (moment !== "before the first question") await advance(3000);
      if (moment === "during a question") {
        let come;
        answer = () => new Promise((resolve) => { come = () => resolve(status); });
        await advance(2000);
        a.run.rename(`${PREFIX}/u/7`);
        await advance(20_000);
        answer = async () => status;
        come();
      } else {
        a.run.rename(`${PREFIX}/u/7`);
      }
      await advance(9000);
      const states = [a.state(), entry("7").run.state];
      status = done;
      await advance(9000);
      return [...states, a.state(), entry("7").run.state, entry("create-45-abc").run];
    """,
        moment=moment,
    ) == ["running", "running", "succeeded", "succeeded", None]


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
        const one = tab({ place: String(i) });
        await one.start();
        await advance(3000);
        states.push(one.state());
      }
      await advance(45_000);
      const last = tab({ place: "9" });
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
      for (let i = 0; i < 6; i++) await tab({ place: String(i) }).start();
      await advance(71_000);
      return asked.start;
    """)
        == 4
    )


def test_a_refusal_shown_over_a_lost_run_leaves_the_run_when_it_is_put_away() -> None:
    assert play("""
      status = { problem, again: false };
      const a = tab();
      await a.start();
      await advance(3000);
      service.refuse = () => problem;
      a.click();
      await flush();
      const refused = [a.state(), a.view().canResume];
      a.run.dismiss();
      await flush();
      return [refused, a.state(), a.view().canResume];
    """) == [["failed", False], "unknown", True]


def test_a_click_right_after_check_again_is_no_second_run() -> None:
    assert play("""
      status = { problem, again: false };
      const a = tab();
      await a.start();
      await advance(3000);
      status = { state: "running", steps: [] };
      a.run.resume();
      a.click();
      await flush();
      a.answer(true);
      await advance(3000);
      return [a.state(), asked.start];
    """) == ["running", 1]


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


# --- the end is put away


def test_an_end_that_is_put_away_is_away_in_other_tabs_and_after_a_reload_and_is_the_last_run() -> None:
    assert play("""
      const [a, b] = [tab(), tab()];
      status = done;
      await a.start();
      await advance(5000);
      const told = [a.state(), b.state()];
      a.run.dismiss();
      await advance(500);
      const c = tab();
      return [told, a.state(), b.state(), c.state(), c.run.last().state];
    """) == [["succeeded", "succeeded"], "idle", "idle", "idle", "succeeded"]
