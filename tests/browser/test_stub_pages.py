"""The stubbed kintone's pages and their kintone object, as a customization meets them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from generator.stub.configured import stub_for
from generator.stub.proxy import Fault
from generator.stub.sample_apps import StubApp
from generator.stub.server import serve
from generator.stub.services.krewdata.runs import ExecutionUnit
from generator.stub.services.trocco.jobs import ApiKey, Definition
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock
from tests.browser.record_page import leave, wait_until
from tests.host import Host

UNIT_URL = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn"

DESKTOP, MOBILE = "/k/45/show#record=1", "/k/m/45/show?record=1"

EVERY_SHOW = [
    f"{device}app.record.{page}.show"
    for device in ("", "mobile.")
    for page in ("index", "detail", "edit", "create", "print")
]

RECORDER = f"""
const seen = [];
kintone.events.on({EVERY_SHOW}, (event) => {{
  seen.push([event.type, event.recordId]);
  return event;
}});
"""

Open = Callable[..., Page]


@pytest.fixture
def stub() -> Stub:
    stub = Stub([StubApp(45, "orders", spaces=("run-area",))], lambda _: Script(), Clock())
    stub.services["krewdata"].units["abcdefghijklmn"] = ExecutionUnit(
        "abcdefghijklmn", UNIT_URL, "https://yourdomain.cybozu.com/k/123", "stub"
    )
    stub.services["trocco"].japan.api_keys["key"] = ApiKey()
    stub.services["trocco"].japan.job_definitions[1] = Definition(1, "load")
    return stub


@pytest.fixture
def open_page(page: Page, stub: Stub, noise: list[str], host: Host) -> Iterator[Open]:  # noqa: ARG001
    """Opens a page of app 45 with a customization; an unknown request fails the test."""
    with ExitStack() as stack:
        address = stack.enter_context(host.serve(stub))

        def open_(path: str = "/k/45/show#record=1", js: str = RECORDER) -> Page:
            stub.scripts = lambda _: Script(js=js)
            if page.url.startswith(address):
                leave(page)
            page.goto(address + path)
            wait_until(page, "stub.shown > 0")
            return page

        yield open_
        leave(page)
    assert stub.unknown == []


def shows(page: Page) -> list[list[Any]]:
    """Every show event so far: type and record ID."""
    return page.evaluate("seen")  # type: ignore[no-any-return]


def wait_for_shows(page: Page, count: int) -> list[list[Any]]:
    wait_until(page, f"stub.shown === {count}")
    return shows(page)


# -------------------------------------------------------------------------------------------------------------- events


def test_handlers_run_in_order_hand_on_what_they_return_and_can_fail(
    open_page: Open, stub: Stub, noise: list[str]
) -> None:
    detail = '"app.record.detail.show"'
    js = f"""
    let seen = [];
    const note = (name, result) => (event) => {{
      seen.push([name, event && event.type ? "event" : event]);
      return result(event);
    }};
    kintone.events.on({detail}, note("first", (event) => event));
    kintone.events.on([{detail}, "app.record.edit.show"], note("second", async () => "late"));
    kintone.events.on({detail}, note("third", () => false));
    kintone.events.on({detail}, note("fourth", () => false));
    """
    page = open_page(js=js)
    assert page.evaluate("seen") == [["first", "event"], ["second", "event"], ["third", "late"], ["fourth", False]]

    def shown_with(shown: int, *handlers: str) -> Any:
        page.evaluate("kintone.events.off(); seen = []")
        page.evaluate("; ".join(f"kintone.events.on({detail}, {handler})" for handler in handlers) + "; 0")
        page.get_by_role("button", name="次へ" if shown % 2 == 0 else "前へ").click()
        wait_until(page, f"stub.shown === {shown}")
        return page.evaluate("seen")

    nothing = ("() => {}", "(event) => { seen.push(event ? event.type : null); }")
    assert shown_with(2, *nothing) == ["app.record.detail.show"]
    # A failing handler ends the chain, and is logged.
    for shown, failure in enumerate(("Promise.reject(new Error('no'))", "(() => { throw new Error('no'); })()"), 3):
        first = f"() => {{ seen.push('first'); return {failure}; }}"
        assert shown_with(shown, first, "() => { seen.push('second'); }") == ["first"]
        expect(page.get_by_text(f"レコード: {1 if shown % 2 else 2}")).to_be_visible()
        assert "a handler failed" in noise.pop()
    # What follows a handler that returns nothing is a switch.
    stub.switches.undefined_return = "undefined"
    page = open_page(js="let seen = [];")
    assert shown_with(2, *nothing) == [None]


def test_off_removes_handlers_and_says_whether_it_did(open_page: Open) -> None:
    page = open_page(js="const seen = []; const one = () => { seen.push(1); }, two = () => { seen.push(2); };")
    cases: list[tuple[str, bool, list[int]]] = [
        ("'app.record.detail.show', one", True, [2]),
        ("'app.record.detail.show'", True, []),
        ("['app.record.detail.show']", True, []),
        ("", True, []),
        ("'app.record.edit.show'", False, [1, 2]),
        ("'app.record.detail.show', () => {}", False, [1, 2]),
    ]
    for shown, (off, removed, left) in enumerate(cases, 2):
        page.evaluate("kintone.events.off(); seen.length = 0")
        page.evaluate("for (const handler of [one, two]) kintone.events.on('app.record.detail.show', handler)")
        assert (off, page.evaluate(f"kintone.events.off({off})")) == (off, removed)
        page.get_by_role("button", name="次へ" if shown % 2 == 0 else "前へ").click()
        wait_until(page, f"stub.shown === {shown}")
        assert (off, page.evaluate("seen")) == (off, left)


# ---------------------------------------------------------------------------------------------- shown again, no reload


@pytest.mark.parametrize(
    ("start", "prefix", "address_of_2"),
    [
        ("/k/45/show#record=1", "", "/k/45/show#record=2"),
        ("/k/m/45/show?record=1", "mobile.", "/k/m/45/show?record=2"),
    ],
)
def test_paging_saving_cancelling_and_status_changes_fire_again_in_the_same_document(
    open_page: Open, start: str, prefix: str, address_of_2: str
) -> None:
    page = open_page(start)
    detail, edit = f"{prefix}app.record.detail.show", f"{prefix}app.record.edit.show"
    page.get_by_role("button", name="次へ").click()
    wait_for_shows(page, 2)
    assert page.url.endswith(address_of_2)
    page.go_back()
    wait_for_shows(page, 3)
    page.get_by_role("button", name="処理開始").click()
    wait_for_shows(page, 4)
    expect(page.get_by_role("button", name="完了する")).to_be_visible()
    page.get_by_role("button", name="レコードを編集する").click()
    wait_for_shows(page, 5)
    page.get_by_role("button", name="キャンセル").click()
    wait_for_shows(page, 6)
    page.get_by_role("button", name="レコードを編集する").click()
    wait_for_shows(page, 7)
    page.get_by_role("textbox", name="件名").fill("書き直した")
    page.get_by_role("button", name="保存").click()
    assert wait_for_shows(page, 8) == [
        [detail, 1], [detail, 2], [detail, 1], [detail, 1], [edit, 1], [detail, 1], [edit, 1], [detail, 1],
    ]  # fmt: skip
    expect(page.get_by_text("書き直した")).to_be_visible()
    page.reload()
    expect(page.get_by_text("書き直した")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "switch", "same"),
    [
        (DESKTOP, "rebuilt", False),
        (MOBILE, "reused", True),
        pytest.param(DESKTOP, "reused", True, marks=pytest.mark.exhaustive),
        pytest.param(MOBILE, "rebuilt", False, marks=pytest.mark.exhaustive),
    ],
)
def test_a_record_that_is_shown_again_has_a_fresh_or_the_same_space(
    open_page: Open, stub: Stub, path: str, switch: Any, same: bool
) -> None:
    spaces = "kintone.app.record" if path == DESKTOP else "kintone.mobile.app.record"
    header = (
        f"{spaces}.getHeaderMenuSpaceElement()" if path == DESKTOP else "kintone.mobile.app.getHeaderSpaceElement()"
    )
    stub.switches.header_space = switch
    both = f"[{header}, {spaces}.getSpaceElement('run-area')]"
    js = f"const seen = []; kintone.events.on({EVERY_SHOW}, (event) => {{ seen.push({both}); return event; }});"
    page = open_page(path, js)
    page.get_by_role("button", name="次へ").click()
    wait_until(page, "stub.shown === 2")
    assert page.evaluate("seen[1].map((space, n) => [space === seen[0][n], space.isConnected])") == [[same, True]] * 2


@pytest.mark.parametrize("path", ["/k/45/", "/k/m/45/"])
def test_the_lists_header_space_stays_when_it_is_paged(open_page: Open, path: str) -> None:
    mobile = "/m/" in path
    space = "kintone.mobile.app.getHeaderSpaceElement()" if mobile else "kintone.app.getHeaderMenuSpaceElement()"
    js = f"const seen = []; kintone.events.on({EVERY_SHOW}, (e) => {{ seen.push([{space}, e.offset, e.size]); }});"
    page = open_page(path, js)
    page.get_by_role("button", name="次へ").click()
    wait_until(page, "stub.shown === 2")
    assert page.evaluate("seen.map(([, ...numbers]) => numbers)") == [[0, 20], [20, 3]]
    assert page.evaluate("seen[0][0] === seen[1][0]")


def test_the_list_leads_to_its_records(open_page: Open) -> None:
    page = open_page("/k/45/")
    page.get_by_role("link", name="レコード 3 を開く").click()
    page.wait_for_url("**/k/45/show#record=3")
    wait_until(page, "stub.shown > 0")
    assert shows(page) == [["app.record.detail.show", 3]]


# -------------------------------------------------------------------------------------------------------------- saving


def test_submit_handlers_can_stop_the_save_and_change_values_and_others_a_status_action(
    open_page: Open, stub: Stub, noise: list[str]
) -> None:
    page = open_page("/k/45/show#record=1&mode=edit")
    page.get_by_role("textbox", name="件名").fill("not to be saved")
    for result, shown in (
        ("event.error = 'whole', event", "whole"),
        ("event.record['件名'].error = 'this one', event", "this one"),
        ("false", None),
        ("Promise.reject(new Error('no'))", None),
    ):
        page.evaluate("kintone.events.off('app.record.edit.submit'); globalThis.asked = 0;")
        handler = f"(event) => {{ asked += 1; return ({result}); }}"
        page.evaluate(f"kintone.events.on('app.record.edit.submit', {handler})")
        page.get_by_role("button", name="保存").click()
        wait_until(page, "asked === 1")
        if shown:
            expect(page.get_by_role("alert").filter(has_text=shown)).to_be_visible()
        expect(page.get_by_role("textbox", name="件名")).to_have_value("not to be saved")
        assert stub.apps[45].records[1]["件名"]["value"] == "仕入れ 1"
    noise.clear()
    page.evaluate(
        """() => {
          seen.length = 0;
          kintone.events.off();
          kintone.events.on("app.record.edit.submit", (event) => {
            event.record["件名"].value += " (checked)";
            return event;
          });
          // It has the ID as text.
          kintone.events.on("app.record.edit.submit.success", (event) => {
            seen.push([event.recordId, event.record["件名"].value]);
            return event;
          });
          kintone.events.on("app.record.detail.process.proceed", (event) => {
            seen.push([event.action.value, event.status.value, event.nextStatus.value]);
            return false;
          });
        }"""
    )
    page.get_by_role("textbox", name="件名").fill("to be saved")
    page.get_by_role("button", name="保存").click()
    wait_until(page, "stub.shown === 2")
    page.get_by_role("button", name="処理開始").click()
    wait_until(page, "seen.length === 2")
    assert shows(page) == [["1", "to be saved (checked)"], ["処理開始", "未処理", "処理中"]]
    record = stub.apps[45].records[1]
    assert (record["件名"]["value"], record["ステータス"]["value"]) == ("to be saved (checked)", "未処理")


def test_a_new_record_is_opened_after_saving(open_page: Open) -> None:
    page = open_page("/k/45/edit")
    page.get_by_role("textbox", name="件名").fill("新規")
    page.get_by_role("button", name="行を追加する").click()
    page.get_by_role("textbox", name="数量").fill("2")
    page.get_by_role("textbox", name="単価").fill("30")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/k/45/show#record=24")
    expect(page.get_by_text("新規", exact=True)).to_be_visible()
    expect(page.get_by_text("60", exact=True)).to_be_visible()


# ------------------------------------------------------------------------------------------------------------- getters

GETTERS = """({
  appId: kintone.app.getId(),
  recordId: kintone.app.record.getId(),
  record: kintone.app.record.get() !== null,
  menu: kintone.app.record.getHeaderMenuSpaceElement() !== null,
  listMenu: kintone.app.getHeaderMenuSpaceElement() !== null,
  listHeader: kintone.app.getHeaderSpaceElement() !== null,
  space: kintone.app.record.getSpaceElement("run-area") !== null,
  mobileAppId: kintone.mobile.app.getId(),
  mobileRecordId: kintone.mobile.app.record.getId(),
  mobileRecord: kintone.mobile.app.record.get() !== null,
  mobileHeader: kintone.mobile.app.getHeaderSpaceElement() !== null,
  mobileSpace: kintone.mobile.app.record.getSpaceElement("run-area") !== null,
})"""
NOTHING: dict[str, Any] = {
    "appId": None, "recordId": None, "record": False, "menu": False, "listMenu": False, "listHeader": False,
    "space": False, "mobileAppId": None, "mobileRecordId": None, "mobileRecord": False, "mobileHeader": False,
    "mobileSpace": False,
}  # fmt: skip


INDEX = {"offset": 0, "size": 20}

# What kintone.getPageType() says, the event that is fired, and what is there.
PAGES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    DESKTOP: (
        "APP_DETAIL",
        {"type": "app.record.detail.show", "recordId": 1},
        {"appId": 45, "recordId": 1, "record": True, "menu": True, "space": True},
    ),
    f"{DESKTOP}&mode=edit": (
        "APP_EDIT",
        {"type": "app.record.edit.show", "recordId": 1},
        {"appId": 45, "recordId": 1, "record": True, "menu": True, "space": True},
    ),
    "/k/45/edit": (
        "APP_CREATE",
        {"type": "app.record.create.show", "reuse": False},
        {"appId": 45, "record": True, "menu": True, "space": True},
    ),
    "/k/45/edit?reuse=1": (
        "APP_CREATE",
        {"type": "app.record.create.show", "reuse": True},
        {"appId": 45, "record": True, "menu": True, "space": True},
    ),
    "/k/45/print?record=1": (
        "APP_PRINT",
        {"type": "app.record.print.show", "recordId": 1},
        {"appId": 45, "recordId": 1, "record": True, "space": True},
    ),
    "/k/45/": (
        "APP_INDEX",
        {"type": "app.record.index.show", **INDEX, "viewType": "list", "date": None},
        {"appId": 45, "listMenu": True, "listHeader": True},
    ),
    MOBILE: (
        "APP_DETAIL_MOBILE",
        {"type": "mobile.app.record.detail.show", "recordId": 1},
        {"mobileAppId": 45, "mobileRecordId": 1, "mobileRecord": True, "mobileHeader": True, "mobileSpace": True},
    ),
    "/k/m/45/edit": (
        "APP_CREATE_MOBILE",
        {"type": "mobile.app.record.create.show", "reuse": False},
        {"mobileAppId": 45, "mobileRecord": True, "mobileHeader": True, "mobileSpace": True},
    ),
    "/k/m/45/edit?record=1": (
        "APP_EDIT_MOBILE",
        {"type": "mobile.app.record.edit.show", "recordId": 1},
        {"mobileAppId": 45, "mobileRecordId": 1, "mobileRecord": True, "mobileHeader": True, "mobileSpace": True},
    ),
    "/k/m/45/": (
        "APP_INDEX_MOBILE",
        {"type": "mobile.app.record.index.show", **INDEX},
        {"mobileAppId": 45, "mobileHeader": True},
    ),
}


def test_each_page_says_what_it_is_fires_its_own_event_and_gives_null_where_kintone_does(open_page: Open) -> None:
    js = f"const seen = []; kintone.events.on({EVERY_SHOW}, (event) => {{ seen.push(event); return event; }});"
    for path, (page_type, event, there) in PAGES.items():
        page = open_page(path, js)
        [seen] = page.evaluate("seen")
        assert (path, {key: seen.get(key) for key in event}) == (path, event)
        assert seen["appId"] == 45
        assert (path, page.evaluate(GETTERS)) == (path, {**NOTHING, **there})
        assert page.evaluate("kintone.getPageType()") == {"type": "APP", "page": page_type}
        assert page.evaluate("kintone.isMobilePage()") is ("/m/" in path)
        if path in ("/k/45/", "/k/m/45/", "/k/m/45/edit?record=1"):
            markup_is_shown_as_text_and_no_page_is_wider_than_the_screen(page, values="edit" not in path)
        if path == DESKTOP:
            spaces = "['nowhere', 'empty-area'].map((id) => kintone.app.record.getSpaceElement(id) !== null)"
            assert page.evaluate(spaces) == [False, True]


@pytest.mark.parametrize(
    ("path", "switch", "expected"),
    [
        (DESKTOP, "throw", "Error"),
        (MOBILE, "null", "null"),
        pytest.param(DESKTOP, "null", "null", marks=pytest.mark.exhaustive),
        pytest.param(MOBILE, "throw", "Error", marks=pytest.mark.exhaustive),
    ],
)
def test_record_get_is_refused_inside_a_handler_and_works_outside(
    open_page: Open, stub: Stub, path: str, switch: Any, expected: str
) -> None:
    stub.switches.record_get_in_handler = switch
    api = "kintone.mobile.app.record" if "/m/" in path else "kintone.app.record"
    js = f"""
    const seen = [];
    const tried = () => {{ try {{ return String({api}.get()); }} catch (error) {{ return error.name; }} }};
    kintone.events.on({EVERY_SHOW}, async (event) => {{
      seen.push(tried());
      await null;
      seen.push(tried());
      return event;
    }});
    """
    page = open_page(path, js)
    assert page.evaluate("seen") == [expected, expected]
    assert page.evaluate(f"{api}.get().record['件名'].value") == "仕入れ 1"


def test_edited_values_are_read_and_set_and_files_are_empty(open_page: Open) -> None:
    page = open_page("/k/45/show#record=1&mode=edit")
    page.get_by_role("textbox", name="件名").fill("typed")
    page.get_by_role("checkbox", name="海外").check()
    record = page.evaluate("kintone.app.record.get().record")
    assert record["件名"]["value"] == "typed"
    assert record["タグ"]["value"] == ["国内", "海外"]
    assert record["予定日時"]["value"] == "2026-11-01T01:30:00Z"
    assert record["添付"] == {"type": "FILE", "value": []}
    page.evaluate("kintone.app.record.set({record: {'件名': {type: 'SINGLE_LINE_TEXT', value: 'set'}}})")
    expect(page.get_by_role("textbox", name="件名")).to_have_value("set")
    expect(page.get_by_role("checkbox", name="海外")).to_be_checked()


@pytest.mark.parametrize(
    ("lang", "language", "button"), [("ja", "ja", "レコードを編集する"), ("th", "th", "Edit record")]
)
def test_the_login_user_has_the_chosen_language(open_page: Open, lang: str, language: str, button: str) -> None:
    page = open_page(f"/k/45/show?lang={lang}#record=1")
    user = page.evaluate("kintone.getLoginUser()")
    assert (user["code"], user["language"], user["isGuest"]) == ("sato", language, False)
    expect(page.get_by_role("button", name=button)).to_be_visible()


# --------------------------------------------------------------------------------------------------------------- proxy


def ask(page: Page, arguments: str) -> Any:
    """The result of kintone.proxy with these arguments."""
    return page.evaluate(
        f"""kintone.proxy({arguments}).then(
          (answer) => ["resolved", answer[1], typeof answer[0], typeof answer[2]],
          (reason) => ["rejected", reason],
        )"""
    )


def resolves_to_body_status_and_headers_whatever_the_status(page: Page, _: Stub) -> None:
    assert ask(page, f"'{UNIT_URL}/token', 'POST', {{}}, '{{}}'") == ["resolved", 400, "string", "object"]
    missing = ask(page, "'https://trocco.io/api/jobs/1', 'GET', {Authorization: 'Token key'}, {}")
    assert missing == ["resolved", 404, "string", "object"]


def takes_callbacks_and_then_returns_nothing(page: Page, stub: Stub) -> None:
    stub.proxy.faults.append(Fault("job", "reject", text="no"))
    results = page.evaluate(
        """(async () => {
          const ask = (url) => new Promise((resolve) => {
            const returned = kintone.proxy(url, "GET", {}, {},
              (body, status, headers) => resolve([typeof returned, typeof body, status, typeof headers]),
              (reason) => resolve([typeof returned, reason]));
          });
          return [await ask("https://trocco.io/api/jobs/1"), await ask("https://trocco.io/api/jobs/1")];
        })()"""
    )
    assert results == [["undefined", "no"], ["undefined", "string", 401, "object"]]


def rejects_with_the_text_as_it_is(page: Page, stub: Stub) -> None:
    for text in ("", "<html>bad gateway</html>", '{"code":"CB_XX01","id":"x","message":"no"}'):
        stub.proxy.faults += [Fault("token", "reject", text=text), Fault("token", "lost", text=text, skip=1)]
        for _ in range(2):
            assert ask(page, f"'{UNIT_URL}/token', 'POST', {{}}, {{}}") == ["rejected", text]
        stub.proxy.faults.clear()


def sends_text_as_it_is_and_objects_as_json(page: Page, stub: Stub) -> None:
    sent = {"'a=b&c'": "a=b&c", "{a: {b: [1, '三']}}": '{"a":{"b":[1,"三"]}}', "{}": "{}", "''": ""}
    for data in sent:
        ask(page, f"'{UNIT_URL}/token', 'POST', {{'X-Number': 1}}, {data}")
    assert [entry.request.body for entry in stub.requests] == list(sent.values())
    assert {tuple(entry.request.headers.items()) for entry in stub.requests} == {(("X-Number", "1"),)}


def refuses_what_kintone_does_not_send_or_take(page: Page, stub: Stub) -> None:
    for arguments in ("'PATCH', {}, {}", "'POST', {'Content-Length': '2'}, {}"):
        outcome, reason = ask(page, f"'https://trocco.io/', {arguments}")
        assert (arguments, outcome, type(reason)) == (arguments, "rejected", str)
    for arguments in ("'u', 'GET'", "'u', 'GET', {}", "'u', 'GET', null, {}", "'u', 'GET', {}, null", ""):
        name = page.evaluate(
            f"(() => {{ try {{ kintone.proxy({arguments}); }} catch (error) {{ return error.name; }} }})()"
        )
        assert (arguments, name) == (arguments, "TypeError")
    assert stub.requests == []


def is_the_only_way_to_a_service(page: Page, stub: Stub) -> None:
    assert (
        page.evaluate(f"fetch('{UNIT_URL}/token', {{method: 'POST'}}).then(() => 'answered', () => 'refused')")
        == "refused"
    )
    assert stub.requests == []


PROXY = (
    resolves_to_body_status_and_headers_whatever_the_status,
    takes_callbacks_and_then_returns_nothing,
    rejects_with_the_text_as_it_is,
    sends_text_as_it_is_and_objects_as_json,
    refuses_what_kintone_does_not_send_or_take,
    is_the_only_way_to_a_service,
)


def test_the_proxy(open_page: Open, stub: Stub, noise: list[str]) -> None:
    page = open_page()
    for holds in PROXY:
        stub.requests.clear()
        holds(page, stub)
    # A direct request was refused.
    assert "connect-src" in "".join(noise)
    noise.clear()


# --------------------------------------------------------------------------------------------------- kintone's dialogs


def the_confirm_dialog_says_which_button_was_pressed(page: Page, function: str) -> None:
    for config, press, outcome in (
        ("{body: 'a\\nb'}", "OK", "OK"),
        ("{title: 't', okButtonText: 'Go', showCancelButton: true}", "Go", "OK"),
        ("{showCancelButton: true}", "キャンセル", "CANCEL"),
        ("{showCancelButton: true, cancelButtonText: 'No'}", "No", "CANCEL"),
        ("{showCloseButton: true}", "閉じる", "CLOSE"),
    ):
        page.evaluate(f"window.answer = null; kintone.{function}({config}).then((it) => {{ answer = it; }}); 0")
        page.get_by_role("dialog").get_by_role("button", name=press).click()
        wait_until(page, "answer !== null")
        assert (config, page.evaluate("answer")) == (config, outcome)
        expect(page.get_by_role("dialog")).to_have_count(0)


def escape_closes_only_a_dialog_with_a_close_button(page: Page) -> None:
    for show_close, outcome in (("true", "CLOSE"), ("false", None)):
        config = f"{{title: 't', showCloseButton: {show_close}}}"
        page.evaluate(f"window.answer = null; kintone.showConfirmDialog({config}).then((it) => {{ answer = it; }}); 0")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        assert page.evaluate("new Promise((resolve) => setTimeout(() => resolve(answer)))") == outcome
        expect(page.get_by_role("dialog", name="t")).to_have_count(0 if outcome else 1)
    page.get_by_role("dialog").get_by_role("button", name="OK").click()


def a_created_dialog_shows_an_element_and_may_refuse_to_close(page: Page, function: str) -> None:
    page.evaluate(
        f"""(async () => {{
          window.asked = []; window.answer = null;
          const body = document.createElement("p");
          body.textContent = "my own";
          window.dialog = await kintone.{function}({{body, beforeClose: (action) => {{
            asked.push(action);
            return action !== "OK";
          }}}});
          dialog.show().then((it) => {{ answer = it; }});
        }})()"""
    )
    page.get_by_role("dialog").get_by_role("button", name="OK").click()
    expect(page.get_by_text("my own")).to_be_visible()
    page.evaluate("dialog.close()")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("[asked, answer]") == [["OK", "FUNCTION"], "FUNCTION"]


def there_is_one_notification_and_it_stays_until_it_is_closed(page: Page, api: str) -> None:
    page.evaluate(f"{api}.showNotification('ERROR', 'first')")
    page.evaluate(f"{api}.showNotification('SUCCESS', '<b>second</b>')")
    expect(page.get_by_text("first")).to_have_count(0)
    expect(page.get_by_text("<b>second</b>")).to_be_visible()
    page.get_by_role("button", name="閉じる").click()
    expect(page.get_by_text("<b>second</b>")).to_have_count(0)


def loading_covers_the_page(page: Page) -> None:
    on_top = "document.elementFromPoint(640, 60).className"
    page.evaluate("kintone.showLoading('VISIBLE')")
    assert page.evaluate(on_top) == "stub-loading"
    page.evaluate("kintone.showLoading('HIDDEN')")
    assert page.evaluate(on_top) != "stub-loading"


def wrong_arguments_are_refused_and_not_passed_over(page: Page) -> None:
    for call in (
        "showConfirmDialog({titel: 'x'})",
        "createDialog({body: 'text'})",
        "showNotification('WARN', 'x')",
        "showNotification({type: 'INFO', message: 'x'})",
        "showLoading(true)",
        "mobile.showConfirmBottomSheet({body: 1})",
    ):
        assert (call, page.evaluate(f"kintone.{call}.then(() => null, (it) => it.name)")) == (call, "TypeError")


def test_kintones_dialogs_and_notifications(open_page: Open) -> None:
    page = open_page(DESKTOP)
    the_confirm_dialog_says_which_button_was_pressed(page, "showConfirmDialog")
    a_created_dialog_shows_an_element_and_may_refuse_to_close(page, "createDialog")
    there_is_one_notification_and_it_stays_until_it_is_closed(page, "kintone")
    escape_closes_only_a_dialog_with_a_close_button(page)
    loading_covers_the_page(page)
    wrong_arguments_are_refused_and_not_passed_over(page)


def test_kintones_bottom_sheets_and_notifications_on_mobile(open_page: Open) -> None:
    page = open_page(MOBILE)
    the_confirm_dialog_says_which_button_was_pressed(page, "mobile.showConfirmBottomSheet")
    a_created_dialog_shows_an_element_and_may_refuse_to_close(page, "mobile.createBottomSheet")
    there_is_one_notification_and_it_stays_until_it_is_closed(page, "kintone.mobile")


# ----------------------------------------------------------------------------------------------------------- the pages


def markup_is_shown_as_text_and_no_page_is_wider_than_the_screen(page: Page, *, values: bool = True) -> None:
    if values:
        expect(page.get_by_text("</script><b>太字ではない</b>").first).to_be_visible()
        expect(page.locator("#stub-place b")).to_have_count(0)
    for width in (320, 375, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/k/45/show#record=3", "/k/m/45/show?record=3"])
def test_markup_in_a_value_is_shown_as_text_and_no_page_is_wider_than_the_screen(open_page: Open, path: str) -> None:
    markup_is_shown_as_text_and_no_page_is_wider_than_the_screen(open_page(path))


def test_a_record_that_is_not_there_and_problems_of_the_config_are_said_in_words(
    page: Page, stub: Stub, host: Host
) -> None:
    with host.serve(stub) as address:
        for path in ("/k/45/show#record=999", "/k/m/45/show?record=999"):
            page.goto(address + path)
            expect(page.get_by_role("alert")).to_have_text("指定したレコード（999）が見つかりません。")
        stub.scripts = lambda _: Script(problems="units.yaml:12:9: </script> is no url")
        page.goto(f"{address}/k/45/show?lang=ja#record=1")
        expect(page.get_by_role("alert")).to_contain_text("units.yaml:12:9: </script> is no url")
        expect(page.get_by_text("仕入れ 1")).to_be_visible()


def test_another_origins_page_gets_nothing(page: Page, stub: Stub) -> None:
    """An attacker's page on another port of the same machine: scripts, fetches, frames and forms all fail."""
    stub.scripts = lambda _: Script(js='globalThis.stolen = "secret-in-the-script";')
    with serve(stub) as address, serve(stub_for(None, lambda _: Script())) as attackers:
        script = f"{address}/k/stub/apps/45/runbutton.js"
        paths = ["/k/45/show", "/k/stub/apps/45/records/1", "/k/stub/calls", "/k/v1/app.json?id=45"]
        page.route("**/evil", lambda route: route.fulfill(content_type="text/html", body="<p>evil</p>"))
        for name in ("127.0.0.1", "localhost"):
            page.goto(f"{attackers.replace('127.0.0.1', name)}/evil")
            got = page.evaluate(
                """async ([script, address, paths]) => {
                  const loaded = await new Promise((resolve) => {
                    const element = document.createElement("script");
                    element.onload = () => resolve("loaded");
                    element.onerror = () => resolve("refused");
                    element.src = script;
                    document.head.append(element);
                  });
                  const read = await Promise.all(paths.flatMap((path) => ["cors", "no-cors"].map((mode) =>
                    fetch(address + path, { mode }).then((it) => it.text(), () => "")
                  )));
                  const frame = document.createElement("iframe");
                  frame.src = `${address}/k/45/show`;
                  const framed = await new Promise((resolve) => {
                    frame.onload = () => resolve(frame.contentDocument?.body.textContent ?? "");
                    document.body.append(frame);
                  });
                  return [loaded, globalThis.stolen ?? "", ...read, framed];
                }""",
                [script, address, paths],
            )
            assert got == ["refused", *[""] * (2 * len(paths) + 2)]
        # It can only follow a link, and cannot read the page that is shown then.
        page.goto(f"{address}/%3Cimg%20src=x%20onerror=document.title='stolen'%3E")
        assert page.title() != "stolen"
        assert page.locator("img").count() == 0


