"""The page's requests to TROCCO, and its reading of the answers: record values, statuses, errors, limits."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from generator.stub.configured import stub_for
from generator.stub.services.trocco.errors import ERRORS
from generator.stub.tenant import Script
from generator.units.config import AnyUnit
from tests.conftest import HTML, JAPANESE, config_of
from tests.v8 import NOT_SENT, answer, drive, drive_each, rejection

KEY = "fake-trocco-api-key"
JOB: dict[str, Any] = {"id": "load", "service": "trocco-job", "job_definition_id": 123, "api_key": KEY}
WORKFLOW: dict[str, Any] = {"id": "load", "service": "trocco-workflow", "pipeline_definition_id": 45, "api_key": KEY}
SEED: dict[str, Any] = {
    "context_time": "2019-11-18 00:00:00",
    "custom_variables": [{"name": "$ad_id$", "value": "A0000"}],
}
NOTHING_RAN = "何も実行されていません。"
MAYBE = "実行が始まっている可能性があります。"
UNDER_WAY = "実行は続いている可能性があります。"
NOW = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])


def job_is(status: str, **more: Any) -> dict[str, Any]:
    return answer(body=json.dumps({"id": 1, "status": status, **more}))


def error(name: str) -> dict[str, Any]:
    return answer(ERRORS[name].status, ERRORS[name].body, ERRORS[name].headers)


STARTED = job_is("queued")


def unit_of(unit: Mapping[str, Any]) -> AnyUnit:
    return config_of(unit).apps[0].units[0]


def run(*answers: dict[str, Any], language: str = "ja") -> Any:
    """The result of a job that is started and followed."""
    (result,) = drive(unit_of(JOB), [answers], language=language)
    return result


def started(units: list[Mapping[str, Any]], records: list[Any], language: str = "ja") -> list[Any]:
    cases = [(unit_of(unit), [STARTED], record) for unit, record in zip(units, records, strict=True)]
    return drive_each(cases, language=language)


def body(result: Any) -> Any:
    (sent,) = result["sent"]
    return json.loads(sent["data"])


# --- requests


@pytest.mark.parametrize(
    ("unit", "start", "first_job"),
    [
        (JOB, "/api/jobs?job_definition_id=123", "/api/jobs/1"),
        (WORKFLOW, "/api/pipeline_jobs?pipeline_definition_id=45", "/api/pipeline_jobs/1"),
    ],
    ids=["job", "workflow"],
)
@pytest.mark.parametrize("host", ["https://trocco.io", "https://kr.trocco.io"])
def test_the_requests_are_those_of_the_api_reference(
    unit: dict[str, Any], start: str, first_job: str, host: str
) -> None:
    (result,) = drive(unit_of({**unit, "base_url": host}), [[STARTED, STARTED]])
    headers = {"Authorization": f"Token {KEY}", "Accept": "application/json"}
    assert result["sent"] == [
        {
            "method": "POST",
            "url": host + start,
            "headers": headers | {"Content-Type": "application/json"},
            "data": "{}",
        },
        {"method": "GET", "url": host + first_job, "headers": headers, "data": ""},
    ]


ODD = [{"name": "$a$", "value": ""}, {"name": "$日本$", "value": '"\\\n😀&=%'}]
# The config without the definition and the key, and the request's body.
CONFIGURED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (JOB, {}),
    (WORKFLOW, {}),
    (JOB | SEED, SEED),
    (JOB | {"time_zone": "Etc/UTC"}, {"time_zone": "Etc/UTC"}),
    (WORKFLOW | {"context_time": "2019-11-18 00:00:00"}, {"context_time": "2019-11-18 00:00:00"}),
    (WORKFLOW | {"context_time": {"field": "入荷日"}}, {"context_time": "2026-11-01 00:00:00"}),
    (JOB | {"custom_variables": ODD}, {"custom_variables": ODD}),
    (
        JOB | {"custom_variables": [{"name": "$dept$", "field": "部門名", "default": "none"}]},
        {"custom_variables": [{"name": "$dept$", "value": "営業部"}]},
    ),
]


def test_only_what_was_configured_is_sent() -> None:
    record = {
        "部門名": {"type": "DROP_DOWN", "value": "営業部"},
        "入荷日": {"type": "DATE", "value": "2026-11-01"},
        "備考": {"type": "MULTI_LINE_TEXT", "value": "nobody's business"},
    }
    results = started([unit for unit, _ in CONFIGURED], [record] * len(CONFIGURED))
    assert [body(result) for result in results] == [sent for _, sent in CONFIGURED]


# --- values from the record

# Each type of field, with kintone's value and TROCCO's.
FIELDS: Mapping[str, tuple[str, Any, str]] = {
    "$id": ("__ID__", "1", "1"),
    "$revision": ("__REVISION__", "7", "7"),
    "レコード番号": ("RECORD_NUMBER", "ORDERS-1", "ORDERS-1"),
    "件名": ("SINGLE_LINE_TEXT", " </script>“引用” ", " </script>“引用” "),
    "メモ": ("MULTI_LINE_TEXT", "一行目\n二行目", "一行目\n二行目"),
    "説明": ("RICH_TEXT", "<div>検品は<b>二名</b></div>", "<div>検品は<b>二名</b></div>"),
    "リンク": ("LINK", "https://example.com/?a=1&b", "https://example.com/?a=1&b"),
    "金額": ("NUMBER", "0012.50", "0012.50"),
    "合計": ("CALC", "-0.0000001", "-0.0000001"),
    "区分": ("RADIO_BUTTON", "至急", "至急"),
    "部門名": ("DROP_DOWN", "営業部", "営業部"),
    "ステータス": ("STATUS", "処理中", "処理中"),
    "タグ": ("CHECK_BOX", ["国内", "海外"], "国内,海外"),
    "複数": ("MULTI_SELECT", ["A"], "A"),
    "カテゴリー": ("CATEGORY", ["仕入れ", "至急"], "仕入れ,至急"),
    "担当者": ("USER_SELECT", [{"code": "suzuki", "name": "鈴木"}, {"code": "kato", "name": "加藤"}], "suzuki,kato"),
    "組織": ("ORGANIZATION_SELECT", [{"code": "sales", "name": "営業部"}], "sales"),
    "グループ": ("GROUP_SELECT", [{"code": "everyone", "name": "Everyone"}], "everyone"),
    "作業者": ("STATUS_ASSIGNEE", [{"code": "sato", "name": "佐藤"}], "sato"),
    "作成者": ("CREATOR", {"code": "kato", "name": "加藤"}, "kato"),
    "更新者": ("MODIFIER", {"code": "sato", "name": "佐藤"}, "sato"),
    "入荷日": ("DATE", "2026-11-01", "2026-11-01"),
    "時刻": ("TIME", "09:15", "09:15"),
    "予定日時": ("DATETIME", "2026-11-01T15:30:00Z", "2026-11-02 00:30:00"),
    "作成日時": ("CREATED_TIME", "2026-12-31T14:59:00Z", "2026-12-31 23:59:00"),
    "更新日時": ("UPDATED_TIME", "2026-12-31T15:00:00Z", "2027-01-01 00:00:00"),
}
NO_TEXT = {"添付": "FILE", "明細": "SUBTABLE"}
# Fields that are empty in record 2 of the stub: "", null or [], as kintone returns for each type.
EMPTY = [
    "件名", "メモ", "説明", "リンク", "金額", "合計", "部門名", "タグ", "複数", "カテゴリー",
    "担当者", "組織", "グループ", "作業者", "入荷日", "時刻", "予定日時",
]  # fmt: skip


def stub_record(number: int) -> dict[str, Any]:
    """A record of the stub as kintone's events hand it out."""
    record: dict[str, Any] = stub_for(None, lambda _: Script()).apps[45].records[number]
    return record


