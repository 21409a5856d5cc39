"""Errors of a run and their messages: one click for each kind. tests/test_krewdata_answers.py tests each of krewData's
answers."""

import base64
import json
from typing import Any

from playwright.sync_api import expect

from generator.stub.proxy import Fault
from generator.stub.tenant import Stub
from generator.stub.wire import Request
from generator.units.config import Config
from tests.browser.record_page import UNIT, Serve
from tests.conftest import HTML, KREWDATA_UNIT, config_of

URL = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn"
# As the heading says, nothing has failed, because nothing ran.
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


def test_an_undocumented_error_is_shown_as_it_is(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    body = json.dumps({"code": 403, "status": "Forbidden", "description": "Sorry <b>no</b>."})
    for call, state in (("token", "failed"), ("status", "unknown")):
        page.stub.proxy.faults.append(Fault(call, "answer", status=403, body=body))
        page.start()
        page.advance(2)
        assert (call, page.state()) == (call, state)
        assert "krewDataがエラーを返しました。" in page.status()
        assert page.details() == "403 Sorry <b>no</b>."


def test_a_start_that_krewdata_refuses_ran_nothing_and_the_next_click_takes_a_fresh_token(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    krewdata = page.stub.services["krewdata"]
    unit = krewdata.units[UNIT]

    def refused(details: str) -> None:
        tokens, runs = len(page.sent("/token")), len(page.sent("/run"))
        page.start()
        expect(page.unit()).to_have_attribute("data-state", "failed")
        # It is not repeated.
        page.advance(300, step=150)
        assert page.state() == "failed"
        assert NOTHING_RAN in page.line().inner_text()
        assert page.details() == details
        assert len(page.sent("/token")) == tokens + 1
        assert len(page.sent("/run")) <= runs + 1
        assert krewdata.runs == []

    serial_number, krewdata.switches.http_status = unit.serial_number, "200"
    unit.serial_number = "another"
    refused("401 Illegal License.")
    unit.serial_number, krewdata.switches.http_status, unit.source_app = serial_number, "code", "46"
    for burned in (False, True):
        krewdata.switches.burn_token_on_error = burned
        refused("400 app (appId) is not call app of task specified.")
    unit.source_app = "45"
    page.start()
    page.advance(15, step=15)
    assert page.state() == "succeeded"
    assert len(krewdata.runs) == 1
    assert len({body["accessToken"] for body in page.sent("/run")}) == 3


def test_a_unit_that_is_in_use_tells_so_and_follows_nobody_elses_run(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    krewdata = page.stub.services["krewdata"]
    krewdata.units[UNIT].flows[0].seconds = 600
    run_by_somebody_else(page.stub)
    for conflict in ("409", "409-without-task-id", "134"):
        krewdata.switches.conflict = conflict
        page.start()
        page.advance(30, step=15)
        assert page.state() == "failed"
        assert "この実行単位は実行中です" in page.status()
        assert page.status().startswith("実行できませんでした")
        assert page.details().startswith("134 Another user" if conflict == "134" else "409 Other User")
        assert page.button().is_enabled()
    assert krewdata.runs[0].task_id not in [body["taskId"] for body in page.sent("/status")]


# --- missing answers


HTML_502: dict[str, Any] = {"kind": "answer", "status": 502, "body": HTML}
LOST: dict[str, Any] = {"kind": "lost"}


def test_no_answer_is_told_at_the_token_and_overcome_later(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    for runs, no_answer in enumerate([HTML_502, {"kind": "reject", "text": HTML}], 1):
        tokens, requests = len(page.sent("/token")), len(page.sent("/run"))
        page.stub.proxy.faults += [Fault(call, **no_answer) for call in ("token", "run", "status")]
        page.start()
        assert page.state() == "failed"
        assert page.status() != ""
        assert NOTHING_RAN in page.line().inner_text()
        assert "502 Bad Gateway" not in page.line().inner_text()
        assert page.button().is_enabled()
        assert len(page.sent("/run")) == requests
        page.advance(1)
        page.start()
        page.advance(30, step=5)
        assert page.state() == "succeeded"
        assert len(page.stub.services["krewdata"].runs) == runs
        # The run request was repeated unchanged, with the same token.
        assert len(page.sent("/token")) - tokens == (2 if no_answer["kind"] == "answer" else 1)
        assert len({json.dumps(body) for body in page.sent("/run")[requests:]}) == 1
        page.advance(60, step=60)


def test_a_run_that_is_never_answered_ends_as_unknown_with_one_token(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.proxy.faults.append(Fault("run", **HTML_502, times=None))
    page.start()
    page.advance(60, step=10)
    assert page.state() == "unknown"
    assert "始まっている可能性があります" in page.line().inner_text()
    assert page.button().is_enabled()
    asked = [fired for fired, _ in page.stub.proxy.fired]
    assert 2 <= len(asked) <= 5
    assert len({request.body for _, request in page.stub.proxy.fired}) == 1
    assert len(page.sent("/token")) == 1
    page.advance(300, step=150)
    assert len(page.stub.proxy.fired) == len(asked)


def test_a_host_that_does_not_exist_is_told(serve_config: Serve) -> None:
    page = serve_config(config_of({**KREWDATA_UNIT, "url": "https://no.example/trigger/v1/abcdefghijklmn"})).open()
    page.stub.services["krewdata"].units.clear()
    for unknown_host in ("503", "reject"):
        page.stub.switches.unknown_host = unknown_host
        page.start()
        assert page.state() == "failed"
        assert page.status() != ""
        assert "DNS Cache Missing" not in page.line().inner_text()
        assert "DNS Cache Missing" in page.details()
        page.advance(1)
    page.stub.unknown.clear()


# --- lost answers: the request arrived, but that is unknown


def test_a_lost_token_starts_nothing_and_a_lost_run_is_proved_by_its_spent_token(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "confirm": False})).open()
    krewdata = page.stub.services["krewdata"]
    page.stub.proxy.faults.append(Fault("token", "lost"))
    page.button().click()
    page.begun()
    page.advance(60, step=20)
    assert page.state() == "failed"
    assert krewdata.runs == []
    page.stub.proxy.faults.append(Fault("run", "lost"))
    page.button().click()
    page.begun()
    page.advance(60, step=10)
    assert page.state() == "unknown"
    assert len(krewdata.runs) == 1
    tokens = len(page.sent("/token"))
    assert len(page.sent("/run")) == 2
    assert page.sent("/run")[0] == page.sent("/run")[1]
    assert page.details() == "400 Specified token has been used."
    # After that even a unit without a confirmation asks first.
    run = page.ask()
    assert "終わっていない可能性があります" in page.dialog.inner_text()
    assert len(page.sent("/token")) == tokens
    run.click()
    page.begun()
    assert len(page.sent("/token")) == tokens + 1
    page.advance(15, step=15)
    assert page.state() == "succeeded"


def test_four_lost_status_answers_in_a_row_are_overcome_and_after_five_the_page_asks_on_only_when_told_to(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    krewdata = page.stub.services["krewdata"]
    # One good answer in between resets the count.
    page.stub.proxy.faults += [Fault("status", **LOST, times=4), Fault("status", **HTML_502, skip=5, times=4)]
    krewdata.units[UNIT].flows[0].seconds = 90
    page.start()
    page.advance(160, step=5)
    assert page.state() == "succeeded"
    assert len(page.stub.proxy.fired) == 8
    krewdata.units[UNIT].flows[0].seconds = 5
    page.stub.proxy.faults.append(Fault("status", **HTML_502, times=5))
    page.start()
    page.advance(120, step=10)
    assert page.state() == "unknown"
    assert len(page.stub.proxy.fired) == 13
    assert "続いている可能性があります" in page.line().inner_text()
    assert page.button().is_enabled()
    page.resume()
    assert page.is_busy()
    page.advance(5)
    assert page.state() == "succeeded"
    assert [state for _, state in page.flows()] == ["succeeded", "succeeded"]
    assert len(krewdata.runs) == 2
    # A run that cannot be followed can be replaced by a new one.
    page.stub.proxy.faults.append(refusal(page.stub, "status", "taskId-unknown"))
    page.start()
    page.advance(30, step=10)
    assert page.state() == "unknown"
    run = page.ask()
    assert "終わっていない可能性があります" in page.dialog.inner_text()
    run.click()
    page.begun()
    page.advance(20, step=10)
    assert page.state() == "succeeded"
    assert len(krewdata.runs) == 4


# --- odd answers about a run


def status_answer(**told: Any) -> Fault:
    return Fault("status", "answer", body=json.dumps({"code": 200, "status": "OK", **told}))


def test_odd_news_do_not_change_how_the_run_ends_however_little_is_told_of_it(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    page.stub.proxy.faults.append(status_answer(taskStatus="Failure"))
    page.start()
    page.advance(2)
    assert page.state() == "failed"
    assert page.status() != ""
    for word in ("null", "undefined", "object"):
        assert word not in page.line().inner_text()
    odd: list[Any] = [
        {"flowName": None, "status": None, "startTime": None, "endTime": None},
        {"flowName": {"a": 1}, "status": 5, "startTime": "yesterday", "endTime": []},
        {"flowName": 7, "status": "constructor", "startTime": "", "endTime": "2020-12-01 09:01:00"},
        "Flow1",
    ]
    page.stub.proxy.faults += [status_answer(taskStatus=status, flowInfo=odd) for status in ("Paused", "Success")]
    page.stub.proxy.faults[-1].skip = 1
    page.start()
    page.advance(1)
    assert page.state() == "running"
    page.advance(3)
    assert page.state() == "succeeded"
