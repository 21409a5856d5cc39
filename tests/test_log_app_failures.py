"""`runbutton log-app` refused, cut off, and with another person at work."""

import os
import signal
import sys
from dataclasses import replace
from typing import Any

import pytest
from click.testing import Result

from generator.stub.rest import Fault
from tests.calling import Called
from tests.deploying import Bench
from tests.log_apps import (
    DEPLOY_PATH,
    FIELD_PATH,
    NEW,
    NO_RIGHT,
    VIEW_PATH,
    WRITES,
    change_app,
    change_field,
    live,
)


def test_who_may_create_no_app_is_told_the_permission(bench: Bench, called: Called) -> None:
    bench.rest.faults.append(Fault("answer", "POST", "preview/app.json", status=403, body=NO_RIGHT))
    refused = called("log-app", "--yes")
    assert refused.exit_code == 1
    assert "POST preview/app.json: [403] [CB_NO02] No privilege to proceed." in refused.output
    assert refused.output.endswith("  the user needs the permission to create apps\n")
    assert NEW not in bench.rest.apps


def test_who_may_not_manage_the_app_is_told_which(log_bench: Bench, called: Called) -> None:
    log_bench.rest.faults.append(Fault("answer", "GET", FIELD_PATH, status=403, body=NO_RIGHT))
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert f"error: app {NEW}: GET {FIELD_PATH}: [403]" in refused.output
    assert "the user needs the app management permission" in refused.output


def test_a_lost_answer_to_the_creation_is_not_repeated(bench: Bench, called: Called) -> None:
    bench.rest.faults.append(Fault("late-lost", "POST", "preview/app.json"))
    broken = called("log-app", "--yes")
    assert broken.exit_code == 1
    assert bench.sent() == ["POST preview/app.json"]
    assert '"Run log" may have been created. Check here before you try again:' in broken.output
    # As the message says: with its ID, the app is completed.
    assert called("log-app", str(NEW), "--yes").exit_code == 0
    assert "run_key" in live(bench).properties


def test_a_creation_that_kintone_was_too_busy_for_is_repeated(bench: Bench, called: Called) -> None:
    busy = '{"code": "GAIA_DA02", "id": "x", "message": "Try again later."}'
    bench.rest.faults.append(Fault("answer", "POST", "preview/app.json", status=400, body=busy, times=2))
    assert called("log-app", "--yes").exit_code == 0
    assert bench.sent() == [*WRITES[:1] * 3, *WRITES[1:]]


@pytest.mark.parametrize("write", WRITES[1:])
@pytest.mark.parametrize("kind", ["lost", "late-lost"])
def test_a_write_whose_answer_is_lost_once_is_done_once(bench: Bench, called: Called, write: str, kind: Any) -> None:
    method, path = write.split()
    bench.rest.faults.append(Fault(kind, method, path))
    done = called("log-app", "--yes")
    assert done.exit_code == 0, done.output
    assert live(bench).notifications
    assert live(bench).revision == len(WRITES) - 1


def cut_off(bench: Bench, called: Called, write: str, *arguments: str) -> Result:
    """Runs the command with a network that is gone from one write on."""
    method, path = write.split()
    bench.rest.faults += [Fault("lost", method, path, times=99)]
    result = called("log-app", *arguments, "--yes")
    bench.rest.faults.clear()
    return result


@pytest.mark.parametrize("write", WRITES[1:-1])
def test_a_creation_that_is_cut_off_names_the_app_and_the_command_that_finishes_it(
    bench: Bench, called: Called, write: str
) -> None:
    broken = cut_off(bench, called, write)
    assert broken.exit_code == 1
    assert (
        f"App {NEW} was created, but it is not finished and not live. To finish it: runbutton log-app {NEW}\n"
        in broken.output
    )
    assert f"to delete it: {bench.loopback.address}/k/admin/app/flow?app={NEW}\n" in broken.output
    assert live(bench) is None
    done = called("log-app", str(NEW), "--yes")
    assert done.exit_code == 0, done.output
    assert live(bench).views
    assert live(bench).record_rights
    assert live(bench).notifications
    assert "✓ Everything is up to date" in called("log-app", str(NEW)).output


@pytest.mark.parametrize("read", ["fields.json", "views.json", "record/acl.json"])
def test_a_creation_that_is_cut_off_between_its_writes_names_the_app_too(
    bench: Bench, called: Called, read: str
) -> None:
    broken = cut_off(bench, called, f"GET {read}")
    assert f"To finish it: runbutton log-app {NEW}\n" in broken.output