def variables_of(codes: list[str], **more: str) -> dict[str, Any]:
    return {"custom_variables": [{"name": f"${n}$", "field": code, **more} for n, code in enumerate(codes)]}


def values(result: Any) -> list[str]:
    return [variable["value"] for variable in body(result)["custom_variables"]]


def test_every_type_of_field_has_its_text() -> None:
    # Every field type of kintone's records is here.
    types = {cell["type"] for cell in stub_record(1).values()}
    assert types == {*(type_ for type_, *_ in FIELDS.values()), *NO_TEXT.values()}
    record = {code: {"type": type_, "value": value} for code, (type_, value, _) in FIELDS.items()}
    (result,) = started([JOB | variables_of(list(FIELDS))], [record])
    assert dict(zip(FIELDS, values(result), strict=True)) == {code: text for code, (*_, text) in FIELDS.items()}


def test_an_empty_field_sends_its_default() -> None:
    defaults = ["none", ""]
    units = [JOB | variables_of(EMPTY, default=default) for default in defaults]
    results = started(units, [stub_record(2)] * 2)
    assert [values(result) for result in results] == [[default] * len(EMPTY) for default in defaults]


@LANGUAGES
def test_a_value_that_cannot_be_sent_is_told_by_its_field_before_anything_is_sent(language: str) -> None:
    words = {
        "empty": {"ja": "が空です", "en": "is empty"},
        "no text": {"ja": "送信できない種類", "en": "of a type"},
        # The same applies to a user who may not see the field; a default does not replace it.
        "absent": {"ja": "閲覧権限がありません", "en": "permission to view"},
    }
    cases = [(code, "empty", {}) for code in EMPTY] + [(code, "no text", {}) for code in NO_TEXT]
    cases += [("非表示", "absent", {}), ("非表示", "absent", {"default": "x"})]
    record = stub_record(2)
    record.pop("非表示", None)
    # The first variable can be sent, the second cannot.
    variables = [
        {"custom_variables": [*variables_of(["区分"])["custom_variables"], {"name": "$1$", "field": code, **more}]}
        for code, _, more in cases
    ]
    results = started([JOB | each for each in variables], [record] * len(cases), language)
    for (code, case, _), result in zip(cases, results, strict=True):
        assert (code, result["started"]["state"]) == (code, "failed")
        said = result["started"]["problem"]["happened"]
        assert words[case][language] in said
        assert code in said
        assert "区分" not in said
        assert result["sent"] == []


