"""The plug-in as its people meet it: the administrator's settings page, and the buttons that it makes work."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from generator.build import make
from generator.config import parse_config
from generator.customization import script
from generator.errors import ConfigError
from generator.plugin import pack, plugin_files
from generator.signing import new_key
from generator.stub.configured import stub_for
from generator.stub.rest import read_plugin
from generator.stub.services.krewdata import STAND_IN as FAKE_SERIAL_NUMBER
from generator.stub.services.trocco import STAND_IN as FAKE_API_KEY
from generator.stub.services.trocco.jobs import ApiKey
from generator.stub.tenant import Script, Stub
from generator.units.config import Config
from tests.added_services import OPEN, added_services
from tests.browser.axe import violations
from tests.browser.record_page import RecordPage, StoppedClock, listen, wait_until
from tests.host import Host

KEY, OTHER_KEY = new_key(), new_key()

KREWDATA = {
    "id": "recalculate",
    "service": "krewdata",
    "url": "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn",
    "krewdata_app_url": "https://yourdomain.cybozu.com/k/123",
    "record": ["部門名"],
    "label": {"ja": "再集計", "en": "Recalculate"},
}
JOB = {"id": "load-sales", "service": "trocco-job", "job_definition_id": 12, "label": {"ja": "取込", "en": "Load"}}
WORKFLOW = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45}
SECRETS = {"recalculate": FAKE_SERIAL_NUMBER, "load-sales": FAKE_API_KEY, "nightly": FAKE_API_KEY}

SAVED = {"ja": "設定を保存しました。", "en": "Settings saved."}
UPDATE = {"ja": "[アプリを更新]", "en": "[Update app]"}
NOT_SAVED = {"ja": "未保存", "en": "Not saved"}
SAVED_BADGE = {"ja": "保存済み", "en": "Saved"}
AGAIN, PENDING = "再保存が必要", "保存が未完了"
MOVED = "この画面を開いたあとに、アプリの設定が変更されました。"


def plugin_config(*units: Any, **more: Any) -> Config:
    """A config whose app 45 has these units by the plug-in, and app 46 none of them."""
    apps = [*([{"app": 45, "name": "orders", "units": list(units)}] if units else []), *more.pop("apps", [])]
    plugin = {"name": {"en": "Run buttons", "ja": "実行ボタン"}, "version": 1, "key": "private.ppk"}
    return parse_config(json.dumps({"version": 1, "plugin": plugin, "apps": apps}), "units.yaml", {})


def script_app(unit: Any, *, app: int = 45) -> dict[str, Any]:
    """An app with this unit by a script."""
    return {"app": app, "name": "by-script", "target": "script", "expose_secrets": True, "units": [unit]}


CONFIG = plugin_config(KREWDATA, JOB, WORKFLOW)
ENTRIES = {(request.method, request.url) for unit in CONFIG.apps[0].units for request in unit.stored_requests()}
"""All that is stored for the units of CONFIG."""


SAVING = """async () => {
  while (stub.pending > 0) await scheduler.postTask(() => {}, { delay: 1 });
  return document.querySelector("button[type=submit]").disabled;
}"""


class SettingsPage:
    """The plug-in's settings page, driven as its administrator would."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.clocked = False

    def open(self, plugin: str = KEY.id, *, app: int = 45, lang: str = "ja") -> "SettingsPage":
        if not self.clocked:
            self.page.clock.install()
            self.clocked = True
        self.page.goto(f"{self.address}/k/admin/app/{app}/plugin/config?pluginId={plugin}&lang={lang}")
        self.page.locator("#rb-settings h1").wait_for()
        return self

    def unit(self, unit_id: str) -> Locator:
        """The part of the form that is the unit's, which it may share."""
        return self.page.locator(f'[data-unit~="{unit_id}"]')

    def field(self, unit_id: str) -> Locator:
        return self.unit(unit_id).locator("input[type=password]")

    def remove(self, unit_id: str) -> Locator:
        return self.unit(unit_id).locator("> .rb-tick input")

    def saved(self) -> dict[str, str]:
        """Each unit, and whether the page says that its secret is saved."""
        units = self.page.locator("[data-unit]").all()
        return {str(unit.get_attribute("data-unit")): unit.locator(".rb-badge").inner_text() for unit in units}

    @property
    def result(self) -> Locator:
        return self.page.locator(".rb-result")

    def save(self, **secrets: str) -> None:
        """Types secrets in, by unit id with _ for -, saves, and waits until that is done."""
        for unit_id, secret in secrets.items():
            self.field(unit_id.replace("_", "-")).fill(secret)
        self.submit.click()
        self.wait()

    @property
    def submit(self) -> Locator:
        return self.page.locator("button[type=submit]")

    def wait(self, step: int = 1000) -> None:
        """Lets the page's time run until it saves no more."""
        while self.page.evaluate(SAVING):
            self.page.clock.run_for(step)


ALL_SECRETS = {unit_id.replace("-", "_"): secret for unit_id, secret in SECRETS.items()}


class Kintone:
    """The stubbed kintone with plug-ins of `config`, and a browser's page for its administrator and for its user."""

    def __init__(self, stub: Stub, settings: SettingsPage, user: RecordPage, noise: list[str]) -> None:
        self.stub = stub
        self.settings = settings
        self.user = user
        self.noise = noise
        self.build: Callable[[Config], None]
        """Puts a later build of the plug-in into the apps."""

    @cached_property
    def second(self) -> SettingsPage:
        """Another app administrator's page; a page behind another one is slow, so only for who wants it."""
        return SettingsPage(self.settings.page.context.new_page(), self.settings.address)

    def stored(self, plugin: str = KEY.id) -> Any:
        return self.stub.rest.plugin_settings.live(45, plugin).additions

    def config(self, plugin: str = KEY.id, *, app: int = 45) -> Any:
        return self.stub.rest.plugin_settings.live(app, plugin).config


