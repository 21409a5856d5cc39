import json
import re
import threading
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from generator.stub.services.trocco.api import Region
from generator.stub.services.trocco.errors import ERRORS
from generator.stub.services.trocco.jobs import ApiKey, Definition
from generator.stub.wire import Clock, Request, Response

AUTHORIZATION = {"Authorization": "Token fake-key"}
JSON_TYPE = {"Content-Type": "application/json"}
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}
JOB = "/api/jobs?job_definition_id=123"
PIPELINE_JOB = "/api/pipeline_jobs?pipeline_definition_id=45"
NOT_FOUND = {"error": "Not found"}
NOT_AUTHORIZED = {"message": "Not Authorized"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def trocco(clock: Clock) -> Region:
    service = Region(clock)
    service.api_keys["fake-key"] = ApiKey()
    service.job_definitions[123] = Definition(123, "売上の転送", seconds=60, queue_seconds=10, setup_seconds=20)
    service.pipeline_definitions[45] = Definition(45, "Nightly", seconds=60, queue_seconds=10, setup_seconds=20)
    return service


@pytest.fixture
def job(trocco: Region) -> Definition:
    return trocco.job_definitions[123]


@pytest.fixture
def workflow(trocco: Region) -> Definition:
    return trocco.pipeline_definitions[45]


def send(trocco: Region, method: str, path: str, body: str = "", headers: dict[str, str] | None = None) -> Response:
    response = trocco.answer(Request(method, f"https://trocco.io{path}", AUTHORIZATION | (headers or {}), body))
    assert {"X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset"} <= response.headers.keys()
    return response


def get(trocco: Region, path: str) -> dict[str, Any]:
    return read(send(trocco, "GET", path))


def post(trocco: Region, path: str, body: object = None) -> dict[str, Any]:
    if body is None:
        return read(send(trocco, "POST", path))
    return read(send(trocco, "POST", path, json.dumps(body), JSON_TYPE))


def read(response: Response) -> dict[str, Any]:
    assert response.status == 200, response.body
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    body: dict[str, Any] = json.loads(response.body)
    return body


def refusal(response: Response) -> tuple[int, object]:
    return response.status, json.loads(response.body)


JAPAN_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+09:00")


def test_a_job_goes_from_queued_to_succeeded(trocco: Region, clock: Clock) -> None:
    created = post(trocco, JOB)
    assert JAPAN_TIME.fullmatch(created.pop("created_at"))
    assert created == {"id": 1, "job_definition_id": 123, "job_definition_name": "売上の転送", "status": "queued"}
    seen = []
    for seconds in (1, 10, 20, 60):
        clock.advance(seconds)
        answer = get(trocco, "/api/jobs/1")
        times = {key for key in ("created_at", "started_at", "finished_at") if key in answer}
        assert all(JAPAN_TIME.fullmatch(answer[key]) for key in times)
        assert answer.keys() == {"id", "job_definition_id", "job_definition_name", "status"} | times
        seen.append((answer["status"], times))
    assert seen == [
        ("queued", {"created_at"}),
        ("setting_up", {"created_at"}),
        ("executing", {"created_at", "started_at"}),
        ("succeeded", {"created_at", "started_at", "finished_at"}),
    ]
    took = datetime.fromisoformat(answer["finished_at"]) - datetime.fromisoformat(answer["started_at"])
    assert took.total_seconds() == 60


def test_a_workflow_job_goes_from_queued_to_succeeded(trocco: Region, clock: Clock) -> None:
    created = post(trocco, PIPELINE_JOB)
    assert created.keys() == {"id", "pipeline_definition_id", "name", "status", "created_at", "context_time"}
    assert (created["id"], created["pipeline_definition_id"], created["name"]) == (1, 45, "Nightly")
    assert created["context_time"] == created["created_at"]
    seen = []
    for seconds in (1, 10, 20, 60):
        clock.advance(seconds)
        answer = get(trocco, "/api/pipeline_jobs/1")
        seen.append((answer["status"], answer.keys() - created.keys()))
    assert seen == [
        ("queued", set()),
        ("setting_up", set()),
        ("executing", {"started_at"}),
        ("succeeded", {"started_at", "finished_at"}),
    ]


def test_the_start_may_be_left_out_until_the_job_is_complete(trocco: Region, clock: Clock) -> None:
    trocco.switches.started_at_while_running = False
    post(trocco, JOB)
    clock.advance(60)
    answer = get(trocco, "/api/jobs/1")
    assert answer["status"] == "executing"
    assert "started_at" not in answer
    clock.advance(60)
    assert {"started_at", "finished_at"} <= get(trocco, "/api/jobs/1").keys()


# Times in seconds from the creation, and the status that is seen just after.
COURSES = {
    "succeeded": [(10, "setting_up"), (30, "executing"), (90, "succeeded"), (9999, "succeeded")],
    "error": [(10, "setting_up"), (30, "executing"), (90, "error"), (9999, "error")],
    "canceled": [(30, "executing"), (90, "interrupting"), (95, "canceled"), (9999, "canceled")],
    "skipped": [(1, "queued"), (10, "skipped"), (9999, "skipped")],
}


@pytest.mark.parametrize(("post_path", "get_path"), [(JOB, "/api/jobs/1"), (PIPELINE_JOB, "/api/pipeline_jobs/1")])
@pytest.mark.parametrize("outcome", COURSES)
def test_every_end_is_come_to_by_its_own_way(
    trocco: Region, clock: Clock, outcome: Any, post_path: str, get_path: str
) -> None:
    for definition in (trocco.job_definitions[123], trocco.pipeline_definitions[45]):
        definition.outcome = outcome
    post(trocco, post_path)
    seen = []
    passed = 0.0
    for moment, _ in COURSES[outcome]:
        clock.advance(moment + 0.5 - passed)
        passed = moment + 0.5
        answer = get(trocco, get_path)
        seen.append((moment, answer["status"]))
    assert seen == COURSES[outcome]
    assert "finished_at" in answer
    assert ("started_at" in answer) is (outcome != "skipped")


def test_a_job_that_need_not_wait_is_queued_when_created(trocco: Region, clock: Clock, job: Definition) -> None:
    job.queue_seconds = job.setup_seconds = 0
    assert post(trocco, JOB)["status"] == "queued"
    clock.advance(1)
    assert get(trocco, "/api/jobs/1")["status"] == "executing"


@pytest.mark.parametrize(("outcome", "last"), [("succeeded", "succeeded"), ("error", "error")])
def test_a_workflow_with_retries_waits_between_its_attempts(
    trocco: Region, clock: Clock, workflow: Definition, outcome: Any, last: str
) -> None:
    workflow.retries, workflow.retry_seconds, workflow.outcome = 1, 120, outcome
    post(trocco, PIPELINE_JOB)
    seen = []
    for seconds in (31, 60, 120, 20, 60):
        clock.advance(seconds)
        answer = get(trocco, "/api/pipeline_jobs/1")
        seen.append((answer["status"], "finished_at" in answer))
    assert seen == [
        ("executing", False),
        ("retry_waiting", False),
        ("setting_up", False),
        ("executing", False),
        (last, True),
    ]


def test_a_transfer_job_knows_no_retries(trocco: Region, clock: Clock, job: Definition) -> None:
    job.retries, job.outcome = 3, "error"
    post(trocco, JOB)
    clock.advance(91)
    assert get(trocco, "/api/jobs/1")["status"] == "error"


def test_a_second_job_during_the_first_is_skipped(trocco: Region, clock: Clock) -> None:
    post(trocco, JOB)
    assert post(trocco, JOB)["status"] == "queued"
    clock.advance(15)
    assert get(trocco, "/api/jobs/2")["status"] == "skipped"
    assert get(trocco, "/api/jobs/1")["status"] == "setting_up"
    clock.advance(90)
    post(trocco, JOB)
    clock.advance(15)
    assert get(trocco, "/api/jobs/3")["status"] == "setting_up"


def test_a_skipped_job_may_be_so_in_the_first_answer(trocco: Region) -> None:
    trocco.switches.skipped_in_answer = True
    assert post(trocco, JOB)["status"] == "queued"
    assert post(trocco, JOB)["status"] == "skipped"


def test_jobs_run_side_by_side_where_that_is_allowed(trocco: Region, clock: Clock, job: Definition) -> None:
    job.parallel = True
    post(trocco, JOB)
    post(trocco, JOB)
    clock.advance(40)
    assert [get(trocco, f"/api/jobs/{n}")["status"] for n in (1, 2)] == ["executing", "executing"]


def test_jobs_wait_in_queued_for_a_free_slot(trocco: Region, clock: Clock, job: Definition) -> None:
    trocco.slots = 2
    job.parallel = True
    for _ in range(5):
        post(trocco, JOB)
    seen = []
    for seconds in (40, 80, 80):
        clock.advance(seconds)
        seen.append([get(trocco, f"/api/jobs/{n}")["status"] for n in range(1, 6)])
    # A job takes 80 s of its slot: 20 to set up, 60 to execute.
    assert seen == [
        ["executing", "executing", "queued", "queued", "queued"],
        ["succeeded", "succeeded", "executing", "executing", "queued"],
        ["succeeded", "succeeded", "succeeded", "succeeded", "executing"],
    ]


@pytest.mark.parametrize("slots", [0, 1])
def test_with_one_slot_or_none_jobs_run_one_after_the_other(
    trocco: Region, clock: Clock, job: Definition, slots: int
) -> None:
    trocco.slots = slots
    job.parallel = True
    post(trocco, JOB)
    post(trocco, JOB)
    clock.advance(40)
    assert [get(trocco, f"/api/jobs/{n}")["status"] for n in (1, 2)] == ["executing", "queued"]
    clock.advance(80)
    assert [get(trocco, f"/api/jobs/{n}")["status"] for n in (1, 2)] == ["succeeded", "executing"]


def test_workflows_take_no_slot(trocco: Region, clock: Clock) -> None:
    trocco.slots = 1
    trocco.pipeline_definitions[45].parallel = True
    post(trocco, JOB)
    post(trocco, PIPELINE_JOB)
    post(trocco, PIPELINE_JOB)
    clock.advance(40)
    assert [get(trocco, f"/api/pipeline_jobs/{n}")["status"] for n in (1, 2)] == ["executing", "executing"]


def test_changing_a_definition_does_not_change_its_job(trocco: Region, clock: Clock, job: Definition) -> None:
    post(trocco, JOB)
    job.seconds, job.outcome, job.name = 9999, "error", "another"
    clock.advance(91)
    answer = get(trocco, "/api/jobs/1")
    assert (answer["status"], answer["job_definition_name"]) == ("succeeded", "売上の転送")


def test_each_kind_of_job_counts_from_1(trocco: Region) -> None:
    assert [post(trocco, path)["id"] for path in (JOB, JOB, PIPELINE_JOB)] == [1, 2, 1]
    for path in ("/api/jobs/3", "/api/jobs/0", "/api/pipeline_jobs/2"):
        assert refusal(send(trocco, "GET", path)) == (404, NOT_FOUND)


VARIABLES = [{"name": "$ad_id$", "value": "A0000"}, {"name": "$dept$", "value": "営業部 & co"}]


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        (JOB, json.dumps({"context_time": "2019-11-18 00:00:00", "custom_variables": VARIABLES}), JSON_TYPE),
        (
            "/api/jobs",
            json.dumps(
                {"job_definition_id": 123, "context_time": "2019-11-18 00:00:00", "custom_variables": VARIABLES}
            ),
            {"content-type": "application/json; charset=UTF-8"},
        ),
        (
            JOB,
            "context_time=2019-11-18+00:00:00"
            "&custom_variables[][name]=$ad_id$&custom_variables[][value]=A0000"
            "&custom_variables[][name]=$dept$&custom_variables[][value]=%E5%96%B6%E6%A5%AD%E9%83%A8+%26+co",
            FORM_TYPE,
        ),
        (
            JOB
            + "&context_time=2019-11-18%2000:00:00&"
            + urlencode([(f"custom_variables[][{key}]", text) for item in VARIABLES for key, text in item.items()]),
            "",
            {},
        ),
    ],
    ids=["json", "json with the id", "form", "query"],
)
def test_parameters_come_as_json_form_or_query(trocco: Region, path: str, body: str, headers: dict[str, str]) -> None:
    assert read(send(trocco, "POST", path, body, headers))["job_definition_id"] == 123
    (job,) = trocco.jobs
    assert job.custom_variables == (("$ad_id$", "A0000"), ("$dept$", "営業部 & co"))
    assert job.context_time == datetime(2019, 11, 17, 15, tzinfo=UTC)
    assert job.time_zone == "Asia/Tokyo"