# Time zone, the moment as kintone has it in UTC, and the time there.
MOMENTS = [
    (None, "2026-12-31T15:00:00Z", "2027-01-01 00:00:00"),
    ("Etc/UTC", "2026-12-31T15:00:00Z", "2026-12-31 15:00:00"),
    ("Asia/Kolkata", "2026-12-31T18:30:00Z", "2027-01-01 00:00:00"),
    ("America/New_York", "2026-03-08T06:59:00Z", "2026-03-08 01:59:00"),
    ("America/New_York", "2026-03-08T07:00:00Z", "2026-03-08 03:00:00"),
    ("America/New_York", "2026-11-01T05:30:00Z", "2026-11-01 01:30:00"),
    ("America/New_York", "2026-11-01T06:30:00Z", "2026-11-01 01:30:00"),
    ("America/New_York", "2026-11-01T07:30:00Z", "2026-11-01 02:30:00"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z", "2026-10-04 02:30:00"),
    ("Pacific/Kiritimati", "2026-12-31T10:00:00Z", "2027-01-01 00:00:00"),
]


@pytest.mark.parametrize("unit", [JOB, WORKFLOW], ids=["job", "workflow"])
def test_a_date_and_time_is_sent_as_the_time_of_the_units_zone(unit: dict[str, Any]) -> None:
    units = [{**unit, "context_time": {"field": "時"}, **({"time_zone": zone} if zone else {})} for zone, *_ in MOMENTS]
    results = started(units, [{"時": {"type": "DATETIME", "value": moment}} for _, moment, _ in MOMENTS])
    sent = [(body(result).get("time_zone"), body(result)["context_time"]) for result in results]
    assert sent == [(zone, time) for zone, _, time in MOMENTS]


# A field with a context time, and the sent value; None if it is not a date and time.
CONTEXT_TIMES: list[tuple[str, str | None, str | None]] = [
    ("DATE", "2026-11-22", "2026-11-22 00:00:00"),
    ("DATE", None, "2019-11-18 00:00:00"),
    ("DATETIME", "2026-11-22T15:30:00Z", "2026-11-23 00:30:00"),
    ("DATETIME", "", "2019-11-18 00:00:00"),
    ("CREATED_TIME", "2026-10-01T00:30:00Z", "2026-10-01 09:30:00"),
    ("SINGLE_LINE_TEXT", "2026-01-02 03:04:05", "2026-01-02 03:04:05"),
    ("SINGLE_LINE_TEXT", "", "2019-11-18 00:00:00"),
    ("SINGLE_LINE_TEXT", "2026-01-02", None),
    ("SINGLE_LINE_TEXT", "2026/01/02 03:04:05", None),
    ("SINGLE_LINE_TEXT", "2026-01-02 03:04:05 ", None),
    ("SINGLE_LINE_TEXT", "２０２６-01-02 03:04:05", None),
    ("MULTI_LINE_TEXT", "2026-01-02 03:04:05\n", None),
    ("TIME", "09:15", None),
    ("NUMBER", "20260102", None),
    ("RICH_TEXT", "<div>2026-01-02 03:04:05</div>", None),
]


@LANGUAGES
def test_a_context_time_from_a_field_is_a_time_or_is_refused(language: str) -> None:
    unit = WORKFLOW | {"context_time": {"field": "時", "default": "2019-11-18 00:00:00"}}
    records = [{"時": {"type": type_, "value": value}} for type_, value, _ in CONTEXT_TIMES]
    results = started([unit] * len(records), records, language)
    for (*field, sent), result in zip(CONTEXT_TIMES, results, strict=True):
        if sent:
            assert (field, body(result)) == (field, {"context_time": sent})
        else:
            assert (field, result["sent"]) == (field, [])
            said = result["started"]["problem"]["happened"]
            assert "時" in said
            assert bool(JAPANESE.search(said.replace("時", ""))) == (language == "ja")


# --- statuses

# TROCCO's status, the page's state, and its words if they differ from the state's own.
STATUSES: list[tuple[str, str, dict[str, str]]] = [
    ("queued", "queued", {"ja": "実行枠が空くのを待っています", "en": "Waiting for a free slot"}),
    ("setting_up", "running", {"ja": "準備しています", "en": "Getting ready"}),
    ("executing", "running", {}),
    ("interrupting", "running", {"ja": "停止しています", "en": "Stopping"}),
    ("Interrupting", "running", {"ja": "停止しています", "en": "Stopping"}),
    ("retry_waiting", "running", {"ja": "自動再実行を待っています", "en": "Waiting for TROCCO to retry"}),
    ("pondering", "running", {}),
    ("", "running", {}),
    ("constructor", "running", {}),
    ("succeeded", "succeeded", {}),
    ("error", "failed", {"ja": "エラーで終了しました", "en": "ended with an error"}),
    ("Error", "failed", {"ja": "エラーで終了しました", "en": "ended with an error"}),
    ("canceled", "canceled", {"ja": "キャンセルされたか、タイムアウト", "en": "canceled in TROCCO or timed out"}),
    ("skipped", "skipped", {"ja": "同じジョブが実行中", "en": "The same job"}),
    ("Skipped", "skipped", {"ja": "同じジョブが実行中", "en": "The same job is probably running"}),
]  # fmt: skip


@LANGUAGES
def test_every_status_is_told_in_the_users_language(language: str) -> None:
    states = run(STARTED, *(job_is(status) for status, *_ in STATUSES), language=language)["states"]
    for (status, state, words), told in zip(STATUSES, states, strict=True):
        assert (status, told["state"]) == (status, state)
        said = told["problem"]["happened"] if told["problem"] else told["doing"]
        assert words.get(language, "") in said
        assert bool(said) == bool(words)
        assert bool(JAPANESE.search(said)) == (bool(words) and language == "ja")


def test_times_are_the_services_own_and_only_those_that_are_known() -> None:
    moment = datetime(2026, 3, 1, 1, 15, 30, 123000, tzinfo=UTC).timestamp() * 1000
    answers: list[tuple[dict[str, Any], Any]] = [
        ({}, None),
        ({"started_at": None, "finished_at": None}, None),
        ({"started_at": "", "finished_at": 5}, None),
        ({"started_at": "2026-03-01T10:15:30.123+09:00"}, moment),
        ({"started_at": "2026-03-01T01:15:30.123Z"}, moment),
    ]
    states = run(STARTED, *(job_is("succeeded", **times) for times, _ in answers))["states"]
    assert [told["times"]["started"] for told in states] == [start for _, start in answers]
    assert {told["times"]["finished"] for told in states} == {None}


def test_a_job_that_ends_before_it_starts_has_no_duration() -> None:
    moments = ["2026-03-01T10:15:30Z", "2026-03-01T10:15:31Z"]
    first, second = (job_is("succeeded", started_at=one, finished_at=other) for one, other in (moments, moments[::-1]))
    assert [told.get("took") for told in run(STARTED, first, second)["states"]] == [1000, None]


# --- errors

# The text under "Details", by the name of the error.
DETAILS = {
    "unauthorized": "401 Not Authorized",
    "unauthorized-empty": "401",
    "forbidden": "403 Not Authorized",
    "forbidden-error": "403 Not Authorized",
    "not-found": "404 Not found",
    "bad-request": "400 Bad request. Please check your request payload\njob_definition_id: を入力してください",
    "bad-request-message": "400 リクエストが正しくありません",
    "bad-request-error": "400 Bad request",
    "bad-request-empty": "400",
    "bad-request-control-character": "400 Bad request",
    "invalid": "422 Validation failed",
    "rate": "429 Too Many Requests",
    "server-error": "500 <!DOCTYPE html><title>500</title><h1>Internal Server Error</h1>",
    "server-error-empty": "500",
    "ok-empty": "200",
    # The text of a success is never shown, because in other calls it contains a token.
    "ok-not-json": "200",
}


def is_refusal(name: str) -> bool:
    return 400 <= ERRORS[name].status < 500


def check_words(problem: dict[str, str], name: str, language: str) -> None:
    words = f"{problem['happened']} {problem['ran']} {problem['advice']}"
    assert bool(JAPANESE.search(words)) == (language == "ja"), name
    assert all(problem.values()), name
    own = DETAILS[name].partition(" ")[2]
    assert not own or own not in words
    assert problem["details"] == DETAILS[name]


@LANGUAGES
def test_every_error_of_a_start_is_told_in_the_users_language(language: str) -> None:
    results = drive(unit_of(JOB), [[error(name)] for name in ERRORS], language=language)
    for name, result in zip(ERRORS, results, strict=True):
        assert (name, result["started"]["state"]) == (name, "failed" if is_refusal(name) else "unknown")
        check_words(result["started"]["problem"], name, language)
        if language == "ja":
            assert result["started"]["problem"]["ran"] == (NOTHING_RAN if is_refusal(name) else MAYBE)


@LANGUAGES
def test_every_error_of_a_question_is_told_in_the_users_language(language: str) -> None:
    names = [name for name in ERRORS if name != "rate"]  # Of a question it is no end.
    states = run(STARTED, *map(error, names), language=language)["states"]
    for name, told in zip(names, states, strict=True):
        # A refusal is final; other answers may have been lost on their way.
        assert (name, told["again"]) == (name, not is_refusal(name))
        check_words(told["problem"], name, language)
        if language == "ja":
            assert told["problem"]["ran"] == UNDER_WAY


@LANGUAGES
def test_the_words_tell_the_errors_apart(language: str) -> None:
    statuses = [400, 401, 403, 404, 422, 500, 418]
    starts = drive(unit_of(JOB), [[answer(status)] for status in [*statuses, 429]], language=language)
    said_at_start = [result["started"]["problem"]["happened"] for result in starts]
    states = run(STARTED, *map(answer, statuses), language=language)["states"]
    said_later = [told["problem"]["happened"] for told in states]
    # For a wrong request or an unknown job, the settings are wrong, whatever the user does.
    assert said_at_start[0] == said_at_start[3]
    assert len(set(said_at_start)) == len(said_at_start) - 1
    advice = starts[1]["started"]["problem"]["advice"]
    assert re.search({"ja": "APIキー.*IPアドレス", "en": "API key.*IP address"}[language], advice)
    # The key has just started the job, so it is valid, but it may not read the job.
    assert said_later.pop(1) == said_later[1]
    assert len(set(said_later)) == len(said_later) - 1


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ('{"error": "first", "message": "second"}', "418 first"),
        ('{"errors": [{"attribute": "a", "message": "b"}, {"attribute": "x", "message": "y"}]}', "418 a: b\nx: y"),
        ('{"error": {"code": 1}, "message": "second"}', "418 second"),
        ('{"error": {"code": 1}}', '418 {"error": {"code": 1}}'),
        ('{"errors": [{"message": "b"}, {"attribute": "x", "message": {}}]}', "418 b\nx"),
        ('{"errors": ["text", null, {}, 5]}', '418 {"errors": ["text", null, {}, 5]}'),
        ('{"reason": "<b>no</b>"}', '418 {"reason": "<b>no</b>"}'),
        ('["no"]', '418 ["no"]'),
        ("no <b>way</b>", "418 no <b>way</b>"),
    ],
)  # fmt: skip
def test_an_undocumented_error_is_shown_as_it_is(body: str, details: str) -> None:
    told = run(answer(418, body))["started"]
    assert told["state"] == "failed"
    assert told["problem"]["details"] == details


