"""Plug-ins on the stubbed kintone's pages: what a plug-in's scripts meet on users' pages and on its settings page."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from generator.plugin import pack
from generator.signing import new_key
from generator.stub.sample_apps import StubApp
from generator.stub.services.trocco.jobs import ApiKey, Definition
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock
from tests.browser.record_page import hearing, leave, wait_until
from tests.host import Host

KEYS = [new_key(), new_key()]
FIRST, SECOND = (key.id for key in KEYS)
JOBS = "https://trocco.io/api/jobs"
SETTINGS = f"/k/admin/app/45/plugin/config?pluginId={FIRST}"
DESKTOP, MOBILE = "/k/45/show#record=1", "/k/m/45/show?record=1"

USERS_PAGES = [
    DESKTOP, "/k/45/", "/k/45/edit", "/k/45/show#record=1&mode=edit", "/k/45/print?record=1",
    MOBILE, "/k/m/45/", "/k/m/45/edit",
]  # fmt: skip

RECORDER = "(globalThis.ran ??= []).push(['%s', kintone.$PLUGIN_ID]);"

Open = Callable[[str], Page]


def package(key: int) -> bytes:
    """A plug-in whose files note that they ran, and as whose."""
    manifest = {
        "manifest_version": 1,
        "version": 1,
        "type": "APP",
        "name": {"en": ("First", "Second")[key]},
        "icon": "icon.png",
        "desktop": {"js": ["desktop.js", "more.js"], "css": ["desktop.css"]},
        "mobile": {"js": ["mobile.js"]},
        "config": {"html": "config.html", "js": ["config.js"], "css": ["config.css"]},
    }
    texts = {f"{name}.js": RECORDER % name for name in ("desktop", "more", "mobile", "config")} | {
        "config.html": '<form id="form"><input></form>',
        "config.css": "#form { color: rgb(1, 2, 3); }",
        "desktop.css": ".stub-home { color: rgb(1, 2, 3); }",
        "icon.png": "",
        "manifest.json": json.dumps(manifest),
    }
    return pack({name: text.encode() for name, text in texts.items()}, KEYS[key])


PACKAGES = [package(0), package(1)]


@pytest.fixture
def stub() -> Stub:
    stub = Stub([StubApp(45, "orders")], lambda _: Script(js=RECORDER % "own"), Clock(), plugins=lambda _: PACKAGES)
    stub.services["trocco"].japan.api_keys["fake-key"] = ApiKey()
    stub.services["trocco"].japan.job_definitions[1] = Definition(1, "load")
    return stub


@pytest.fixture
def open_page(page: Page, stub: Stub, noise: list[str], host: Host) -> Iterator[Open]:  # noqa: ARG001
    """Opens a page; unknown requests and errors on the page fail the test."""
    with ExitStack() as stack:
        address = stack.enter_context(host.serve(stub))

        def open_(path: str) -> Page:
            if page.url.startswith(address):
                leave(page)
            page.goto(address + path)
            if not path.startswith("/k/admin/"):
                wait_until(page, "stub.shown > 0")
            return page

        yield open_
        leave(page)
    assert stub.unknown == []


def save(page: Page, call: str) -> None:
    """Calls setConfig or setProxyConfig with a callback as its last argument, and waits for that."""
    page.evaluate(f"new Promise((done) => kintone.plugin.app.{call}, () => done(null)))")


def save_key(page: Page) -> None:
    headers = {"Authorization": "Token fake-key", "Content-Type": "application/json"}
    save(page, f"setProxyConfig('{JOBS}?job_definition_id=1&', 'POST', {json.dumps(headers)}, {{}}")


# --- users' pages

READ = """([first, second, address]) => {
  const { app } = kintone.plugin;
  const configs = [first, second, "a".repeat(32)].map((id) => app.getConfig(id));
  const called = app.setConfig({}, () => alert()) ?? app.setProxyConfig(address, "POST", {}, {}, () => alert());
  const color = getComputedStyle(document.querySelector(".stub-home")).color;
  return {
    ran, id: kintone.$PLUGIN_ID, configs, entry: app.getProxyConfig(address, "POST"), called: called ?? null,
    pending: stub.pending, styled: color === "rgb(1, 2, 3)",
  };
}"""


def test_a_users_page_runs_each_plugins_files_and_reads_the_config_and_nothing_else(
    open_page: Open, stub: Stub
) -> None:
    settings = open_page(SETTINGS)
    save(settings, "setConfig({saved: '1'}")
    save_key(settings)
    address = f"{JOBS}?job_definition_id=1&"
    asked: list[str] = []
    for path in USERS_PAGES:
        page = open_page(path)
        with hearing(page, "request", lambda request: asked.append(request.url)):
            found = page.evaluate(READ, [FIRST, SECOND, address])
        files = ["mobile"] if "/m/" in path else ["desktop", "more"]
        assert (path, found) == (
            path,
            {
                # After the app's own script, each with its ID, which is not reliable afterwards.
                "ran": [["own", None], *([file, plugin] for plugin in (FIRST, SECOND) for file in files)],
                "id": SECOND,
                "configs": [{"saved": "1"}, {}, None],
                "entry": None,
                "called": None,
                "pending": 0,
                "styled": "/m/" not in path,
            },
        )
        assert asked == []
        if path in (DESKTOP, MOBILE, "/k/45/print?record=1"):
            the_plugin_proxy_adds_what_is_saved(page, stub)
        if path == DESKTOP:
            the_plugin_proxy_calls_back_too(page)
            a_wrong_argument_is_told_at_once(page)


def the_plugin_proxy_adds_what_is_saved(page: Page, stub: Stub) -> None:
    call = f"kintone.plugin.app.proxy('{FIRST}', '{JOBS}?job_definition_id=1&', 'POST', {{}}, {{}})"
    body, status, headers = page.evaluate(call)
    assert status == 200
    assert "id" in json.loads(body)
    assert isinstance(headers, dict)
    assert stub.requests[-1].request.headers["Authorization"] == "Token fake-key"
    assert page.evaluate(call.replace(FIRST, SECOND))[1] == 401


def the_plugin_proxy_calls_back_too(page: Page) -> None:
    which = f"'{FIRST}', '{JOBS}?job_definition_id=2', 'POST', {{}}, {{}}"
    assert page.evaluate(f"kintone.plugin.app.proxy({which}, () => {{}}, () => {{}}) === undefined")
    done = f"new Promise((done) => kintone.plugin.app.proxy({which}, (...args) => done(args), () => done(null)))"
    assert page.evaluate(done)[1] == 401
    refused = done.replace("'POST'", "'PATCH'").replace("() => done(null)", "(error) => done(error)")
    assert json.loads(page.evaluate(refused))["code"] == "CB_VA01"


def a_wrong_argument_is_told_at_once(page: Page) -> None:
    for which in ("1, 'u', 'GET', {}, {}", "'p', 'u', 'GET', null, {}", "'p', 'u', 'GET', {}", "'p', 1, 'GET', {}, {}"):
        name = page.evaluate(
            f"(() => {{ try {{ kintone.plugin.app.proxy({which}); }} catch (error) {{ return error.name; }} }})()"
        )
        assert (which, name) == (which, "TypeError")


def test_a_users_page_cannot_get_at_the_settings_page(open_page: Open, noise: list[str]) -> None:
    save_key(open_page(SETTINGS))
    page = open_page(DESKTOP)
    read = """async (path) => {
      const text = await (await fetch(path)).text();
      const frame = document.createElement("iframe");
      frame.src = path;
      await new Promise((done) => { frame.onload = done; document.body.append(frame); });
      let framed = "";
      try { framed = frame.contentDocument?.documentElement.outerHTML ?? ""; } catch {}
      return text + framed;
    }"""
    assert "fake-key" not in page.evaluate(read, SETTINGS)
    with page.expect_popup() as opened:
        page.evaluate("path => { globalThis.opened = open(path); }", SETTINGS)
    opened.value.wait_for_function("globalThis.ran")
    assert "fake-key" in opened.value.content()
    seen = "(() => { try { return opened.document.documentElement.outerHTML; } catch { return ''; } })()"
    assert "fake-key" not in page.evaluate(seen)
    opened.value.close()
    assert all("403" in noise.pop() for _ in list(noise))


# --- the settings page

SAVED = f"[kintone.plugin.app.getConfig('{FIRST}'), kintone.plugin.app.getProxyConfig('{JOBS}', 'POST')]"
BY_ANOTHER = {"saved": "by another"}


def test_the_settings_page_runs_the_plugins_settings_alone_and_reads_what_there_was_when_it_was_loaded(
    open_page: Open, stub: Stub
) -> None:
    page = open_page(SETTINGS)
    assert page.evaluate("ran") == [["config", FIRST]]
    expect(page.locator(".stub-admin")).to_contain_text("実際の認証情報は入力しないでください。")
    assert page.evaluate("kintone.app.getId()") == 45
    assert page.evaluate("kintone.getPageType()") == {"type": "APP_SETTINGS", "page": "APP_SETTINGS_PLUGIN_SETTINGS"}
    expect(page.locator("#form")).to_have_css("color", "rgb(1, 2, 3)")
    # The plug-in proxy does not work there.
    assert page.evaluate(f"kintone.plugin.app.proxy('{FIRST}', '{JOBS}', 'GET', {{}}, {{}}) === undefined")
    assert page.evaluate("stub.pending") == 0
    assert stub.requests == []
    # Neither its own saves nor those of another page are read before a reload.
    stub.rest.plugin_settings.save_config(45, FIRST, BY_ANOTHER)
    save(page, f"setProxyConfig('{JOBS}', 'POST', {{n: 1}}, {{}}")
    assert page.evaluate(SAVED) == [{}, None]
    assert open_page(SETTINGS).evaluate(SAVED) == [BY_ANOTHER, {"headers": {"n": "1"}, "data": {}}]


def test_where_its_own_saves_are_read_back_at_once_those_of_another_page_are_not(open_page: Open, stub: Stub) -> None:
    stub.switches.reads_saved = "at once"
    page = open_page(SETTINGS)
    assert page.evaluate(SAVED) == [{}, None]
    stub.rest.plugin_settings.save_config(45, FIRST, BY_ANOTHER)
    save(page, f"setProxyConfig('{JOBS}', 'POST', {{n: 1}}, {{n: 1}}")
    entry = {"headers": {"n": "1"}, "data": {"n": 1}}
    assert page.evaluate(SAVED) == [{}, entry]
    assert page.evaluate(
        "new Promise((done) => kintone.plugin.app.setConfig({saved: '1'}, (...args) => done(args)))"
    ) == []  # fmt: skip
    assert page.evaluate(SAVED) == [{"saved": "1"}, entry]
    read_back = f"kintone.plugin.app.getProxyConfig('{JOBS}/123', 'POST')"
    for more in (f"'{JOBS}/1', 'POST', {{n: 2}}", f"'{JOBS}/12', 'GET', {{n: 3}}"):
        save(page, f"setProxyConfig({more}, {{}}")
    assert page.evaluate(read_back) is None
    # Which entry is read back is a switch.
    stub.switches.get_proxy_config = "longest"
    page = open_page(SETTINGS)
    assert page.evaluate(SAVED) == [{"saved": "1"}, entry]
    assert page.evaluate(read_back) == {"headers": {"n": "2"}, "data": {}}
    assert page.evaluate("kintone.plugin.app.getProxyConfig('https://example.com/', 'POST')") is None


ASK = "kintone.api(kintone.api.url('/k/v1/preview/app/plugins.json', true), 'GET', {app: %d})"


def test_the_settings_page_may_ask_for_its_apps_revision_and_no_other_page(
    open_page: Open, noise: list[str], stub: Stub
) -> None:
    page = open_page(SETTINGS)
    before = int(page.evaluate(ASK % 45)["revision"])
    save(page, "setConfig({saved: '1'}")
    assert int(page.evaluate(ASK % 45)["revision"]) > before
    refused = f"{ASK}.then(() => null, ({{ code }}) => code)"
    assert page.evaluate(refused % 46) == "CB_NO02"
    assert open_page(DESKTOP).evaluate(refused % 45) == "CB_NO02"
    assert all("403" in noise.pop() for _ in list(noise))
    assert stub.unknown == []


# A save without any callback is in the test of the update.
@pytest.mark.exhaustive
@pytest.mark.parametrize("callback", [", null", ", undefined"])
def test_without_a_callback_the_page_goes_to_the_list_of_plugins(open_page: Open, callback: str) -> None:
    page = open_page(SETTINGS)
    page.evaluate(f"kintone.plugin.app.setConfig({{saved: '1'}}{callback})")
    page.wait_for_url("**/k/admin/app/45/plugin/?saved=1")
    expect(page.get_by_role("status")).to_contain_text("アプリを更新")


FAILURES = {
    "another save under way": None,
    "a value that is no text": "setConfig({saved: 1}",
    "a value that is undefined": "setConfig({saved: undefined}",
    "data that is not flat": f"setProxyConfig('{JOBS}', 'POST', {{}}, {{a: {{}}}}",
}


def test_a_failed_save_is_told_by_kintone_and_never_calls_back(open_page: Open, stub: Stub, noise: list[str]) -> None:
    page = open_page(SETTINGS)
    alert = page.get_by_role("alert")
    for callback in (True, False):
        called = ", () => { globalThis.called = true; }" if callback else ""
        for name, call in FAILURES.items():
            with ExitStack() as stack:
                if call is None:
                    stack.enter_context(stub.rest.plugin_settings.saving)
                page.evaluate(f"kintone.plugin.app.{call or 'setConfig({}'} {called})")
                expect(alert, name).to_contain_text("設定を保存できませんでした。")
            wait_until(page, "stub.pending === 0")
            alert.get_by_role("button", name="閉じる").click()
            expect(alert).to_have_count(0)
            assert page.evaluate("globalThis.called ?? null") is None, name
            assert page.url.endswith(SETTINGS)
            assert stub.rest.plugin_settings.preview(45, FIRST).config == {}
    # One of two simultaneous saves fails.
    page.evaluate(
        f"""
        globalThis.done = [];
        kintone.plugin.app.setProxyConfig("{JOBS}", "POST", {{ a: 1 }}, {{}}, () => done.push("POST"));
        kintone.plugin.app.setProxyConfig("{JOBS}", "GET", {{ a: 1 }}, {{}}, () => done.push("GET"));
        """
    )
    expect(alert).to_contain_text("データベースのロックに失敗しました。")
    wait_until(page, "stub.pending === 0")
    assert page.evaluate("done") == ["POST"]
    assert list(stub.rest.plugin_settings.preview(45, FIRST).additions) == [("POST", JOBS)]
    assert all("400" in noise.pop() for _ in list(noise))


@pytest.mark.parametrize(
    ("lang", "saved", "update", "updated", "gear"),
    [
        ("ja", "プラグインの設定を保存しました。", "アプリを更新", "アプリを更新しました。", "設定 First"),
        pytest.param(
            *("en", "The plug-in settings are saved.", "Update app", "The app is updated.", "Settings First"),
            marks=pytest.mark.exhaustive,
        ),
    ],
)
def test_saved_settings_wait_for_the_update_of_the_app(  # noqa: PLR0917 - the words of the page.
    open_page: Open, stub: Stub, lang: str, saved: str, update: str, updated: str, gear: str
) -> None:
    stub.switches.settings_need_update = True
    page = open_page(f"{SETTINGS}&lang={lang}")
    page.evaluate("kintone.plugin.app.setConfig({saved: '1'})")
    expect(page.get_by_role("status")).to_contain_text(saved)
    read = f"kintone.plugin.app.getConfig('{FIRST}')"
    assert open_page(DESKTOP).evaluate(read) == {}
    page = open_page("/k/admin/app/45/plugin/")
    page.get_by_role("button", name=update).click()
    expect(page.get_by_role("status")).to_have_text(updated)
    expect(page.get_by_role("button", name=update)).to_have_count(0)
    page.get_by_role("link", name=gear).click()
    page.wait_for_function("globalThis.ran")
    assert open_page(DESKTOP).evaluate(read) == {"saved": "1"}
