"""Records of the stubbed kintone in browsers: several users at once, kintone.api, forms that REST has made."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from generator.stub.rest import RestApp, Settings
from generator.stub.sample_apps import StubApp
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock
from tests.browser.record_page import leave, wait_until
from tests.host import Host
from tests.recording import EVERYONE, LOG, PROPERTIES

Visit = Callable[..., Page]
DESKTOP, MOBILE = "/k/45/show#record=1", "/k/m/45/show?record=1"


@pytest.fixture
def stub(request: pytest.FixtureRequest) -> Stub:
    """Apps 45 and LOG; with the preview's panel where the test asks for it."""
    apps = [StubApp(45, "orders"), StubApp(LOG, "log", sample=False)]
    stub = Stub(apps, lambda _: Script(), Clock(), panel=getattr(request, "param", False))
    stub.rest.apps[LOG] = RestApp(live=Settings(properties=PROPERTIES))
    return stub


@pytest.fixture
def visit(page: Page, lasting_page: Page, stub: Stub, host: Host) -> Iterator[Visit]:
    """Opens a page signed in as a user, each in a browser of its own: the first two are there anyway."""
    browsers = [page, lasting_page]
    with ExitStack() as stack:
        address = stack.enter_context(host.serve(stub))

        def open_(path: str, user: str = "sato") -> Page:
            page = browsers.pop(0)
            page.context.clear_cookies()
            page.context.add_cookies([{"name": "stub-user", "value": user, "url": address}])
            if page.url != "about:blank":
                leave(page)
            page.goto(address + path)
            wait_until(page, "stub.shown > 0")
            return page

        yield open_
        for each in (page, lasting_page):
            each.context.clear_cookies()
            if each.url.startswith(address):
                leave(each)
    assert stub.unknown == []


ADD = """([key, lock]) => kintone.api(kintone.api.url('/k/v1/record', true), 'POST', {
  app: 90, record: { run_key: { value: key }, lock: { value: lock } },
})"""
REFUSED = "([path, method, params]) => kintone.api(path, method, params).then(() => null, (error) => error)"


def test_two_users_in_two_browsers_share_the_records(visit: Visit) -> None:
    sato, kato = visit(DESKTOP), visit(MOBILE, user="kato")
    assert [page.evaluate("kintone.getLoginUser().code") for page in (sato, kato)] == ["sato", "kato"]
    assert kato.evaluate(ADD, ["a", "lock"]) == {"id": "1", "revision": "1"}
    refused = sato.evaluate(REFUSED, ["/k/v1/record", "POST", {"app": 90, "record": {"lock": {"value": "lock"}}}])
    assert sorted(refused) == ["code", "errors", "id", "message"]
    assert refused["code"] == "CB_VA01"
    assert refused["errors"]["record.lock.value"] == {"messages": ["This value already exists in another record."]}
    found = sato.evaluate("kintone.api('/k/v1/records.json', 'GET', { app: 90, query: 'lock = \"lock\"' })")
    assert [record["作成者"]["value"]["name"] for record in found["records"]] == ["加藤 美咲"]
    sato.evaluate("kintone.api('/k/v1/record.json', 'PUT', { app: 90, id: 1, record: { lock: { value: '' } } })")
    assert kato.evaluate(ADD, ["b", "lock"]) == {"id": "2", "revision": "1"}


@pytest.mark.parametrize("path", [DESKTOP, MOBILE])
def test_api_calls_back_or_promises_and_builds_addresses(visit: Visit, stub: Stub, path: str) -> None:
    page = visit(path)
    assert page.evaluate(
        """() => new Promise((resolve) => {
          const result = kintone.api('/k/v1/record.json', 'GET', { app: 45, id: 1 },
            ({ record }) => resolve([result, record.件名.value]));
        })"""
    ) == [None, "仕入れ 1"]
    assert (
        page.evaluate(
            """() => new Promise((resolve) => {
          kintone.api('/k/v1/record.json', 'GET', { app: 45, id: 999 }, () => {}, ({ code }) => resolve(code));
        })"""
        )
        == "GAIA_RE01"
    )
    origin = page.evaluate("location.origin")
    assert page.evaluate("kintone.api.url('/k/v1/records')") == f"{origin}/k/v1/records.json"
    assert page.evaluate("kintone.api.urlForGet('/k/v1/records', { app: 45, fields: ['$id', 'a b'] })") == (
        f"{origin}/k/v1/records.json?app=45&fields%5B0%5D=%24id&fields%5B1%5D=a+b"
    )
    # A request whose address would be too long is sent as a POST that names the real method.
    titles = ", ".join(['"仕入れ 4"'] * 300)
    long = f"件名 in ({titles})"
    found = page.evaluate("(query) => kintone.api('/k/v1/records', 'GET', { app: 45, query, fields: ['$id'] })", long)
    assert [record["$id"]["value"] for record in found["records"]] == ["4"]
    assert page.evaluate("kintone.api('/k/v1/records.json', 'DELETE', { app: 45, ids: [4] })") == {}
    assert 4 not in stub.apps[45].records
    what_is_no_json_is_rejected_as_text(page)
    stub.rest.apps[45].guest_space = 7
    page.reload()
    wait_until(page, "stub.shown > 0")
    assert page.evaluate("kintone.api.url('/k/v1/record', true)") == f"{origin}/k/guest/7/v1/record.json"
    assert page.evaluate("kintone.api.url('/k/v1/record')") == f"{origin}/k/v1/record.json"
    assert page.evaluate("kintone.api(kintone.api.url('/k/v1/record', true), 'GET', { app: 45, id: 1 })")["record"]


