import base64
import json
import re
import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from generator.stub.services.krewdata.api import KrewData
from generator.stub.services.krewdata.errors import ERRORS
from generator.stub.services.krewdata.runs import ExecutionUnit, Flow
from generator.stub.wire import Clock, Request, Response

URL = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn"
APP_URL = "https://yourdomain.cybozu.com/k/123"
SERIAL = "abcdef-jklmno-pqrstu-xyz123-456789"
SERIAL_BASE64 = base64.b64encode(SERIAL.encode()).decode()
TOKEN_BODY = {"krewdataAppUrl": APP_URL, "serialNumber": SERIAL_BASE64}
JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}

# The request, and its error row. A value of None in `changes` removes the parameter.
REFUSED: list[tuple[str, str, dict[str, object], str]] = [
    (
        "token",
        "krewdataAppUrl-type",
        {"krewdataAppUrl": 123},
        "krewdataAppUrl data type is wrong, should be string type.",
    ),
    (
        "token",
        "krewdataAppUrl-format",
        {"krewdataAppUrl": "https://yourdomain.cybozu.com/k/orders"},
        'krewdataAppUrl format is wrong, should be "https://yourdomain/k/appId(/)".',
    ),
    (
        "token",
        "krewdataAppUrl-empty",
        {"krewdataAppUrl": None},
        'krewdataAppUrl is empty or krewdataAppUrl cannot be found. Pay attention to the spelling of "krewdataAppUrl".',
    ),
    (
        "token",
        "krewdataAppUrl-unknown",
        {"krewdataAppUrl": "https://yourdomain.cybozu.com/k/124"},
        'Specified krewdataAppUrl is invalid, should be "https://yourdomain.cybozu.com/k/{appId}".',
    ),
    ("token", "serialNumber-type", {"serialNumber": 1}, "serialNumber data type is wrong, should be string type."),
    (
        "token",
        "serialNumber-empty",
        {"serialNumber": ""},
        'serialNumber is empty or serialNumber cannot be found. Pay attention to the spelling of "serialNumber".',
    ),
    # The reference's own example is not Base64.
    ("token", "serialNumber-format", {"serialNumber": SERIAL}, "serialNumber is not a valid Base64 encoding value."),
    # Encoded twice it is still Base64, but of another serial number.
    ("token", "licence", {"serialNumber": base64.b64encode(SERIAL_BASE64.encode()).decode()}, "Illegal License."),
    ("run", "accessToken-type", {"accessToken": 1}, "accessToken data type is wrong, should be string type."),
    (
        "run",
        "accessToken-empty",
        {"accessToken": ""},
        'accessToken is empty or accessToken cannot be found. Pay attention to the spelling of "accessToken".',
    ),
    ("run", "accessToken-unknown", {"accessToken": "abcdefg1234567"}, "Specified token is invalid."),
    ("run", "appId-type", {"appId": {"value": "45"}}, "appId data type is wrong, should be string type."),
    (
        "run",
        "appId-empty",
        {"appId": None},
        'appId is empty or appId cannot be found. Pay attention to the spelling of "appId".',
    ),
    ("run", "appId-unknown", {"appId": "46"}, "app (appId) is not call app of task specified."),
    ("run", "user-type", {"user": ["Taro"]}, "user data type is wrong, should be string type."),
    # The key of the reference's example ends in a space.
    (
        "run",
        "user-empty",
        {"user": None, "user ": "taro"},
        'user is empty or user cannot be found. Pay attention to the spelling of "user".',
    ),
    ("run", "record-type", {"record": ["部門名"]}, "record data type is wrong, should be keep with Kintone record."),
    (
        "status",
        "accessToken-type",
        {"accessToken": False},
        "accessToken data type is wrong, should be string type.",
    ),
    (
        "status",
        "accessToken-empty",
        {"accessToken": None},
        'accessToken is empty or accessToken cannot be found. Pay attention to the spelling of "accessToken".',
    ),
    ("status", "accessToken-unknown", {"accessToken": "abcdefg1234567"}, "Specified accessToken is invalid."),
    ("status", "taskId-type", {"taskId": 1}, "taskId data type is wrong, should be string type."),
    (
        "status",
        "taskId-empty",
        {"taskId": None},
        'taskId is empty or taskId cannot be found. Pay attention to the spelling of "taskId".',
    ),
    ("status", "taskId-unknown", {"taskId": "hijklmn8901234"}, "Specified taskId is invalid."),
]
SCHEMA_TEXTS = {
    "token": "Token request body schema is wrong.",
    "run": "Run request body schema is wrong.",
    "status": "Status request body schema is wrong.",
}
# Rows that depend on the state; each has its own test below.
STATE_ROWS = {
    *((call, name) for call in ERRORS for name in ("path", "schema")),
    ("token", "method"),
    ("token", "unit-disabled"),
    ("token", "rate"),
    ("run", "accessToken-expired"),
    ("run", "accessToken-used"),
    ("run", "conflict"),
}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def krewdata(clock: Clock) -> KrewData:
    service = KrewData(clock)
    service.units["abcdefghijklmn"] = ExecutionUnit(
        id="abcdefghijklmn",
        url=URL,
        krewdata_app_url=APP_URL,
        serial_number=SERIAL,
        source_app="45",
        flows=[Flow("Flow1", seconds=60), Flow("Flow2", seconds=30)],
        queue_seconds=5,
    )
    return service


