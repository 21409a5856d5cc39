"""Starts that were lost, doubled or refused with an unknown text: in doubt, the run may be in progress."""

import json
from typing import Any

import pytest

from generator.stub.services.krewdata.errors import ERRORS
from tests.conftest import config_of
from tests.test_krewdata_answers import HTML, MAYBE, NOTHING_RAN, SPENT, STARTED, TOKEN, refusal, run
from tests.v8 import answer, drive, evaluate, rejection


def said(code: int, description: str, **more: Any) -> dict[str, Any]:
    return answer(code, json.dumps({"code": code, "status": "x", "description": description, **more}))


def ends(*answers: dict[str, Any]) -> tuple[str, str]:
    started = run(TOKEN, *answers)["started"]
    return started.get("state", "started"), started["problem"]["ran"] if "problem" in started else ""


UNKNOWN = ("unknown", MAYBE)
FAILED = ("failed", NOTHING_RAN)


@pytest.mark.parametrize("row", ERRORS["run"], ids=lambda row: row.name)
def test_after_a_lost_answer_no_refusal_proves_that_nothing_ran(row: Any) -> None:
    assert ends(rejection(), refusal("run", row.name)) == UNKNOWN


@pytest.mark.parametrize(
    "refused",
    [
        said(429, "The rate limit for API calls has been exceeded. Specified unit has been disabled."),
        said(403, "No."),
        answer(400, HTML),
        answer(400, '{"code":400,"status":"Bad Request","description":"Specified tok'),
        answer(404),
    ],
)
def test_nor_does_any_other_answer_below_500(refused: dict[str, Any]) -> None:
    assert ends(answer(502, HTML), refused) == UNKNOWN
    assert ends(answer(body='{"code": 200, "tas'), refused) == UNKNOWN


@pytest.mark.parametrize(
    ("refused", "end"),
    [
        (SPENT, UNKNOWN),
        (said(400, "Specified token has been used before."), UNKNOWN),
        (said(400, "指定されたトークンは使用済みです。"), UNKNOWN),
        (answer(400, '{"code":400,"status":"Bad Request","description":"Specified tok'), UNKNOWN),
        (answer(400, HTML), UNKNOWN),
        (said(409, "別のユーザーが実行しています。"), FAILED),
        (said(409, 'Other User is running the execution unit.","taskId":abc'), FAILED),
        (said(401, "ライセンスが不正です。"), FAILED),
        (said(429, "多すぎます。"), FAILED),
    ],
)
def test_a_first_refusal_in_other_words_is_told_by_its_code_and_in_doubt_as_unknown(
    refused: dict[str, Any], end: tuple[str, str]
) -> None:
    assert ends(refused) == end


@pytest.mark.parametrize(
    ("code", "words"),
    [(401, "シリアルナンバーが正しくない"), (409, "この実行単位は実行中です"), (429, "実行単位を無効にしました")],
)
def test_a_code_has_its_words_whatever_krewdata_says(code: int, words: str) -> None:
    assert words in run(TOKEN, said(code, "ほかの言葉"))["started"]["problem"]["happened"]


@pytest.mark.parametrize("call", ["token", "run"])
def test_the_text_of_a_success_is_told_nobody(call: str) -> None:
    cut = answer(body='{"code":200,"status":"OK","accessToken":"tok-secret-1","taskId":"task-secret')
    before = [TOKEN] if call == "run" else []
    told = json.dumps(run(*before, cut)["started"])
    assert "secret" not in told
    assert run(TOKEN, STARTED)["started"]["handle"]["taskId"] == "a-task"


def test_a_long_queue_says_why() -> None:
    code = """
      const answer = { status: 200, text: "", json: { code: 200, taskStatus: "Queuing" }, headers: {} };
      const ask = async () => answer;
      const doing = [];
      for (const elapsed of [1000, 29000, 31000, 600000]) {
        const clock = { now: () => elapsed };
        doing.push((await krewdata.status({ unit: { url: "" }, ask, clock, startedAt: 0 }, {})).doing ?? null);
      }
      return doing;
    """
    early, still, long, longer = evaluate('import { krewdata } from "./runtime/services/krewdata.js";', code)
    assert (early, still) == (None, None)
    assert long == "krewdata.longQueue"
    assert long == longer


# --- TROCCO: no request may be repeated, but a definition's jobs can be listed

JOB = {"id": "load", "service": "trocco-job", "job_definition_id": 123, "api_key": "a-key"}
WORKFLOW = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45, "api_key": "a-key"}
# The clock of tests/v8.py begins at 2026-11-22 00:00 UTC.
SINCE, LATER = (f"2026-11-22T09:00:{second:02}.000+09:00" for second in (2, 4))


def job(job_id: int, created: str, definition: int = 123) -> dict[str, Any]:
    return {"id": job_id, "job_definition_id": definition, "status": "queued", "created_at": created}


def listed(*jobs: dict[str, Any], date: str = "") -> dict[str, Any]:
    headers = {"Date": date} if date else {}
    return answer(body=json.dumps({"items": jobs, "next_cursor": None}), headers=headers)


