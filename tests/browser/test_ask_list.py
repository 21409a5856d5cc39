"""The whole list in one run: its filter or its record IDs, counted at the click, named in the question, and sent."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from generator.units.config import Config
from tests.browser.record_page import RecordPage, Serve
from tests.conftest import config_of

JOB: dict[str, Any] = {
    **{"id": "recalculate", "service": "trocco-job", "job_definition_id": 123, "api_key": "fake-trocco-api-key"},
    **{"label": {"ja": "再集計", "en": "Recalculate"}, "pages": "index"},
}
QUERY = {"name": "$filter$", "list": "query"}
IDS = {"name": "$ids$", "list": "ids", "limit": 500}
FILTER = '部門名 in ("営業部") or $id = 2'
PATHS = ["/k/m/45/", pytest.param("/k/45/", marks=pytest.mark.exhaustive)]


def config(*variables: dict[str, Any], **more: Any) -> Config:
    return config_of({**JOB, "custom_variables": list(variables), **more})


def values(page: RecordPage) -> list[str]:
    """The values that were sent, of each start."""
    bodies = [json.loads(sent.request.body) for sent in page.stub.requests if "job_definition_id" in sent.request.url]
    return [variable["value"] for body in bodies for variable in body["custom_variables"]]


def selected(page: RecordPage) -> list[str]:
    """The IDs of the records that FILTER selects, in their order."""
    records = page.stub.apps[45].records
    return [
        str(number) for number, cells in sorted(records.items()) if cells["部門名"]["value"] == "営業部" or number == 2
    ]


@pytest.mark.parametrize("path", PATHS)
def test_the_filter_and_the_ids_of_all_its_records_are_sent_and_counted(serve_config: Serve, path: str) -> None:
    page = serve_config(config(QUERY, IDS)).open(f"{path}?query={quote(FILTER)}")
    ids = selected(page)
    assert 2 < len(ids) < len(page.stub.apps[45].records)
    page.ask()
    expect(page.dialog).to_contain_text(f"絞り込み中の{len(ids)}件を対象に実行します。")
    expect(page.dialog).to_contain_text(f"絞り込み条件：{FILTER}")
    page.confirm_by_keyboard()
    page.begun()
    assert values(page) == [FILTER, ",".join(ids)]


def test_a_list_without_a_filter_is_all_records_on_all_its_screens(serve_config: Serve) -> None:
    # Exactly as many as the limit.
    page = serve_config(config(QUERY, {**IDS, "limit": 23})).open("/k/45/", lang="en")
    count = len(page.stub.apps[45].records)
    assert count == 23
    page.ask()
    expect(page.dialog).to_contain_text(f"Runs for the {count} records of this list.")
    page.page.keyboard.press("Enter")
    page.begun()
    assert values(page) == ["", ",".join(str(number) for number in sorted(page.stub.apps[45].records))]


def test_a_list_of_more_than_500_is_read_by_and_by(serve_config: Serve) -> None:
    page = serve_config(config({**IDS, "limit": 1200}))
    records = page.stub.apps[45].records
    for number in range(24, 1101):
        records[number] = {**records[1], "$id": {"type": "__ID__", "value": str(number)}}
    page.open("/k/45/")
    page.ask()
    expect(page.dialog).to_contain_text("この一覧の1100件を対象に実行します。")
    page.confirm_by_keyboard()
    page.begun()
    assert values(page) == [",".join(map(str, range(1, 1101)))]


def test_too_long_and_empty_lists_are_told_and_nothing_is_sent(serve_config: Serve) -> None:
    # By the length of the list that each allows; one sends its filter alone.
    units = [
        {**JOB, "id": f"unit-{number}", "custom_variables": [variable]}
        for number, variable in enumerate([{**IDS, "limit": 22}, {**IDS, "limit": 1}, QUERY])
    ]
    page = serve_config(config_of(*units))
    for query, told in [
        ("", {0: "一覧のレコードが22件を超えています。"}),
        (FILTER, {1: "一覧のレコードが1件を超えています。"}),
        ("$id = 999", {1: "一覧にレコードがありません。", 2: "一覧にレコードがありません。"}),
    ]:
        page.open(f"/k/45/?query={quote(query)}")
        for number, words in told.items():
            page.button(f"unit-{number}").click()
            expect(page.line(f"unit-{number}")).to_contain_text(words)
        expect(page.dialog).to_have_count(0)
    assert values(page) == []


def test_without_a_question_a_click_sends_it(serve_config: Serve) -> None:
    page = serve_config(config(IDS, confirm=False)).open(f"/k/45/?query={quote('$id = 3')}")
    page.button().click()
    page.begun()
    assert values(page) == ["3"]


def test_a_list_that_cannot_be_read_or_does_not_come_in_time_is_told_and_nothing_is_sent(serve_config: Serve) -> None:
    page = serve_config(config(IDS)).open("/k/45/")
    page.page.route("**/k/v1/records.json*", lambda _: None, times=1)
    page.button().click()
    expect(page.unit()).to_have_attribute("data-state", "confirming")
    page.advance(11, step=11)
    expect(page.line()).to_contain_text("一覧のレコードを読み取れませんでした。")
    page.line().get_by_role("button", name="閉じる").click()
    page.page.evaluate(
        "kintone.api = Object.assign(() => Promise.reject({ code: 'CB_NO02', message: 'no right' }), kintone.api); 0"
    )
    page.button().click()
    expect(page.line()).to_contain_text("一覧のレコードを読み取れませんでした。")
    assert "no right" in page.details()
    assert page.stub.requests == []