@pytest.fixture
def unit(krewdata: KrewData) -> ExecutionUnit:
    return krewdata.units["abcdefghijklmn"]


def ask(krewdata: KrewData, call: str, body: object) -> dict[str, Any]:
    """The body of an answer; checks the parts common to all answers."""
    response = krewdata.answer(Request("POST", f"{URL}/{call}", {"Content-Type": "application/json"}, json.dumps(body)))
    return read(response)


def read(response: Response) -> dict[str, Any]:
    assert dict(response.headers) == JSON_TYPE
    body: dict[str, Any] = json.loads(response.body)
    assert response.status == body["code"]
    return body


def new_token(krewdata: KrewData) -> str:
    return str(ask(krewdata, "token", TOKEN_BODY)["accessToken"])


def run_body(token: str) -> dict[str, object]:
    return {"accessToken": token, "user": "taro", "appId": "45"}


def start(krewdata: KrewData) -> dict[str, Any]:
    """A whole start: the answer of /run with a new token."""
    return ask(krewdata, "run", run_body(new_token(krewdata)))


def good_body(krewdata: KrewData, call: str) -> dict[str, object]:
    if call == "token":
        return dict(TOKEN_BODY)
    token = new_token(krewdata)
    if call == "run":
        return run_body(token)
    return {"accessToken": token, "taskId": ask(krewdata, "run", run_body(token))["taskId"]}


@pytest.mark.parametrize(
    ("call", "name", "changes", "description"), REFUSED, ids=[f"{call}-{name}" for call, name, *_ in REFUSED]
)
def test_a_wrong_parameter_meets_its_row(
    krewdata: KrewData, call: str, name: str, changes: dict[str, object], description: str
) -> None:
    body = {key: value for key, value in (good_body(krewdata, call) | changes).items() if value is not None}
    code, status = (401, "Unauthorized") if name == "licence" else (400, "Bad Request")
    assert ask(krewdata, call, body) == {"code": code, "status": status, "description": description}


def test_the_tables_of_this_file_have_every_row() -> None:
    assert {(call, name) for call, name, *_ in REFUSED} | STATE_ROWS == {
        (call, row.name) for call, rows in ERRORS.items() for row in rows
    }


@pytest.mark.parametrize(("call", "row"), [(call, row) for call, rows in ERRORS.items() for row in rows])
def test_any_row_can_be_had_on_demand(krewdata: KrewData, call: str, row: Any) -> None:
    body = read(krewdata.error_response(call, row.name))
    assert body == {"code": row.code, "status": row.status, "description": row.description}


@pytest.mark.parametrize("call", ERRORS)
@pytest.mark.parametrize("body", ["", "krewdataAppUrl=1", "[]", '"text"', "null", "{"])
def test_a_body_that_is_no_json_object_has_a_wrong_schema(krewdata: KrewData, call: str, body: str) -> None:
    answer = read(krewdata.answer(Request("POST", f"{URL}/{call}", {}, body)))
    assert answer == {"code": 400, "status": "Bad Request", "description": SCHEMA_TEXTS[call]}


@pytest.mark.parametrize(
    ("method", "url"),
    [
        *(("GET", f"{URL}/{call}") for call in ERRORS),
        ("PUT", f"{URL}/run"),
        ("POST", f"{URL}/token/"),
        ("POST", f"{URL}x/token"),
        ("POST", f"{URL}/"),
        ("POST", URL),
        ("POST", URL.replace("https", "http") + "/token"),
        ("POST", URL.replace("grapecity", "mescius") + "/token"),
        ("POST", URL.replace("/v1/", "/v2/") + "/token"),
    ],
)
def test_another_path_or_method_is_invalid(krewdata: KrewData, method: str, url: str) -> None:
    answer = read(krewdata.answer(Request(method, url, {}, json.dumps(TOKEN_BODY))))
    assert answer == {"code": 400, "status": "Bad Request", "description": "Request path is invalid."}