def what_is_no_json_is_rejected_as_text(page: Page) -> None:
    page.route("**/k/v1/record.json*", lambda route: route.fulfill(status=502, body="<html>"))
    assert page.evaluate(REFUSED, ["/k/v1/record", "GET", {"app": 45, "id": 1}]) == "<html>"
    page.route("**/k/v1/record.json*", lambda route: route.abort())
    assert page.evaluate(REFUSED, ["/k/v1/record", "GET", {"app": 45, "id": 1}]) == ""
    page.unroute_all()


def test_a_form_that_rest_has_made_is_drawn_and_saved(visit: Visit, stub: Stub) -> None:
    page = visit("/k/90/edit")
    page.get_by_label("Key", exact=True).fill("by hand")
    page.get_by_label("State", exact=True).select_option("done")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/k/90/show#record=1")
    expect(page.get_by_text("by hand")).to_be_visible()
    assert stub.apps[LOG].records[1]["state"]["value"] == "done"
    page.goto(page.url.partition("/k/")[0] + "/k/90/")
    expect(page.get_by_role("columnheader", name="Key")).to_be_visible()
    expect(page.get_by_role("cell", name="by hand")).to_be_visible()
    page.goto(page.url.partition("/k/")[0] + "/k/m/90/show?record=1")
    expect(page.get_by_text("by hand")).to_be_visible()


def test_pages_keep_to_the_users_rights(visit: Visit, stub: Stub) -> None:
    kato_only = {"entity": {"type": "USER", "code": "kato"}, "viewable": True, "editable": True, "deletable": False}
    everyone = {"entity": EVERYONE, "viewable": True, "editable": False, "deletable": False}
    hidden = {"entity": EVERYONE, "accessibility": "NONE"}
    read = {"entity": EVERYONE, "accessibility": "READ"}
    stub.rest.apps[45].live = Settings(
        record_rights=(
            {"filterCond": "$id = 3", "entities": [kato_only]},
            {"filterCond": "", "entities": [kato_only, everyone]},
        ),
        field_rights=({"code": "メモ", "entities": [hidden]}, {"code": "件名", "entities": [read]}),
    )
    sato = visit(DESKTOP)
    expect(sato.get_by_text("仕入れ 1")).to_be_visible()
    expect(sato.get_by_text("午前中に納品。")).to_have_count(0)
    expect(sato.get_by_role("button", name="レコードを編集する")).to_have_count(0)
    kato = visit(f"{DESKTOP}&mode=edit", user="kato")
    expect(kato.get_by_label("件名", exact=True)).to_have_count(0)
    kato.get_by_label("金額", exact=True).fill("77")
    kato.get_by_role("button", name="保存").click()
    kato.wait_for_url("**/k/45/show#record=1")
    expect(kato.get_by_text("77", exact=True)).to_be_visible()
    record = stub.apps[45].records[1]
    assert (record["件名"]["value"], record["更新者"]["value"]["code"]) == ("仕入れ 1", "kato")
    sato.evaluate("location.hash = 'record=3'")
    expect(sato.get_by_role("alert")).to_have_text("このレコードを閲覧する権限がありません。")


@pytest.mark.parametrize("stub", [True], indirect=True, ids=["panel"])
def test_the_panel_changes_the_browsers_user(visit: Visit) -> None:
    page, other = visit(DESKTOP), visit(DESKTOP)
    page.get_by_label("ログインユーザー").select_option("suzuki")
    expect(page.locator(".stub-user")).to_have_text("鈴木 健太郎")
    other.reload()
    expect(other.locator(".stub-user")).to_have_text("佐藤 昇")
