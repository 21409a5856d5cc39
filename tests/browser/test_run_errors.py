"""Everything that can go wrong on a run's way, and what its user is told."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from generator.stub.proxy import Fault
from generator.stub.services.krewdata.errors import ERRORS, ErrorRow
from generator.stub.tenant import Stub
from generator.stub.wire import Request
from generator.units.config import Config
from tests.browser.conftest import RecordPage
from tests.conftest import KREWDATA_UNIT, config_of

Serve = Callable[..., RecordPage]

URL = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn"
UNIT = "abcdefghijklmn"
HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><script>throw 1</script></body></html>"
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
NOTHING_RAN = "何も実行されていません。"

ROWS = [(call, row) for call, rows in ERRORS.items() for row in rows]


@pytest.fixture
def config(krewdata_unit: dict[str, Any]) -> Config:
    return config_of(krewdata_unit)


def refusal(stub: Stub, call: str, row: str) -> Fault:
    response = stub.services["krewdata"].error_response(call, row)
    return Fault(call, "answer", status=response.status, body=response.body, headers=response.headers)  # type: ignore[arg-type]


def run_by_somebody_else(stub: Stub) -> None:
    """A run that this page knows nothing of."""
    serial_number = base64.b64encode(KREWDATA_UNIT["serial_number"].encode()).decode()
    asked = {"krewdataAppUrl": KREWDATA_UNIT["krewdata_app_url"], "serialNumber": serial_number}
    token = ask(stub, "token", asked)["accessToken"]
    ask(stub, "run", {"accessToken": token, "user": "kato", "appId": "45"})


def ask(stub: Stub, call: str, body: dict[str, Any]) -> dict[str, Any]:
    response = stub.services["krewdata"].answer(Request("POST", f"{URL}/{call}", {}, json.dumps(body)))
    assert response.status == 200, response.body
    answer: dict[str, Any] = json.loads(response.body)
    return answer


# --- the three error tables


def expected_end(call: str, row: ErrorRow) -> str:
    """A refused start is a failure, but a fresh token that is already spent proves that a run was started with it."""
    return "unknown" if call == "status" or row.name == "accessToken-used" else "failed"


def fail_with(page: RecordPage, call: str, row: ErrorRow) -> None:
    page.stub.faults.add(refusal(page.stub, call, row.name))
    page.start()
    if call == "status":
        page.advance(1)
    assert page.state() == expected_end(call, row), row.name
    assert page.button().is_enabled()
    # Not the words for an error that nobody has documented.
    assert not re.search("断りました。|krewData refused the", page.status()), row.name


@pytest.mark.parametrize(("call", "row"), ROWS, ids=[f"{call}-{row.name}" for call, row in ROWS])
def test_every_documented_error_has_words_of_its_own_and_krewdatas_behind_the_details(
    serve_config: Serve, config: Config, call: str, row: ErrorRow
) -> None:
    page = serve_config(config).open()
    fail_with(page, call, row)
    assert JAPANESE.search(page.status())
    shown = page.unit().inner_text()
    assert row.description not in shown
    assert str(row.code) not in shown
    assert page.details() == f"{row.code} {row.description}"


@pytest.mark.parametrize("call", ERRORS)
def test_every_documented_error_has_english_words_too(serve_config: Serve, config: Config, call: str) -> None:
    page = serve_config(config).open(lang="en")
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    for row in ERRORS[call]:
        fail_with(page, call, row)
        assert page.status() != ""
        assert not JAPANESE.search(page.status())
        # No more than five starts a minute.
        page.advance(20, step=20)


@pytest.mark.parametrize("call", ERRORS)
def test_an_undocumented_error_is_shown_as_it_is(serve_config: Serve, config: Config, call: Any) -> None:
    page = serve_config(config).open()
    body = json.dumps({"code": 403, "status": "Forbidden", "description": "Sorry <b>no</b>."})
    page.stub.faults.add(Fault(call, "answer", status=403, body=body))
    page.start()
    page.advance(2)
    assert page.state() == ("unknown" if call == "status" else "failed")
    assert "断りました。" in page.status()
    assert page.details() == "403 Sorry <b>no</b>."


def webhook(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].method = "Webhook"


def disabled(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].enabled = False


def without_flows(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].flows.clear()


def other_serial_number(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].serial_number = "another"


def other_krewdata_app(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].krewdata_app_url = "https://yourdomain.cybozu.com/k/124"


def other_source_app(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].source_app = "46"


def in_use(stub: Stub) -> None:
    run_by_somebody_else(stub)


def too_many_runs(stub: Stub) -> None:
    stub.services["krewdata"].units[UNIT].concurrent = True
    for _ in range(5):
        run_by_somebody_else(stub)


@pytest.mark.parametrize("http_status", ["code", "200"])
@pytest.mark.parametrize(
    ("given", "details"),
    [
        (webhook, "400 Request type (Webhook/API) is wrong."),
        (disabled, "400 Specified unit is invalid."),
        (without_flows, "400 Specified unit is invalid."),
        (other_serial_number, "401 Illegal License."),
        (
            other_krewdata_app,
            '400 Specified krewdataAppUrl is invalid, should be "https://yourdomain.cybozu.com/k/{appId}".',
        ),
        (other_source_app, "400 app (appId) is not call app of task specified."),
        (in_use, "409 Other User is running the execution unit."),
        (too_many_runs, "429 The rate limit for API calls has been exceeded. Specified unit has been disabled."),
    ],
)
def test_a_start_that_krewdata_refuses_ran_nothing_and_is_not_repeated(
    serve_config: Serve, config: Config, http_status: Any, given: Callable[[Stub], None], details: str
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].switches.http_status = http_status
    given(page.stub)
    runs = len(page.stub.services["krewdata"].runs)
    page.start()
    page.advance(300, step=60)
    assert page.state() == "failed"
    assert NOTHING_RAN in page.unit().inner_text()
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


@pytest.mark.parametrize("conflict", ["409", "409-without-task-id", "134"])
def test_a_unit_that_is_in_use_tells_so_and_follows_nobody_elses_run(
    serve_config: Serve, config: Config, conflict: Any
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].switches.conflict = conflict
    run_by_somebody_else(page.stub)
    page.start()
    page.advance(30, step=2)
    assert page.state() == "failed"
    assert "ほかの人" in page.status()
    assert NOTHING_RAN in page.unit().inner_text()
    assert page.details().startswith("134 Another user" if conflict == "134" else "409 Other User")
    assert page.button().is_enabled()
    theirs = page.stub.services["krewdata"].runs[0].task_id
    assert theirs not in [body["taskId"] for body in page.sent("/status")]


@pytest.mark.parametrize("http_status", ["code", "200"])
def test_a_run_succeeds_whatever_the_http_status_stands_for(
    serve_config: Serve, config: Config, http_status: Any
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].switches.http_status = http_status
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"


# --- answers that are none


NO_ANSWERS: dict[str, dict[str, Any]] = {
    "empty": {"kind": "answer"},
    "HTML with 200": {"kind": "answer", "body": HTML},
    "HTML with 502": {"kind": "answer", "status": 502, "body": HTML},
    "empty with 500": {"kind": "answer", "status": 500},
    "JSON with 503": {"kind": "answer", "status": 503, "body": '{"message": "busy"}'},
    "null": {"kind": "answer", "body": "null"},
    "a list": {"kind": "answer", "body": "[]"},
    "a number": {"kind": "answer", "body": "200"},
    "half of it": {"kind": "answer", "body": '{"code": 200, "sta'},
    "nothing in it": {"kind": "answer", "body": "{}"},
    "only the code": {"kind": "answer", "body": '{"code": 200, "status": "OK"}'},
    "nulls in it": {
        "kind": "answer",
        "body": '{"code": 200, "accessToken": null, "taskId": null, "taskStatus": null, "flowInfo": null}',
    },
    "numbers in it": {"kind": "answer", "body": '{"code": 200, "accessToken": 1, "taskId": 2, "taskStatus": 3}'},
    "rejection with JSON": {"kind": "reject", "text": '{"code": "GAIA_PR01", "id": "x", "message": "タイムアウト"}'},
    "rejection with HTML": {"kind": "reject", "text": HTML},
    "rejection with nothing": {"kind": "reject"},
    "rejection with a long text": {"kind": "reject", "text": "長い" * 5000},
}


@pytest.mark.parametrize("no_answer", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_no_answer_is_told_at_the_token_and_overcome_later(
    serve_config: Serve, config: Config, no_answer: dict[str, Any]
) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(*(Fault(call, **no_answer) for call in ("token", "run", "status")))
    page.start()
    assert page.state() == "failed"
    assert page.status() != ""
    assert NOTHING_RAN in page.unit().inner_text()
    assert page.button().is_enabled()
    assert page.sent("/run") == []
    page.start()
    page.advance(30, step=3)
    assert page.state() == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 1
    # The request to run was repeated as it was, and with it its token.
    assert len(page.sent("/token")) == (2 if no_answer["kind"] == "answer" else 1)
    assert len({json.dumps(body) for body in page.sent("/run")}) == 1


@pytest.mark.parametrize("name", ["empty", "HTML with 502", "half of it", "only the code", "rejection with nothing"])
def test_a_run_that_is_never_answered_ends_as_unknown_with_one_token(
    serve_config: Serve, config: Config, name: str
) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(Fault("run", **NO_ANSWERS[name], times=None))
    page.start()
    page.advance(60, step=5)
    assert page.state() == "unknown"
    assert "始まっている可能性があります" in page.unit().inner_text()
    assert page.button().is_enabled()
    asked = [fired for fired, _ in page.stub.faults.fired]
    assert 2 <= len(asked) <= 5
    assert len({request.body for _, request in page.stub.faults.fired}) == 1
    assert len(page.sent("/token")) == 1
    page.advance(300, step=60)
    assert len(page.stub.faults.fired) == len(asked)


@pytest.mark.parametrize("unknown_host", ["503", "reject"])
def test_a_host_that_does_not_exist_is_told(serve_config: Serve, unknown_host: Any) -> None:
    page = serve_config(config_of({**KREWDATA_UNIT, "url": "https://no.example/trigger/v1/abcdefghijklmn"})).open()
    page.stub.switches.unknown_host = unknown_host
    page.stub.services["krewdata"].units.clear()
    page.start()
    assert page.state() == "failed"
    assert page.status() != ""
    assert "DNS Cache Missing" not in page.unit().inner_text()
    assert "DNS Cache Missing" in page.details()
    page.stub.unknown.clear()


# --- lost answers: the request arrived, and nobody knows


def test_a_lost_token_starts_nothing(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(Fault("token", "lost"))
    page.start()
    page.advance(60, step=10)
    assert page.state() == "failed"
    assert page.stub.services["krewdata"].runs == []
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"


def test_a_lost_run_is_proved_by_its_spent_token_and_not_started_again(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(Fault("run", "lost"))
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
    page.stub.faults.add(Fault("run", "lost"))
    page.button().click()
    page.begun()
    page.advance(60, step=5)
    assert page.state() == "unknown"
    run = page.ask()
    assert "まだ続いているかもしれません" in page.dialog.inner_text()
    assert len(page.sent("/token")) == 1
    run.click()
    page.begun()
    assert len(page.sent("/token")) == 2


LOST, REJECTED, HTML_502 = {"kind": "lost"}, {"kind": "reject"}, {"kind": "answer", "status": 502, "body": HTML}


@pytest.mark.parametrize(
    ("troubles", "end", "runs"),
    [
        ([REJECTED], "succeeded", 1),
        ([HTML_502, REJECTED], "succeeded", 1),
        ([REJECTED, LOST], "unknown", 1),
        ([LOST, REJECTED], "unknown", 1),
        ([LOST, HTML_502, LOST, LOST], "unknown", 1),
        ([REJECTED, REJECTED, LOST, LOST], "unknown", 1),
        ([REJECTED] * 9, "unknown", 0),
    ],
    ids=lambda value: "-".join(trouble["kind"] for trouble in value) if isinstance(value, list) else None,
)
def test_whatever_is_lost_one_click_starts_at_most_one_run(
    serve_config: Serve, config: Config, troubles: list[dict[str, Any]], end: str, runs: int
) -> None:
    page = serve_config(config).open()
    # A unit that may run twice at once would show a second start.
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    page.stub.faults.add(*(Fault("run", **trouble, skip=at) for at, trouble in enumerate(troubles)))
    page.start()
    page.advance(60, step=3)
    assert page.state() == end
    assert len(page.stub.services["krewdata"].runs) == runs
    assert len(page.sent("/token")) == 1
    assert len({body["accessToken"] for body in page.sent("/run")}) <= 1


@pytest.mark.parametrize("row", ["conflict", "accessToken-expired", "accessToken-unknown"])
def test_a_repetition_that_is_refused_proves_nothing(serve_config: Serve, config: Config, row: str) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(Fault("run", "lost"))
    fault = refusal(page.stub, "run", row)
    fault.skip = 1
    page.stub.faults.add(fault)
    page.start()
    page.advance(30, step=3)
    assert page.state() == "unknown"
    assert len(page.stub.services["krewdata"].runs) == 1
    assert len(page.sent("/token")) == 1


@pytest.mark.parametrize("trouble", [LOST, HTML_502, {"kind": "answer", "body": ""}], ids=["lost", "502", "empty"])
def test_four_lost_status_answers_in_a_row_are_overcome(
    serve_config: Serve, config: Config, trouble: dict[str, Any]
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 90
    # One good answer in between begins the count anew.
    page.stub.faults.add(Fault("status", **trouble, times=4), Fault("status", **trouble, skip=5, times=4))
    page.start()
    page.advance(160, step=4)
    assert page.state() == "succeeded"


@pytest.mark.parametrize("trouble", [LOST, HTML_502, {"kind": "answer", "body": ""}], ids=["lost", "502", "empty"])
def test_after_five_lost_status_answers_the_page_asks_on_only_when_told_to(
    serve_config: Serve, config: Config, trouble: dict[str, Any]
) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(Fault("status", **trouble, times=5))
    page.start()
    page.advance(120, step=5)
    assert page.state() == "unknown"
    assert len([fault for fault, _ in page.stub.faults.fired]) == 5
    assert "続いている可能性があります" in page.unit().inner_text()
    assert page.button().is_enabled()
    page.resume()
    assert page.button().is_disabled()
    page.advance(5)
    assert page.state() == "succeeded"
    assert [state for _, state in page.flows()] == ["succeeded", "succeeded"]
    assert len(page.stub.services["krewdata"].runs) == 1


def test_a_run_that_cannot_be_followed_can_be_given_up_for_a_new_one(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(refusal(page.stub, "status", "taskId-unknown"))
    page.start()
    page.advance(30, step=3)
    assert page.state() == "unknown"
    run = page.ask()
    assert "まだ続いているかもしれません" in page.dialog.inner_text()
    run.click()
    page.begun()
    page.advance(20)
    assert page.state() == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 2


# --- odd answers about a run


def status_answer(**told: Any) -> Fault:
    return Fault("status", "answer", body=json.dumps({"code": 200, "status": "OK", **told}))


@pytest.mark.parametrize("word", ["Paused", "success", "Cancel", "", "constructor"])
def test_an_unknown_word_for_the_state_is_no_end(serve_config: Serve, config: Config, word: str) -> None:
    page = serve_config(config).open()
    odd = status_answer(taskStatus=word, flowInfo=[{"flowName": "抽出", "status": word}])
    odd.times = 3
    page.stub.faults.add(odd)
    page.start()
    page.advance(3)
    assert page.state() in {"queued", "running"}
    page.advance(15)
    assert page.state() == "succeeded"


FLOW_INFOS = {
    "missing": {},
    "null": {"flowInfo": None},
    "text": {"flowInfo": "Flow1"},
    "a number": {"flowInfo": 5},
    "an object": {"flowInfo": {"flowName": "Flow1"}},
    "an empty list": {"flowInfo": []},
    "nulls": {"flowInfo": [None, None]},
    "texts": {"flowInfo": ["Flow1", 5, True, []]},
    "empty objects": {"flowInfo": [{}, {}]},
    "odd values": {
        "flowInfo": [
            {"flowName": None, "status": None, "startTime": None, "endTime": None},
            {"flowName": {"a": 1}, "status": 5, "startTime": "yesterday", "endTime": []},
            {"flowName": 7, "status": "constructor", "startTime": "", "endTime": "2020-12-01 09:01:00"},
        ]
    },
}


@pytest.mark.parametrize("flow_info", FLOW_INFOS.values(), ids=FLOW_INFOS)
def test_odd_news_of_the_flows_do_not_change_how_the_run_ends(
    serve_config: Serve, config: Config, flow_info: dict[str, Any]
) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(
        status_answer(taskStatus="Running", **flow_info), status_answer(taskStatus="Success", **flow_info)
    )
    page.stub.faults.armed[1].skip = 1
    page.start()
    page.advance(1)
    assert page.state() == "running"
    page.advance(3)
    assert page.state() == "succeeded"


FAILURES = {
    "nothing else": ({}, "failed"),
    "null for the error": ({"errorCode": None, "errorMessage": None}, "failed"),
    "a number for the code": ({"errorCode": 33, "errorMessage": "x"}, "failed"),
    "a code that nobody documented": ({"errorCode": "9999", "errorMessage": "Sorry."}, "failed"),
}


@pytest.mark.parametrize(("told", "end"), FAILURES.values(), ids=FAILURES)
def test_a_failure_is_a_failure_however_little_is_told_of_it(
    serve_config: Serve, config: Config, told: dict[str, Any], end: str
) -> None:
    page = serve_config(config).open()
    page.stub.faults.add(status_answer(taskStatus="Failure", **told))
    page.start()
    page.advance(2)
    assert page.state() == end
    assert page.status() != ""
    for word in ("null", "undefined", "object"):
        assert word not in page.unit().inner_text()