def start(unit: dict[str, Any], *answers: dict[str, Any]) -> dict[str, Any]:
    (one,) = config_of(unit).apps[0].units
    (result,) = drive(one, [answers])
    return dict(result)


LONG_AGO = "2026-11-22T08:59:00.000+09:00"


@pytest.mark.parametrize("lost", [rejection(), answer(502, HTML), answer(408), answer(body="{"), answer(201, "{}")])
def test_a_job_that_was_made_since_the_click_is_offered_and_not_followed(lost: dict[str, Any]) -> None:
    result = start(JOB, lost, listed(job(9, SINCE), job(8, LONG_AGO)))
    assert result["started"]["state"] == "unknown"
    assert result["started"]["problem"]["ran"] == MAYBE
    assert result["started"]["found"]["handle"] == {"id": 9}
    posted, asked = result["sent"]
    assert posted["method"] == "POST"
    assert (asked["method"], asked["url"]) == ("GET", "https://trocco.io/api/job_definitions/123/jobs?limit=20")


@pytest.mark.parametrize(
    "answers",
    [
        [listed()],
        [listed(job(8, LONG_AGO))],
        # With two candidates, it is unknown which one it is.
        [listed(job(9, SINCE), job(10, LATER))],
        [listed(job(9, SINCE, definition=124))],
        [answer(401, '{"error":"Not Authorized"}')],
        [rejection()],
        [answer(body=HTML)],
        [answer(body='{"items": [null, {}, {"id": null}, 7]}')],
    ],
)
def test_what_does_not_fit_is_not_offered(answers: list[dict[str, Any]]) -> None:
    result = start(JOB, rejection(), *answers)
    assert result["started"]["state"] == "unknown"
    assert result["started"].get("found") is None
    assert [sent["method"] for sent in result["sent"]].count("POST") == 1


def test_a_job_that_comes_late_is_found_at_the_second_look() -> None:
    result = start(JOB, rejection(), listed(), listed(job(9, LATER)))
    assert result["started"]["found"]["handle"] == {"id": 9}


def test_the_clocks_of_the_service_and_the_computer_may_differ() -> None:
    # At TROCCO it is ten minutes later.
    at_trocco = "Sun, 22 Nov 2026 00:10:02 GMT"
    assert start(JOB, rejection(), listed(job(9, "2026-11-22T09:10:01.000+09:00"), date=at_trocco))["started"]["found"]
    older = start(JOB, rejection(), listed(job(9, "2026-11-22T09:09:00.000+09:00"), date=at_trocco))["started"]
    assert older.get("found") is None


@pytest.mark.parametrize(("delay", "is_found"), [(4000, True), (60_000, False)])
def test_an_answer_that_was_long_on_its_way_tells_no_time(delay: int, is_found: bool) -> None:
    """The only job was made 30 seconds before the click; or right after it, where the answer is fast."""
    code = """
      const begun = Date.UTC(2026, 10, 22);
      let now = begun;
      const clock = { now: () => now, sleep: async (delay) => { now += delay; } };
      const created_at = new Date(begun + (isFound ? 1000 : -30_000)).toISOString();
      const ask = async (method) => {
        const headers = { Date: new Date(now).toUTCString() };
        if (method === "POST") return { status: 502, text: "", json: null, headers };
        now += delay;
        return { status: 200, text: "", json: { items: [{ id: 9, created_at }] }, headers };
      };
      const unit = { service: "trocco-job", definitionId: 123, baseUrl: "https://trocco.io", apiKey: "a-fake-key" };
      return (await trocco.start({ unit, shown: { record: {} }, ask, clock, startedAt: begun })).found !== null;
    """
    imports = 'import { trocco } from "./runtime/services/trocco.js";'
    assert evaluate(imports, code, delay=delay, isFound=is_found) == is_found


def test_a_workflow_has_no_such_list_and_a_refusal_needs_none() -> None:
    assert [sent["method"] for sent in start(WORKFLOW, rejection())["sent"]] == ["POST"]
    refused = start(JOB, answer(403, '{"error":"Not Authorized"}'))
    assert (refused["started"]["state"], len(refused["sent"])) == ("failed", 1)


def test_a_status_that_the_key_may_not_see_is_no_wrong_key() -> None:
    made = answer(body=json.dumps(job(9, SINCE)))
    for status in (401, 403):
        (told,) = start(JOB, made, answer(status, '{"error":"Not Authorized"}'))["states"]
        assert "このAPIキーでは実行状況を確認できません" in told["problem"]["happened"]
        assert told["again"] is False


def test_another_definitions_job_is_never_followed_as_this_buttons() -> None:
    made, other = (answer(body=json.dumps(job(9, SINCE, definition=number))) for number in (123, 124))
    assert start(JOB, other)["started"]["state"] == "unknown"
    (told,) = start(JOB, made, other)["states"]
    assert "別のジョブ" in told["problem"]["happened"]
    (told,) = start(JOB, made, answer(body=json.dumps({**job(9, SINCE), "job_definition_name": "売上"})))["states"]
    assert told["name"] == {"text": "売上", "words": "trocco.job"}
