"""How the page interprets krewData's answers: every row of its error tables, missing and unusual answers."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

from generator.stub.services.krewdata.errors import ERRORS
from tests.conftest import HTML, JAPANESE, KREWDATA_UNIT, config_of
from tests.v8 import NOT_SENT, answer, drive, drive_each, evaluate, rejection

UNIT = config_of(KREWDATA_UNIT).apps[0].units[0]
RECORD = {code: {"type": "SINGLE_LINE_TEXT", "value": code} for code in ("部門名", "入荷日", "備考")}
NOTHING_RAN = "何も実行されていません。"
MAYBE = "実行が始まっている可能性があります。"
UNDER_WAY = "実行は続いている可能性があります。"


def good(**told: Any) -> dict[str, Any]:
    return answer(body=json.dumps({"code": 200, "status": "OK", **told}))


def refusal(call: str, name: str, status: int | None = None) -> dict[str, Any]:
    row = next(row for row in ERRORS[call] if row.name == name)
    body = {"code": row.code, "status": row.status, "description": row.description}
    return answer(status or row.code, json.dumps(body))


TOKEN = good(accessToken="a-token")
STARTED = good(taskId="a-task")
BEFORE: dict[str, list[dict[str, Any]]] = {"token": [], "run": [TOKEN], "status": [TOKEN, STARTED]}
ROWS = [(call, row) for call, rows in ERRORS.items() for row in rows]


def run(*answers: dict[str, Any], language: str = "ja") -> Any:
    (result,) = drive(UNIT, [answers], record=RECORD, language=language)
    return result


# --- the three error tables


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("http_status", [None, 200], ids=["code", "200"])
def test_every_documented_error_has_words_of_its_own_and_krewdatas_behind_the_details(
    language: str, http_status: int | None
) -> None:
    answers = [[*BEFORE[call], refusal(call, row.name, http_status)] for call, row in ROWS]
    results = drive(UNIT, answers, record=RECORD, language=language)
    for (call, row), result in zip(ROWS, results, strict=True):
        told = result["states"][-1] if call == "status" else result["started"]
        problem, where = told["problem"], f"{call} {row.name}"
        words = f"{problem['happened']} {problem['ran']} {problem['advice']}"
        assert all(problem.values()), where
        assert bool(JAPANESE.search(words)) == (language == "ja"), where
        assert row.description not in words
        assert str(row.code) not in words
        # Not the words for an undocumented error.
        assert not re.search("エラーを返しました。|returned an error", words), where
        assert not re.search(r"undefined|null|\{", words), where
        assert problem["details"] == f"{row.code} {row.description}"
        # A refusal is never repeated.
        assert len(result["sent"]) == len(BEFORE[call]) + 1, where
        if call == "status":
            assert told["again"] is False
        else:
            # A fresh token that is already spent proves that a run was started with it.
            assert told["state"] == ("unknown" if row.name == "accessToken-used" else "failed"), where
            if language == "ja":
                assert problem["ran"] == (MAYBE if told["state"] == "unknown" else NOTHING_RAN), where


@pytest.mark.parametrize("call", ERRORS)
def test_an_undocumented_error_is_shown_as_it_is(call: str) -> None:
    body = json.dumps({"code": 403, "status": "Forbidden", "description": "Sorry <b>no</b>."})
    result = run(*BEFORE[call], answer(403, body))
    told = result["states"][-1] if call == "status" else result["started"]
    assert "krewDataがエラーを返しました。" in told["problem"]["happened"]
    assert told["problem"]["details"] == "403 Sorry <b>no</b>."
    assert told.get("state") == (None if call == "status" else "failed")


# --- missing answers


NO_ANSWERS: dict[str, dict[str, Any]] = {
    "empty": answer(),
    "HTML with 200": answer(body=HTML),
    "HTML with 502": answer(502, HTML),
    "empty with 500": answer(500),
    "JSON with 503": answer(503, '{"message": "busy"}'),
    "a host that does not exist": answer(503, "DNS Cache Missing"),
    "null": answer(body="null"),
    "a list": answer(body="[]"),
    "a number": answer(body="200"),
    "half of it": answer(body='{"code": 200, "sta'),
    "nothing in it": answer(body="{}"),
    "only the code": good(),
    "nulls in it": good(accessToken=None, taskId=None, taskStatus=None, flowInfo=None),
    "numbers in it": good(accessToken=1, taskId=2, taskStatus=3),
    "rejection with JSON": rejection('{"code": "GAIA_PR01", "id": "x", "message": "タイムアウト"}'),
    "rejection with HTML": rejection(HTML),
    "rejection with nothing": rejection(),
    "rejection with a long text": rejection("長い" * 5000),
}


def after(*before: dict[str, Any], then: list[dict[str, Any]]) -> dict[str, Any]:
    """The result of each of these instead of an answer, by name."""
    results = drive(UNIT, [[*before, none, *then] for none in NO_ANSWERS.values()], record=RECORD)
    return dict(zip(NO_ANSWERS, results, strict=True))


def test_no_answer_to_the_token_starts_nothing() -> None:
    for name, result in after(then=[]).items():
        problem = result["started"]["problem"]
        assert (name, result["started"]["state"]) == (name, "failed")
        assert (problem["happened"], problem["ran"]) == ("krewDataに接続できませんでした。", NOTHING_RAN)
        assert len(result["sent"]) == 1
        if own := NO_ANSWERS[name].get("rejection"):
            assert problem["details"] == own[:2000]


def test_a_request_to_run_without_an_answer_is_sent_again_with_its_token() -> None:
    for name, result in after(TOKEN, then=[STARTED]).items():
        assert (name, result["started"].get("handle")) == (name, {"accessToken": "a-token", "taskId": "a-task"})
        first, second = result["sent"][1:]
        assert first == second


def test_a_request_to_run_that_is_never_answered_ends_as_unknown() -> None:
    for name, result in after(TOKEN, then=[]).items():
        assert (name, result["started"].get("state")) == (name, "unknown")
        assert result["started"]["problem"]["ran"] == MAYBE
        token, *runs = result["sent"]
        assert token["url"].endswith("/token")
        assert [sent["url"].rpartition("/")[2] for sent in runs] == ["run"] * 3
        assert len({json.dumps(sent) for sent in runs}) == 1


def test_a_request_to_run_that_never_left_ran_nothing_unless_one_before_it_did() -> None:
    alone = run(TOKEN, NOT_SENT, language="en")
    assert alone["started"]["state"] == "failed"
    assert alone["started"]["problem"]["happened"] == "Could not connect to krewData."
    assert alone["started"]["problem"]["ran"] == "Nothing was run."
    assert len(alone["sent"]) == 2
    after_a_lost_one = run(TOKEN, rejection(), NOT_SENT)
    assert (after_a_lost_one["started"]["state"], after_a_lost_one["started"]["problem"]["ran"]) == ("unknown", MAYBE)


def test_a_question_without_an_answer_may_be_asked_again() -> None:
    for name, result in after(TOKEN, STARTED, then=[]).items():
        (told,) = result["states"]
        assert (name, told["again"]) == (name, True)
        assert told["problem"]["happened"] == "krewDataから実行状況の応答がありません。"
        assert told["problem"]["ran"] == UNDER_WAY


SPENT = refusal("run", "accessToken-used")


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ([rejection(), STARTED], None),
        ([answer(502, HTML), rejection(), STARTED], None),
        ([answer(408, HTML), refusal("run", "accessToken-used")], "unknown"),
        ([good(code=408, description="Request Timeout"), STARTED], None),
        # The first proof that one arrived is its spent token.
        ([rejection(), SPENT], "unknown"),
        ([rejection(), answer(502, HTML), SPENT], "unknown"),
        # A refused repetition proves nothing: the conflicting run may be this one.
        ([rejection(), refusal("run", "conflict")], "unknown"),
        ([rejection(), refusal("run", "accessToken-expired")], "unknown"),
        ([rejection(), refusal("run", "accessToken-unknown")], "unknown"),
        # Whatever the answer to the repetition, the lost request may still arrive.
        ([rejection(), refusal("run", "appId-unknown")], "unknown"),
    ],
)
def test_whatever_is_lost_one_click_takes_one_token(answers: list[dict[str, Any]], end: str | None) -> None:
    result = run(TOKEN, *answers)
    assert result["started"].get("state") == end
    token, *runs = result["sent"]
    assert token["url"].endswith("/token")
    assert len(runs) == len(answers)
    assert {json.loads(sent["data"])["accessToken"] for sent in runs} == {"a-token"}


# --- requests


@pytest.mark.parametrize(
    ("record", "sent"),
    [("none", None), (["備考"], {"備考"}), (["入荷日", "部門名"], {"入荷日", "部門名"}), ("all", set(RECORD))],
)
def test_only_the_fields_that_the_unit_names_are_sent(record: Any, sent: set[str] | None) -> None:
    unit = config_of({**KREWDATA_UNIT, "record": record}).apps[0].units[0]
    ((_, request),) = [result["sent"] for result in drive(unit, [[TOKEN, STARTED]], record=RECORD)]
    body = json.loads(request["data"])
    assert body.get("record") == (None if sent is None else {code: RECORD[code] for code in sent})
    assert {"user": "kato", "appId": "45"}.items() <= body.items()


def test_a_question_has_the_two_parameters_of_the_reference_whatever_else_the_run_keeps() -> None:
    assert evaluate(
        'import { krewdata } from "./runtime/services/krewdata.js";',
        """
      let sent;
      const ask = async (...request) => { sent = JSON.parse(request[3]); return { status: 0, text: "", json: null }; };
      const question = { unit: { url: "https://example.com" }, ask, clock: { now: () => 0 }, startedAt: 0 };
      await krewdata.status(question, { accessToken: "a-token", taskId: "a-task", row: 1 });
      return sent;
    """,
    ) == {"accessToken": "a-token", "taskId": "a-task"}


def test_a_field_that_is_not_there_is_told_before_anything_is_sent() -> None:
    unit = config_of({**KREWDATA_UNIT, "record": ["備考", "非表示"]}).apps[0].units[0]
    for language in ("ja", "en"):
        (result,) = drive(unit, [[TOKEN]], record=RECORD, language=language)
        assert result["sent"] == []
        assert result["started"]["state"] == "failed"
        assert "非表示" in result["started"]["problem"]["happened"]
        assert "備考" not in result["started"]["problem"]["happened"]


# --- odd answers about a run


WORDS = {"Queuing": "queued", "Running": "running", "Success": "succeeded", "Failure": "failed"}


def test_a_word_for_the_state_that_nobody_documented_is_no_end() -> None:
    words = WORDS | dict.fromkeys(["Paused", "success", "Cancel", "", "constructor"], "running")
    flows = [good(taskStatus=word, flowInfo=[{"flowName": "抽出", "status": word}]) for word in words]
    told = run(TOKEN, STARTED, *flows)["states"]
    assert dict(zip(words, [one["state"] for one in told], strict=True)) == words
    assert [one["steps"] for one in told] == [
        [{"name": "抽出", "state": "canceled" if word == "Cancel" else state}] for word, state in words.items()
    ]


ODD_FLOWS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "missing": ({}, []),
    "null": ({"flowInfo": None}, []),
    "text": ({"flowInfo": "Flow1"}, []),
    "a number": ({"flowInfo": 5}, []),
    "an object": ({"flowInfo": {"flowName": "Flow1"}}, []),
    "an empty list": ({"flowInfo": []}, []),
    "nulls": ({"flowInfo": [None, None]}, []),
    "texts": ({"flowInfo": ["Flow1", 5, True, []]}, [{"name": "", "state": "running"}] * 4),
    "empty objects": ({"flowInfo": [{}, {}]}, [{"name": "", "state": "running"}] * 2),
    "odd values": (
        {
            "flowInfo": [
                {"flowName": None, "status": None, "startTime": None, "endTime": None},
                {"flowName": 7, "status": "constructor", "startTime": "", "endTime": "2020-12-01 09:01:00"},
                {"flowName": "a", "status": 5, "startTime": "yesterday", "endTime": []},
            ]
        },
        [{"name": name, "state": "running"} for name in ("", "7", "a")],
    ),
}


@pytest.mark.parametrize("word", ["Running", "Success"])
def test_odd_news_of_the_flows_do_not_change_how_the_run_stands(word: str) -> None:
    told = run(TOKEN, STARTED, *(good(taskStatus=word, **flows) for flows, _ in ODD_FLOWS.values()))["states"]
    assert {one["state"] for one in told} == {WORDS[word]}
    assert [one["steps"] for one in told] == [steps for _, steps in ODD_FLOWS.values()]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Tokyo"])
def test_a_flow_takes_as_long_wherever_the_browser_is(zone: str) -> None:
    # The clocks change that night in Berlin, and on the 8th in New York.
    flow = {"startTime": "2026-03-29 01:59:00", "endTime": "2026-03-29 03:01:00", "status": "Success"}
    other = {"startTime": "2026-03-08 01:59:00", "endTime": "2026-03-08 03:01:00", "status": "Success"}
    zoned = {"startTime": "2026-03-08T01:59:00+09:00", "endTime": "2026-03-07T18:01:00Z", "status": "Success"}
    program = f"""