Serve = Callable[..., Kintone]


@pytest.fixture(scope="module")
def administrators_page(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """Another person's browser than the one with the lasting page."""
    with closing(browser.new_context(**browser_context_args)) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def administrators_noise(administrators_page: Page) -> list[str]:
    found: list[str] = []
    listen(administrators_page, found)
    return found


@pytest.fixture
def serve_plugin(
    host: Host,
    lasting_page: Page,
    lasting_noise: list[str],
    administrators_page: Page,
    administrators_noise: list[str],
) -> Iterator[Serve]:
    """Serves a config's plug-in, in all its apps, packed with each of `keys`, and its scripts. An
    error on a page or an unknown request fails the test, unless it takes it out."""
    served: list[Kintone] = []
    lasting_noise.clear()
    administrators_noise.clear()
    with ExitStack() as stack:

        def start(config: Config = CONFIG, keys: tuple[Any, ...] = (KEY,)) -> Kintone:
            packages: list[bytes] = []

            def build(config: Config) -> None:
                shared = config.shared_plugin
                assert shared is not None
                packages[:] = [pack(plugin_files(shared), key) for key in keys]

            build(config)
            scripts = {app.app: script(app) for app in config.apps if app.target == "script"}
            stub = stub_for(
                config, lambda app: Script(js=scripts.get(app, "")), StoppedClock(), plugins=lambda _: packages
            )
            stub.switches.saves_need_pause = True
            address = stack.enter_context(host.serve(stub))
            user = RecordPage(lasting_page, stub, address, lasting_noise)
            kintone = Kintone(stub, SettingsPage(administrators_page, address), user, administrators_noise)
            kintone.build = build
            served.append(kintone)
            return kintone

        yield start
        for kintone in served:
            kintone.user.forget()
            assert kintone.stub.unknown == []
        for page in (lasting_page, administrators_page):
            page.unroute_all()
            page.context.clear_cookies()
        for later in administrators_page.context.pages[1:]:
            later.close()
        administrators_page.goto("about:blank")
    assert administrators_noise == lasting_noise == []


@contextmanager
def hearing(page: Page, event: Any, heard: Callable[[Any], None]) -> Iterator[None]:
    """Listens to a page that lasts longer than the test."""

    def hear(it: Any) -> None:  # Playwright takes no built-in.
        heard(it)

    page.on(event, hear)
    yield
    page.remove_listener(event, hear)


# --- saving


@pytest.mark.parametrize("lang", ["ja", pytest.param("en", marks=pytest.mark.exhaustive)])
def test_what_the_administrator_saves_makes_the_buttons_work(serve_plugin: Serve, lang: str) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open(lang=lang)
    assert set(settings.saved().values()) == {NOT_SAVED[lang]}
    settings.save(**ALL_SECRETS)
    expect(settings.result).to_contain_text(SAVED[lang])
    expect(settings.result).to_contain_text(UPDATE[lang])
    assert set(settings.saved().values()) == {SAVED_BADGE[lang]}
    settings.result.get_by_role("link").click()
    expect(settings.page).to_have_url(f"{settings.address}/k/admin/app/45/plugin/")
    for path, units in {"/k/45/show#record=1": SECRETS, "/k/m/45/show?record=1": ["nightly"]}.items():
        user = kintone.user.open(path, lang=lang)
        for unit_id in units:
            user.start(unit_id)
            user.advance(30, step=5)
            assert user.state(unit_id) == "succeeded", user.status(unit_id)


def test_what_is_saved_is_never_shown_and_a_blank_field_keeps_it(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    settings.save(**ALL_SECRETS)
    before, config = kintone.stored(), kintone.config()
    assert before.keys() == ENTRIES
    for _ in range(2):
        assert all(field.input_value() == "" for field in settings.page.locator("input[type=password]").all())
        text = settings.page.locator("#rb-settings").evaluate("root => root.outerHTML")
        assert not any(secret in text for secret in SECRETS.values())
        settings.save()
        expect(settings.result).to_have_text("変更がないため、保存しませんでした。")
        settings.save(nightly="   ")
        expect(settings.result).to_have_text("変更がないため、保存しませんでした。")
        assert (kintone.stored(), kintone.config()) == (before, config)
        settings.open()
    settings.save(recalculate="  another-fake-serial-number\t")
    assert {key for key in before if before[key] != kintone.stored()[key]} == {("POST", f"{KREWDATA['url']}/token")}
    data = kintone.stored()["POST", f"{KREWDATA['url']}/token"].data
    assert base64.b64decode(data["serialNumber"]) == b"another-fake-serial-number"


def test_a_key_has_one_field_whatever_buttons_use_it(serve_plugin: Serve) -> None:
    other = {**JOB, "id": "other", "job_definition_id": 123, "label": {"ja": "別の取込", "en": "Other"}}
    same = {**JOB, "id": "same", "label": {"ja": "同じ取込", "en": "Same"}}
    kintone = serve_plugin(plugin_config(JOB, KREWDATA, other, same, {**KREWDATA, "id": "again"}))
    settings = kintone.settings.open()
    assert settings.saved() == {"load-sales other same": "未保存", "recalculate again": "未保存"}
    expect(settings.unit("other")).to_contain_text("これらのボタンは、同じTROCCOのAPIキーを使います。")
    settings.save(load_sales="OLD-fake-api-key")
    expect(settings.result).to_contain_text(
        "5個のボタンのうち2個は、認証情報がまだ保存されていません（再集計、再集計）。"
    )
    settings.open().save(other=FAKE_API_KEY, recalculate=FAKE_SERIAL_NUMBER)
    assert set(settings.open().saved().values()) == {"保存済み"}
    assert "OLD" not in str(kintone.stored())
    user = kintone.user.open()
    for unit_id in ("load-sales", "other", "same", "again"):
        user.start(unit_id)
        user.advance(30, step=5)
        assert user.state(unit_id) == "succeeded", user.status(unit_id)


def serial_numbers(kintone: Kintone) -> list[str]:
    """The stored data of each krewData unit."""
    stored = [addition.data.get("serialNumber") for addition in kintone.stored().values()]
    return [base64.b64decode(number).decode() for number in stored if number]


def test_krewdatas_buttons_have_one_serial_number_or_on_request_one_each(serve_plugin: Serve) -> None:
    second = {**KREWDATA, "id": "close", "url": "https://api.krewdata.grapecity.com/trigger/v1/second"}
    kintone = serve_plugin(plugin_config(KREWDATA, second))
    settings = kintone.settings.open()
    one = settings.page.get_by_role("checkbox", name="これらのボタンすべてに同じ")
    expect(one).to_be_checked()
    assert settings.saved() == {"recalculate close": "未保存"}
    settings.save(recalculate="ONE-serial")
    assert serial_numbers(kintone) == ["ONE-serial"] * 2
    one.uncheck()
    expect(one).to_be_focused()
    assert settings.saved() == {"recalculate": "保存済み", "close": "保存済み"}
    settings.save(close="OTHER-serial")
    assert serial_numbers(kintone) == ["ONE-serial", "OTHER-serial"]
    # The two differ: so they stay apart, until they are typed as one again.
    settings.open()
    expect(one).not_to_be_checked()
    one.check()
    settings.save(recalculate="SAME-serial")
    assert serial_numbers(kintone) == ["SAME-serial"] * 2
    settings.open()
    expect(one).to_be_checked()


READS: list[Any] = [
    pytest.param("at once", "same", marks=pytest.mark.exhaustive),
    ("on reload", "longest"),
    pytest.param("on reload", "same", marks=pytest.mark.exhaustive),
]


@pytest.mark.parametrize(("reads", "read"), READS)
def test_a_page_that_was_opened_before_another_ones_save_saves_nothing(
    serve_plugin: Serve, reads: Any, read: Any
) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.reads_saved, kintone.stub.switches.get_proxy_config = reads, read
    earlier, later = kintone.second.open(), kintone.settings.open()
    later.save(load_sales=FAKE_API_KEY)
    before = kintone.stored(), kintone.config()
    earlier.save(recalculate=FAKE_SERIAL_NUMBER)
    expect(earlier.result).to_contain_text(MOVED)
    assert (kintone.stored(), kintone.config()) == before
    # The input is still there, and is lost with the page.
    expect(earlier.field("recalculate")).to_have_value(FAKE_SERIAL_NUMBER)
    earlier.field("recalculate").fill("")
    earlier.result.get_by_role("link").click()
    earlier.page.locator("#rb-settings h1").wait_for()
    assert earlier.saved() == {"recalculate": "未保存", "load-sales nightly": "保存済み"}
    earlier.save(recalculate=FAKE_SERIAL_NUMBER)
    assert kintone.stored().keys() == ENTRIES
    # A page that saves again is not stopped by itself.
    earlier.save(recalculate="another-serial")
    expect(earlier.result).to_contain_text(SAVED["ja"])
    # Nor does the one that is now the older one undo anything.
    later.remove("load-sales").check()
    later.save()
    expect(later.result).to_contain_text(MOVED)
    assert kintone.stored().keys() == ENTRIES
    user = kintone.user.open()
    user.start("load-sales")
    user.advance(30, step=5)
    assert user.state("load-sales") == "succeeded"


@pytest.mark.parametrize(("reads", "read"), READS)
def test_what_another_page_removed_is_not_brought_back(serve_plugin: Serve, reads: Any, read: Any) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.reads_saved, kintone.stub.switches.get_proxy_config = reads, read
    kintone.settings.open().save(**{**ALL_SECRETS, "recalculate": "OLD-serial"})
    earlier, later = kintone.second.open(), kintone.settings.open()
    later.remove("recalculate").check()
    expect(later.field("recalculate")).to_be_disabled()
    later.save()
    assert later.saved() == {"recalculate": "未保存", "load-sales nightly": "保存済み"}
    earlier.save(nightly="another-key")
    expect(earlier.result).to_contain_text(MOVED)
    assert "OLD" not in str(kintone.stored())
    assert later.open().saved() == {"recalculate": "未保存", "load-sales nightly": "保存済み"}


def test_without_the_revision_nothing_is_saved(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    settings.page.route("**/plugins.json*", lambda route: route.abort())
    settings.save(nightly=FAKE_API_KEY)
    kintone.noise.clear()
    expect(settings.result).to_contain_text("ほかの管理者がアプリの設定を変更したかどうかを確認できません。")
    assert (kintone.stored(), kintone.config()) == ({}, {})
    settings.page.unroute_all()
    settings.save()
    expect(settings.result).to_contain_text(SAVED["ja"])


def test_removing_all_secrets_leaves_nothing_stored(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    expect(settings.remove("load-sales")).to_be_hidden()
    settings.save(**ALL_SECRETS)
    for unit_id in ("recalculate", "nightly"):
        settings.remove(unit_id).check()
    settings.save()
    assert kintone.stored() == {}
    assert set(settings.saved().values()) == {"未保存"}
    assert json.loads(kintone.config()["stored"]) == {}


# --- what was refused, and what went wrong


def test_what_check_refuses_the_page_refuses(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open(lang="en")
    refused = [("load-sales", "a b"), ("load-sales", "x" * 300_000), ("recalculate", "tra_FAKE")]
    model = {"load-sales": JOB, "recalculate": KREWDATA}
    key = {"load-sales": "api_key", "recalculate": "serial_number"}
    for unit_id, secret in refused:
        with pytest.raises(ConfigError):
            plugin_config(apps=[script_app({**model[unit_id], key[unit_id]: secret})])
        settings.field(unit_id).fill(secret)
        settings.submit.click()
        expect(settings.field(unit_id)).to_have_attribute("aria-invalid", "true")
        expect(settings.field(unit_id)).to_be_focused()
        note = settings.unit(unit_id).locator(".rb-note")
        assert note.inner_text() not in ("", "保存するまで、このボタンは使えません。")
        settings.field(unit_id).fill("")
        expect(settings.field(unit_id)).to_have_attribute("aria-invalid", "false")
    assert kintone.stored() == {}
    for unit_id, secret in [("load-sales", " x"), ("load-sales", "x" * 1000)]:
        plugin_config(apps=[script_app({**model[unit_id], key[unit_id]: secret})])
        settings.save(**{unit_id.replace("-", "_"): secret})
        expect(settings.result).to_contain_text(SAVED["en"])


@pytest.mark.parametrize(
    ("lang", "says"),
    [("ja", "保存を完了できませんでした"), pytest.param("en", "could not be finished", marks=pytest.mark.exhaustive)],
)
def test_a_failed_save_is_told_in_the_end_and_nothing_that_was_typed_is_lost(
    serve_plugin: Serve, lang: str, says: str
) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open(lang=lang)
    with kintone.stub.rest.plugin_settings.saving:
        for unit_id, secret in SECRETS.items():
            settings.field(unit_id).fill(secret)
        total = len(ENTRIES) + 2  # and the config before and after
        began = settings.page.evaluate("Date.now()")
        settings.submit.click()
        expect(settings.result).to_contain_text(f"0/{total}" if lang == "ja" else f"0 of {total}")
        for unit_id in SECRETS:
            expect(settings.field(unit_id)).to_be_disabled()
        settings.wait(step=5000)
        assert settings.page.evaluate("Date.now()") - began < 120_000
    expect(settings.result).to_contain_text(says)
    expect(settings.result).to_contain_text("再集計" if lang == "ja" else "Recalculate")
    assert kintone.stored() == {}
    kintone.noise.clear()
    expect(settings.field("recalculate")).to_have_value(FAKE_SERIAL_NUMBER)
    settings.save()
    expect(settings.result).to_contain_text(SAVED[lang])
    assert kintone.stored().keys() == ENTRIES


def test_a_save_that_lost_the_databases_lock_is_repeated(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    with kintone.stub.rest.plugin_settings.saving:
        settings.field("nightly").fill(FAKE_API_KEY)
        settings.submit.click()
        wait_until(settings.page, "stub.pending === 0")
    settings.wait(step=2000)
    kintone.noise.clear()
    expect(settings.result).to_contain_text(SAVED["ja"])
    assert settings.saved() == {"recalculate": "未保存", "load-sales nightly": "保存済み"}


def test_it_says_which_are_saved_and_which_not(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    settings.page.route(
        "**/settings",
        lambda route: (
            route.abort()
            if '"url":"https://trocco.io/api/pipeline' in (route.request.post_data or "")
            else route.continue_()
        ),
    )
    for unit_id, secret in SECRETS.items():
        settings.field(unit_id).fill(secret)
    settings.submit.click()
    settings.wait(step=2000)
    kintone.noise.clear()
    expect(settings.result).to_contain_text("もう一度[保存]をクリックしてください：取込、実行")
    assert settings.saved() == {"recalculate": "保存済み", "load-sales nightly": PENDING}
    settings.page.unroute_all()
    assert settings.open().saved() == {"recalculate": "保存済み", "load-sales nightly": PENDING}
    expect(settings.unit("nightly")).to_contain_text("前回の保存が完了していません。")
    settings.remove("nightly").check()
    settings.save()
    assert kintone.stored().keys() == {("POST", f"{KREWDATA['url']}/token")}


# --- the day after


def test_saved_means_that_the_button_works_as_the_unit_is_now(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.settings.open().save(**ALL_SECRETS)
    kintone.build(
        plugin_config(
            {**KREWDATA, "krewdata_app_url": "https://yourdomain.cybozu.com/k/777"},
            {**JOB, "id": "renamed"},
            {**WORKFLOW, "pipeline_definition_id": 46},
        )
    )
    badges = {"recalculate": AGAIN, "renamed nightly": AGAIN}
    for app_was_saved in (False, True):
        settings = kintone.settings.open()
        assert settings.saved() == badges
        expect(settings.unit("recalculate")).to_contain_text("今のボタンの設定では使えません")
        user = kintone.user.open()
        user.start("renamed")
        user.advance(30, step=5)
        assert user.state("renamed") == "succeeded"
        for unit_id in ("recalculate", "nightly"):
            user.button(unit_id).click()
            assert "設定されていません" in user.unit(unit_id).inner_text()
        expect(settings.result).to_be_hidden()
        if not app_was_saved:
            left = "POST https://trocco.io/api/pipeline_jobs?pipeline_definition_id=45&"
            expect(settings.page.locator(".rb-left")).to_contain_text(left)
            settings.save()
            expect(settings.page.locator(".rb-left")).to_be_hidden()
            assert not any("definition_id=45&" in url for _, url in kintone.stored())
    settings.save(recalculate=FAKE_SERIAL_NUMBER, nightly=FAKE_API_KEY)
    assert set(settings.open().saved().values()) == {"保存済み"}
    data = kintone.stored()["POST", f"{KREWDATA['url']}/token"].data
    assert data["krewdataAppUrl"] == "https://yourdomain.cybozu.com/k/777"


def test_what_units_that_are_gone_left_behind_is_shown_and_taken_away(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.settings.open().save(**ALL_SECRETS)
    # The units moved to another app, and this app has none any more.
    kintone.build(plugin_config(apps=[{"app": 46, "name": "stock", "units": [KREWDATA, JOB, WORKFLOW]}]))
    settings = kintone.settings.open(lang="en")
    expect(settings.page.locator("#rb-settings")).to_contain_text("nothing to set up")
    expect(settings.page.locator(".rb-left li")).to_have_count(len(ENTRIES))
    settings.save()
    expect(settings.result).to_contain_text("Settings saved.")
    assert kintone.stored() == {}
    expect(settings.open().page.locator("#rb-settings button")).to_have_count(0)


def test_a_tab_that_is_closed_during_a_save_leaves_nothing_that_no_page_shows(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    # The last save never arrives: kintone has the entries, and the list says that they are pending.
    settings.page.route(
        "**/settings",
        lambda route: (
            route.abort() if kintone.stored() and '"config"' in (route.request.post_data or "") else route.continue_()
        ),
    )
    settings.field("nightly").fill(FAKE_API_KEY)
    settings.submit.click()
    settings.wait(step=2000)
    kintone.noise.clear()
    settings.page.unroute_all()
    assert len(kintone.stored()) == len(ENTRIES) - 1
    user = kintone.user.open()
    user.button("nightly").click()
    assert "設定されていません" in user.unit("nightly").inner_text()
    settings.field("nightly").fill("")
    assert settings.open().saved()["load-sales nightly"] == PENDING
    # The buttons got other addresses before anybody looked.
    kintone.build(plugin_config({**JOB, "job_definition_id": 99}, {**WORKFLOW, "pipeline_definition_id": 98}))
    settings.open()
    expect(settings.page.locator(".rb-left li")).to_have_count(3)
    settings.save(nightly="another-key")
    assert FAKE_API_KEY not in str(kintone.stored())
    assert not any("=12&" in url or "=45&" in url for _, url in kintone.stored())


START_12, STATUS, LIST_12 = (
    ("POST", "https://trocco.io/api/jobs?job_definition_id=12&"),
    ("GET", "https://trocco.io/api/jobs/"),
    ("GET", "https://trocco.io/api/job_definitions/12/jobs?limit=20"),
)
START_99, LIST_99 = (
    ("POST", "https://trocco.io/api/jobs?job_definition_id=99&"),
    ("GET", "https://trocco.io/api/job_definitions/99/jobs?limit=20"),
)
TYPED = "another-fake-key"

# After the job was saved: the units of the next build, what the page shows then, how many addresses are left over,
# whether a key is typed before the save, and the entries that kintone holds afterwards, each with its key.
LATER: dict[str, tuple[list[Any], dict[str, str], int, bool, dict[tuple[str, str], str]]] = {
    "another address": (
        [{**JOB, "job_definition_id": 99}],
        {"load-sales": AGAIN},
        2,
        True,
        dict.fromkeys((START_99, STATUS, LIST_99), TYPED),
    ),
    "another address, and only saved": (
        [{**JOB, "job_definition_id": 99}],
        {"load-sales": AGAIN},
        2,
        False,
        {STATUS: FAKE_API_KEY},
    ),
    "another name": (
        [{**JOB, "id": "renamed", "label": "X"}],
        {"renamed": "保存済み"},
        0,
        False,
        dict.fromkeys((START_12, STATUS, LIST_12), FAKE_API_KEY),
    ),
    "a new key": (
        [JOB],
        {"load-sales": "保存済み"},
        0,
        True,
        dict.fromkeys((START_12, STATUS, LIST_12), TYPED),
    ),
    "removed": ([KREWDATA], {"recalculate": "未保存"}, 3, False, {}),
}


@pytest.mark.parametrize("name", LATER)
def test_after_a_change_the_page_shows_it_and_kintone_holds_these_entries(serve_plugin: Serve, name: str) -> None:
    units, badges, left, typed, expected = LATER[name]
    kintone = serve_plugin(plugin_config(JOB))
    kintone.settings.open().save(load_sales=FAKE_API_KEY)
    kintone.build(plugin_config(*units))
    settings = kintone.settings.open()
    assert settings.saved() == badges
    expect(settings.page.locator(".rb-left li")).to_have_count(left)
    settings.save(**({units[0]["id"].replace("-", "_"): TYPED} if typed else {}))
    held = {address: added.headers["Authorization"] for address, added in kintone.stored().items()}
    assert held == {address: f"Token {key}" for address, key in expected.items()}
    # The list has exactly the stored entries.
    assert json.loads(kintone.config()["stored"]).keys() == {" ".join(address) for address in expected}
    expect(settings.open().page.locator(".rb-left li")).to_have_count(0)


def test_an_app_that_was_copied_with_its_list_has_to_be_saved_again(serve_plugin: Serve) -> None:
    kintone = serve_plugin(plugin_config(JOB, apps=[{"app": 46, "name": "copy", "units": [JOB]}]))
    kintone.settings.open().save(load_sales=FAKE_API_KEY)
    settings_of = kintone.stub.rest.plugin_settings
    settings_of.save_config(46, KEY.id, dict(kintone.config()))
    settings_of.publish(46)
    settings = kintone.settings.open(app=46)
    assert settings.saved() == {"load-sales": AGAIN}
    settings.save(load_sales=TYPED)
    assert settings.open(app=46).saved() == {"load-sales": "保存済み"}
    for app, key in {45: FAKE_API_KEY, 46: TYPED}.items():
        held = settings_of.live(app, KEY.id).additions
        assert {address: added.headers["Authorization"] for address, added in held.items()} == dict.fromkeys(
            (START_12, STATUS, LIST_12), f"Token {key}"
        )


# --- the users of other apps


def test_each_app_shows_its_own_buttons_alone(serve_plugin: Serve) -> None:
    kintone = serve_plugin(plugin_config(JOB, apps=[{"app": 46, "name": "stock", "units": [WORKFLOW]}]))
    for app, unit_id in {45: "load-sales", 46: "nightly"}.items():
        user = kintone.user.open(f"/k/{app}/show#record=1")
        expect(user.page.locator("[data-runbutton]")).to_have_count(1)
        expect(user.button(unit_id)).to_be_visible()
    # Settings of one app do not apply to another one.
    kintone.settings.open(app=46).save(nightly=FAKE_API_KEY)
    assert kintone.stored() == {}
    user = kintone.user.open()
    user.button("load-sales").click()
    assert user.state("load-sales") == "failed"
    user = kintone.user.open("/k/46/show#record=1")
    user.start("nightly")
    user.advance(30, step=5)
    assert user.state("nightly") == "succeeded"


@pytest.mark.parametrize(("lang", "says"), [("ja", "設定は不要です"), ("en", "nothing to set up")])
def test_an_app_without_units_says_so(serve_plugin: Serve, lang: str, says: str) -> None:
    kintone = serve_plugin(plugin_config(KREWDATA, apps=[script_app({**JOB, "api_key": FAKE_API_KEY}, app=46)]))
    page = kintone.settings.open(app=46, lang=lang).page
    expect(page.locator("#rb-settings")).to_contain_text(says)
    expect(page.locator("#rb-settings input, #rb-settings button")).to_have_count(0)


def test_an_app_whose_buttons_need_no_credentials_has_nothing_to_save(serve_plugin: Serve) -> None:
    with added_services():
        kintone = serve_plugin(plugin_config(OPEN))
        page = kintone.settings.open(lang="en").page
        expect(page.locator("#rb-settings")).to_contain_text("Buttons that need no credentials: Run")
        expect(page.locator("#rb-settings")).not_to_contain_text("nothing to set up")
        expect(page.locator("#rb-settings form")).to_have_count(0)


# --- the narrowest addresses


def test_each_secret_goes_only_where_its_unit_needs_it(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.settings.open().save(**ALL_SECRETS)
    user = kintone.user.open()
    for unit_id in SECRETS:
        user.start(unit_id)
        user.advance(30, step=5)
    serial_number = base64.b64encode(FAKE_SERIAL_NUMBER.encode()).decode()
    for sent in kintone.stub.requests:
        assert (serial_number in sent.request.body) == (sent.call == "token")
        assert (FAKE_API_KEY in str(sent.request.headers)) == (sent.call in {"start", "job"})
    assert {(method, url) for method, url in kintone.stored()} == {
        ("POST", f"{KREWDATA['url']}/token"),
        ("POST", "https://trocco.io/api/jobs?job_definition_id=12&"),
        ("GET", "https://trocco.io/api/jobs/"),
        ("GET", "https://trocco.io/api/job_definitions/12/jobs?limit=20"),
        ("POST", "https://trocco.io/api/pipeline_jobs?pipeline_definition_id=45&"),
        ("GET", "https://trocco.io/api/pipeline_jobs/"),
    }


# Each is run one way everywhere, and the other way here.
OTHER_WAYS: list[dict[str, Any]] = [
    {"merge_text": True, "prefix_match": "part", "default_content_type": "json", "unset_plugin": "off"},
    {"header_clash": "same case", "resolves_dots": True, "settings_proxy": "works"},
    {"call_headers": "dropped"},
]


@pytest.mark.parametrize("switches", OTHER_WAYS, ids=lambda switches: next(iter(switches)))
def test_the_buttons_work_whichever_way_kintones_plugin_proxy_is(serve_plugin: Serve, switches: dict[str, Any]) -> None:
    kintone = serve_plugin()
    for name, value in switches.items():
        assert getattr(kintone.stub.switches, name) != value
        setattr(kintone.stub.switches, name, value)
    kintone.settings.open().save(**ALL_SECRETS)
    user = kintone.user.open()
    for unit_id in SECRETS:
        user.start(unit_id)
        user.advance(30, step=5)
        assert user.state(unit_id) == "succeeded"


# --- users' pages


@pytest.mark.parametrize(
    ("lang", "says"), [("ja", "プラグインの設定"), pytest.param("en", "plug-in", marks=pytest.mark.exhaustive)]
)
def test_a_button_that_is_not_set_up_says_who_must_do_what(serve_plugin: Serve, lang: str, says: str) -> None:
    kintone = serve_plugin()
    user = kintone.user.open(lang=lang)
    warned: list[str] = []
    with hearing(user.page, "console", lambda message: warned.append(message.text)):
        for unit_id in [*SECRETS, "nightly"]:
            user.button(unit_id).click()
            assert says in user.line(unit_id).inner_text()
            assert user.state(unit_id) == "failed"
            expect(user.dialog).to_have_count(0)
    assert kintone.stub.requests == []
    (nightly,) = [text for text in warned if text.startswith("Runbutton: nightly: ")]
    assert nightly == (
        "Runbutton: nightly: the plug-in settings have no credentials for "
        "POST https://trocco.io/api/pipeline_jobs?pipeline_definition_id=45&."
    )
    assert len(warned) == len(SECRETS)


@pytest.mark.parametrize("later", [False, True])
def test_a_config_that_another_program_wrote_breaks_neither_page(serve_plugin: Serve, later: bool) -> None:
    kintone = serve_plugin()
    written = (
        {"version": "9", "stored": json.dumps({"GET https://example.com/": "m"})} if later else {"stored": "no JSON"}
    )
    kintone.stub.rest.plugin_settings.save_config(45, KEY.id, written)
    kintone.stub.rest.plugin_settings.publish(45)
    user = kintone.user.open()
    user.button("nightly").click()
    assert "設定されていません" in user.unit("nightly").inner_text()
    settings = kintone.settings.open()
    assert set(settings.saved().values()) == {"未保存"}
    expect(settings.page.locator("#rb-settings")).to_contain_text("保存済みの設定を読み取れません。")
    settings.save(**ALL_SECRETS)
    assert set(settings.open().saved().values()) == {"保存済み"}
    expect(settings.page.locator("#rb-settings")).not_to_contain_text("読み取れません")
    user.open().start("nightly")
    user.advance(30, step=5)
    assert user.state("nightly") == "succeeded"


def test_a_saved_secret_works_after_the_update_of_the_app(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.settings_need_update = True
    kintone.settings.open().save(**ALL_SECRETS)
    user = kintone.user.open()
    user.button("nightly").click()
    assert "アプリを更新" in user.line("nightly").inner_text()
    kintone.settings.page.goto(f"{kintone.settings.address}/k/admin/app/45/plugin/")
    kintone.settings.page.get_by_role("button", name="アプリを更新").click()
    expect(kintone.settings.page.get_by_role("status")).to_have_text("アプリを更新しました。")
    user.open().start("nightly")
    user.advance(30, step=5)
    assert user.state("nightly") == "succeeded"


def source(user: RecordPage, unit_id: str, name: str) -> Locator:
    return user.page.locator(f'[data-runbutton="{unit_id}"][data-source="{name}"]')


def test_two_plugins_on_one_page_do_not_disturb_each_other(serve_plugin: Serve) -> None:
    kintone = serve_plugin(CONFIG, (KEY, OTHER_KEY))
    first, second = KEY.id, OTHER_KEY.id
    kintone.settings.open(first).save(**ALL_SECRETS)
    user = kintone.user.open()
    expect(user.page.locator("[data-runbutton]")).to_have_count(6)
    run_of(user, first, "load-sales")
    expect(source(user, "load-sales", second)).to_have_attribute("data-state", "idle")
    user.advance(30, step=5)
    expect(source(user, "load-sales", first)).to_have_attribute("data-state", "succeeded")
    expect(source(user, "load-sales", second)).to_have_attribute("data-state", "idle")
    source(user, "load-sales", second).locator("button.rb-run").click()
    expect(source(user, "load-sales", second)).to_contain_text("設定されていません")
    kintone.settings.open(second).save(**ALL_SECRETS)
    user.open()
    run_of(user, second, "load-sales")
    user.advance(30, step=5)
    expect(source(user, "load-sales", second)).to_have_attribute("data-state", "succeeded")
    assert len(kintone.stub.services["trocco"].japan.jobs) == 2


def test_a_plugin_and_a_script_on_one_page_do_not_disturb_each_other(serve_plugin: Serve) -> None:
    kintone = serve_plugin(plugin_config(JOB, apps=[script_app({**JOB, "api_key": FAKE_API_KEY})]))
    user = kintone.user.open()
    plugin = KEY.id
    run_of(user, "by-script", "load-sales")
    expect(source(user, "load-sales", plugin)).to_have_attribute("data-state", "idle")
    user.advance(30, step=5)
    expect(source(user, "load-sales", "by-script")).to_have_attribute("data-state", "succeeded")
    source(user, "load-sales", plugin).locator("button.rb-run").click()
    expect(source(user, "load-sales", plugin)).to_contain_text("設定されていません")
    user.shown_again(lambda: user.page.get_by_role("button", name="次へ").click())
    expect(user.page.locator("[data-runbutton]")).to_have_count(2)


def run_of(user: RecordPage, name: str, unit_id: str) -> None:
    """Clicks Run of one of several of a name, and confirms."""
    source(user, unit_id, name).locator("button.rb-run").click()
    user.dialog.get_by_role("button", name="実行する").click()
    expect(source(user, unit_id, name)).not_to_have_attribute("data-state", "confirming")
    user.settle()


# --- secrecy


def test_no_secret_is_in_dist_nor_in_anything_that_a_users_browser_gets_sends_or_keeps(
    serve_plugin: Serve,
) -> None:
    serial_number, api_key = "qqqqq-fake-serial-number", "wwwww-fake-api-key"
    kintone = serve_plugin()
    kintone.stub.services["krewdata"].units["abcdefghijklmn"].serial_number = serial_number
    kintone.stub.services["trocco"].japan.api_keys[api_key] = ApiKey()
    kintone.settings.open().save(recalculate=serial_number, load_sales=api_key, nightly=api_key)

    seen = {f"dist: {path}": content for path, content in make(CONFIG, KEY).items()}
    for name, content in read_plugin(seen["dist: plugin/plugin.zip"]).files.items():
        seen[f"plugin.zip: {name}"] = content

    def note(where: str, text: str) -> None:
        seen[f"{where} #{len(seen)}"] = text.encode()

    asked: list[Request] = []
    user = kintone.user
    with (
        hearing(user.page, "request", asked.append),
        hearing(user.page, "console", lambda message: note("console", message.text)),
    ):
        for path in ("/k/45/show#record=1", "/k/m/45/show?record=1"):
            user.open(path)
            for unit_id in SECRETS:
                user.start(unit_id)
                for _ in range(6):
                    note(
                        "storage", user.page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie])")
                    )
                    user.advance(5)
                assert user.state(unit_id) == "succeeded"
            note("page", user.page.content())
            note("config", json.dumps(user.page.evaluate(f"kintone.plugin.app.getConfig('{KEY.id}')")))
            for request in asked:
                note(f"request of {request.url}", f"{request.url} {request.headers} {request.post_data}")
                if (response := request.response()) is not None and response.status != 304:
                    note(f"answer of {request.url}", f"{response.headers} {response.text()}")
            asked.clear()
    assert any("proxy/call.json" in where for where in seen)
    for secret in (serial_number, base64.b64encode(serial_number.encode()).decode(), api_key):
        assert [where for where, content in seen.items() if secret.encode() in content] == []
        assert any(secret in f"{sent.request.headers} {sent.request.body}" for sent in kintone.stub.requests) == (
            secret != serial_number
        )


def test_no_state_of_the_settings_page_shows_or_keeps_a_secret(serve_plugin: Serve) -> None:
    serial_number, api_key, mistyped = "qqqqq-fake-serial-number", "wwwww-fake-api-key", "zzzzz fake with a space"
    kintone = serve_plugin()
    settings = kintone.settings
    page = settings.page
    seen: dict[str, str] = {}
    sent: list[Request] = []

    def look(state: str) -> None:
        seen[f"{state}: form"] = page.locator("#rb-settings").evaluate("root => root.outerHTML")
        seen[f"{state}: kept"] = page.evaluate(
            "JSON.stringify([sessionStorage, localStorage, document.cookie, history])"
        )
        seen[f"{state}: config"] = json.dumps(page.evaluate(f"kintone.plugin.app.getConfig('{KEY.id}')"))

    with (
        hearing(page, "console", lambda message: seen.update({f"console #{len(seen)}": message.text})),
        hearing(page, "request", sent.append),
    ):
        settings.open()
        look("fresh")
        settings.save(recalculate=mistyped)
        look("refused")
        for unit_id, secret in {"recalculate": serial_number, "load-sales": api_key, "nightly": api_key}.items():
            settings.field(unit_id).fill(secret)
        look("typed")
        with kintone.stub.rest.plugin_settings.saving:
            settings.submit.click()
            look("saving")
            settings.wait(step=5000)
        kintone.noise.clear()
        look("failed")
        settings.save()
        look("saved")
        kintone.build(plugin_config({**KREWDATA, "krewdata_app_url": "https://yourdomain.cybozu.com/k/777"}, JOB))
        settings.open()
        look("to be saved again")
        settings.remove("load-sales").check()
        settings.save()
        look("removed")

    for request in sent:
        if not (request.url.endswith("/settings") and '"url"' in (request.post_data or "")):
            seen[f"request #{len(seen)}"] = f"{request.url} {request.headers} {request.post_data}"
    for secret in (serial_number, api_key, mistyped):
        for form in (secret, base64.b64encode(secret.encode()).decode(), quote(secret)):
            assert [where for where, text in seen.items() if form in text] == []
    assert len(seen) > 24


# --- accessibility


@pytest.mark.parametrize(("lang", "width"), [pytest.param("ja", 1280, marks=pytest.mark.exhaustive), ("en", 320)])
def test_axe_finds_nothing_to_complain_of(serve_plugin: Serve, lang: str, width: int) -> None:
    other = script_app({**JOB, "api_key": FAKE_API_KEY}, app=46)
    kintone = serve_plugin(plugin_config(KREWDATA, JOB, {**JOB, "id": "second"}, WORKFLOW, apps=[other]))
    settings = kintone.settings
    settings.page.set_viewport_size({"width": width, "height": 800})
    settings.open(lang=lang)
    assert violations(settings.page) == []
    settings.page.locator("summary").first.click()
    settings.save(recalculate="x x")
    assert violations(settings.page) == []
    settings.save(**ALL_SECRETS)
    assert violations(settings.page) == []
    kintone.build(plugin_config({**KREWDATA, "krewdata_app_url": "https://yourdomain.cybozu.com/k/777"}, JOB))
    settings.open(lang=lang)
    expect(settings.page.locator(".rb-left li")).to_have_count(2)
    settings.remove("load-sales").check()
    assert violations(settings.page) == []
    assert settings.page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(settings.open(app=46, lang=lang).page) == []
    kintone.stub.switches.settings_need_update = True
    settings.open(lang=lang).save(recalculate="another-fake")
    settings.page.goto(f"{settings.address}/k/admin/app/45/plugin/?saved=1")
    assert violations(settings.page) == []
