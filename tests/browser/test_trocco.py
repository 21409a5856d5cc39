"""TROCCO's jobs and workflows on the built page, one click for each kind of outcome. tests/test_trocco_answers.py tests
the requests for each record, and each status and error."""

import json
import re
from itertools import pairwise
from typing import Any

from playwright.sync_api import expect

from generator.stub.proxy import Fault
from generator.stub.services.trocco.errors import ERRORS
from generator.stub.services.trocco.jobs import Definition
from generator.stub.tenant import Stub
from generator.stub.wire import Request
from tests.browser.record_page import RecordPage, Serve
from tests.conftest import HTML, config_of

KEY = "fake-trocco-api-key"
# The ID that RecordPage uses by default.
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
# As the heading says, nothing has failed, because nothing ran.
NOTHING_RAN = "実行できませんでした"


def click(page: RecordPage, unit_id: str = "recalculate") -> None:
    """Starts a unit that asks no question."""
    page.button(unit_id).click()
    page.begun(unit_id)


def definition(stub: Stub, unit: dict[str, Any]) -> Definition:
    if unit["service"] == "trocco-job":
        return stub.services["trocco"].japan.job_definitions[123]
    return stub.services["trocco"].japan.pipeline_definitions[45]


def link(page: RecordPage, unit_id: str = "recalculate") -> str | None:
    """The address of the link into TROCCO; None without a link."""
    found = page.line(unit_id).locator("a")
    return found.get_attribute("href") if found.count() else None


def asked(page: RecordPage, call: str) -> int:
    """How many requests of this kind were sent out."""
    return sum(sent.call == call for sent in page.stub.requests)


def answer(call: str, name: str, times: int | None = 1) -> Fault:
    error = ERRORS[name]
    return Fault(call, "answer", status=error.status, body=error.body, headers=error.headers, times=times)


def job_says(status: str, **more: Any) -> Fault:
    """Every question about the job is answered so."""
    return Fault("job", "answer", body=json.dumps({"id": 1, "status": status, **more}), times=None)


def request_by_others(stub: Stub, method: str, path: str) -> None:
    """A job that this page did not start."""
    stub.services["trocco"].japan.answer(
        Request(method, f"https://trocco.io/api/{path}", {"Authorization": f"Token {KEY}"})
    )


# --- the way of a run


def test_a_run_is_watched_from_the_click_to_success_and_sent_as_it_was_configured(serve_config: Serve) -> None:
    names = ["$a$", "$b$"]
    variables = [{"name": name, "field": "部門名"} for name in names] + [{"name": "$c$", "value": "x"}]
    fields = {
        **JOB,
        "id": "fields",
        "confirm": True,
        "custom_variables": variables,
        "context_time": {"field": "入荷日"},
    }
    unsendable = [{"name": "$0$", "field": "区分"}, {"name": "$1$", "field": "添付"}]
    page = serve_config(
        config_of({**JOB, **SEED, "confirm": True}, fields, {**JOB, "id": "unsendable", "custom_variables": unsendable})
    ).open()
    assert link(page) is None
    # The confirmation names each field that is sent once.
    page.ask("fields")
    expect(page.dialog).to_contain_text("TROCCOに送信する値：\n部門名：営業部\n入荷日：2026-11-01キャンセル")
    page.page.keyboard.press("Escape")
    expect(page.dialog).to_have_count(0)
    # A value that cannot be sent is reported with its field before anything is sent.
    click(page, "unsendable")
    assert page.state("unsendable") == "failed"
    assert "添付" in page.status("unsendable")
    assert "区分" not in page.status("unsendable")
    assert page.button("unsendable").is_enabled()
    assert page.stub.requests == []
    emulated = definition(page.stub, JOB)
    emulated.queue_seconds = emulated.setup_seconds = 4
    page.start()
    seen = []
    for _ in range(24):
        state = page.state()
        seen.append((state, page.status()) if state != "succeeded" else (state, ""))
        assert page.status() != ""
        assert page.is_busy() == (state != "succeeded")
        page.advance(1)
    changes = [seen[0], *(after for before, after in pairwise(seen) if after != before)]
    assert changes == [
        ("queued", "開始を待っています…"),
        ("queued", "TROCCOの実行枠が空くのを待っています…"),
        ("running", "実行を準備しています…"),
        ("running", "実行中です…"),
        ("succeeded", ""),
    ]
    sent = [sent.request for sent in page.stub.requests]
    assert [(request.method, request.url) for request in sent] == [
        ("POST", "https://trocco.io/api/jobs?job_definition_id=123"),
        *[("GET", "https://trocco.io/api/jobs/1")] * (len(sent) - 1),
    ]
    assert json.loads(sent[0].body) == SEED
    (job,) = page.stub.services["trocco"].japan.jobs
    assert job.context_time.isoformat() == "2019-11-18T00:00:00+09:00"
    assert job.custom_variables == (("$ad_id$", "A0000"),)