def test_a_call_that_the_reference_does_not_have_is_remembered(krewdata: KrewData) -> None:
    krewdata.answer(Request("POST", f"{URL}/token", {}, json.dumps(TOKEN_BODY)))
    krewdata.answer(Request("POST", f"{URL}x/token", {}, json.dumps(TOKEN_BODY)))
    assert krewdata.unknown == []
    krewdata.answer(Request("POST", f"{URL}/cancel", {}, "{}"))
    krewdata.answer(Request("GET", "https://api.krewdata.grapecity.com/", {}))
    assert krewdata.unknown == [f"POST {URL}/cancel", "GET https://api.krewdata.grapecity.com/"]


@pytest.mark.parametrize(
    ("url", "owned"),
    [
        (f"{URL}/token", True),
        ("https://api.krewdata.mescius.com/trigger/v1/x/token", True),
        ("https://krewdata.example.com/trigger/v1/other/run", True),
        ("https://trocco.io/api/jobs", False),
        ("https://api.krewdata.grapecity.com.example.com/trigger/v1/x/token", False),
    ],
)
def test_it_owns_the_documented_hosts_and_those_of_its_units(
    krewdata: KrewData, unit: ExecutionUnit, url: str, owned: bool
) -> None:
    unit.url = "https://krewdata.example.com/trigger/v1/abcdefghijklmn"
    assert krewdata.owns(url) is owned


def test_a_trailing_slash_of_the_app_address_is_allowed(krewdata: KrewData) -> None:
    assert ask(krewdata, "token", TOKEN_BODY | {"krewdataAppUrl": APP_URL + "/"})["code"] == 200


@pytest.mark.parametrize(
    ("change", "description"),
    [
        ({"method": "Webhook"}, "Request type (Webhook/API) is wrong."),
        ({"enabled": False}, "Specified unit is invalid."),
        ({"flows": []}, "Specified unit is invalid."),
    ],
)
def test_a_unit_that_cannot_be_run_by_api_gives_no_token(
    krewdata: KrewData, unit: ExecutionUnit, change: dict[str, object], description: str
) -> None:
    for name, value in change.items():
        setattr(unit, name, value)
    answer = ask(krewdata, "token", TOKEN_BODY)
    assert answer == {"code": 400, "status": "Bad Request", "description": description}


def test_a_token_from_before_the_unit_was_disabled_is_invalid(krewdata: KrewData, unit: ExecutionUnit) -> None:
    body = run_body(new_token(krewdata))
    unit.enabled = False
    assert ask(krewdata, "run", body)["description"] == "Specified token is invalid."


def test_a_used_token_is_refused(krewdata: KrewData, clock: Clock) -> None:
    body = run_body(new_token(krewdata))
    assert ask(krewdata, "run", body).keys() == {"code", "status", "taskId"}
    clock.advance(3600)
    answer = ask(krewdata, "run", body)
    assert answer == {"code": 400, "status": "Bad Request", "description": "Specified token has been used."}
    assert len(krewdata.runs) == 1


def test_a_token_is_good_for_ten_minutes(krewdata: KrewData, clock: Clock) -> None:
    first, second = new_token(krewdata), new_token(krewdata)
    clock.advance(595)
    assert ask(krewdata, "run", run_body(first))["code"] == 200
    clock.advance(10)
    assert ask(krewdata, "run", run_body(second)) == {
        "code": 400,
        "status": "Bad Request",
        "description": "Specified token has been created for more than 10 minutes and cannot be used to run unit.",
    }


def test_a_token_and_a_task_belong_to_their_unit(krewdata: KrewData) -> None:
    other = URL[:-1] + "m"
    krewdata.units["abcdefghijklmm"] = ExecutionUnit("abcdefghijklmm", other, APP_URL, SERIAL)
    token = json.loads(krewdata.answer(Request("POST", f"{other}/token", {}, json.dumps(TOKEN_BODY))).body)
    assert ask(krewdata, "run", run_body(token["accessToken"]))["description"] == "Specified token is invalid."
    task = json.loads(
        krewdata.answer(Request("POST", f"{other}/run", {}, json.dumps(run_body(token["accessToken"])))).body
    )
    own = {"accessToken": new_token(krewdata), "taskId": task["taskId"]}
    assert ask(krewdata, "status", own)["description"] == "Specified taskId is invalid."
    foreign = {"accessToken": token["accessToken"], "taskId": start(krewdata)["taskId"]}
    assert ask(krewdata, "status", foreign)["description"] == "Specified accessToken is invalid."