def test_while_it_is_published_it_may_be_live(bench: Bench, called: Called) -> None:
    bench.rest.faults.append(Fault("lost", "GET", DEPLOY_PATH, skip=1, times=99))
    broken = called("log-app", "--yes")
    assert broken.exit_code == 1
    assert broken.output.endswith(f"The settings may be live. To check: runbutton log-app {NEW}\n")


@pytest.mark.parametrize("write", [f"PUT {VIEW_PATH}", f"POST {DEPLOY_PATH}"])
def test_a_refusal_in_the_middle_is_undone_in_an_app_that_was_there(
    log_bench: Bench, called: Called, write: str
) -> None:
    change_field(log_bench, "took")
    change_app(log_bench, views={})
    before = live(log_bench)
    method, path = write.split()
    log_bench.rest.faults.append(Fault("answer", method, path, status=403, body=NO_RIGHT))
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert refused.output.endswith(
        f"Run log (app {NEW}): the settings that were sent were discarded; the app is as it was before\n"
    )
    assert live(log_bench) == before
    assert replace(log_bench.rest.current_app(NEW).preview, revision=0) == replace(before, revision=0)


def test_a_deploy_that_fails_is_undone(log_bench: Bench, called: Called) -> None:
    change_field(log_bench, "took")
    log_bench.rest.deploy_end = "FAIL"
    failed = called("log-app", str(NEW), "--yes")
    assert failed.exit_code == 1
    assert f"Run log (app {NEW}): kintone could not update the app: FAIL (failed)\n" in failed.output
    assert "took" not in live(log_bench).properties


def test_duplicates_that_are_there_already_are_refused_by_kintone_and_undone(log_bench: Bench, called: Called) -> None:
    change_field(log_bench, "lock", unique=False)
    for number in (1, 2):
        log_bench.rest.forms[NEW].records[number] = {"lock": {"type": "SINGLE_LINE_TEXT", "value": "same"}}
    refused = called("log-app", str(NEW), "--yes")
    assert refused.exit_code == 1
    assert "Records have the same value in the field (code: lock)." in refused.output
    assert refused.output.endswith(f"Run log (app {NEW}): no known change\n")


@pytest.mark.parametrize("write", [f"POST {FIELD_PATH}", f"PUT {VIEW_PATH}", f"POST {DEPLOY_PATH}"])
def test_another_persons_change_in_between_is_not_overwritten_nor_published(
    log_bench: Bench, called: Called, write: str
) -> None:
    change_field(log_bench, "took")
    app = log_bench.rest.current_app(NEW)
    app.preview = app.live = replace(app.preview, views={})

    def somebody() -> None:
        app.preview = replace(app.preview, scope="NONE", revision=app.preview.revision + 1)

    log_bench.loopback.before(*write.split(), somebody)  # type: ignore[arg-type]
    stopped = called("log-app", str(NEW), "--yes")
    assert stopped.exit_code == 1
    assert "another person changed the settings of the app in the meantime" in stopped.output
    first = write.startswith(f"POST {FIELD_PATH}")
    assert ("no known change" if first else "they are pending, not live") in stopped.output
    assert app.preview.scope == "NONE"
    assert live(log_bench).scope == "ALL"
    assert "took" not in live(log_bench).properties


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill ends the process there")
@pytest.mark.parametrize(
    ("request_", "line"),
    [
        ("POST preview/app.json", '"Run log" may have been created. Check here before you try again:'),
        (f"PUT {VIEW_PATH}", f"App {NEW} was created, but it is not finished and not live."),
        (f"GET {DEPLOY_PATH}", "The settings may be live. To check:"),
    ],
)
def test_ctrl_c_says_what_became_of_the_app(bench: Bench, called: Called, request_: str, line: str) -> None:
    method, path = request_.split()
    skip = 1 if method == "GET" else 0
    bench.loopback.before(method, path, lambda: os.kill(os.getpid(), signal.SIGINT), skip=skip)
    stopped = called("log-app", "--yes")
    assert stopped.exit_code == 1
    assert "error: interrupted\n" in stopped.output
    assert line in stopped.output
    assert "nothing was changed" not in stopped.output


def test_success_without_the_settings_is_not_believed(bench: Bench, called: Called) -> None:
    def lose() -> None:
        bench.rest.deploys[0].settings[NEW] = replace(bench.rest.apps[NEW].preview, views={})

    bench.loopback.before("GET", DEPLOY_PATH, lose, skip=1)
    refused = called("log-app", "--yes")
    assert refused.exit_code == 1
    assert "kintone reports success, but the live revision" in refused.output
