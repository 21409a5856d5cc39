"""Mistakes that are marked in the runtime (see README.md here): each is found by a story or a named test."""

import importlib
import shutil
from pathlib import Path
from typing import Any

import pytest

from generator.assets import TEMPLATES
from tests import v8
from tests.test_lost_starts import LATER, SINCE, job, listed
from tests.worlds.engine import Worlds, marks, mutate, program

# The mutants that a story finds; each with the rule that it breaks there.
IN_STORIES: dict[str, tuple[str, str]] = {
    "anything-goes": ("what is typed is shown and sent", "nothingBeforeItIsTyped"),
    "cancel-runs": ("a form that is canceled starts nothing", "canceledIsOver"),
    "choice-sent-as-shown": ("what is typed is shown and sent", "sentIsShown"),
    "form-decides-by-newest": ("a run that began and ended while a form was open counts", "decisionsHold"),
    "typed-kept": ("what is typed is shown and sent", "typedIsNotKept"),
    "address-with-more": ("a tab comes back with an older run", "onlyOwnAddresses"),
    "app-not-in-key": ("the same record of another app is another place", "placesShareNoRun"),
    "back-does-nothing": ("a page that Back brings again follows its run", "runsAreFollowed"),
    "busy-button-enabled": ("a tab comes back with an older run", "nothingIsOfferedDuringARun"),
    "create-name-forever": ("a new record in the same tab knows nothing of one that was given up", "placesShareNoRun"),
    "create-shared": ("two new records are two places", "placesShareNoRun"),
    "deadline-from-acceptance": ("the deadline counts from the click", "tokensAreKeptWhileTheyAreNeeded"),
    "deadline-ignored": ("after the deadline no token is left", "noQuestionsAfterTheDeadline"),
    "deadline-thirty-minutes": ("after the deadline no token is left", "tokensAreKeptWhileTheyAreNeeded"),
    "doing-beside-end": ("a run that is lost sight of says so alone", "wordsFitTheState"),
    "doubt-dropped-by-offer": ("a warning outlives the page and another run", "warningsStay"),
    "end-told-twice": ("a tab comes back with an older run", "noticesAreTrue"),
    "event-not-returned": ("a tab comes back with an older run", "eventsAreReturned"),
    "event-of-known-value": ("a page finds the end before it hears of it", "everyRunEnds"),
    "event-twice": ("a tab comes back with an older run", "eventsTellTheState"),
    "first-question-late": ("a tab comes back with an older run", "firstQuestionSoon"),
    "form-not-waited": ("a form that is busy for a moment is waited for", "formsAreWaitedFor"),
    "grant-read-at-once": ("two new records are two places", "endedRunsAreNotAskedFor"),
    "hidden-tells-too": ("one end is told once, however many tabs have it", "noticesAreTrue"),
    "krewdata-running-done": ("a tab comes back with an older run", "learnedIsTrue"),
    "last-line-failed-done": ("a run that failed is remembered as failed", "lastRunsAreTrue"),
    "learns-loosely": ("a run that nobody watched teaches nothing", "learnedIsTrue"),
    "learns-unwatched": ("a run that was asked on for leaves no warning", "learnedIsTrue"),
    "leave-keeps-lock": (
        "a page that was left in a browser that keeps its locks gives the run up",
        "pagesInSightFollow",
    ),
    "lock-expires-at-once": ("two users click at once, and only one may run", "exclusiveRunsExclude"),
    "lock-let-go-at-once": ("the end comes late to the page that waits for the run", "endedRunsAreNotAskedFor"),
    "lock-never-expires": ("a lock without an end expires", "refusalsHaveAReason"),
    "lock-number-reused": ("a lock without an end expires", "refusalsHaveAReason"),
    "log-adds-again": ("a record that somebody removed is not added again", "removedRecordsStayRemoved"),
    "log-failure-untold": ("a run that may not be recorded says so", "runsAreRecorded"),
    "log-for-all": ("a tab comes back with an older run", "noLogNoRequest"),
    "log-forgets-lost-answer": ("a lost answer of the log leaves one record that is right", "recordsReachTheEnd"),
    "log-has-token": ("a run that failed is recorded as failed, and other users see it", "recordsHaveNoSecret"),
    "log-key-anew": ("a run that failed is recorded as failed, and other users see it", "oneRecordARun"),
    "log-says-done": ("a run that failed is recorded as failed, and other users see it", "recordsSayWhatPagesShow"),
    "lost-after-one": ("a run that was asked on for leaves no warning", "unknownHasAReason"),
    "lost-is-nothing": ("somebody else's job is followed as what it is", "nothingRanIsTrue"),
    "never-times-out": ("a question that is never answered counts as lost", "runsAreFollowed"),
    "no-watchdog": ("two pages wait for one that is frozen", "runsAreFollowed"),
    "notice-on-view": ("somebody else's job is followed as what it is", "noticesAreTrue"),
    "offer-is-own": ("somebody else's job is followed as what it is", "othersJobsAreNotOnesOwn"),
    "old-button-stays": ("somebody else's value is nothing", "oneButtonAUnit"),
    "one-secret-enough": ("one secret of two is not enough", "nothingWithoutItsSecrets"),
    "open-without-lock": ("without its lock no exclusive run starts", "startsHaveTheirLock"),
    "other-definition": ("an answer about another job is none", "learnedIsTrue"),
    "other-fields-sent": ("a tab comes back with an older run", "onlyNamedFields"),
    "other-places-not-followed": ("a run from the list is followed on a record", "runsAreFollowed"),
    "others-last-done": ("a run that failed is recorded as failed, and other users see it", "othersLastRunsAreTrue"),
    "own-rank-forgotten": (
        "a page is frozen while it waits for its lock, and another one gives the start up",
        "recordsGoForward",
    ),
    "place-not-in-key": ("two new records are two places", "placesShareNoRun"),
    "post-repeated": ("somebody else's job is followed as what it is", "firstQuestionSoon"),
    "refused-after-lost": ("after a lost answer no refusal proves that nothing ran", "nothingRanIsTrue"),
    "refused-keeps-lock": ("a service that refuses the start gives the lock back", "recordsReachTheEnd"),
    "reload-other-record": ("no page is loaded again that shows another record by then", "reloadsOnlyAfterSuccess"),
    "reload-over-form": ("no page is loaded again that shows another record by then", "reloadsOnlyAfterSuccess"),
    "saved-takes-others": ("a saved record takes no other new record's run along", "placesShareNoRun"),
    "serial-kept": ("a tab comes back with an older run", "nothingSecretKept"),
    "serial-sent-everywhere": ("a tab comes back with an older run", "secretsOnlyWhereNeeded"),
    "skipped-succeeded": ("a job that was skipped did nothing", "learnedIsTrue"),
    "spent-token-certain": ("a request that was sent twice is told that its token was used", "nothingRanIsTrue"),
    "steal-unannounced": ("two pages wait for one that is frozen", "oneQuestionAtATime"),
    "storage-throws": ("a storage that is full loses the token all the same", "noErrorEscapes"),
    "success-text-shown": ("an answer with a token that cannot be read is not shown", "nothingSecretShown"),
    "token-past-deadline": ("the deadline counts from the click", "tokensAreKeptWhileTheyAreNeeded"),
    "token-stays": ("a tab comes back with an older run", "tokensAreKeptWhileTheyAreNeeded"),
    "trocco-wait-ignored": ("a service that has few requests left is left alone", "waitsAreKept"),
    "two-questions": ("a tab comes back with an older run", "oneQuestionAtATime"),
    "user-not-in-key": ("somebody else signs in while a run goes on", "placesShareNoRun"),
    "wrong-app": ("a script shows nothing in another app", "onlyItsOwnApp"),
}