@pytest.mark.parametrize(
    ("record", "accepted"),
    [
        ({}, True),
        ({"部門名": {"value": "営業部"}}, True),
        ({"Date of Arrival": {"type": "DATE", "value": "2020-11-01"}}, True),
        ({"品目": {"type": "SUBTABLE", "value": [{"id": "1", "value": {}}]}}, True),
        ({"部門名": {"type": "DROP_DOWN", "value": None, "disabled": False}}, True),
        ({"部門名": "営業部"}, False),
        ({"部門名": {"type": "DROP_DOWN"}}, False),
        ({"部門名": {"type": 1, "value": "営業部"}}, False),
        ([], False),
        (None, False),
        ("{}", False),
    ],
)
def test_a_record_has_the_shape_of_kintones(krewdata: KrewData, record: object, accepted: bool) -> None:
    answer = ask(krewdata, "run", {**run_body(new_token(krewdata)), "record": record})
    if accepted:
        assert answer["code"] == 200
        assert krewdata.runs[0].record == record
    else:
        assert answer["description"] == "record data type is wrong, should be keep with Kintone record."


@pytest.mark.parametrize(("strict", "code"), [(False, 200), (True, 400)])
def test_an_app_id_may_be_a_number_unless_switched_off(krewdata: KrewData, strict: bool, code: int) -> None:
    krewdata.switches.strict_app_id = strict
    assert ask(krewdata, "run", {**run_body(new_token(krewdata)), "appId": 45})["code"] == code


def test_a_unit_without_a_source_app_takes_any(krewdata: KrewData, unit: ExecutionUnit) -> None:
    unit.source_app = None
    assert ask(krewdata, "run", {**run_body(new_token(krewdata)), "appId": "999"})["code"] == 200


def test_a_run_is_remembered_with_what_was_sent(krewdata: KrewData, clock: Clock) -> None:
    task_id = start(krewdata)["taskId"]
    (run,) = krewdata.runs
    assert (run.unit, run.user, run.app_id, run.record, run.task_id) == ("abcdefghijklmn", "taro", "45", None, task_id)
    assert abs(run.started - clock.now()) < timedelta(seconds=5)


def follow(krewdata: KrewData, body: object) -> tuple[str, list[dict[str, str]], set[str]]:
    """The task's status, the flows with their times replaced by 'time', and the other keys."""
    answer = ask(krewdata, "status", body)
    flows = [
        {key: re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "time", value) for key, value in flow.items()}
        for flow in answer["flowInfo"]
    ]
    return answer["taskStatus"], flows, answer.keys() - {"taskStatus", "flowInfo"}


def flow_one(status: str, **times: str) -> dict[str, str]:
    return {"flowExecUniqueKey": "00000001", "flowName": "Flow1", "status": status, **times}


def flow_two(status: str, **times: str) -> dict[str, str]:
    return {"flowExecUniqueKey": "00000002", "flowName": "Flow2", "status": status, **times}


def test_a_run_goes_from_queuing_through_its_flows_to_success(krewdata: KrewData, clock: Clock) -> None:
    body = good_body(krewdata, "status")
    ok = {"code", "status"}
    assert follow(krewdata, body) == ("Queuing", [flow_one("Queuing"), flow_two("Queuing")], ok)
    clock.advance(6)
    running = flow_one("Running", startTime="time", endTime="")
    assert follow(krewdata, body) == ("Running", [running, flow_two("Queuing")], ok)
    clock.advance(60)
    first = flow_one("Success", startTime="time", endTime="time")
    running = flow_two("Running", startTime="time", endTime="")
    assert follow(krewdata, body) == ("Running", [first, running], ok)
    clock.advance(30)
    second = flow_two("Success", startTime="time", endTime="time")
    assert follow(krewdata, body) == ("Success", [first, second], ok)