from tests.test_krewdata_answers import STARTED, TOKEN, good, run
for flow in {[flow, other, zoned]}:
    [told] = run(TOKEN, STARTED, good(taskStatus="Success", flowInfo=[flow]))["states"]
    print(told["took"], told["steps"][0]["took"])
"""
    # The engine keeps the time zone that its process begins with.
    environment = {**os.environ, "TZ": zone}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["3720000"] * 6


def test_a_failure_is_a_failure_however_little_is_told_of_it() -> None:
    little: list[tuple[dict[str, Any], str]] = [
        ({}, ""),
        ({"errorCode": None, "errorMessage": None}, ""),
        ({"errorCode": 33, "errorMessage": "x"}, "33 x"),
        ({"errorCode": "9999", "errorMessage": "Sorry."}, "9999 Sorry."),
    ]
    told = run(TOKEN, STARTED, *(good(taskStatus="Failure", **more) for more, _ in little))["states"]
    assert {one["state"] for one in told} == {"failed"}
    assert all(one["problem"]["happened"] for one in told)
    assert [one["problem"]["details"] for one in told] == [details for _, details in little]


def test_a_failure_with_nothing_but_canceled_flows_ran_nothing() -> None:
    flows = [{"flowName": "a", "status": "Cancel"}, {"flowName": "b", "status": "Cancel"}]
    ran = [
        state["problem"]["ran"]
        for info in (flows, [*flows, {"flowName": "c", "status": "Failure"}])
        for state in run(TOKEN, STARTED, good(taskStatus="Failure", flowInfo=info))["states"]
    ]
    assert ran[0] == NOTHING_RAN != ran[1]


def test_units_are_driven_on_their_own_address() -> None:
    other = config_of({**KREWDATA_UNIT, "url": f"{UNIT.url}2"}).apps[0].units[0]  # type: ignore[union-attr]
    results = drive_each([(unit, [TOKEN, STARTED], RECORD) for unit in (UNIT, other)])
    assert [result["sent"][1]["url"] for result in results] == [f"{UNIT.url}/run", f"{UNIT.url}2/run"]  # type: ignore[union-attr]
