"""Errors of a run and their messages: one click for each kind. tests/test_krewdata_answers.py tests each of krewData's
answers."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from generator.stub.proxy import Fault
from generator.stub.tenant import Stub
from generator.stub.wire import Request
from generator.units.config import Config
from tests.browser.record_page import UNIT, Serve
from tests.conftest import HTML, KREWDATA_UNIT, config_of

URL = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn"
# The heading says it: nothing of it has failed, because nothing ran.
NOTHING_RAN = "実行できませんでした"


def refusal(stub: Stub, call: str, row: str) -> Fault:
    response = stub.services["krewdata"].error_response(call, row)
    return Fault(call, "answer", status=response.status, body=response.body, headers=response.headers)  # type: ignore[arg-type]


def run_by_somebody_else(stub: Stub) -> None:
    """A run that this page did not start."""
    serial_number = base64.b64encode(KREWDATA_UNIT["serial_number"].encode()).decode()
    asked = {"krewdataAppUrl": KREWDATA_UNIT["krewdata_app_url"], "serialNumber": serial_number}
    token = ask(stub, "token", asked)["accessToken"]
    ask(stub, "run", {"accessToken": token, "user": "kato", "appId": "45"})


def ask(stub: Stub, call: str, body: dict[str, Any]) -> dict[str, Any]:
    response = stub.services["krewdata"].answer(Request("POST", f"{URL}/{call}", {}, json.dumps(body)))
    assert response.status == 200, response.body
    answer: dict[str, Any] = json.loads(response.body)
    return answer


# --- refusals


@pytest.mark.parametrize("call", ["token", "status"])
def test_an_undocumented_error_is_shown_as_it_is(serve_config: Serve, config: Config, call: str) -> None:
    page = serve_config(config).open()
    body = json.dumps({"code": 403, "status": "Forbidden", "description": "Sorry <b>no</b>."})
    page.stub.proxy.faults.append(Fault(call, "answer", status=403, body=body))
    page.start()
    page.advance(2)
    assert page.state() == ("unknown" if call == "status" else "failed")
    assert "krewDataがエラーを返しました。" in page.status()
    assert page.details() == "403 Sorry <b>no</b>."


def other_serial_number(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].serial_number = "another"


def other_source_app(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].source_app = "46"


def too_many_runs(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].concurrent = True
    for _ in range(5):
        run_by_somebody_else(stub)


@pytest.mark.parametrize(
    ("given", "http_status", "details"),
    [
        (other_serial_number, "200", "401 Illegal License."),
        (other_source_app, "code", "400 app (appId) is not call app of task specified."),
        (
            too_many_runs,
            "code",
            "429 The rate limit for API calls has been exceeded. Specified unit has been disabled.",
        ),
    ],
)
def test_a_start_that_krewdata_refuses_ran_nothing_and_is_not_repeated(
    serve_config: Serve, config: Config, given: Callable[[Stub], None], http_status: Any, details: str
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].switches.http_status = http_status
    given(page.stub)
    runs = len(page.stub.services["krewdata"].runs)
    page.start()
    page.advance(300, step=60)
    assert page.state() == "failed"
    assert NOTHING_RAN in page.line().inner_text()
    assert page.details() == details
    assert len(page.sent("/token")) == 1
    assert len(page.sent("/run")) <= 1
    assert len(page.stub.services["krewdata"].runs) == runs


@pytest.mark.parametrize("burned", [False, True])
def test_after_a_refused_run_the_next_click_takes_a_fresh_token(
    serve_config: Serve, config: Config, burned: bool
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].switches.burn_token_on_error = burned
    page.stub.services["krewdata"].units[UNIT].source_app = "46"
    page.start()
    assert page.state() == "failed"
    page.stub.services["krewdata"].units[UNIT].source_app = "45"
    page.advance(60, step=10)
    assert len(page.sent("/token")) == 1
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 1


def test_a_unit_that_is_in_use_tells_so_and_follows_nobody_elses_run(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    krewdata = page.stub.services["krewdata"]
    krewdata.units[UNIT].flows[0].seconds = 600
    run_by_somebody_else(page.stub)
    for conflict in ("409", "409-without-task-id", "134"):
        krewdata.switches.conflict = conflict
        page.start()
        page.advance(30, step=5)
        assert page.state() == "failed"
        assert "この実行単位は実行中です" in page.status()
        assert page.status().startswith("実行できませんでした")
        assert page.details().startswith("134 Another user" if conflict == "134" else "409 Other User")
        assert page.button().is_enabled()
    assert krewdata.runs[0].task_id not in [body["taskId"] for body in page.sent("/status")]


# --- missing answers


HTML_502: dict[str, Any] = {"kind": "answer", "status": 502, "body": HTML}
LOST: dict[str, Any] = {"kind": "lost"}


@pytest.mark.parametrize("no_answer", [HTML_502, {"kind": "reject", "text": HTML}], ids=["502", "rejection"])
def test_no_answer_is_told_at_the_token_and_overcome_later(
    serve_config: Serve, config: Config, no_answer: dict[str, Any]
) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults += [Fault(call, **no_answer) for call in ("token", "run", "status")]
    page.start()
    assert page.state() == "failed"
    assert page.status() != ""
    assert NOTHING_RAN in page.line().inner_text()
    assert "502 Bad Gateway" not in page.line().inner_text()
    assert page.button().is_enabled()
    assert page.sent("/run") == []
    page.advance(1)
    page.start()
    page.advance(30, step=3)
    assert page.state() == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 1
    # The request to run was repeated as it was, and with it its token.
    assert len(page.sent("/token")) == (2 if no_answer["kind"] == "answer" else 1)
    assert len({json.dumps(body) for body in page.sent("/run")}) == 1


def test_a_run_that_is_never_answered_ends_as_unknown_with_one_token(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults.append(Fault("run", **HTML_502, times=None))
    page.start()
    page.advance(60, step=5)
    assert page.state() == "unknown"
    assert "始まっている可能性があります" in page.line().inner_text()
    assert page.button().is_enabled()
    asked = [fired for fired, _ in page.stub.proxy.fired]
    assert 2 <= len(asked) <= 5
    assert len({request.body for _, request in page.stub.proxy.fired}) == 1
    assert len(page.sent("/token")) == 1
    page.advance(300, step=60)
    assert len(page.stub.proxy.fired) == len(asked)


@pytest.mark.parametrize("unknown_host", ["503", "reject"])
def test_a_host_that_does_not_exist_is_told(serve_config: Serve, unknown_host: Any) -> None:
    page = serve_config(config_of({**KREWDATA_UNIT, "url": "https://no.example/trigger/v1/abcdefghijklmn"})).open()
    page.stub.switches.unknown_host = unknown_host
    page.stub.services["krewdata"].units.clear()
    page.start()
    assert page.state() == "failed"
    assert page.status() != ""
    assert "DNS Cache Missing" not in page.line().inner_text()
    assert "DNS Cache Missing" in page.details()
    page.stub.unknown.clear()


# --- lost answers: the request arrived, but that is unknown


def test_a_lost_token_starts_nothing(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults.append(Fault("token", "lost"))
    page.start()
    page.advance(60, step=10)
    assert page.state() == "failed"
    assert page.stub.services["krewdata"].runs == []
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"


def test_a_lost_run_is_proved_by_its_spent_token_and_not_started_again(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults.append(Fault("run", "lost"))
    page.start()
    page.advance(60, step=5)
    assert page.state() == "unknown"
    assert len(page.stub.services["krewdata"].runs) == 1
    assert len(page.sent("/token")) == 1
    assert len(page.sent("/run")) == 2
    assert page.sent("/run")[0] == page.sent("/run")[1]
    assert page.details() == "400 Specified token has been used."


def test_after_an_unknown_outcome_even_a_unit_without_confirmation_asks_first(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "confirm": False})).open()
    page.stub.proxy.faults.append(Fault("run", "lost"))
    page.button().click()
    page.begun()
    page.advance(60, step=5)
    assert page.state() == "unknown"
    run = page.ask()
    assert "終わっていない可能性があります" in page.dialog.inner_text()
    assert len(page.sent("/token")) == 1
    run.click()
    page.begun()
    assert len(page.sent("/token")) == 2


@pytest.mark.parametrize("trouble", [LOST, HTML_502], ids=["lost", "502"])
def test_four_lost_status_answers_in_a_row_are_overcome(
    serve_config: Serve, config: Config, trouble: dict[str, Any]
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 90
    # One good answer in between begins the count anew.
    page.stub.proxy.faults += [Fault("status", **trouble, times=4), Fault("status", **trouble, skip=5, times=4)]
    page.start()
    page.advance(160, step=4)
    assert page.state() == "succeeded"


@pytest.mark.parametrize("trouble", [LOST, HTML_502], ids=["lost", "502"])
def test_after_five_lost_status_answers_the_page_asks_on_only_when_told_to(
    serve_config: Serve, config: Config, trouble: dict[str, Any]
) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults.append(Fault("status", **trouble, times=5))
    page.start()
    page.advance(120, step=5)
    assert page.state() == "unknown"
    assert len([fault for fault, _ in page.stub.proxy.fired]) == 5
    assert "続いている可能性があります" in page.line().inner_text()
    assert page.button().is_enabled()
    page.resume()
    assert page.is_busy()
    page.advance(5)
    assert page.state() == "succeeded"
    assert [state for _, state in page.flows()] == ["succeeded", "succeeded"]
    assert len(page.stub.services["krewdata"].runs) == 1


def test_a_run_that_cannot_be_followed_can_be_given_up_for_a_new_one(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults.append(refusal(page.stub, "status", "taskId-unknown"))
    page.start()
    page.advance(30, step=3)
    assert page.state() == "unknown"
    run = page.ask()
    assert "終わっていない可能性があります" in page.dialog.inner_text()
    run.click()
    page.begun()
    page.advance(20)
    assert page.state() == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 2


# --- odd answers about a run


def status_answer(**told: Any) -> Fault:
    return Fault("status", "answer", body=json.dumps({"code": 200, "status": "OK", **told}))


def test_odd_news_of_the_flows_do_not_change_how_the_run_ends(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    odd: list[Any] = [
        {"flowName": None, "status": None, "startTime": None, "endTime": None},
        {"flowName": {"a": 1}, "status": 5, "startTime": "yesterday", "endTime": []},
        {"flowName": 7, "status": "constructor", "startTime": "", "endTime": "2020-12-01 09:01:00"},
        "Flow1",
    ]
    page.stub.proxy.faults += [status_answer(taskStatus=status, flowInfo=odd) for status in ("Paused", "Success")]
    page.stub.proxy.faults[1].skip = 1
    page.start()
    page.advance(1)
    assert page.state() == "running"
    page.advance(3)
    assert page.state() == "succeeded"


def test_a_failure_is_a_failure_however_little_is_told_of_it(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults.append(status_answer(taskStatus="Failure"))
    page.start()
    page.advance(2)
    assert page.state() == "failed"
    assert page.status() != ""
    for word in ("null", "undefined", "object"):
        assert word not in page.line().inner_text()