def test_raw_control_characters_in_an_answer_do_not_hide_the_job() -> None:
    text = json.dumps({"id": 77, "job_definition_name": "売上|取込", "status": "succeeded"})
    for character in ("\x00", "\x0b", "\n", "\x1f"):
        raw = answer(body=text.replace("|", character))
        result = run(raw, raw)
        assert result["started"]["handle"] == {"id": 77}
        assert [told["state"] for told in result["states"]] == ["succeeded"]


# --- lost answers to the start: it may run, but that is unknown

LOST: Mapping[str, dict[str, Any]] = {
    "lost": rejection('{"code": "GAIA_PR01", "id": "x", "message": "タイムアウト"}'),
    "lost with nothing": rejection(),
    "rejected": rejection(HTML),
    "500": answer(500),
    "502 with HTML": answer(502, HTML),
    "503 with JSON": answer(503, '{"message": "busy"}'),
    "408": answer(408),
    "302": answer(302, headers={"Location": "https://trocco.io/users/sign_in"}),
    "204": answer(204),
    "200 without an id": answer(body='{"status": "queued"}'),
    "200 with null": answer(body='{"id": null, "status": "queued"}'),
    "200 with a list": answer(body="[1]"),
    "half an answer": answer(body='{"id": 1, "job_defi'),
}