# ------------------------------------------------------------------------------------------------------------- choices


def test_the_panel_sets_what_happens_next(page: Page, noise: list[str]) -> None:  # noqa: ARG001
    stub = Stub([StubApp(45, "orders")], lambda _: Script(), Clock(), panel=True)
    stub.services["trocco"].japan.job_definitions[1] = Definition(1, "load")
    with serve(stub) as address:
        page.goto(f"{address}/k/45/show#record=1")
        choices = [("実行時間（秒）", "60"), ("TROCCOの実行結果", "error"), ("エラーにする通信", "krewdata/run")]
        for label, value in [*choices, ("エラーの内容", "409 Other User is running the execution unit.")]:
            with page.expect_response("**/k/stub/choices"):
                page.get_by_label(label).select_option(value)
        expect(page.get_by_role("status")).to_have_text("適用しました")
        definition = stub.services["trocco"].japan.job_definitions[1]
        assert (definition.seconds, definition.outcome) == (60, "error")
        assert [(fault.call, fault.status) for fault in stub.proxy.faults] == [("run", 409)]
        page.get_by_label("時計の速さ").select_option("10")
        expect(page.get_by_role("status")).to_have_text("適用しました")
        page.evaluate("kintone.proxy('https://trocco.io/api/jobs', 'POST', {Authorization: 'Token hidden-key'}, '{}')")
        expect(page.locator(".stub-calls")).to_contain_text("TROCCO: ジョブの実行（POST）")
        page.locator(".stub-calls summary").click()
        expect(page.locator(".stub-calls pre").first).to_have_text("Authorization: ••••\n\n{}")
        before = stub.clock.now().timestamp()
        with page.expect_response("**/k/stub/clock"):
            page.get_by_role("button", name="時計を1時間進める").click()
        # The page's own time is that of the services, and ten times as fast.
        assert 3600 <= stub.clock.now().timestamp() - before < 4800
        page.evaluate(
            """async (before) => {
                 while (Date.now() / 1000 - before < 3600) {
                   await new Promise((done) => setTimeout(done, 100));
                 }
               }""",
            before,
        )
        assert page.evaluate("new Promise((done) => setTimeout(done, 20000, 'soon'))") == "soon"
        with page.expect_navigation():
            page.get_by_role("button", name="初期状態に戻す").click()
        expect(page.get_by_label("実行時間（秒）")).to_have_value("10")
        assert stub.proxy.faults == []