def test_the_query_wins_over_the_body(trocco: Region) -> None:
    assert post(trocco, JOB, {"job_definition_id": 999})["job_definition_id"] == 123


@pytest.mark.parametrize(
    ("time_zone", "expected"),
    [
        ("Asia/Tokyo", "2019-11-18T09:30:00.000+09:00"),
        ("Etc/UTC", "2019-11-18T18:30:00.000+09:00"),
    ],
)
def test_the_context_time_is_of_its_time_zone(trocco: Region, time_zone: str, expected: str) -> None:
    body = {"context_time": "2019-11-18 09:30:00", "time_zone": time_zone}
    assert post(trocco, PIPELINE_JOB, body)["context_time"] == expected
    assert trocco.pipeline_jobs[0].time_zone == time_zone


def blamed(attribute: str, message: str) -> dict[str, object]:
    return {
        "message": "Bad request. Please check your request payload",
        "errors": [{"attribute": attribute, "message": message}],
    }


LIST_TEXT = "must be a list of name and value"


@pytest.mark.parametrize(
    ("path", "body", "status", "answer"),
    [
        ("/api/jobs", {}, 400, blamed("job_definition_id", "can't be blank")),
        ("/api/jobs?job_definition_id=", {}, 400, blamed("job_definition_id", "can't be blank")),
        ("/api/jobs?job_definition_id=abc", {}, 400, blamed("job_definition_id", "is not a number")),
        ("/api/jobs", {"job_definition_id": True}, 400, blamed("job_definition_id", "is not a number")),
        ("/api/pipeline_jobs", {}, 400, blamed("pipeline_definition_id", "can't be blank")),
        (JOB, {"context_time": "2019-11-18"}, 400, blamed("context_time", "must be YYYY-MM-DD HH:MM:SS")),
        (JOB, {"context_time": "2019-02-30 00:00:00"}, 400, blamed("context_time", "must be YYYY-MM-DD HH:MM:SS")),
        (JOB, {"context_time": "2019-11-18T00:00:00Z"}, 400, blamed("context_time", "must be YYYY-MM-DD HH:MM:SS")),
        (PIPELINE_JOB, {"context_time": 20191118}, 400, blamed("context_time", "must be YYYY-MM-DD HH:MM:SS")),
        (JOB, {"time_zone": "Asia/Edo"}, 400, blamed("time_zone", "is not a time zone")),
        (JOB, {"time_zone": "../etc"}, 400, blamed("time_zone", "is not a time zone")),
        (PIPELINE_JOB, {"time_zone": 9}, 400, blamed("time_zone", "is not a time zone")),
        (JOB, {"custom_variables": {"$ad_id$": "1"}}, 400, blamed("custom_variables", LIST_TEXT)),
        (JOB, {"custom_variables": ["$ad_id$"]}, 400, blamed("custom_variables", LIST_TEXT)),
        (JOB, {"custom_variables": [{"name": "$ad_id$"}]}, 400, blamed("custom_variables", LIST_TEXT)),
        (
            JOB,
            {"custom_variables": [{"name": "$ad_id$", "value": 1}]},
            400,
            blamed("custom_variables", "name and value must be text"),
        ),
        (
            JOB,
            {"custom_variables": [{"name": "ad_id", "value": "1"}]},
            422,
            {"message": "custom_variables: ad_id must be wrapped in $"},
        ),
        (
            PIPELINE_JOB,
            {"custom_variables": VARIABLES},
            400,
            {"message": "unknown parameters: custom_variables", "errors": []},
        ),
        (JOB, {"contextTime": "x"}, 400, {"message": "unknown parameters: contextTime", "errors": []}),
        ("/api/jobs?job_definition_id=999", {}, 404, NOT_FOUND),
        ("/api/jobs?job_definition_id=45", {}, 404, NOT_FOUND),
        ("/api/pipeline_jobs?pipeline_definition_id=123", {}, 404, NOT_FOUND),
    ],
)
def test_a_job_that_cannot_be_is_refused(
    trocco: Region, path: str, body: object, status: int, answer: dict[str, object]
) -> None:
    assert refusal(send(trocco, "POST", path, json.dumps(body), JSON_TYPE)) == (status, answer)
    assert trocco.jobs == []
    assert trocco.pipeline_jobs == []


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null"])
def test_a_json_body_that_is_no_object_is_refused(trocco: Region, body: str) -> None:
    assert refusal(send(trocco, "POST", JOB, body, JSON_TYPE)) == (400, {"error": "Bad request"})


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "text/plain"}])
def test_a_body_of_another_type_is_refused_and_not_lost(trocco: Region, headers: dict[str, str]) -> None:
    response = send(trocco, "POST", JOB, json.dumps({"custom_variables": VARIABLES}), headers)
    assert response.status == 400
    assert "send JSON or a form" in json.loads(response.body)["message"]