# Those that a test of modules in an engine finds, with the test's arguments.
IN_TESTS: dict[str, tuple[str, dict[str, Any]]] = {
    "clock-orders-turns": ("test_ledger::test_of_two_runs_the_later_one_is_on_view_whichever_clock_was_right", {}),
    "created-entry-stays": ("test_run_doubts::test_a_run_of_the_create_page_goes_along_with_the_saved_record", {}),
    "dialog-decides-by-newest": (
        "test_ledger::test_an_answer_to_the_question_counts_for_what_was_on_view_when_it_was_asked",
        {"leaves": "ends", "answer": True},
    ),
    "doubt-not-stored": ("test_ledger::test_a_warning_outlives_other_runs_and_a_reload", {}),
    "doubt-outlives": ("test_run_doubts::test_an_outcome_that_was_found_after_all_is_no_doubt", {}),
    "end-not-final": (
        "test_ledger::test_an_end_is_final_whatever_another_tab_writes_of_the_run_and_an_older_value_is_repaired",
        {},
    ),
    "found-is-forgotten": (
        "test_exclusive_races::test_a_record_that_was_found_and_then_removed_is_not_added_again",
        {},
    ),
    "full-storage-keeps-token": ("test_ledger::test_a_value_that_a_full_storage_cannot_replace_is_removed", {}),
    "hidden-never-hands-over": ("test_ledger::test_a_follower_out_of_sight_hands_over_to_a_tab_in_sight", {}),
    "jump-prolongs-wait": ("test_runs::test_a_clock_that_is_put_back_prolongs_nothing", {}),
    "last-line-of-refused": ("test_ledger::test_what_did_not_run_is_no_last_run", {}),
    "late-lock-stays": (
        "test_exclusive_races::test_a_lock_that_arrives_after_its_click_was_refused_is_given_back",
        {},
    ),
    "lock-added-again": ("test_exclusive_races::test_a_lock_that_somebody_removes_at_once_starts_nothing", {}),
    "lock-not-checked": ("test_exclusive_races::test_a_number_that_was_free_for_a_moment_lets_no_two_run", {}),
    "log-from-every-page": ("test_run_log::test_another_tab_brings_the_record_to_its_end", {}),
    "log-goes-back": ("test_run_log::test_a_state_never_replaces_a_later_one", {}),
    "log-of-other-units": ("test_run_log::test_a_run_of_a_unit_with_a_similar_name_is_not_meant", {}),
    "newest-of-several": (
        "test_lost_starts::test_what_does_not_fit_is_not_offered",
        {"answers": [listed(job(9, SINCE), job(10, LATER))]},
    ),
    "no-place-lock": ("test_ledger::test_tabs_that_are_clicked_at_once_start_one_run", {"delay": 0}),
    "no-repair": (
        "test_ledger::test_an_end_is_final_whatever_another_tab_writes_of_the_run_and_an_older_value_is_repaired",
        {},
    ),
    "older-turn-wins": ("test_ledger::test_of_two_runs_the_later_one_is_on_view_whichever_clock_was_right", {}),
    "over-the-limit": ("test_ask_list::test_over_the_limit_there_is_a_problem_and_no_list", {"limit": 1}),
    "own-run-refuses": (
        "test_exclusive_races::test_the_users_own_run_of_another_tab_is_shown_and_refuses_no_click",
        {},
    ),
    "question-closed": ("test_exclusive_races::test_closing_an_old_result_does_not_end_the_question_before_a_run", {}),
    "refused-drops-before": (
        "test_run_doubts::test_a_click_that_starts_nothing_changes_nothing",
        {"refusal": "the service refuses"},
    ),
    "reload-unkept": ("test_ledger::test_a_reload_for_new_values_waits_until_the_storage_has_the_end", {}),
    "shape-not-checked": ("test_ledger::test_what_is_no_entry_counts_as_nothing", {"value": {"turn": 1, "seq": 0}}),
    "start-limit-off": ("test_run_doubts::test_starts_that_were_asked_for_at_once_are_counted_when_they_are_sent", {}),
    "start-limit-per-click": (
        "test_run_doubts::test_starts_count_by_the_services_address_whichever_button_they_are_of",
        {},
    ),
    "start-limit-seven": (
        "test_run_doubts::test_starts_count_by_the_services_address_whichever_button_they_are_of",
        {},
    ),
    "starter-gone-at-once": ("test_ledger::test_a_start_that_was_cut_off_is_unknown_after_a_second_look", {}),
    "trocco-clock-sign": ("test_lost_starts::test_the_clocks_of_the_service_and_the_computer_may_differ", {}),
    "turn-not-looked-at": (
        "test_ledger::test_an_answer_to_the_question_counts_for_what_was_on_view_when_it_was_asked",
        {"leaves": "ends", "answer": True},
    ),
    "unknown-forever": (
        "test_ledger::test_an_end_is_in_full_for_five_minutes_and_unknown_for_a_day_and_then_the_last_run",
        {},
    ),
}


