"""TROCCO's jobs and workflows on the built page: what is sent, what is shown of every status and every error."""

import json
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from generator.stub.proxy import Fault
from generator.stub.services.trocco.errors import ERRORS
from generator.stub.services.trocco.jobs import Definition
from generator.stub.tenant import Stub
from generator.stub.wire import Request
from tests.browser.conftest import RecordPage
from tests.conftest import config_of

Serve = Callable[..., RecordPage]

KEY = "fake-trocco-api-key"
# The id is the one that RecordPage asks for where none is given.
JOB: dict[str, Any] = {
    "id": "recalculate",
    "service": "trocco-job",
    "job_definition_id": 123,
    "api_key": KEY,
    "confirm": False,
}
WORKFLOW: dict[str, Any] = {
    "id": "recalculate",
    "service": "trocco-workflow",
    "pipeline_definition_id": 45,
    "api_key": KEY,
    "confirm": False,
}
SEED: dict[str, Any] = {
    "context_time": "2019-11-18 00:00:00",
    "custom_variables": [{"name": "$ad_id$", "value": "A0000"}],
}
# A unit, the address of its starts and of its first job.
KINDS = pytest.mark.parametrize(
    ("unit", "started_at", "first_job"),
    [
        (JOB, "/api/jobs?job_definition_id=123", "/jobs/1"),
        (WORKFLOW, "/api/pipeline_jobs?pipeline_definition_id=45", "/pipeline_jobs/1"),
    ],
    ids=["job", "workflow"],
)
LANGUAGES = pytest.mark.parametrize("language", ["ja", "en"])
HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><script>throw 1</script></body></html>"
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
NOTHING_RAN = "何も実行されていません。"


def click(page: RecordPage, unit_id: str = "recalculate") -> None:
    """Starts a unit that asks no question."""
    page.button(unit_id).click()
    page.begun(unit_id)


def definition(stub: Stub, unit: dict[str, Any]) -> Definition:
    if unit["service"] == "trocco-job":
        return stub.services["trocco"].japan.job_definitions[123]
    return stub.services["trocco"].japan.pipeline_definitions[45]


def start_anyway(page: RecordPage) -> None:
    """Starts a unit that asks a question after an unknown outcome alone."""
    if page.state() == "unknown":
        page.start()
    else:
        click(page)


def link(page: RecordPage, unit_id: str = "recalculate") -> str | None:
    """Where the link into TROCCO leads; None where there is none."""
    found = page.unit(unit_id).get_by_role("link")
    return found.get_attribute("href") if found.is_visible() else None


def asked(page: RecordPage, call: str) -> int:
    """How many requests of this kind were sent out."""
    return sum(sent.call == call for sent in page.stub.requests)


def bodies(page: RecordPage) -> list[Any]:
    """What the starts said."""
    return [json.loads(sent.request.body) for sent in page.stub.requests if sent.call == "start"]


def answer(call: str, name: str, times: int | None = 1) -> Fault:
    error = ERRORS[name]
    return Fault(call, "answer", status=error.status, body=error.body, headers=error.headers, times=times)


def job_says(status: str, **more: Any) -> Fault:
    """Every question about the job is answered so."""
    return Fault("job", "answer", body=json.dumps({"id": 1, "status": status, **more}), times=None)


def request_by_others(stub: Stub, method: str, path: str) -> None:
    """One that this page knows nothing of."""
    stub.services["trocco"].japan.answer(
        Request(method, f"https://trocco.io/api/{path}", {"Authorization": f"Token {KEY}"})
    )


# --- the way of a run


@pytest.mark.parametrize("unit", [JOB, WORKFLOW], ids=["job", "workflow"])
def test_a_run_is_watched_from_the_click_to_success(serve_config: Serve, unit: dict[str, Any]) -> None:
    page = serve_config(config_of({**unit, "confirm": True})).open()
    emulated = definition(page.stub, unit)
    emulated.queue_seconds = emulated.setup_seconds = 4
    page.start()
    seen = []
    for _ in range(24):
        state = page.state()
        seen.append((state, page.status()) if state != "succeeded" else (state, ""))
        assert page.status() != ""
        assert page.button().is_enabled() == (state == "succeeded")
        page.advance(1)
    changes = [seen[0], *(after for before, after in pairwise(seen) if after != before)]
    assert changes == [
        ("queued", "順番を待っています…"),
        ("queued", "TROCCOの実行枠が空くのを待っています…"),
        ("running", "実行を準備しています…"),
        ("running", "実行中です…"),
        ("succeeded", ""),
    ]
    assert asked(page, "start") == 1


