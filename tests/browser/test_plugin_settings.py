"""The plug-in as its people meet it: the administrator's settings page, and the buttons that it makes work."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from generator.build import make
from generator.config import parse_config
from generator.customization import script
from generator.plugin import pack, plugin_files
from generator.signing import new_key, plugin_id, sealing_secret, write_key
from generator.stub.configured import stub_for
from generator.stub.rest import read_plugin
from generator.stub.server import serve
from generator.stub.services.krewdata import STAND_IN as FAKE_SERIAL_NUMBER
from generator.stub.services.trocco import STAND_IN as FAKE_API_KEY
from generator.stub.services.trocco.jobs import ApiKey
from generator.stub.tenant import Script, Stub
from generator.units.config import Config
from tests.browser.axe import violations
from tests.browser.conftest import RecordPage, StoppedClock, listening

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

SAVED = {"ja": "保存しました。", "en": "Saved."}
UPDATE = {"ja": "アプリを更新", "en": "update the app"}


def plugin_config(*units: Any, **more: Any) -> Config:
    """A config whose app 45 has these units by the plug-in, and app 46 none of them."""
    apps = [{"app": 45, "name": "orders", "units": list(units)}, *more.pop("apps", [])]
    plugin = {"name": {"en": "Run buttons", "ja": "実行ボタン"}, "version": 1, "key": "private.ppk"}
    return parse_config(json.dumps({"version": 1, "plugin": plugin, "apps": apps}), "units.yaml", {})


CONFIG = plugin_config(KREWDATA, JOB, WORKFLOW)


class SettingsPage:
    """The plug-in's settings page, driven as its administrator would."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def open(self, plugin: str = plugin_id(KEY), *, app: int = 45, lang: str = "ja") -> "SettingsPage":
        self.page.goto(f"{self.address}/k/admin/app/{app}/plugin/config?pluginId={plugin}&lang={lang}")
        self.page.locator("#rb-settings h1").wait_for()
        return self

    def unit(self, unit_id: str) -> Locator:
        return self.page.locator(f'[data-unit="{unit_id}"]')

    def field(self, unit_id: str) -> Locator:
        return self.unit(unit_id).locator("input[type=password]")

    def remove(self, unit_id: str) -> Locator:
        return self.unit(unit_id).locator("input[type=checkbox]")

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
        self.page.locator("button[type=submit]").click()
        expect(self.page.locator("button[type=submit]")).to_be_enabled()


ALL_SECRETS = {unit_id.replace("-", "_"): secret for unit_id, secret in SECRETS.items()}


class Kintone:
    """The stubbed kintone with plug-ins of `config`, and a browser's page for its administrator and for its user."""

    def __init__(self, stub: Stub, settings: SettingsPage, user: RecordPage, noise: list[str]) -> None:
        self.stub = stub
        self.settings = settings
        self.user = user
        self.noise = noise

    def stored(self, plugin: str = plugin_id(KEY)) -> Any:
        return self.stub.plugin_settings.live(45, plugin).additions


Serve = Callable[..., Kintone]


@pytest.fixture
def serve_plugin(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Serve]:
    """Serves a config's plug-in, in all its apps, packed with each of `keys`, and its scripts. An
    error on a page or a request that nobody knows fails the test, unless it takes it out."""
    served: list[Kintone] = []
    with ExitStack() as stack:

        def page() -> tuple[Page, list[str]]:
            made = stack.enter_context(closing(browser.new_context(**browser_context_args))).new_page()
            return made, stack.enter_context(listening(made))

        def start(config: Config = CONFIG, keys: tuple[Any, ...] = (KEY,)) -> Kintone:
            shared = config.shared_plugin
            assert shared is not None
            packages = [pack(plugin_files(shared, sealing_secret(key)), key) for key in keys]
            scripts = {app.app: script(app) for app in config.apps if app.target == "script"}
            stub = stub_for(
                config, lambda app: Script(js=scripts.get(app, "")), StoppedClock(), plugins=lambda _: packages
            )
            address = stack.enter_context(serve(stub))
            (administrators, noise), (users, users_noise) = page(), page()
            user = RecordPage(users, stub, address, users_noise)
            kintone = Kintone(stub, SettingsPage(administrators, address), user, noise)
            served.append(kintone)
            return kintone

        yield start
        for kintone in served:
            assert kintone.stub.unknown == []
            assert kintone.noise == kintone.user.noise == []