def test_a_lost_answer_is_unknown_and_the_start_is_never_repeated() -> None:
    results = drive(unit_of(JOB), [[lost] for lost in LOST.values()])
    for name, result in zip(LOST, results, strict=True):
        assert (name, result["started"]["state"]) == (name, "unknown")
        assert "応答がありませんでした" in result["started"]["problem"]["happened"]
        assert result["started"]["problem"]["ran"] == MAYBE
        assert [sent["method"] for sent in result["sent"]].count("POST") == 1


@pytest.mark.parametrize("job_id", ["../../job_definitions/99/jobs?", "1/2", "", "-1", "1.5", "４２"])
def test_an_id_that_is_none_does_not_become_an_address(job_id: str) -> None:
    (told,) = drive(unit_of(JOB), [[answer(body=json.dumps({"id": job_id})), answer(body='{"items": []}')]])
    assert told["started"]["state"] == "unknown"
    assert not [sent for sent in told["sent"] if job_id and job_id in sent["url"]]


def test_a_start_that_never_left_ran_nothing_and_is_not_looked_for() -> None:
    (told,) = drive(unit_of(JOB), [[NOT_SENT]], language="en")
    assert (told["started"]["state"], told["started"]["problem"]["ran"]) == ("failed", "Nothing was run.")
    assert told["started"]["problem"]["happened"] == "Could not connect to TROCCO."
    assert told["started"]["problem"]["details"] == "no way out"
    assert len(told["sent"]) == 1