def test_an_unknown_definition_may_be_forbidden(trocco: Region) -> None:
    trocco.switches.unknown_definition = "403"
    assert refusal(send(trocco, "POST", "/api/jobs?job_definition_id=999")) == (403, NOT_AUTHORIZED)


@pytest.mark.parametrize("authorization", ["Token wrong", "Bearer fake-key", "fake-key", "Token", ""])
@pytest.mark.parametrize(("method", "path"), [("POST", JOB), ("GET", "/api/jobs/1")])
def test_a_wrong_key_is_refused(trocco: Region, method: str, path: str, authorization: str) -> None:
    assert send(trocco, method, path, headers={"Authorization": authorization}).status == 401
    assert trocco.jobs == []


def test_a_request_without_a_key_is_refused(trocco: Region) -> None:
    assert trocco.answer(Request("POST", f"https://trocco.io{JOB}", {})).status == 401


def test_the_name_of_the_authorization_header_has_no_case(trocco: Region) -> None:
    assert trocco.answer(Request("POST", f"https://trocco.io{JOB}", {"authorization": "Token fake-key"})).status == 200


def test_a_blocked_address_is_answered_like_a_wrong_key(trocco: Region) -> None:
    trocco.address_blocked = True
    assert send(trocco, "POST", JOB).status == 401