def test_every_mutant_that_is_marked_has_a_row_and_every_row_a_mark() -> None:
    assert set(marks()) == {*IN_STORIES, *IN_TESTS}


# The default run has every fourth.
SAMPLE = [
    name if at % 4 == 0 else pytest.param(name, marks=pytest.mark.exhaustive) for at, name in enumerate(IN_STORIES)
]


@pytest.mark.parametrize("name", SAMPLE)
def test_a_story_finds_the_mutant(worlds: Worlds, name: str) -> None:
    story, rule = IN_STORIES[name]
    told = worlds.story(program(name), story, short=False)
    assert told["broken"], f"{name} lives on"
    assert told["broken"]["rule"] == rule


@pytest.mark.parametrize("name", IN_TESTS)
def test_a_test_of_modules_finds_the_mutant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES / "runtime", folder / "runtime")
    path = folder / marks()[name].relative_to(TEMPLATES)
    path.write_text(mutate(path.read_text(encoding="utf-8"), name), encoding="utf-8")
    monkeypatch.setattr(v8, "TEMPLATES", folder)
    test, arguments = IN_TESTS[name]
    module, _, function = test.partition("::")
    v8._linked.cache_clear()
    try:
        with pytest.raises(Exception):  # noqa: B017, PT011 - an assertion of the test, or an error of the mutant.
            getattr(importlib.import_module(f"tests.{module}"), function)(**arguments)
    finally:
        v8._linked.cache_clear()