def test_a_flow_that_fails_cancels_those_after_it(krewdata: KrewData, unit: ExecutionUnit, clock: Clock) -> None:
    unit.flows[0].outcome = "Failure"
    body = good_body(krewdata, "status")
    clock.advance(6)
    running = flow_one("Running", startTime="time", endTime="")
    assert follow(krewdata, body) == ("Running", [running, flow_two("Queuing")], {"code", "status"})
    clock.advance(60)
    failed = flow_one("Failure", startTime="time", endTime="time")
    error = {"code", "status", "errorCode", "errorMessage"}
    assert follow(krewdata, body) == ("Failure", [failed, flow_two("Cancel")], error)
    answer = ask(krewdata, "status", body)
    assert answer["errorCode"] == "33"
    assert answer["errorMessage"] == (
        "The data editing flow settings are incorrect. Correct the error in the data editing flow."
    )
    assert start(krewdata)["code"] == 200, "a failed run is over"


def test_times_are_japans_and_as_long_apart_as_the_flows(krewdata: KrewData, clock: Clock) -> None:
    body = good_body(krewdata, "status")
    begun = clock.now()
    clock.advance(100)
    first, second = ask(krewdata, "status", body)["flowInfo"]
    start_time, end_time = (datetime.strptime(first[key], "%Y-%m-%d %H:%M:%S") for key in ("startTime", "endTime"))
    assert end_time - start_time == timedelta(seconds=60)
    assert second["startTime"] == first["endTime"]
    queued = start_time.replace(tzinfo=timezone(timedelta(hours=9))) - begun
    assert timedelta(seconds=3) < queued < timedelta(seconds=7)


def test_changing_a_unit_does_not_change_its_run(krewdata: KrewData, unit: ExecutionUnit, clock: Clock) -> None:
    body = good_body(krewdata, "status")
    unit.flows[0].outcome = "Failure"
    unit.flows[0].seconds = 9999
    unit.flows.pop()
    unit.enabled = False
    clock.advance(100)
    assert follow(krewdata, body)[0] == "Success"


@pytest.mark.parametrize(("expires", "code"), [(False, 200), (True, 400)])
def test_a_run_can_be_followed_for_longer_than_ten_minutes_unless_switched_off(
    krewdata: KrewData, clock: Clock, expires: bool, code: int
) -> None:
    krewdata.switches.status_token_expires = expires
    body = good_body(krewdata, "status")
    clock.advance(605)
    answer = ask(krewdata, "status", body)
    assert answer["code"] == code
    if expires:
        assert answer["description"] == "Specified accessToken is invalid."
        assert ask(krewdata, "status", body | {"accessToken": new_token(krewdata)})["taskStatus"] == "Success"


def test_a_run_during_a_run_is_a_conflict_with_its_task(krewdata: KrewData, clock: Clock) -> None:
    task_id = start(krewdata)["taskId"]
    answer = start(krewdata)
    assert answer == {
        "code": 409,
        "status": "Conflict",
        "description": "Other User is running the execution unit.",
        "taskId": task_id,
    }
    watched = ask(krewdata, "status", {"accessToken": new_token(krewdata), "taskId": answer["taskId"]})
    assert watched["taskStatus"] == "Queuing"
    clock.advance(100)
    assert start(krewdata)["code"] == 200


def test_a_conflict_may_come_without_the_task(krewdata: KrewData) -> None:
    krewdata.switches.conflict = "409-without-task-id"
    start(krewdata)
    assert start(krewdata).keys() == {"code", "status", "description"}


def test_a_conflict_may_come_as_a_failed_task(krewdata: KrewData) -> None:
    krewdata.switches.conflict = "134"
    start(krewdata)
    task_id = start(krewdata)["taskId"]
    answer = ask(krewdata, "status", {"accessToken": new_token(krewdata), "taskId": task_id})
    assert answer == {
        "code": 200,
        "status": "OK",
        "taskStatus": "Failure",
        "errorCode": "134",
        "errorMessage": "Another user is running the execution unit. "
        "This execution unit is not allowed to run concurrently. ",
        "flowInfo": [
            {"flowExecUniqueKey": "00000003", "flowName": "Flow1", "status": "Cancel"},
            {"flowExecUniqueKey": "00000004", "flowName": "Flow2", "status": "Cancel"},
        ],
    }


def test_a_unit_that_allows_it_runs_twice_at_a_time(krewdata: KrewData, unit: ExecutionUnit) -> None:
    unit.concurrent = True
    assert start(krewdata)["taskId"] != start(krewdata)["taskId"]


