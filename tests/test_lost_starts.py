"""What a start that was lost, doubled or refused in unknown words allows to conclude: in doubt that it may run."""

import json
from typing import Any

import pytest

from generator.stub.services.krewdata.errors import ERRORS
from tests.test_krewdata_answers import HTML, MAYBE, NOTHING_RAN, SPENT, STARTED, TOKEN, good, refusal, run
from tests.v8 import answer, evaluate, rejection

CONFLICT = {"code": 409, "status": "Conflict", "description": "Other User is running the execution unit."}


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
    [(401, "シリアル番号が正しくない"), (409, "ほかの人が同じ処理を実行しています"), (429, "実行単位を無効にしました")],
)
def test_a_code_has_its_words_whatever_krewdata_says(code: int, words: str) -> None:
    assert words in run(TOKEN, said(code, "ほかの言葉"))["started"]["problem"]["happened"]


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (good(taskStatus="Running"), UNKNOWN),
        (rejection(), UNKNOWN),
        (refusal("status", "taskId-unknown"), FAILED),
        (refusal("status", "accessToken-unknown"), FAILED),
    ],
)
def test_the_task_that_is_in_the_way_is_anothers_if_our_token_does_not_know_it(
    told: dict[str, Any], end: tuple[str, str]
) -> None:
    # kintone's proxy may send a request twice by itself: then the first of them is in the way of the second.
    assert ends(said(409, CONFLICT["description"], taskId="a-task"), told) == end


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
        doing.push((await krewdata.status({ unit: { url: "" }, ask, clock, startedAt: 0 }, {})).doing?.en ?? null);
      }
      return doing;
    """
    early, still, long, longer = evaluate('import { krewdata } from "./runtime/services/krewdata.js";', code)
    assert (early, still) == (None, None)
    assert "scheduled" in long
    assert long == longer