def test_a_full_plan_makes_a_job_wait_and_one_that_runs_already_is_skipped_and_not_started_again(
    serve_config: Serve,
) -> None:
    page = serve_config(config_of(JOB)).open()
    trocco = page.stub.services["trocco"].japan
    # The answer to the start says so, or the one after it.
    for number, in_answer in ((2, False), (4, True)):
        trocco.switches.skipped_in_answer = in_answer
        request_by_others(page.stub, "POST", "jobs?job_definition_id=123")
        click(page)
        expect(page.unit()).to_have_attribute("data-state", re.compile("queued|skipped"))
        page.settle()
        page.advance(60, step=15)
        assert page.state() == "skipped"
        assert "実行中の可能性" in page.status()
        assert link(page) == f"https://trocco.io/jobs/{number}"
        assert asked(page, "start") == number / 2
    # The link to a job disappears when the next start is refused.
    page.stub.proxy.faults.append(answer("start", "forbidden"))
    click(page)
    assert page.state() == "failed"
    assert link(page) is None
    page.advance(60, step=60)
    trocco.slots = 1
    trocco.job_definitions[7] = Definition(7, "another", seconds=120)
    request_by_others(page.stub, "POST", "jobs?job_definition_id=7")
    click(page)
    expect(page.unit()).to_have_attribute("data-state", "queued")
    page.settle()
    page.advance(100, step=20)
    assert page.state() == "queued"
    assert "実行枠" in page.status()
    page.advance(60, step=10)
    assert page.state() == "succeeded"