def test_a_lost_status_may_be_asked_for_again() -> None:
    lost = {name: one for name, one in LOST.items() if '"status"' not in one.get("body", "")}
    states = run(STARTED, *lost.values())["states"]
    assert [(name, told["again"]) for name, told in zip(lost, states, strict=True)] == [(name, True) for name in lost]


# --- how many requests TROCCO allows


def limits(limit: int, remaining: int, reset: object) -> dict[str, str]:
    return {
        "X-Rate-Limit-Limit": str(limit),
        "X-Rate-Limit-Remaining": str(remaining),
        "X-Rate-Limit-Reset": str(reset),
    }


@pytest.mark.parametrize(
    ("status", "headers", "waits"),
    [
        # Until the limit is reset, and a second for clocks that differ; without a usable time a minute, at most ten.
        (429, limits(100, 0, int(NOW) + 90), 91_000),
        (429, {}, 60_000),
        (429, {"X-Rate-Limit-Reset": "soon"}, 60_000),
        (429, {"X-Rate-Limit-Reset": "99999999999"}, 600_000),
        (429, limits(100, 0, int(NOW) - 90), 60_000),
        # Down to a fifth, enough requests are left; below, they are spread over the time.
        (200, limits(100, 100, int(NOW) + 599), 0),
        (200, limits(100, 20, int(NOW) + 599), 0),
        (200, limits(100, 19, int(NOW) + 599), 30_000),
        (200, limits(100, 0, int(NOW) + 599), 600_000),
        (200, limits(100, 0, int(NOW) - 1), 0),
        (200, limits(100, -1, int(NOW) + 599), 600_000),
        (200, {}, 0),
    ],
)
def test_the_page_waits_as_long_as_the_limit_says(status: int, headers: dict[str, str], waits: int) -> None:
    for spelled in (headers, {name.lower(): value for name, value in headers.items()}):
        (told,) = run(STARTED, answer(status, '{"id": 1, "status": "executing"}', spelled))["states"]
        assert told["state"] == "running"
        assert told["wait"] == waits
        assert ("混み合っている" in told["doing"]) == (status == 429)