# --- saving


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_the_administrator_saves_makes_the_buttons_work(serve_plugin: Serve, lang: str) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open(lang=lang)
    assert set(settings.saved().values()) == {"未保存" if lang == "ja" else "Not saved"}
    settings.save(**ALL_SECRETS)
    expect(settings.result).to_contain_text(SAVED[lang])
    expect(settings.result).to_contain_text(UPDATE[lang])
    assert set(settings.saved().values()) == {"保存済み" if lang == "ja" else "Saved"}
    user = kintone.user.open(lang=lang)
    for unit_id in SECRETS:
        user.start(unit_id)
        user.advance(30, step=5)
        assert user.state(unit_id) == "succeeded", user.status(unit_id)


@pytest.mark.parametrize("path", ["/k/m/45/show?record=1", "/k/45/show#record=2"])
def test_the_buttons_work_on_every_page_and_device(serve_plugin: Serve, path: str) -> None:
    kintone = serve_plugin()
    kintone.settings.open().save(**ALL_SECRETS)
    user = kintone.user.open(path)
    user.start("load-sales")
    user.advance(30, step=5)
    assert user.state("load-sales") == "succeeded"


def test_the_settings_page_never_shows_what_is_saved(serve_plugin: Serve) -> None:
    settings = serve_plugin().settings.open()
    settings.save(**ALL_SECRETS)
    shown = settings.open().page
    assert all(field.input_value() == "" for field in shown.locator("input[type=password]").all())
    text = shown.locator("#rb-settings").evaluate("root => root.outerHTML")
    for secret in SECRETS.values():
        assert secret not in text


@pytest.mark.parametrize("again", ["on the same page", "after a reload"])
def test_a_field_that_is_left_blank_keeps_its_secret(serve_plugin: Serve, again: str) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    settings.save(**ALL_SECRETS)
    before = kintone.stored()
    assert len(before) > 0
    if again == "after a reload":
        settings.open()
    settings.save()
    assert kintone.stored() == before
    settings.save(recalculate="another-fake-serial-number")
    assert {key for key in before if before[key] != kintone.stored()[key]} == {("POST", f"{KREWDATA['url']}/token")}