def test_a_reload_goes_on_following_the_job_keeps_no_key_and_leads_to_trocco(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    # A fault holds the end back while the page is being loaded, which takes a minute of the stopped clock.
    page.stub.proxy.faults.append(job_says("executing", job_definition_name="売上"))
    click(page)
    page.advance(5, step=5)
    when = page.line().locator(".rb-when")
    expect(when).to_contain_text(" · TROCCOのジョブ：売上")
    kept = page.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert '\\"id\\":1' in kept
    assert KEY not in kept
    page.open(lang="en")
    assert page.state() == "running"
    page.advance(5, step=5)
    expect(when).to_contain_text(" · TROCCO job: 売上")
    assert link(page) == "https://trocco.io/jobs/1"
    page.open_details()
    there = page.line().get_by_role("link")
    assert there.inner_text() == "Open the job in TROCCO"
    assert there.get_attribute("target") == "_blank"
    assert there.get_attribute("rel") == "noopener noreferrer"
    page.stub.proxy.faults.clear()
    page.advance(60, step=20)
    assert page.state() == "succeeded"
    assert asked(page, "start") == 1


def test_a_phone_starts_and_follows_a_run(serve_config: Serve) -> None:
    page = serve_config(config_of({**JOB, "confirm": True}))
    page.page.set_viewport_size({"width": 375, "height": 700})
    definition(page.stub, JOB).outcome = "skipped"
    page.open("/k/m/45/show?record=1").start()
    page.advance(5, step=5)
    assert page.state() == "skipped"
    assert "スキップ" in page.status()
    expect(page.line().get_by_role("link")).to_be_visible()
    page.details()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 375
    definition(page.stub, JOB).outcome = "succeeded"
    page.start()
    page.advance(30, step=10)
    assert page.state() == "succeeded"
    page.page.set_viewport_size({"width": 1280, "height": 900})


# --- how it ends


def test_an_end_without_success_says_why_and_leads_to_trocco_and_a_retried_workflow_is_followed_on(
    serve_config: Serve,
) -> None:
    partly = "一部だけが更新されている可能性があります。"
    ends: list[tuple[Any, str, str]] = [
        ("error", "failed", partly),
        ("canceled", "canceled", partly),
        ("skipped", "skipped", "スキップされました"),
    ]
    page = serve_config(config_of(WORKFLOW)).open()
    emulated = definition(page.stub, WORKFLOW)
    for number, (outcome, state, says) in enumerate(ends, 1):
        emulated.outcome = outcome
        click(page)
        page.advance(30, step=10)
        assert (outcome, page.state()) == (outcome, state)
        assert says in page.line().inner_text()
        assert page.details() == outcome
        assert link(page) == f"https://trocco.io/pipeline_jobs/{number}"
        assert page.button().is_enabled()
        assert asked(page, "start") == number
    emulated.outcome, emulated.retries = "succeeded", 1
    click(page)
    page.advance(40, step=5)
    assert page.state() == "running"
    assert "再実行" in page.status()
    page.advance(60, step=10)
    assert page.state() == "succeeded"


def test_the_end_is_troccos_in_the_users_time_zone_and_times_that_are_not_known_are_not_shown(
    serve_config: Serve,
) -> None:
    # The browser's own time zone is Asia/Tokyo.
    zone = "'America/New_York'"
    other_user = f"const user = kintone.getLoginUser(); kintone.getLoginUser = () => ({{...user, timezone: {zone}}});"
    page = serve_config(config_of(JOB), before=other_user).open()
    moment = "2026-03-01T10:15:30.123+09:00"
    page.stub.proxy.faults.append(job_says("executing", started_at=moment))
    click(page)
    page.advance(1)
    when = page.line().locator(".rb-when")
    expect(when).not_to_contain_text("終了")
    page.stub.proxy.faults.clear()
    page.stub.proxy.faults.append(job_says("succeeded", started_at=moment, finished_at="2026-03-01T01:20:30Z"))
    page.advance(5, step=5)
    expect(when).to_contain_text("2026-02-28 20:20 終了")
    page.stub.proxy.faults.clear()
    page.stub.proxy.faults.append(job_says("succeeded", started_at=None, finished_at=""))
    click(page)
    page.advance(10, step=5)
    assert page.state() == "succeeded"
    expect(when).not_to_contain_text("20:20")
    assert not re.search("Invalid|NaN|1970", page.line().inner_text())


# --- errors


def test_a_start_that_trocco_refuses_ran_nothing_and_a_key_that_may_start_but_not_read_leaves_a_link(
    serve_config: Serve,
) -> None:
    page = serve_config(config_of(JOB)).open()
    trocco = page.stub.services["trocco"].japan
    keys = dict(trocco.api_keys)
    trocco.api_keys.clear()
    click(page)
    expect(page.unit()).to_have_attribute("data-state", "failed")
    # It is not repeated.
    page.advance(1800, step=600)
    assert page.state() == "failed"
    assert NOTHING_RAN in page.line().inner_text()
    assert page.details() == "401 Not Authorized"
    assert link(page) is None
    assert len(page.stub.requests) == 1
    assert trocco.jobs == []
    trocco.api_keys.update(keys)
    trocco.api_keys[KEY].may_read = False
    click(page)
    # Time moves only once the start is answered.
    expect(page.unit()).to_have_attribute("data-state", "queued")
    page.settle()
    page.advance(600, step=60)
    assert page.state() == "unknown"
    assert "このAPIキーでは実行状況を確認できません" in page.status()
    assert link(page) == "https://trocco.io/jobs/1"
    assert len(page.stub.requests) == 3
    trocco.api_keys[KEY].may_read = True
    page.resume()
    page.advance(30, step=10)
    assert page.state() == "succeeded"
    assert asked(page, "start") == 2


# --- lost answers to the start: it may run, but that is unknown


def test_a_lost_status_is_asked_for_again_and_a_start_with_a_lost_answer_is_never_repeated(
    serve_config: Serve,
) -> None:
    page = serve_config(config_of(JOB)).open()
    trocco = page.stub.services["trocco"].japan
    page.stub.proxy.faults.append(Fault("job", "answer", status=502, body=HTML, times=4))
    click(page)
    page.advance(60, step=10)
    assert page.state() == "succeeded"
    assert asked(page, "start") == 1
    trocco.job_definitions[123].parallel = True
    fired = len(page.stub.proxy.fired)
    page.stub.proxy.faults.append(Fault("start", "lost", times=None))
    click(page)
    while len(page.stub.proxy.fired) == fired:
        page.page.evaluate("navigator.locks.query()")
    page.settle()
    page.advance(3600, step=900)
    assert page.state() == "unknown"
    assert "応答がありませんでした" in page.status()
    assert "始まっている可能性があります" in page.line().inner_text()
    assert link(page) == "https://trocco.io"
    assert len(page.stub.proxy.fired) == fired + 1
    assert len(trocco.jobs) == 2
    # Another start needs confirmation, even if the unit asks no question.
    page.button().click()
    expect(page.dialog).to_contain_text("終わっていない可能性があります")
    assert len(page.stub.proxy.fired) == fired + 1


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


# --- how many requests TROCCO allows


def test_a_refused_status_question_waits_until_the_limit_is_reset(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    page.stub.services["trocco"].japan.limit = 1
    click(page)
    # Time moves only once the start is answered.
    expect(page.unit()).to_have_attribute("data-state", "queued")
    page.settle()
    page.advance(590, step=118)
    # TROCCO's count begins again ten minutes after the start.
    assert [sent.response.status for sent in page.stub.requests] == [200, 429]
    assert page.state() == "running"
    assert "混み合っている" in page.status()
    page.stub.services["trocco"].japan.limit = 100
    page.advance(20, step=2)
    assert page.state() == "succeeded"
    assert [sent.response.status for sent in page.stub.requests] == [200, 429, 200]
    # Coming back to the page does not cut the wait short.
    jobs = asked(page, "job")
    page.stub.proxy.faults.append(Fault("job", "answer", status=429))
    click(page)
    page.advance(10, step=10)
    page.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.advance(10, step=10)
    assert asked(page, "job") == jobs + 1
    page.advance(60, step=20)
    assert asked(page, "job") > jobs + 1
