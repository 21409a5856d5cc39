"""The stubbed kintone's functions for the list's filter and the signed-in user's groups and organizations."""

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.record_page import RecordPage, Serve
from tests.conftest import KREWDATA_UNIT, config_of

CONDITIONS = """() => [kintone.app, kintone.mobile.app].map((app) => app.getQueryCondition())"""
FILTER = '部門名 in ("営業部") and $id > 3'


@pytest.fixture
def pages(serve_config: Serve) -> RecordPage:
    return serve_config(config_of({**KREWDATA_UNIT, "record": "none", "pages": ["detail", "index"]}))


@pytest.mark.parametrize(
    ("path", "conditions"),
    [
        ("/k/45/", ["", None]),
        (f"/k/45/?query={quote(FILTER)}", [FILTER, None]),
        (f"/k/m/45/?query={quote(FILTER)}", [None, FILTER]),
        ("/k/45/show#record=1", [None, None]),
        ("/k/m/45/show?record=1", [None, None]),
    ],
)
def test_the_filter_is_that_of_the_list_on_its_own_device(pages: RecordPage, path: str, conditions: list[Any]) -> None:
    assert pages.open(path).page.evaluate(CONDITIONS) == conditions


def test_the_list_has_only_the_records_of_its_filter(pages: RecordPage) -> None:
    page = pages.open(f"/k/45/?query={quote('$id in (2, 5)')}")
    expect(page.page.locator(".stub-list tbody tr")).to_have_count(2)


def test_a_filter_that_is_no_query_is_told(pages: RecordPage) -> None:
    page = pages.page
    page.goto(f"{pages.address}/k/45/?query={quote('$id ==')}")
    expect(page.get_by_role("alert")).to_be_visible()
    pages.noise.clear()


@pytest.mark.parametrize(
    ("user", "groups", "organizations"),
    [
        ("sato", ["everyone"], [("sales", True)]),
        ("kato", ["everyone", "leaders"], [("dev", True)]),
        ("suzuki", ["everyone"], [("sales-east", True), ("general", False)]),
    ],
)
def test_groups_and_organizations_are_those_of_the_signed_in_user(
    pages: RecordPage, user: str, groups: list[str], organizations: list[tuple[str, bool]]
) -> None:
    pages.page.context.add_cookies([{"name": "stub-user", "value": user, "url": pages.address}])
    page = pages.open().page
    found = page.evaluate("Promise.all([kintone.user.getGroups(), kintone.user.getOrganizations()])")
    assert [sorted(group) for group in found[0]] == [["code", "id", "name"]] * len(groups)
    assert [group["code"] for group in found[0]] == groups
    of = [(each["organization"]["code"], each["organization"]["primary"]) for each in found[1]]
    assert of == organizations
    assert {each["title"] for each in found[1]} == {None}


def test_another_users_groups_are_refused(pages: RecordPage) -> None:
    code = "kintone.user.getGroups('kato').then(() => 'known', (error) => error.message)"
    assert "only the signed-in user" in pages.open().page.evaluate(code)