def test_the_panel_switches_language_and_device(page: Page, noise: list[str]) -> None:  # noqa: ARG001
    stub = Stub([StubApp(45, "orders")], lambda _: Script(), Clock(), panel=True)
    with serve(stub) as address:
        page.goto(f"{address}/k/45/show?lang=ja#record=2")
        page.get_by_label("ユーザーの言語").select_option("en")
        page.get_by_role("button", name="Open the mobile page").click()
        page.wait_for_url("**/k/m/45/show?record=2")
        expect(page.get_by_text("Record: 2")).to_be_visible()


GONE = "プレビューから応答がありません"


def test_a_page_whose_preview_has_gone_says_so(page: Page, noise: list[str]) -> None:
    stub = Stub([StubApp(45, "orders")], lambda _: Script(), Clock(), panel=True)
    with serve(stub) as address:
        page.goto(f"{address}/k/45/edit")
        page.get_by_role("button", name="保存").wait_for()
        # A record that can no longer be saved is not reported as wrong.
        page.route("**/k/stub/**", lambda route: route.abort())
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text(GONE)).to_be_visible()
        expect(page.get_by_text("入力内容")).to_have_count(0)
        page.get_by_role("button", name="時計を1時間進める").click()
        expect(page.get_by_role("status").filter(has_text=GONE)).to_be_visible()
        page.unroute_all()
        page.route("**/k/stub/apps/45/records**", lambda route: route.abort())
        for path in ("/k/45/", "/k/45/edit", "/k/45/show?record=1#record=1"):
            page.goto(f"{address}{path}")
            expect(page.get_by_text(GONE)).to_be_visible()
            expect(page.get_by_text("見つかりません")).to_have_count(0)
        # The browser itself reports the requests.
        assert all("Failed to load resource" in line for line in noise)
        noise.clear()


BOXES = """["#stub-place", ".stub-panel"].map((selector) =>
  document.querySelector(selector).getBoundingClientRect().toJSON())"""


def test_the_panel_leaves_the_record_free(page: Page, noise: list[str]) -> None:  # noqa: ARG001
    stub = Stub([StubApp(45, "orders")], lambda _: Script(), Clock(), panel=True)
    with serve(stub) as address:
        for width, height in ((1280, 900), (375, 700)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{address}/k/m/45/show?record=1&width={width}")
            expect(page.get_by_text("更新日時")).to_be_visible()
            page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
            record, panel = page.evaluate(BOXES)
            assert record["right"] <= panel["left"] or record["bottom"] <= panel["top"]
