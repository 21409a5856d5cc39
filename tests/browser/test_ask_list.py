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
PATHS = ["/k/45/", "/k/m/45/"]


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
    page = serve_config(config(QUERY, IDS)).open("/k/45/", lang="en")
    count = len(page.stub.apps[45].records)
    assert count > 20
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


@pytest.mark.parametrize(
    ("limit", "query", "words"),
    [
        (22, "", "一覧のレコードが22件を超えています。"),
        (1, FILTER, "一覧のレコードが1件を超えています。"),
        (500, "$id = 999", "一覧にレコードがありません。"),
    ],
)
def test_too_long_and_empty_lists_are_told_and_nothing_is_sent(
    serve_config: Serve, limit: int, query: str, words: str
) -> None:
    page = serve_config(config({**IDS, "limit": limit})).open(f"/k/45/?query={quote(query)}")
    page.button().click()
    expect(page.line()).to_contain_text(words)
    expect(page.dialog).to_have_count(0)
    assert values(page) == []


def test_exactly_as_many_as_the_limit_run(serve_config: Serve) -> None:
    page = serve_config(config({**IDS, "limit": 23})).open("/k/45/")
    page.start()
    assert len(values(page)[0].split(",")) == 23


def test_an_empty_list_runs_for_no_filter_either(serve_config: Serve) -> None:
    page = serve_config(config(QUERY)).open(f"/k/45/?query={quote('$id = 999')}")
    page.button().click()
    expect(page.line()).to_contain_text("一覧にレコードがありません。")
    assert values(page) == []


def test_a_list_that_cannot_be_read_is_told_and_nothing_is_sent(serve_config: Serve) -> None:
    refuse = "kintone.api = Object.assign(() => Promise.reject({ code: 'CB_NO02', message: 'no right' }), kintone.api);"
    page = serve_config(config(IDS), before=refuse).open("/k/45/")
    page.button().click()
    expect(page.line()).to_contain_text("一覧のレコードを読み取れませんでした。")
    assert "no right" in page.details()
    assert values(page) == []


def test_without_a_question_a_click_sends_it(serve_config: Serve) -> None:
    page = serve_config(config(IDS, confirm=False)).open(f"/k/45/?query={quote('$id = 3')}")
    page.button().click()
    page.begun()
    assert values(page) == ["3"]


def test_a_list_that_kintone_does_not_return_in_time_is_told(serve_config: Serve) -> None:
    page = serve_config(config(IDS)).open("/k/45/", lang="en")
    page.page.route("**/k/v1/records.json*", lambda _: None)
    page.button().click()
    expect(page.unit()).to_have_attribute("data-state", "confirming")
    page.advance(11)
    expect(page.line()).to_contain_text("The records of the list could not be read.")
    assert page.stub.requests == []
