"""Answers of services are limited and checked before a page shows, follows or stores them."""

import json
from typing import Any

import pytest

from tests.conftest import KREWDATA_UNIT, config_of
from tests.v8 import answer, drive, evaluate

KREWDATA = config_of(KREWDATA_UNIT).apps[0].units[0]
RECORD = {code: {"type": "SINGLE_LINE_TEXT", "value": code} for code in ("部門名", "入荷日")}
TROCCO = config_of({"id": "load", "service": "trocco-job", "job_definition_id": 12, "api_key": "k"}).apps[0].units[0]
STARTED = [
    answer(body='{"code": 200, "accessToken": "a-token"}'),
    answer(body='{"code": 200, "taskId": "a-task"}'),
]


def status_of(**told: Any) -> Any:
    body = json.dumps({"code": 200, "taskStatus": "Running", **told})
    (result,) = drive(KREWDATA, [[*STARTED, answer(body=body)]], record=RECORD)
    return result["states"][-1]


def test_an_answer_that_is_too_long_is_a_lost_answer() -> None:
    flows = [{"flowName": "x" * 1000, "status": "Running"}] * 1100
    state = status_of(flowInfo=flows)
    assert state["again"] is True
    assert "1000000" in state["problem"]["details"]


def test_of_many_flows_two_hundred_are_shown_and_the_rest_is_counted() -> None:
    flows = [{"flowName": f"flow {n}", "status": "Success" if n < 250 else "Queuing"} for n in range(500)]
    steps = status_of(flowInfo=flows)["steps"]
    assert len(steps) == 201
    assert steps[199]["name"] == "flow 199"
    assert steps[200] == {"name": "", "state": "running", "more": 300}
    assert status_of(flowInfo=flows[:250])["steps"][200] == {"name": "", "state": "succeeded", "more": 50}
    assert len(status_of(flowInfo=flows[:200])["steps"]) == 200


@pytest.mark.parametrize("name", [{"a": 1}, [1], None, True, 7, "x" * 5000])
def test_a_name_that_is_no_text_is_no_reason_not_to_know_how_a_run_ended(name: Any) -> None:
    state = status_of(taskStatus="Failure", errorCode="33", flowInfo=[{"flowName": name, "status": "Failure"}])
    assert state["state"] == "failed"
    assert len(state["steps"][0]["name"]) <= 2000


@pytest.mark.parametrize("text", ["x" * 100_000, {"a": 1}, ["b"], 12])
def test_a_services_own_text_is_cut(text: Any) -> None:
    state = status_of(taskStatus="Failure", errorCode="33", errorMessage=text, flowInfo=[])
    assert len(state["problem"]["details"]) <= 2010
    (refused,) = drive(KREWDATA, [[answer(400, json.dumps({"code": 400, "description": text}))]], record=RECORD)
    assert len(refused["started"]["problem"]["details"]) <= 2010
    (lost,) = drive(TROCCO, [[answer(422, json.dumps({"error": text}))]])
    assert len(lost["started"]["problem"]["details"]) <= 2010


@pytest.mark.parametrize("id_", ["12/../34", "", "1e3", -1, 1.5, None, {"a": 1}, "１２"])
def test_a_jobs_id_is_a_number(id_: Any) -> None:
    (result,) = drive(TROCCO, [[answer(body=json.dumps({"id": id_}))]])
    assert result["started"]["state"] == "unknown"
    assert all(".." not in sent["url"] for sent in result["sent"])


@pytest.mark.parametrize("id_", [12, "12"])
def test_a_jobs_id_may_come_as_text(id_: Any) -> None:
    (result,) = drive(TROCCO, [[answer(body=json.dumps({"id": id_}))]])
    assert result["started"]["handle"] == {"id": id_}


def test_a_script_works_only_in_the_app_that_it_was_built_for() -> None:
    shown, warned = evaluate(
        'import { main } from "./runtime/page/main.js";',
        """
      const handlers = {};
      const warned = [];
      globalThis.console = { warn: (words) => warned.push(words) };
      const on = (types, handler) => [types].flat().forEach((type) => { handlers[type] = handler; });
      globalThis.kintone = { events: { on } };
      main([], {}, { app: 45, source: "orders", units: [{ id: "a" }], words: {}, style: "" });
      const event = { appId: 46, recordId: 1, record: {} };
      const returned = [1, 2].map(() => handlers["app.record.detail.show"](event) === event);
      return [returned, warned];
    """,
    )
    assert shown == [True, True]
    assert warned == ["Runbutton: orders was not built for app 46, and shows nothing here."]
