"""Values that the user types at the click: the form in kintone's dialog, by keyboard alone, and what is sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.record_page import RecordPage, Serve
from tests.conftest import config_of

PATHS = {"desktop": ("/k/45/show#record=1", 1280), "phone": ("/k/m/45/show?record=1", 390)}
MONTH: dict[str, Any] = {
    **{"name": "month", "label": {"ja": "対象月", "en": "Month"}, "required": True},
    **{"pattern": r"\d{4}-\d{2}", "example": "2026-11"},
}
MODE: dict[str, Any] = {
    **{"name": "mode", "label": {"ja": "範囲", "en": "Range"}, "type": "choice", "default": "diff"},
    "choices": [{"value": "full", "label": {"ja": "全件", "en": "All"}}, {"value": "diff", "label": "差分"}],
}
DAY: dict[str, Any] = {
    **{"name": "day", "label": {"ja": "締め日", "en": "Closing day"}, "type": "date", "required": True},
    **{"default": {"field": "入荷日"}, "min": "2026-11-01"},
}
RATE: dict[str, Any] = {"name": "rate", "label": {"ja": "割引率", "en": "Discount"}, "type": "number", "max": 100}
JOB: dict[str, Any] = {
    **{"id": "recalculate", "service": "trocco-job", "job_definition_id": 123, "api_key": "fake-trocco-api-key"},
    "label": {"ja": "再集計", "en": "Recalculate"},
    "ask": [MONTH, MODE, DAY, RATE],
    "custom_variables": [{"name": f"${name}$", "ask": name} for name in ("month", "mode", "rate")],
    "context_time": {"ask": "day"},
}


def field(page: RecordPage, label: str) -> Locator:
    return page.dialog.get_by_label(label)


def open_form(page: RecordPage, label: str = "対象月") -> None:
    """Presses the button by keyboard; the first field has the focus then."""
    page.button().focus()
    page.page.keyboard.press("Enter")
    expect(field(page, label)).to_be_focused()


def bodies(page: RecordPage, end: str = "job_definition_id=123") -> list[Any]:
    return [json.loads(sent.request.body) for sent in page.stub.proxy.sent if end in sent.request.url]


@pytest.mark.parametrize("way", PATHS)
def test_by_keyboard_alone_the_values_are_typed_shown_and_sent_and_a_cancel_leaves_no_trace(
    serve_config: Serve, window: Callable[[int, int], None], way: str
) -> None:
    path, width = PATHS[way]
    window(width, 900)
    job = serve_config(config_of(JOB)).open(path)
    keyboard = job.page.keyboard

    def stored() -> str:
        found: str = job.page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
        return found

    before = stored()
    for cancel in ("Escape", "キャンセル", "閉じる", "the question after it"):
        open_form(job)
        # Each click begins anew.
        expect(field(job, "対象月")).to_have_value("")
        keyboard.type("2026-12")
        if cancel == "the question after it":
            keyboard.press("Enter")
            expect(job.dialog).to_contain_text("対象月：2026-12")
        if cancel in ("キャンセル", "閉じる"):
            job.dialog.get_by_role("button", name=cancel).click()
        else:
            keyboard.press("Escape")
        expect(job.dialog).to_have_count(0)
        expect(job.unit()).to_have_attribute("data-state", "idle")
        assert job.stub.proxy.sent == []
        assert stored() == before
    open_form(job)
    expect(field(job, "締め日")).to_have_value("2026-11-01")
    expect(field(job, "範囲")).to_have_value("diff")
    keyboard.type("2026-12")
    keyboard.press("Tab")
    keyboard.press("ArrowUp")
    expect(field(job, "範囲")).to_have_value("full")
    field(job, "割引率").focus()
    keyboard.type("１２．５")
    keyboard.press("Enter")
    expect(job.dialog).to_contain_text("対象月：2026-12\n範囲：全件\n割引率：12.5\n締め日：2026-11-01")
    assert bodies(job) == []
    job.confirm_by_keyboard()
    job.begun()
    assert bodies(job) == [
        {
            "context_time": "2026-11-01 00:00:00",
            "custom_variables": [
                {"name": "$month$", "value": "2026-12"},
                {"name": "$mode$", "value": "full"},
                {"name": "$rate$", "value": "12.5"},
            ],
        }
    ]
    job.advance(60, step=20)
    open_form(job)
    keyboard.press("Enter")
    expect(field(job, "対象月")).to_have_attribute("aria-invalid", "true")
    job.page.clock.resume()
    assert violations(job.page, ".rb-form") == []


def test_a_key_that_is_held_down_opens_the_form_and_does_not_answer_it(serve_config: Serve) -> None:
    page = serve_config(config_of({**JOB, "ask": [DAY], "custom_variables": [], "confirm": False})).open()
    page.button().focus()
    page.page.keyboard.down("Enter")
    expect(field(page, "締め日")).to_be_focused()
    page.page.keyboard.down("Enter")
    expect(page.unit()).to_have_attribute("data-state", "confirming")
    page.page.keyboard.up("Enter")
    page.page.keyboard.press("Enter")
    page.begun()
    assert len(bodies(page)) == 1


BAD = [
    ("対象月", "", "対象月は2026-11の形式で入力してください。", "2026-12"),
    ("対象月", "12月", "対象月は2026-11の形式で入力してください。", "2026-12"),
    ("対象月", "2026-12 以降", "対象月は2026-11の形式で入力してください。", " 2026-12 "),
    ("割引率", "ten", "割引率には数値を入力してください。", "10"),
    ("割引率", "100.1", "割引率には100以下の数値を入力してください。", "-3.5"),
    ("締め日", "", "締め日を入力してください。", "2026-11-02"),
    ("締め日", "2026-10-31", "締め日には2026-11-01以降の日付を入力してください。", "2026-11-30"),
]


def test_a_mistake_is_told_at_its_field_and_nothing_goes_on(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    open_form(page)
    # What ends the input of Japanese is no answer.
    for told in ("isComposing: true", "keyCode: 229"):  # Safari's way is the second.
        event = f"new KeyboardEvent('keydown', {{ key: 'Enter', {told}, bubbles: true }})"
        field(page, "対象月").evaluate(f"it => it.dispatchEvent({event})")
    expect(page.dialog.locator(".rb-wrong:visible")).to_have_count(0)
    field(page, "対象月").fill("2026-12")
    for label, bad, words, good in BAD:
        field(page, label).fill(bad)
        field(page, "割引率").press("Enter")
        expect(field(page, label)).to_be_focused()
        expect(field(page, label)).to_have_attribute("aria-invalid", "true")
        expect(field(page, label)).to_have_accessible_description(words)
        expect(page.dialog.get_by_text(words)).to_be_visible()
        # By mouse as by keyboard.
        page.dialog.get_by_role("button", name="次へ").click()
        expect(page.dialog.get_by_text(words)).to_be_visible()
        assert page.stub.proxy.sent == []
        assert page.state() == "confirming"
        field(page, label).fill(good)
        expect(page.dialog.get_by_text(words)).to_have_count(0)
    field(page, "割引率").press("Enter")
    page.confirm_by_keyboard()
    page.begun()
    sent = json.dumps(bodies(page))
    assert [good for good in ("2026-12", "-3.5", "2026-11-30") if f'"{good}' not in sent] == []


def test_without_a_question_the_form_itself_runs_it(serve_config: Serve) -> None:
    page = serve_config(config_of({**JOB, "confirm": False})).open(lang="en")
    open_form(page, "Month")
    expect(page.dialog.get_by_role("button", name="Run", exact=True)).to_be_visible()
    page.page.keyboard.press("Enter")
    expect(field(page, "Month")).to_have_accessible_description("Enter the month in the form 2026-11.")
    page.page.keyboard.type("2026-12")
    page.page.keyboard.press("Enter")
    page.begun()
    assert bodies(page)[0]["custom_variables"][0]["value"] == "2026-12"


def test_a_run_that_another_tab_starts_meanwhile_is_seen_and_nothing_is_started(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB, {**JOB, "id": "other"})).open()
    other = page.tab()
    open_form(page)
    page.page.keyboard.type("2026-12")
    open_form(other)
    other.page.keyboard.type("2026-11")
    other.page.keyboard.press("Enter")
    other.confirm_by_keyboard()
    other.begun()
    page.page.keyboard.press("Enter")
    page.confirm_by_keyboard()
    expect(page.button()).to_have_attribute("aria-busy", "true")
    page.settle()
    assert [body["custom_variables"][0]["value"] for body in bodies(page)] == ["2026-11"]


def test_a_kintone_that_shows_no_form_is_told_and_nothing_runs(serve_config: Serve) -> None:
    page = serve_config(config_of(JOB)).open()
    for create in ("() => Promise.reject(new Error('no dialog'))", "undefined"):
        page.page.evaluate(f"kintone.createDialog = {create}; 0")
        page.button().click()
        expect(page.line()).to_contain_text("予期しないエラーが発生しました。")
        expect(page.button()).to_be_enabled()
        assert page.stub.requests == []
        page.line().get_by_role("button", name="閉じる").click()