def test_a_secret_that_was_just_saved_is_kept_where_the_page_reads_it_only_after_a_reload(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.reads_saved = "on reload"
    settings = kintone.settings.open()
    settings.save(**ALL_SECRETS)
    before = kintone.stored()
    assert set(settings.saved().values()) == {"保存済み"}
    settings.save()
    assert kintone.stored() == before


@pytest.mark.parametrize("read", ["same", "longest"])
def test_a_unit_whose_definition_id_begins_anothers_has_a_secret_of_its_own(serve_plugin: Serve, read: Any) -> None:
    kintone = serve_plugin(plugin_config(JOB, {**JOB, "id": "other", "job_definition_id": 123}))
    kintone.stub.switches.get_proxy_config = read
    settings = kintone.settings.open()
    settings.save(load_sales=FAKE_API_KEY)
    assert settings.open().saved() == {"load-sales": "保存済み", "other": "未保存"}
    user = kintone.user.open()
    user.start("load-sales")
    user.advance(30, step=5)
    assert user.state("load-sales") == "succeeded"
    user.button("other").click()
    assert "設定されていません" in user.status("other")


def test_a_secret_is_removed(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    expect(settings.remove("load-sales")).to_be_hidden()
    settings.save(**ALL_SECRETS)
    settings.remove("load-sales").check()
    expect(settings.field("load-sales")).to_be_disabled()
    settings.save()
    assert settings.saved() == {"recalculate": "保存済み", "load-sales": "未保存", "nightly": "保存済み"}
    assert not any("/api/jobs" in url for _, url in kintone.stored())
    user = kintone.user.open()
    user.button("load-sales").click()
    assert "設定されていません" in user.status("load-sales")
    user.start("nightly")
    user.advance(30, step=5)
    assert user.state("nightly") == "succeeded"


def test_removing_all_secrets_leaves_nothing_stored(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    settings.save(**ALL_SECRETS)
    for unit_id in SECRETS:
        settings.remove(unit_id).check()
    settings.save()
    assert kintone.stored() == {}
    assert set(settings.saved().values()) == {"未保存"}


@pytest.mark.parametrize(("lang", "says"), [("ja", "保存できませんでした"), ("en", "could not be saved")])
def test_a_failed_save_is_told_and_nothing_that_was_typed_is_lost(serve_plugin: Serve, lang: str, says: str) -> None:
    kintone = serve_plugin()
    settings = kintone.settings
    settings.page.clock.install()
    settings.open(lang=lang)
    with kintone.stub.plugin_settings.saving:
        settings.field("recalculate").fill(FAKE_SERIAL_NUMBER)
        settings.page.locator("button[type=submit]").click()
        for _ in range(20):
            settings.page.wait_for_function("stub.pending === 0")
            settings.page.clock.run_for(31_000)
        expect(settings.result).to_contain_text(says)
        expect(settings.result).to_contain_text("再集計" if lang == "ja" else "Recalculate")
    assert kintone.stored() == {}
    kintone.noise.clear()
    expect(settings.field("recalculate")).to_have_value(FAKE_SERIAL_NUMBER)
    settings.save()
    expect(settings.result).to_contain_text(SAVED[lang])


def test_white_space_around_a_secret_is_told_and_not_saved(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()
    settings.save(recalculate=f" {FAKE_SERIAL_NUMBER}")
    expect(settings.field("recalculate")).to_be_focused()
    expect(settings.field("recalculate")).to_have_attribute("aria-invalid", "true")
    expect(settings.unit("recalculate")).to_contain_text("空白")
    assert kintone.stored() == {}


@pytest.mark.parametrize(("lang", "says"), [("ja", "設定は不要です"), ("en", "nothing to set up")])
def test_an_app_without_units_says_so(serve_plugin: Serve, lang: str, says: str) -> None:
    other = {"app": 46, "name": "stock", "target": "script", "expose_secrets": True}
    unit = {**JOB, "api_key": FAKE_API_KEY}
    kintone = serve_plugin(plugin_config(KREWDATA, apps=[{**other, "units": [unit]}]))
    page = kintone.settings.open(app=46, lang=lang).page
    expect(page.locator("#rb-settings")).to_contain_text(says)
    expect(page.locator("#rb-settings input, #rb-settings button")).to_have_count(0)


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
        ("POST", "https://trocco.io/api/pipeline_jobs?pipeline_definition_id=45&"),
        ("GET", "https://trocco.io/api/pipeline_jobs/"),
    }


@pytest.mark.parametrize("merge_text", [False, True])
@pytest.mark.parametrize("clash", ["any case", "same case"])
def test_the_buttons_work_whichever_way_kintone_merges(serve_plugin: Serve, merge_text: bool, clash: Any) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.merge_text, kintone.stub.switches.header_clash = merge_text, clash
    kintone.settings.open().save(**ALL_SECRETS)
    user = kintone.user.open()
    for unit_id in SECRETS:
        user.start(unit_id)
        user.advance(30, step=5)
        assert user.state(unit_id) == "succeeded"


# --- users' pages


@pytest.mark.parametrize(("lang", "says"), [("ja", "アプリの管理者"), ("en", "app's administrator")])
def test_a_button_that_is_not_set_up_says_who_must_do_what(serve_plugin: Serve, lang: str, says: str) -> None:
    kintone = serve_plugin()
    user = kintone.user.open(lang=lang)
    for unit_id in SECRETS:
        user.button(unit_id).click()
        assert says in user.unit(unit_id).inner_text()
        assert user.state(unit_id) == "failed"
        expect(user.dialog).to_have_count(0)
    assert kintone.stub.requests == []


def test_a_saved_secret_works_after_the_update_of_the_app(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.settings_need_update = True
    kintone.settings.open().save(**ALL_SECRETS)
    user = kintone.user.open()
    user.button("nightly").click()
    assert "アプリを更新" in user.unit("nightly").inner_text()
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
    first, second = plugin_id(KEY), plugin_id(OTHER_KEY)
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
    unit = {**JOB, "api_key": FAKE_API_KEY}
    own = {"app": 45, "name": "by-script", "target": "script", "expose_secrets": True, "units": [unit]}
    kintone = serve_plugin(plugin_config(JOB, apps=[own]))
    user = kintone.user.open()
    plugin = plugin_id(KEY)
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
    serve_plugin: Serve, tmp_path: Path
) -> None:
    serial_number, api_key = "qqqqq-fake-serial-number", "wwwww-fake-api-key"
    kintone = serve_plugin()
    kintone.stub.services["krewdata"].units["abcdefghijklmn"].serial_number = serial_number
    kintone.stub.services["trocco"].japan.api_keys[api_key] = ApiKey()
    kintone.settings.open().save(recalculate=serial_number, load_sales=api_key, nightly=api_key)

    write_key(KEY, tmp_path / "private.ppk")
    seen = {f"dist: {path}": content for path, content in make(CONFIG, tmp_path).items()}
    for name, content in read_plugin(seen["dist: plugin/plugin.zip"]).files.items():
        seen[f"plugin.zip: {name}"] = content

    def note(where: str, text: str) -> None:
        seen[f"{where} #{len(seen)}"] = text.encode()

    asked: list[Request] = []
    user = kintone.user
    user.page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - Playwright takes no built-in.
    user.page.on("console", lambda message: note("console", message.text))
    for path in ("/k/45/show#record=1", "/k/m/45/show?record=1"):
        user.open(path)
        for unit_id in SECRETS:
            user.start(unit_id)
            for _ in range(6):
                note("storage", user.page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie])"))
                user.advance(5)
            assert user.state(unit_id) == "succeeded"
        note("page", user.page.content())
        note("config", json.dumps(user.page.evaluate(f"kintone.plugin.app.getConfig('{plugin_id(KEY)}')")))
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


# --- accessibility


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_to_complain_of(serve_plugin: Serve, lang: str, width: int) -> None:
    other = {"app": 46, "name": "stock", "target": "script", "expose_secrets": True}
    kintone = serve_plugin(
        plugin_config(KREWDATA, JOB, WORKFLOW, apps=[{**other, "units": [{**JOB, "api_key": FAKE_API_KEY}]}])
    )
    settings = kintone.settings
    settings.page.set_viewport_size({"width": width, "height": 800})
    settings.open(lang=lang)
    assert violations(settings.page) == []
    settings.page.locator("summary").first.click()
    settings.save(recalculate=" x")
    assert violations(settings.page) == []
    settings.save(**ALL_SECRETS)
    settings.remove("nightly").check()
    assert violations(settings.page) == []
    assert settings.page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(settings.open(app=46, lang=lang).page) == []
    kintone.stub.switches.settings_need_update = True
    settings.open(lang=lang).save(recalculate="another-fake")
    settings.page.goto(f"{settings.address}/k/admin/app/45/plugin/?saved=1")
    assert violations(settings.page) == []