def test_a_key_may_run_and_not_read(trocco: Region) -> None:
    trocco.api_keys["fake-key"].may_read = False
    assert post(trocco, JOB)["id"] == 1
    for path in ("/api/jobs/1", "/api/job_definitions/123/jobs"):
        assert refusal(send(trocco, "GET", path)) == (403, NOT_AUTHORIZED)


def test_a_key_may_read_and_not_run(trocco: Region) -> None:
    post(trocco, JOB)
    trocco.api_keys["fake-key"].may_run = False
    assert get(trocco, "/api/jobs/1")["id"] == 1
    for path in (JOB, PIPELINE_JOB):
        assert refusal(send(trocco, "POST", path)) == (403, NOT_AUTHORIZED)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("DELETE", "https://trocco.io/api/jobs/1"),
        ("POST", "https://trocco.io/api/jobs/1"),
        ("GET", "https://trocco.io/api/jobs"),
        ("GET", "https://trocco.io/api/jobs/abc"),
        ("GET", "https://trocco.io/api/jobs/1/"),
        ("GET", "https://trocco.io/api/pipeline_definitions/45/jobs"),
        ("POST", "https://trocco.io/jobs?job_definition_id=123"),
        ("POST", "http://trocco.io/api/jobs?job_definition_id=123"),
    ],
)
def test_an_address_that_is_not_in_the_reference_is_remembered(trocco: Region, method: str, url: str) -> None:
    assert refusal(trocco.answer(Request(method, url, AUTHORIZATION))) == (404, NOT_FOUND)
    assert trocco.unknown == [f"{method} {url}"]


