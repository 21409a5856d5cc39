"""A button with the reason why it cannot be used, and buttons that only some users see."""

from typing import Any

import pytest
from playwright.sync_api import expect

from generator.stub.people import MEMBERS
from tests.browser.axe import violations
from tests.browser.record_page import RecordPage, Serve
from tests.conftest import config_of

EMPTY = {"field": "件名", "filled": False, "say": {"ja": "件名が未入力です。", "en": "The title is empty."}}
DONE = {"field": "ステータス", "in": ["完了"], "say": {"ja": "このレコードは完了しています。", "en": "It is done."}}
PATHS = ["/k/45/show#record=1", "/k/m/45/show?record=1"]


@pytest.fixture
def blocked(serve_config: Serve, krewdata_unit: dict[str, Any]) -> RecordPage:
    page = serve_config(config_of({**krewdata_unit, "pages": ["detail", "edit"], "unless": [DONE, EMPTY]}))
    page.stub.apps[45].records[1]["件名"]["value"] = ""
    return page


@pytest.mark.parametrize("path", PATHS)
def test_the_button_stays_with_its_reason_beside_it_and_does_nothing(blocked: RecordPage, path: str) -> None:
    page = blocked.open(path)
    expect(page.button()).to_be_visible()
    expect(page.button()).to_be_disabled()
    expect(page.button()).to_have_accessible_description("件名が未入力です。")
    expect(page.unit().get_by_text("件名が未入力です。")).to_be_visible()
    page.button().focus()
    page.page.keyboard.press("Enter")
    page.settle()
    expect(page.dialog).to_have_count(0)
    assert page.state() == "idle"
    page.page.clock.resume()
    assert violations(page.page, ".rb-place") == []


def test_the_first_that_holds_is_said_in_the_users_language(blocked: RecordPage) -> None:
    blocked.stub.apps[45].records[1]["ステータス"]["value"] = "完了"
    page = blocked.open(lang="en")
    expect(page.button()).to_have_accessible_description("It is done.")


def test_without_a_reason_it_runs_as_any_button(blocked: RecordPage) -> None:
    blocked.stub.apps[45].records[1]["件名"]["value"] = "注文"
    page = blocked.open()
    expect(page.button()).to_be_enabled()
    expect(page.unit().locator(".rb-reason")).to_be_hidden()
    page.start()
    assert page.sent("/run")


def test_a_form_is_not_read_before_a_click_because_kintone_forbids_it_in_a_handler(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    count = "{ const { record } = kintone.app, { get } = record; window.read = 0; record.get = () => (read++, get()); }"
    config = config_of({**krewdata_unit, "pages": ["edit"], "unless": [EMPTY]})
    page = serve_config(config, before=count).open("/k/45/show#record=1&mode=edit")
    expect(page.button()).to_be_visible()
    assert page.page.evaluate("read") == 0
    page.ask()
    assert page.page.evaluate("read") > 0


def test_on_a_form_a_click_looks_at_what_is_typed(blocked: RecordPage) -> None:
    page = blocked.open("/k/45/show#record=1&mode=edit")
    expect(page.button()).to_be_disabled()
    title = page.page.get_by_label("件名")
    title.fill("注文")
    page.button().click(force=True)
    page.confirm_by_keyboard()
    page.begun()
    assert page.sent("/run")


def test_on_a_form_a_click_is_stopped_by_what_was_taken_away(blocked: RecordPage) -> None:
    blocked.stub.apps[45].records[1]["件名"]["value"] = "注文"
    page = blocked.open("/k/45/show#record=1&mode=edit")
    expect(page.button()).to_be_enabled()
    page.page.get_by_label("件名").fill("")
    page.button().click()
    expect(page.button()).to_be_disabled()
    expect(page.unit().get_by_text("件名が未入力です。")).to_be_visible()
    expect(page.dialog).to_have_count(0)


def test_only_members_see_the_button(
    serve_config: Serve, krewdata_unit: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = config_of(
        {**krewdata_unit, "show_to": {"groups": ["leaders"], "organizations": ["dev"]}},
        {**krewdata_unit, "id": "mine", "show_to": {"users": ["sato"]}},
        {**krewdata_unit, "id": "ours", "show_to": {"organizations": ["sales"]}},
    )
    page = serve_config(config).open()
    expect(page.button("mine")).to_be_visible()
    expect(page.button("ours")).to_be_visible()
    expect(page.unit()).to_have_count(0)
    monkeypatch.setitem(MEMBERS, "leaders", ("sato",))
    page.open()
    expect(page.button()).to_be_visible()


def test_a_kintone_without_these_functions_shows_it(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    config = config_of({**krewdata_unit, "show_to": {"groups": ["leaders"]}})
    page = serve_config(config, before="delete kintone.user;").open()
    expect(page.button()).to_be_visible()