@pytest.mark.parametrize(("burn", "description"), [(False, None), (True, "Specified token has been used.")])
def test_a_refused_run_leaves_its_token_unless_switched(
    krewdata: KrewData, clock: Clock, burn: bool, description: str | None
) -> None:
    krewdata.switches.burn_token_on_error = burn
    start(krewdata)
    body = run_body(new_token(krewdata))
    assert ask(krewdata, "run", body)["code"] == 409
    clock.advance(100)
    assert ask(krewdata, "run", body).get("description") == description


RATE = {
    "code": 429,
    "status": "Too Many Requests",
    "description": "The rate limit for API calls has been exceeded. Specified unit has been disabled.",
}


def test_the_sixth_run_of_a_minute_disables_the_unit(krewdata: KrewData, unit: ExecutionUnit, clock: Clock) -> None:
    unit.concurrent = True
    for _ in range(5):
        assert start(krewdata)["code"] == 200
        clock.advance(10)
    assert ask(krewdata, "token", TOKEN_BODY) == RATE
    assert ask(krewdata, "token", TOKEN_BODY)["description"] == "Specified unit is invalid."
    clock.advance(3600)
    assert ask(krewdata, "token", TOKEN_BODY)["description"] == "Specified unit is invalid.", "until enabled by hand"
    unit.enabled = True
    assert start(krewdata)["code"] == 200


def test_tokens_kept_in_store_do_not_get_around_the_limit(krewdata: KrewData, unit: ExecutionUnit) -> None:
    unit.concurrent = True
    tokens = [new_token(krewdata) for _ in range(6)]
    assert [ask(krewdata, "run", run_body(token))["code"] for token in tokens] == [200] * 5 + [429]
    assert not unit.enabled


def test_the_minute_slides(krewdata: KrewData, unit: ExecutionUnit, clock: Clock) -> None:
    unit.concurrent = True
    for _ in range(12):
        assert start(krewdata)["code"] == 200
        clock.advance(13)


def test_tokens_questions_and_refused_runs_do_not_count(krewdata: KrewData) -> None:
    body = good_body(krewdata, "status")
    for _ in range(10):
        assert start(krewdata)["code"] == 409
        assert ask(krewdata, "status", body)["code"] == 200


def test_a_surplus_run_may_be_a_failed_task(krewdata: KrewData, unit: ExecutionUnit) -> None:
    krewdata.switches.rate = "failure"
    unit.concurrent = True
    tasks = [start(krewdata)["taskId"] for _ in range(6)]
    token = new_token(krewdata)
    answers = [ask(krewdata, "status", {"accessToken": token, "taskId": task}) for task in tasks]
    assert [answer["taskStatus"] for answer in answers] == ["Queuing"] * 5 + ["Failure"]
    assert [flow["status"] for flow in answers[5]["flowInfo"]] == ["Cancel", "Cancel"]
    assert unit.enabled


def test_the_http_status_may_be_200_for_every_answer(krewdata: KrewData) -> None:
    krewdata.switches.http_status = "200"
    response = krewdata.answer(Request("POST", f"{URL}/token", {}, "{}"))
    assert (response.status, json.loads(response.body)["code"]) == (200, 400)


def test_of_many_runs_at_once_one_is_accepted(krewdata: KrewData) -> None:
    codes: list[int] = []
    tokens = [new_token(krewdata) for _ in range(20)]
    threads = [
        threading.Thread(target=lambda token=token: codes.append(ask(krewdata, "run", run_body(token))["code"]))
        for token in tokens
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200] + [409] * 19


@pytest.mark.parametrize(
    ("checks", "description"),
    [
        ("app first", 'Specified krewdataAppUrl is invalid, should be "https://yourdomain.cybozu.com/k/{appId}".'),
        ("licence first", "Illegal License."),
    ],
)
def test_which_of_two_wrong_parameters_is_complained_of_is_a_switch(
    krewdata: KrewData, checks: Any, description: str
) -> None:
    krewdata.switches.checks = checks
    wrong = {"krewdataAppUrl": "https://yourdomain.cybozu.com/k/124", "serialNumber": "d3Jvbmc="}
    assert ask(krewdata, "token", wrong)["description"] == description
    assert ask(krewdata, "token", TOKEN_BODY)["status"] == "OK"


@pytest.mark.parametrize(("takes", "code"), [("any", 200), ("own", 400)])
def test_whether_another_token_tells_of_a_run_is_a_switch(krewdata: KrewData, takes: Any, code: int) -> None:
    krewdata.switches.status_token = takes
    body = good_body(krewdata, "status")
    assert ask(krewdata, "status", body | {"accessToken": new_token(krewdata)})["code"] == code
    assert ask(krewdata, "status", body)["code"] == 200