def test_documented_addresses_are_not_remembered(trocco: Region) -> None:
    post(trocco, JOB)
    get(trocco, "/api/jobs/1")
    send(trocco, "GET", "/api/jobs/99")
    assert trocco.unknown == []


@pytest.mark.parametrize(
    ("base_url", "url", "owned"),
    [
        ("https://trocco.io", "https://trocco.io/api/jobs", True),
        ("https://trocco.io", "https://in.trocco.io/api/jobs", False),
        ("https://in.trocco.io", "https://in.trocco.io/api/jobs", True),
        ("https://trocco.io", "https://trocco.io.example.com/api/jobs", False),
    ],
)
def test_it_owns_its_host(trocco: Region, base_url: str, url: str, owned: bool) -> None:
    trocco.base_url = base_url
    assert trocco.owns(url) is owned


def test_another_region_is_answered_under_its_own_address(trocco: Region) -> None:
    trocco.base_url = "https://in.trocco.io"
    assert trocco.answer(Request("POST", f"https://in.trocco.io{JOB}", AUTHORIZATION)).status == 200


def test_requests_count_down_to_429_and_begin_anew_after_ten_minutes(trocco: Region, clock: Clock) -> None:
    trocco.limit = 3
    paths = ["/api/jobs/1", "/api/jobs/1", "/api/nothing", "/api/jobs/1", "/api/jobs/1"]
    answers = [send(trocco, "GET", path) for path in paths]
    assert [answer.status for answer in answers] == [404, 404, 404, 429, 429]
    assert [answer.headers["X-Rate-Limit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert {answer.headers["X-Rate-Limit-Limit"] for answer in answers} == {"3"}
    resets = {int(answer.headers["X-Rate-Limit-Reset"]) for answer in answers}
    assert len(resets) == 1
    assert 595 < resets.pop() - clock.now().timestamp() < 605
    clock.advance(601)
    assert send(trocco, "GET", "/api/jobs/1").headers["X-Rate-Limit-Remaining"] == "2"


def test_a_job_over_the_limit_is_not_created(trocco: Region) -> None:
    trocco.limit = 0
    assert send(trocco, "POST", JOB).status == 429
    assert trocco.jobs == []


ON_DEMAND = [
    ("unauthorized", 401, '{"error": "Not Authorized"}'),
    ("unauthorized-empty", 401, ""),
    ("forbidden", 403, '{"message": "Not Authorized"}'),
    ("forbidden-error", 403, '{"error": "Not Authorized"}'),
    ("not-found", 404, '{"error": "Not found"}'),
    (
        "bad-request",
        400,
        '{"message": "Bad request. Please check your request payload", '
        '"errors": [{"attribute": "job_definition_id", "message": "を入力してください"}]}',
    ),
    ("bad-request-message", 400, '{"message": "リクエストが正しくありません", "errors": []}'),
    ("bad-request-error", 400, '{"error": "Bad request"}'),
    ("bad-request-empty", 400, ""),
    ("bad-request-control-character", 400, '{"message": "Bad\x0brequest", "errors": []}'),
    ("invalid", 422, '{"message": "Validation failed"}'),
    ("rate", 429, '{"message": "Too Many Requests"}'),
    ("server-error", 500, "<!DOCTYPE html><title>500</title><h1>Internal Server Error</h1>"),
    ("server-error-empty", 500, ""),
    ("ok-empty", 200, ""),
    ("ok-not-json", 200, "<!DOCTYPE html><title>TROCCO</title>"),
]


@pytest.mark.parametrize(("name", "status", "body"), ON_DEMAND)
def test_any_error_can_be_had_on_demand(trocco: Region, name: str, status: int, body: str) -> None:
    response = trocco.error_response(name)
    assert (response.status, response.body) == (status, body)
    assert response.headers["X-Rate-Limit-Remaining"] == "3499"


def test_the_table_of_errors_is_tested_whole() -> None:
    assert {name for name, *_ in ON_DEMAND} == set(ERRORS)


def ids(answer: dict[str, Any]) -> list[int]:
    return [item["id"] for item in answer["items"]]


def test_the_jobs_of_a_definition_are_listed_newest_first_and_in_pages(trocco: Region, clock: Clock) -> None:
    trocco.job_definitions[124] = Definition(124, "another")
    for definition in (123, 124, 123, 123):
        post(trocco, f"/api/jobs?job_definition_id={definition}")
    clock.advance(1)
    answer = get(trocco, "/api/job_definitions/123/jobs")
    assert (ids(answer), answer["next_cursor"]) == ([4, 3, 1], None)
    assert answer["items"][0] == get(trocco, "/api/jobs/4")
    first = get(trocco, "/api/job_definitions/123/jobs?limit=2")
    assert ids(first) == [4, 3]
    rest = get(trocco, f"/api/job_definitions/123/jobs?limit=2&cursor={first['next_cursor']}")
    assert (ids(rest), rest["next_cursor"]) == ([1], None)


def test_the_list_of_jobs_can_be_cut_by_time(trocco: Region, clock: Clock) -> None:
    post(trocco, JOB)
    clock.advance(10)
    between = clock.now().strftime("%Y-%m-%d %H:%M:%S")
    clock.advance(10)
    post(trocco, JOB)
    since = urlencode({"start_time": between, "time_zone": "Etc/UTC"})
    until = urlencode({"end_time": between, "time_zone": "Etc/UTC"})
    assert ids(get(trocco, f"/api/job_definitions/123/jobs?{since}")) == [2]
    assert ids(get(trocco, f"/api/job_definitions/123/jobs?{until}")) == [1]


@pytest.mark.parametrize(
    ("path", "status", "answer"),
    [
        ("/api/job_definitions/999/jobs", 404, NOT_FOUND),
        ("/api/job_definitions/123/jobs?limit=201", 400, blamed("limit", "must be between 1 and 200")),
        ("/api/job_definitions/123/jobs?limit=all", 400, blamed("limit", "is not a number")),
        ("/api/job_definitions/123/jobs?cursor=x", 400, blamed("cursor", "is not a number")),
        (
            "/api/job_definitions/123/jobs?start_time=now",
            400,
            blamed("start_time", "must be YYYY-MM-DD HH:MM:SS"),
        ),
    ],
)
def test_a_wrong_question_for_a_list_is_refused(
    trocco: Region, path: str, status: int, answer: dict[str, object]
) -> None:
    assert refusal(send(trocco, "GET", path)) == (status, answer)


def test_many_jobs_at_once_have_ids_of_their_own(trocco: Region) -> None:
    numbers: list[int] = []
    threads = [threading.Thread(target=lambda: numbers.append(post(trocco, JOB)["id"])) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 21))


def test_a_key_that_may_not_read_may_be_answered_like_a_wrong_one(trocco: Region) -> None:
    trocco.api_keys["fake-key"].may_read = False
    post(trocco, JOB)
    trocco.switches.unreadable = "401"
    assert refusal(send(trocco, "GET", "/api/jobs/1")) == (401, {"error": "Not Authorized"})


@pytest.mark.parametrize(("in_body", "variables"), [(True, (("$a$", "1"),)), (False, ())])
def test_a_bodys_parameters_count_or_are_passed_over(trocco: Region, in_body: bool, variables: object) -> None:
    trocco.switches.body_parameters = in_body
    post(trocco, JOB, {"custom_variables": [{"name": "$a$", "value": "1"}]})
    assert trocco.jobs[0].custom_variables == variables


def test_a_list_has_fifty_jobs_unless_told_otherwise(trocco: Region, job: Definition) -> None:
    job.parallel = True
    for _ in range(51):
        post(trocco, JOB)
    assert len(get(trocco, "/api/job_definitions/123/jobs")["items"]) == 50
    assert len(get(trocco, "/api/job_definitions/123/jobs?limit=200")["items"]) == 51
