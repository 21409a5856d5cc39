"""The probe on the stubbed kintone: its report has the switches' values, and does not identify the tenant."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from generator.probe.facts import FACTS
from generator.probe.write import probe_files
from generator.stub.rest import ApiToken
from generator.stub.sample_apps import StubApp
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock
from tests.browser.axe import violations
from tests.browser.record_page import leave, listening, wait_until
from tests.host import Host

TOKEN = "probe-token-that-nobody-may-read"
# No real count or time comes near this number.
APP = 48151623
PATIENCE, CAP, PAUSE = 800, 1500, 120

TURNED: Mapping[str, Any] = {
    "header_space": "reused",
    "header_case": "lower",
    "unknown_host": "reject",
    "proxy_timeout": 1,
    "record_get_in_handler": "null",
    "undefined_return": "undefined",
    "settings_need_update": True,
    "unset_plugin": "off",
    "merge_text": True,
    "header_clash": "same case",
    "get_proxy_config": "longest",
    "reads_saved": "on reload",
    "saves_need_pause": True,
    "resolves_dots": True,
    "prefix_match": "part",
    "settings_proxy": "works",
}
# The length of one answer is recorded; the limit is not searched.
UNSEEN = {"proxy_size"}
# If the call's headers are dropped, they cannot clash with saved ones.
TYPES: Mapping[str, Any] = {"call_headers": "dropped", "default_content_type": "json"}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return probe_files(patience=PATIENCE, cap=CAP, pause=PAUSE)


@pytest.fixture
def quiet(page: Page) -> Iterator[list[str]]:
    """Errors on the page, but those of saves that the stub refuses."""
    with listening(page) as noise:
        yield noise
    assert [line for line in noise if "400 (BAD REQUEST)" not in line] == []


class Visit:
    """A user who follows the probe's instructions."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.panel = page.get_by_role("region", name="Runbuttonプローブ")

    def record(self) -> None:
        if self.page.url != "about:blank":
            leave(self.page)
        self.page.goto(f"{self.address}/k/{APP}/show#record=1")
        wait_until(self.page, "stub.shown > 0")

    def at(self, step: str) -> None:
        expect(self.panel).to_have_attribute("data-step", step)

    def press(self, name: str) -> None:
        self.panel.get_by_role("button", name=name, exact=True).click()

    def pages(self) -> None:
        """The user's actions on a record's pages."""
        self.at("nextRecord")
        self.page.get_by_role("button", name="次へ", exact=True).click()
        self.at("edit")
        self.page.get_by_role("button", name="レコードを編集する").click()
        self.at("cancel")
        self.page.get_by_role("button", name="キャンセル", exact=True).click()
        self.at("save")
        self.page.get_by_role("button", name="レコードを編集する").click()
        self.page.get_by_role("button", name="保存", exact=True).click()

    def settings(self, button: str, words: str) -> None:
        link = self.panel.get_by_role("link")
        self.page.goto(self.address + (link.get_attribute("href") or ""))
        field = self.page.get_by_label("APIトークン")
        field.fill(TOKEN)
        self.page.get_by_role("button", name=button, exact=True).click()
        expect(self.page.locator("#runbutton-probe").get_by_role("status")).to_contain_text(words, timeout=15_000)
        assert TOKEN not in self.page.locator("#runbutton-probe").inner_html()
        self.record()

    def report(self) -> Any:
        self.at("end")
        return json.loads(self.panel.get_by_label("レポート（JSON）").input_value())


