"""Where values of `ask` come from, and the requests that they go into."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.record_page import Serve
from tests.browser.test_ask import DAY, JOB, MODE, MONTH, RATE, bodies, field, open_form
from tests.conftest import KREWDATA_UNIT, config_of


@pytest.mark.parametrize(
    ("record", "fields"),
    [("none", {}), (["部門名"], {"部門名": {"type": "DROP_DOWN", "value": "営業部"}}), ("all", None)],
)
def test_krewdata_gets_the_values_in_the_record_with_the_forms_types(
    serve_config: Serve, record: object, fields: dict[str, Any] | None
) -> None:
    asked = [MONTH, {**DAY, "default": "2026-11-28"}, {**MODE, "name": "tag", "default": "full"}, RATE]
    values = [
        {"field": "対象月", "ask": "month"},
        {"field": "入荷日", "ask": "day"},
        {"field": "タグ", "ask": "tag"},
        {"field": "担当者", "ask": "rate"},
    ]
    page = serve_config(config_of({**KREWDATA_UNIT, "record": record, "ask": asked, "values": values})).open()
    open_form(page)
    page.page.keyboard.type("2026-12")
    page.page.keyboard.press("Enter")
    question = page.dialog.inner_text()
    for line in ("対象月：2026-12", "2026-11-28", "全"):
        assert line in question
    page.confirm_by_keyboard()
    page.begun()
    (sent,) = page.sent("/run")
    typed = {
        "対象月": {"type": "SINGLE_LINE_TEXT", "value": "2026-12"},
        "入荷日": {"type": "DATE", "value": "2026-11-28"},
        "タグ": {"type": "CHECK_BOX", "value": ["full"]},
        "担当者": {"type": "SINGLE_LINE_TEXT", "value": ""},
    }
    if fields is None:
        assert sent["record"] | typed == sent["record"]
        assert not [code for code in sent["record"] if code.startswith("$ask")]
    else:
        assert sent["record"] == fields | typed


def test_values_from_the_user_and_the_record_need_no_form(serve_config: Serve) -> None:
    variables = [
        {"name": "$who$", "user": "code"},
        {"name": "$name$", "user": "name"},
        {"name": "$url$", "record": "url"},
        {"name": "$id$", "field": "$id"},
    ]
    unit = {key: value for key, value in JOB.items() if key not in ("ask", "context_time")}
    page = serve_config(config_of({**unit, "custom_variables": variables})).open()
    page.ask()
    url = f"{page.address}/k/45/show#record=1"
    expect(page.dialog).to_contain_text(f"ログイン名：sato\n名前：佐藤 昇\nレコードのURL：{url}"[:60])
    page.confirm_by_keyboard()
    page.begun()
    values = {one["name"]: one["value"] for one in bodies(page)[0]["custom_variables"]}
    assert values == {"$who$": "sato", "$name$": "佐藤 昇", "$url$": url, "$id$": "1"}


def test_a_default_comes_from_what_is_typed_in_the_records_form(serve_config: Serve) -> None:
    page = serve_config(config_of({**JOB, "pages": ["edit"]})).open("/k/45/show#record=1&mode=edit")
    page.page.get_by_label("入荷日").fill("2026-11-20")
    open_form(page)
    expect(field(page, "締め日")).to_have_value("2026-11-20")


@pytest.mark.parametrize("zone", ["", "Etc/No"])
def test_times_are_the_browsers_for_a_user_without_a_time_zone_such_as_a_guest(serve_config: Serve, zone: str) -> None:
    # The browser's own time zone is Asia/Tokyo; the record's time is 2026-11-01T01:30Z.
    guest = f"const user = kintone.getLoginUser(); kintone.getLoginUser = () => ({{ ...user, timezone: '{zone}' }});"
    ask = [{**MONTH, "pattern": ".*", "default": {"field": "予定日時"}}]
    variables = [{"name": "$month$", "ask": "month"}, {"name": "$at$", "field": "予定日時"}]
    job = {key: value for key, value in JOB.items() if key != "context_time"}
    config = config_of({**job, "ask": ask, "custom_variables": variables})
    page = serve_config(config, before=f"{{ {guest} }}").open()
    open_form(page)
    expect(field(page, "対象月")).to_have_value("2026-11-01 10:30:00")
    page.page.keyboard.press("Enter")
    expect(page.dialog).to_contain_text("予定日時：2026-11-01 10:30:00")
    page.confirm_by_keyboard()
    page.begun()


def test_a_missing_field_and_a_value_that_is_no_choice_are_no_default(serve_config: Serve) -> None:
    ask = [
        {**MONTH, "default": {"field": "ない"}, "required": False},
        {**MODE, "default": {"field": "部門名"}},
        {**DAY, "default": {"field": "予定日時"}},
        {**RATE, "default": {"field": "明細"}},
    ]
    page = serve_config(config_of({**JOB, "ask": ask}))
    for record in page.stub.apps[45].records.values():
        record.pop("ない", None)
    page.open()
    open_form(page)
    values = [field(page, label).input_value() for label in ("対象月", "範囲", "締め日", "割引率")]
    assert values == ["", "", "2026-11-01", ""]