def test_a_full_plan_makes_a_job_wait_for_a_free_slot(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.services["trocco"].japan.slots = 1
    page.stub.services["trocco"].japan.job_definitions[7] = Definition(7, "another", seconds=120)
    request_by_others(page.stub, "POST", "jobs?job_definition_id=7")
    click(page)
    page.advance(100, step=10)
    assert page.state() == "queued"
    assert "実行枠" in page.status()
    page.advance(60, step=10)
    assert page.state() == "succeeded"


def test_a_reload_goes_on_following_the_job_and_keeps_no_key(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    click(page)
    page.advance(5)
    kept = page.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert '\\"id\\":1' in kept
    assert KEY not in kept
    # A fault holds the end back while the page is being loaded, which takes a minute of the stopped clock.
    page.stub.faults.add(job_says("executing"))
    page.open()
    assert page.state() == "running"
    assert link(page) == "https://trocco.io/jobs/1"
    page.stub.faults.clear()
    page.advance(60, step=10)
    assert page.state() == "succeeded"
    assert asked(page, "start") == 1


@pytest.mark.parametrize("unit", [JOB, WORKFLOW], ids=["job", "workflow"])
def test_a_phone_starts_and_follows_a_run(serve_config: Serve, unit: dict[str, Any]) -> None:
    page = serve_config(config_of({**unit, "confirm": True}))
    page.page.set_viewport_size({"width": 375, "height": 700})
    definition(page.stub, unit).outcome = "skipped"
    page.open("/k/m/45/show?record=1").start()
    page.advance(5)
    assert page.state() == "skipped"
    assert "スキップ" in page.status()
    expect(page.unit().get_by_role("link")).to_be_visible()
    page.details()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 375
    definition(page.stub, unit).outcome = "succeeded"
    page.start()
    page.advance(30, step=5)
    assert page.state() == "succeeded"
    page.page.set_viewport_size({"width": 1280, "height": 900})


# --- what is sent


@KINDS
@pytest.mark.parametrize("host", ["https://trocco.io", "https://kr.trocco.io"])
def test_the_requests_are_those_of_the_api_reference(
    serve_config: Serve, unit: dict[str, Any], started_at: str, first_job: str, host: str
) -> None:
    page = serve_config(config_of({**unit, "base_url": host})).open()
    click(page)
    assert link(page) == f"{host}{first_job}"
    page.advance(1)
    sent = [sent.request for sent in page.stub.requests]
    assert [(request.method, request.url) for request in sent] == [
        ("POST", f"{host}{started_at}"),
        ("GET", f"{host}/api{first_job}"),
    ]
    assert [request.headers for request in sent] == [
        {"Authorization": f"Token {KEY}", "Accept": "application/json", "Content-Type": "application/json"},
        {"Authorization": f"Token {KEY}", "Accept": "application/json"},
    ]


ODD = [{"name": "$a$", "value": ""}, {"name": "$日本$", "value": '"\\\n😀&=%'}]
# What is configured beside the definition and the key, and what is sent.
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


def test_only_what_was_configured_is_sent(serve_config: Serve) -> None:
    units = [unit | {"id": f"unit-{n}"} for n, (unit, _) in enumerate(CONFIGURED)]
    page = serve_config(config_of(*units)).open()
    for unit in units:
        click(page, unit["id"])
        assert page.state(unit["id"]) == "queued"
    assert bodies(page) == [body for _, body in CONFIGURED]
    emulated = page.stub.services["trocco"].japan
    assert emulated.jobs[1].custom_variables == (("$ad_id$", "A0000"),)
    midnight = "2019-11-18T00:00:00+09:00"
    assert [job.context_time.isoformat() for job in (emulated.jobs[1], emulated.pipeline_jobs[1])] == [midnight] * 2


def test_the_confirmation_names_each_field_that_is_sent_once(serve_config: Serve) -> None:
    names = ["$a$", "$b$"]
    variables = [{"name": name, "field": "部門名"} for name in names] + [{"name": "$c$", "value": "x"}]
    unit = {**JOB, "confirm": True, "custom_variables": variables, "context_time": {"field": "入荷日"}}
    page = serve_config(config_of(unit)).open()
    page.ask()
    expect(page.dialog).to_contain_text("送信するフィールド: 部門名、入荷日")


# --- values from the record

# Each type of field, with a value as kintone has it, and what TROCCO gets.
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
# Fields that record 2 has empty: "", null or [], as kintone has it for each type.
EMPTY = [
    "件名", "メモ", "説明", "リンク", "金額", "合計", "部門名", "タグ", "複数", "カテゴリー",
    "担当者", "組織", "グループ", "作業者", "入荷日", "時刻", "予定日時",
]  # fmt: skip


def variables_of(codes: list[str], **more: str) -> dict[str, Any]:
    return {"custom_variables": [{"name": f"${n}$", "field": code, **more} for n, code in enumerate(codes)]}


def test_every_type_of_field_has_its_text(serve_config: Serve) -> None:
    page = serve_config(config_of({**JOB, **variables_of(list(FIELDS))}))
    record = page.stub.apps[45].records[1]
    assert {cell["type"] for cell in record.values()} == {*(type_ for type_, *_ in FIELDS.values()), *NO_TEXT.values()}
    for code, (type_, value, _) in FIELDS.items():
        record[code] = {"type": type_, "value": value}
    page.open()
    click(page)
    sent = [variable["value"] for variable in bodies(page)[0]["custom_variables"]]
    assert dict(zip(FIELDS, sent, strict=True)) == {code: text for code, (*_, text) in FIELDS.items()}
    # TROCCO takes texts alone.
    assert page.state() == "queued"


@pytest.mark.parametrize("default", ["none", ""])
def test_an_empty_field_sends_its_default(serve_config: Serve, default: str) -> None:
    page = serve_config(config_of({**JOB, **variables_of(EMPTY, default=default)})).open("/k/45/show#record=2")
    click(page)
    sent = [variable["value"] for variable in bodies(page)[0]["custom_variables"]]
    assert dict(zip(EMPTY, sent, strict=True)) == dict.fromkeys(EMPTY, default)


@LANGUAGES
def test_a_value_that_cannot_be_sent_is_told_by_its_field_before_anything_is_sent(
    serve_config: Serve, language: str
) -> None:
    words = {
        "empty": {"ja": "が空です", "en": "is empty"},
        "no text": {"ja": "渡せない種類", "en": "of a type"},
        "absent": {"ja": "閲覧できません", "en": "you may not see"},
    }
    cases = dict.fromkeys(EMPTY, "empty") | dict.fromkeys(NO_TEXT, "no text") | {"非表示": "absent"}
    # The first variable can be sent, the second cannot.
    units = [{**JOB, "id": f"load-{n}", **variables_of(["区分", code])} for n, code in enumerate(cases)]
    page = serve_config(config_of(*units))
    # So it is for a user who may not see the field.
    del page.stub.apps[45].records[2]["非表示"]
    page.open("/k/45/show#record=2", lang=language)
    for n, (code, case) in enumerate(cases.items()):
        click(page, f"load-{n}")
        assert page.state(f"load-{n}") == "failed"
        said = page.status(f"load-{n}")
        assert words[case][language] in said
        assert code in said
        assert "区分" not in said
        assert page.button(f"load-{n}").is_enabled()
    assert page.stub.requests == []


def test_a_default_does_not_stand_for_a_field_that_is_not_there(serve_config: Serve) -> None:
    page = serve_config(config_of({**JOB, **variables_of(["非表示"], default="x")}))
    del page.stub.apps[45].records[1]["非表示"]
    page.open()
    click(page)
    assert page.state() == "failed"
    assert "非表示" in page.status()
    assert page.stub.requests == []


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
def test_a_date_and_time_is_sent_as_the_time_of_the_units_zone(serve_config: Serve, unit: dict[str, Any]) -> None:
    units = [
        {**unit, "id": f"u{n}", "context_time": {"field": f"time-{n}"}, **({"time_zone": zone} if zone else {})}
        for n, (zone, *_) in enumerate(MOMENTS)
    ]
    page = serve_config(config_of(*units))
    for n, (_, moment, _) in enumerate(MOMENTS):
        page.stub.apps[45].records[1][f"time-{n}"]["value"] = moment
    page.open()
    for n in range(len(MOMENTS)):
        click(page, f"u{n}")
    sent = [(body.get("time_zone"), body["context_time"]) for body in bodies(page)]
    assert sent == [(zone, time) for zone, _, time in MOMENTS]


# A field that a context time is taken from, and what is sent; None where it is no date and time.
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
def test_a_context_time_from_a_field_is_a_time_or_is_refused(serve_config: Serve, language: str) -> None:
    units = [
        {**WORKFLOW, "id": f"unit-{n}", "context_time": {"field": f"time-{n}", "default": "2019-11-18 00:00:00"}}
        for n in range(len(CONTEXT_TIMES))
    ]
    cells = {f"time-{n}": {"type": type_, "value": value} for n, (type_, value, _) in enumerate(CONTEXT_TIMES)}
    with_cells = f"""kintone.events.on("app.record.detail.show", (event) => {{
      Object.assign(event.record, {json.dumps(cells)});
      return event;
    }});"""
    page = serve_config(config_of(*units), before=with_cells).open(lang=language)
    for n, (*field, sent) in enumerate(CONTEXT_TIMES):
        click(page, f"unit-{n}")
        assert (field, page.state(f"unit-{n}")) == (field, "queued" if sent else "failed")
        said = page.status(f"unit-{n}")
        assert (f"time-{n}" in said) == (sent is None)
        assert bool(JAPANESE.search(said)) == (language == "ja")
    assert bodies(page) == [{"context_time": sent} for *_, sent in CONTEXT_TIMES if sent]


# --- statuses

# TROCCO's word, the state it comes to, and what is said of it.
STATUSES = [
    ("queued", "queued", {"ja": "実行枠が空くのを待っています", "en": "Waiting for a free slot"}),
    ("setting_up", "running", {"ja": "準備しています", "en": "Getting ready"}),
    ("executing", "running", {"ja": "実行中です", "en": "Running"}),
    ("interrupting", "running", {"ja": "停止しています", "en": "Stopping"}),
    ("Interrupting", "running", {"ja": "停止しています", "en": "Stopping"}),
    ("retry_waiting", "running", {"ja": "再実行されるのを待っています", "en": "Waiting to be retried"}),
    ("pondering", "running", {"ja": "実行中です", "en": "Running"}),
    ("", "running", {"ja": "実行中です", "en": "Running"}),
    ("constructor", "running", {"ja": "実行中です", "en": "Running"}),
    ("succeeded", "succeeded", {"ja": "完了しました", "en": "Done"}),
    ("error", "failed", {"ja": "エラーで終わりました", "en": "ended with an error"}),
    ("Error", "failed", {"ja": "エラーで終わりました", "en": "ended with an error"}),
    ("canceled", "canceled", {"ja": "取り消されたか、時間切れ", "en": "canceled in TROCCO, or it ran out of time"}),
    ("skipped", "skipped", {"ja": "実行されませんでした。TROCCOが処理をスキップ", "en": "Did not run: TROCCO skipped"}),
    ("Skipped", "skipped", {"ja": "同じ処理がすでに実行中です", "en": "the same job is running already"}),
]  # fmt: skip


@LANGUAGES
def test_every_status_is_told_in_the_users_language(serve_config: Serve, language: str) -> None:
    page = serve_config(config_of(JOB)).open(lang=language)
    for status, state, words in STATUSES:
        page.stub.faults.clear()
        page.stub.faults.add(job_says(status))
        if page.button().is_enabled():
            click(page)
        # A unit that has succeeded is asked about when it usually ends.
        page.advance(60, step=30)
        assert (status, page.state()) == (status, state)
        assert words[language] in page.status()
        assert bool(JAPANESE.search(page.status())) == (language == "ja")
        assert page.button().is_enabled() == (state not in {"queued", "running"})


@KINDS
def test_an_end_without_success_says_why_and_leads_to_trocco(
    serve_config: Serve, unit: dict[str, Any], started_at: str, first_job: str
) -> None:
    del started_at
    partly = "一部だけが更新されている可能性があります。"
    ends: list[tuple[Any, str, str]] = [
        ("error", "failed", partly),
        ("canceled", "canceled", partly),
        ("skipped", "skipped", NOTHING_RAN),
    ]
    page = serve_config(config_of(unit)).open()
    for number, (outcome, state, says) in enumerate(ends, 1):
        definition(page.stub, unit).outcome = outcome
        click(page)
        page.advance(30, step=5)
        assert (outcome, page.state()) == (outcome, state)
        assert says in page.unit().inner_text()
        assert page.details() == outcome
        assert link(page) == f"https://trocco.io{first_job[:-1]}{number}"
        assert page.button().is_enabled()
        assert asked(page, "start") == number


@pytest.mark.parametrize("in_answer", [False, True])
def test_a_job_that_runs_already_is_skipped_and_not_started_again(serve_config: Serve, in_answer: bool) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.services["trocco"].japan.switches.skipped_in_answer = in_answer
    request_by_others(page.stub, "POST", "jobs?job_definition_id=123")
    click(page)
    page.advance(60, step=5)
    assert page.state() == "skipped"
    assert "すでに実行中" in page.status()
    assert link(page) == "https://trocco.io/jobs/2"
    assert asked(page, "start") == 1


def test_a_workflow_that_is_retried_is_followed_to_its_end(serve_config: Serve) -> None:
    page = serve_config(config_of(WORKFLOW)).open()
    page.stub.services["trocco"].japan.pipeline_definitions[45].retries = 1
    click(page)
    page.advance(40, step=5)
    assert page.state() == "running"
    assert "再実行" in page.status()
    page.advance(60, step=5)
    assert page.state() == "succeeded"


# --- the link and the times


@LANGUAGES
def test_the_link_opens_trocco_in_a_tab_of_its_own(serve_config: Serve, language: str) -> None:
    page = serve_config(config_of(JOB)).open(lang=language)
    assert link(page) is None
    click(page)
    there = page.unit().get_by_role("link")
    assert there.inner_text() == {"ja": "TROCCOでジョブを開く", "en": "Open the job in TROCCO"}[language]
    assert there.get_attribute("target") == "_blank"
    assert there.get_attribute("rel") == "noopener noreferrer"


def test_the_link_to_a_job_goes_when_the_next_start_is_refused(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.faults.add(job_says("succeeded"))
    click(page)
    page.advance(1)
    assert link(page) == "https://trocco.io/jobs/1"
    page.stub.faults.add(answer("start", "forbidden"))
    click(page)
    assert page.state() == "failed"
    assert link(page) is None


@pytest.mark.parametrize(
    ("zone", "day", "time"),
    [("Asia/Tokyo", "3/1", "10:15:30"), ("Asia/Kolkata", "3/1", "6:45:30"), ("America/New_York", "2/28", "20:15:30")],
)
def test_start_and_end_are_shown_in_the_users_time_zone(serve_config: Serve, zone: str, day: str, time: str) -> None:
    other_user = f"const user = kintone.getLoginUser(); kintone.getLoginUser = () => ({{...user, timezone: '{zone}'}});"
    page = serve_config(config_of(JOB), before=other_user).open()
    moment = "2026-03-01T10:15:30.123+09:00"
    page.stub.faults.add(job_says("executing", started_at=moment))
    click(page)
    page.advance(1)
    shown = page.unit().inner_text()
    assert re.search(rf"開始 2026/{day} {time}", shown)
    assert "終了" not in shown
    page.stub.faults.clear()
    page.stub.faults.add(job_says("succeeded", started_at=moment, finished_at="2026-03-01T01:20:30Z"))
    page.advance(5, step=5)
    assert re.search(rf"開始 2026/{day} {time} – 終了 2026/{day} \d+:[25]0:30", page.unit().inner_text())


@pytest.mark.parametrize("times", [{}, {"started_at": None, "finished_at": None}, {"started_at": "", "finished_at": 5}])
def test_times_that_are_not_known_are_not_shown(serve_config: Serve, times: dict[str, Any]) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.faults.add(job_says("succeeded", **times))
    click(page)
    page.advance(1)
    assert page.state() == "succeeded"
    assert not re.search("開始|終了|Invalid|NaN|1970", page.unit().inner_text())


# --- errors

# What stands behind the details, by the name of the error.
DETAILS = {
    "unauthorized": "401 Unauthorized",
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
    "ok-not-json": "200 <!DOCTYPE html><title>TROCCO</title>",
}


def is_refusal(name: str) -> bool:
    return 400 <= ERRORS[name].status < 500


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_told_in_the_users_language(serve_config: Serve, name: str) -> None:
    page = serve_config(config_of(JOB))
    for language in ("ja", "en"):
        page.open(lang=language)
        page.stub.faults.add(answer("start", name))
        click(page)
        told(page, language, "failed" if is_refusal(name) else "unknown", DETAILS[name])
        if name != "rate":  # Of a status question it is no end.
            page.stub.faults.add(answer("job", name, times=None))
            start_anyway(page)
            before = asked(page, "job")
            page.advance(70, step=10)
            told(page, language, "unknown", DETAILS[name])
            assert link(page) == f"https://trocco.io/jobs/{len(page.stub.services['trocco'].japan.jobs)}"
            # A refusal is final; other answers may have been lost on their way, and are asked for five times.
            assert asked(page, "job") - before == (1 if is_refusal(name) else 5)
        page.stub.faults.clear()
        page.forget()


def told(page: RecordPage, language: str, state: str, details: str) -> None:
    assert page.state() == state
    assert bool(JAPANESE.search(page.status())) == (language == "ja")
    assert page.button().is_enabled()
    own = details.partition(" ")[2]
    assert not own or own not in page.unit().inner_text()
    assert page.details() == details


@LANGUAGES
@pytest.mark.parametrize("call", ["start", "job"])
def test_the_words_tell_the_errors_apart(serve_config: Serve, language: str, call: str) -> None:
    page = serve_config(config_of(JOB)).open(lang=language)
    said: dict[str, int] = {}
    for status in (400, 401, 403, 404, 422, 500, 418) + ((429,) if call == "start" else ()):
        page.stub.faults.add(Fault(call, "answer", status=status, times=None))
        start_anyway(page)
        page.advance(100, step=20)
        assert page.state() == ("failed" if call == "start" and status < 500 else "unknown")
        assert page.status() not in said
        said[page.status()] = status
        page.stub.faults.clear()
    both = [words for words, status in said.items() if status == 401]
    assert re.search({"ja": "APIキー.*IPアドレス", "en": "API key.*IP address"}[language], both[0])


def without_key(stub: Stub) -> None:
    stub.services["trocco"].japan.api_keys.clear()


def from_elsewhere(stub: Stub) -> None:
    stub.services["trocco"].japan.address_blocked = True


def with_a_key_that_only_reads(stub: Stub) -> None:
    stub.services["trocco"].japan.api_keys[KEY].may_run = False


def without_definition(stub: Stub) -> None:
    stub.services["trocco"].japan.job_definitions.clear()


def with_deleted_definition(stub: Stub) -> None:
    stub.services["trocco"].japan.switches.unknown_definition = "403"
    without_definition(stub)


def beyond_the_limit(stub: Stub) -> None:
    stub.services["trocco"].japan.limit = 0


@pytest.mark.parametrize(
    ("given", "details"),
    [
        (without_key, "401 Unauthorized"),
        (from_elsewhere, "401 Unauthorized"),
        (with_a_key_that_only_reads, "403 Not Authorized"),
        (without_definition, "404 Not found"),
        (with_deleted_definition, "403 Not Authorized"),
        (beyond_the_limit, "429 Too Many Requests"),
    ],
)
def test_a_start_that_trocco_refuses_ran_nothing_and_is_not_repeated(
    serve_config: Serve, given: Callable[[Stub], None], details: str
) -> None:
    page = serve_config(config_of(JOB)).open()
    given(page.stub)
    click(page)
    page.advance(1800, step=300)
    assert page.state() == "failed"
    assert NOTHING_RAN in page.unit().inner_text()
    assert page.details() == details
    assert link(page) is None
    assert len(page.stub.requests) == 1
    assert page.stub.services["trocco"].japan.jobs == []


@KINDS
def test_a_key_that_may_start_but_not_read_leaves_a_link(
    serve_config: Serve, unit: dict[str, Any], started_at: str, first_job: str
) -> None:
    del started_at
    page = serve_config(config_of(unit)).open()
    page.stub.services["trocco"].japan.api_keys[KEY].may_read = False
    click(page)
    page.advance(600, step=60)
    assert page.state() == "unknown"
    assert "このAPIキーでは状況を確認できません" in page.status()
    assert link(page) == f"https://trocco.io{first_job}"
    assert len(page.stub.requests) == 2
    page.stub.services["trocco"].japan.api_keys[KEY].may_read = True
    page.resume()
    page.advance(30, step=5)
    assert page.state() == "succeeded"
    assert asked(page, "start") == 1


@pytest.mark.parametrize(
    ("body", "details"),
    [
        ('{"error": "first", "message": "second"}', "418 first"),
        ('{"errors": [{"attribute": "a", "message": "b"}, {"attribute": "x", "message": "y"}]}', "418 a: b\nx: y"),
        ('{"errors": ["text", null, {}, 5]}', '418 {"errors": ["text", null, {}, 5]}'),
        ('{"reason": "<b>no</b>"}', '418 {"reason": "<b>no</b>"}'),
        ('["no"]', '418 ["no"]'),
        ("no <b>way</b>", "418 no <b>way</b>"),
    ],
)  # fmt: skip
def test_an_undocumented_error_is_shown_as_it_is(serve_config: Serve, body: str, details: str) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.faults.add(Fault("start", "answer", status=418, body=body))
    click(page)
    assert page.state() == "failed"
    assert page.details() == details


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\n", "\x1f"])
def test_raw_control_characters_in_an_answer_do_not_hide_the_job(serve_config: Serve, character: str) -> None:
    page = serve_config(config_of(JOB)).open()
    body = json.dumps({"id": 77, "job_definition_name": "売上|取込", "status": "succeeded"}).replace("|", character)
    page.stub.faults.add(Fault("start", "answer", body=body), Fault("job", "answer", body=body))
    click(page)
    assert link(page) == "https://trocco.io/jobs/77"
    page.advance(1)
    assert page.state() == "succeeded"


# --- lost answers to the start: it may run, and nothing tells

LOST: Mapping[str, dict[str, Any]] = {
    "lost": {"kind": "lost", "text": '{"code": "GAIA_PR01", "id": "x", "message": "タイムアウト"}'},
    "lost with nothing": {"kind": "lost"},
    "rejected": {"kind": "reject", "text": HTML},
    "500": {"kind": "answer", "status": 500},
    "502 with HTML": {"kind": "answer", "status": 502, "body": HTML},
    "503 with JSON": {"kind": "answer", "status": 503, "body": '{"message": "busy"}'},
    "408": {"kind": "answer", "status": 408},
    "302": {"kind": "answer", "status": 302, "headers": {"Location": "https://trocco.io/users/sign_in"}},
    "204": {"kind": "answer", "status": 204},
    "200 without an id": {"kind": "answer", "body": '{"status": "queued"}'},
    "200 with null": {"kind": "answer", "body": '{"id": null, "status": "queued"}'},
    "200 with a list": {"kind": "answer", "body": "[1]"},
    "half an answer": {"kind": "answer", "body": '{"id": 1, "job_defi'},
}


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_a_lost_answer_is_unknown_and_the_start_is_never_repeated(serve_config: Serve, lost: dict[str, Any]) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.services["trocco"].japan.job_definitions[123].parallel = True
    page.stub.faults.add(Fault("start", **lost, times=None))
    click(page)
    page.advance(3600, step=600)
    assert page.state() == "unknown"
    assert "返事を受け取れませんでした" in page.status()
    assert "始まっている可能性があります" in page.unit().inner_text()
    assert link(page) == "https://trocco.io"
    assert len(page.stub.faults.fired) == 1
    assert len(page.stub.services["trocco"].japan.jobs) == (1 if lost["kind"] == "lost" else 0)
    # Another start is asked about, even where the unit asks no question.
    page.button().click()
    expect(page.dialog).to_contain_text("まだ続いているかもしれません")
    assert len(page.stub.faults.fired) == 1


def test_a_page_that_is_left_while_it_starts_a_job_starts_no_other(serve_config: Serve) -> None:
    page = serve_config(config_of(WORKFLOW)).open()
    arrived = []
    # The answer is never handed to the page.
    page.page.route("**/k/api/proxy/call.json", lambda route: arrived.append(route.fetch()), times=1)
    page.button().click()
    while not arrived:
        page.page.evaluate("navigator.locks.query()")
    assert page.state() == "starting"
    page.open()
    page.advance(600, step=120)
    assert page.state() == "unknown"
    assert link(page) == "https://trocco.io"
    assert len(page.stub.services["trocco"].japan.pipeline_jobs) == 1


@pytest.mark.parametrize("trouble", [{"kind": "lost"}, {"kind": "answer", "status": 502, "body": HTML}, LOST["408"]])
def test_a_lost_status_is_asked_for_again(serve_config: Serve, trouble: dict[str, Any]) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.faults.add(Fault("job", **trouble, times=4))
    click(page)
    page.advance(60, step=5)
    assert page.state() == "succeeded"
    assert asked(page, "start") == 1


# --- how often TROCCO may be asked


@pytest.mark.parametrize("header_case", ["original", "lower"])
def test_a_refused_status_question_waits_until_the_limit_is_reset(serve_config: Serve, header_case: Any) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.switches.header_case = header_case
    page.stub.services["trocco"].japan.limit = 1
    click(page)
    page.advance(590, step=10)
    # TROCCO counts anew ten minutes after the start.
    assert [sent.response.status for sent in page.stub.requests] == [200, 429]
    assert page.state() == "running"
    assert "混み合っている" in page.status()
    page.stub.services["trocco"].japan.limit = 100
    page.advance(20, step=2)
    assert page.state() == "succeeded"
    assert [sent.response.status for sent in page.stub.requests] == [200, 429, 200]


@pytest.mark.parametrize(
    ("reset", "waits"), [({}, 60), ({"X-Rate-Limit-Reset": "soon"}, 60), ({"X-Rate-Limit-Reset": "99999999999"}, 600)]
)
def test_a_refusal_without_a_usable_reset_still_waits_and_ends(
    serve_config: Serve, reset: dict[str, str], waits: int
) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.faults.add(Fault("job", "answer", status=429, headers=reset))
    click(page)
    page.advance(1)
    page.advance(waits - 5, step=30)
    assert asked(page, "job") == 1
    page.advance(10, step=5)
    assert page.state() == "succeeded"


def test_coming_back_to_the_page_does_not_cut_the_wait_short(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.faults.add(Fault("job", "answer", status=429))
    click(page)
    page.advance(10, step=5)
    page.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.advance(10, step=5)
    assert asked(page, "job") == 1
    page.advance(60, step=20)
    assert asked(page, "job") > 1


@pytest.mark.parametrize("header_case", ["original", "lower"])
def test_questions_become_rare_as_the_limit_comes_near(serve_config: Serve, header_case: Any) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.switches.header_case = header_case
    page.stub.services["trocco"].japan.limit = 100
    page.stub.services["trocco"].japan.job_definitions[123].seconds = 560
    click(page)
    for _ in range(90):
        request_by_others(page.stub, "GET", "jobs/1")
    page.advance(620, step=10)
    assert page.state() == "succeeded"
    assert {sent.response.status for sent in page.stub.requests} == {200}