def visit(page: Page, host: Host, stub: Stub, *, skips_pages: bool) -> Any:
    """Goes through all steps, or skips those that are about pages; gives the report."""
    stub.rest.api_tokens[TOKEN] = ApiToken(APP)
    with host.serve(stub) as address:
        person = Visit(page, address)
        person.record()
        person.at("start")
        groups = person.panel.get_by_role("heading", level=3)
        expect(groups).to_have_text(["自動で行う確認（7件）", "操作が必要な確認（9件）"])
        assert violations(page, ".rbp") == []
        person.press("開始")
        person.at("noAnswer")
        person.press("スキップ" if skips_pages else "実行")
        person.at("largeAnswer")
        person.press("実行")
        for step in ("nextRecord", "edit", "cancel", "save") if skips_pages else ():
            person.at(step)
            person.press("スキップ")
        if not skips_pages:
            person.pages()
        person.at("addPlugin")
        bar = person.panel.get_by_role("progressbar", name="操作が必要な確認: 5/9")
        assert bar.evaluate("bar => [bar.value, bar.max]") == [11, 16]
        assert violations(page, ".rbp") == []
        person.press("次へ")
        person.at("store")
        person.press("次へ")
        expect(person.panel.get_by_role("status")).to_contain_text("まだ完了していません")
        person.settings("保存", "保存しました")
        person.press("次へ")
        person.at("updateApp")
        stub.rest.publish(APP)
        person.press("次へ")
        person.at("pluginCalls")
        rights = stub.rest.api_tokens.pop(TOKEN)
        person.press("実行")
        expect(person.panel.get_by_role("status")).to_contain_text("レコードを読み取れませんでした")
        stub.rest.api_tokens[TOKEN] = rights
        person.press("実行")
        person.at("remove")
        person.settings("削除", "すべて削除しました")
        person.press("次へ")
        report = person.report()
        person.press("レポートを削除してやり直す")
        person.at("start")
        page.goto("about:blank")
    return report


def told(stub: Stub, names: set[str]) -> dict[str, str]:
    return {fact.name: fact.set_in(stub) for fact in FACTS if fact.name in names}


def on_the_page() -> set[str]:
    return {
        fact.name
        for fact in FACTS
        if fact.part == "page" and (fact.switch or fact.documented) and fact.name not in UNSEEN
    }


@pytest.mark.parametrize(
    "turned",
    [
        pytest.param({}, id="default", marks=pytest.mark.exhaustive),
        pytest.param(TURNED, id="turned"),
        pytest.param(TYPES, id="types", marks=pytest.mark.exhaustive),
    ],
)
def test_the_probe_tells_how_the_switches_are_set(
    page: Page, host: Host, files: Mapping[str, bytes], quiet: list[str], turned: Mapping[str, Any]
) -> None:
    packages = [files["probe-plugin.zip"]]
    script = files["probe.js"].decode()
    stub = Stub([StubApp(APP, "secret-app-name")], lambda _: Script(js=script), Clock(), plugins=lambda _: packages)
    for name, value in turned.items():
        setattr(stub.switches, name, value)

    report = visit(page, host, stub, skips_pages="call_headers" in turned)

    unseen = {"header_clash", "proxy_timeout", "header_space"} if "call_headers" in turned else set()
    assert {name: report["facts"].get(name) for name in on_the_page() - unseen} == told(stub, on_the_page() - unseen)
    if "call_headers" not in turned:
        assert "recordId: string" in report["observations"]["E5 app.record.edit.submit.success"]
    # No entries are left.
    (plugin,) = stub.rest.plugins
    assert stub.rest.plugin_settings.preview(APP, plugin).additions == {}
    assert stub.rest.plugin_settings.preview(APP, plugin).config == {}
    asked = {re.sub(r"^proxy: GET (https://[^/]+).*", r"\1", line) for line in stub.unknown}
    assert asked <= {"https://runbutton-probe.invalid", "https://js.cybozu.com"}
    # The report does not identify the tenant.
    text = json.dumps(report, ensure_ascii=False)
    words = {
        TOKEN,
        "127.0.0.1",
        "localhost",
        plugin,
        "secret-app-name",
        "sato",
        "佐藤",
        "仕入れ",
        stub.rest.request_token,
    }
    assert [word for word in words if word in text] == []
    assert re.findall(rf"https?:|/k/|{APP}", text) == []
    quiet.clear() if turned.get("saves_need_pause") else None


def test_every_switch_of_the_pages_is_turned_here() -> None:
    assert {**TURNED, **TYPES}.keys() == {fact.name for fact in FACTS if fact.name in on_the_page() and fact.switch}
