"""The plug-in as its people meet it: the administrator's settings page, and the buttons that it makes work."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from functools import cached_property
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from generator.build import make
from generator.config import parse_config
from generator.customization import script
from generator.errors import ConfigError
from generator.plugin import pack, plugin_files
from generator.signing import new_key
from generator.stub.configured import stub_for
from generator.stub.plugins import Addition, Saved
from generator.stub.rest import read_plugin
from generator.stub.saved import saved_with
from generator.stub.services.krewdata import STAND_IN as FAKE_SERIAL_NUMBER
from generator.stub.services.trocco import STAND_IN as FAKE_API_KEY
from generator.stub.services.trocco.jobs import ApiKey
from generator.stub.tenant import Script, Stub
from generator.units.config import Config
from tests.added_services import OPEN, added_services
from tests.browser.axe import violations
from tests.browser.record_page import RecordPage, StoppedClock, box, hearing, leave, listen, wait_until
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


def saved_for(config: Config, secrets: Mapping[str, str] = SECRETS, *, app: int = 45) -> Saved:
    """What kintone holds after all secrets were saved, each by its unit."""
    (units,) = [each.units for each in config.apps if each.app == app and each.target == "plugin"]
    return saved_with([(request, secrets[unit.id]) for unit in units for request in unit.stored_requests()])


SAVED_ALL = saved_for(CONFIG)
ENTRIES = SAVED_ALL.additions.keys()
"""All that is stored for the units of CONFIG."""


SAVING = """async () => {
  while (stub.pending > 0 || globalThis.reading > 0) await scheduler.postTask(() => {}, { delay: 1 });
  return document.querySelector("button[type=submit]").disabled;
}"""

READY = "document.querySelector('#rb-settings h1')"

# No time passes while kintone reads the revision of the app's settings.
COUNT_READING = """
  if (location.pathname.endsWith("/plugin/config") && globalThis.reading === undefined) {
    let kintone;
    globalThis.reading = 0;
    Object.defineProperty(globalThis, "kintone", { get: () => kintone, set(made) {
      kintone = made;
      const { api } = made;
      made.api = Object.assign((...request) => {
        globalThis.reading += 1;
        return api(...request).finally(() => { globalThis.reading -= 1; });
      }, api);
    } });
  }
"""

BADGES = """() => Object.fromEntries([...document.querySelectorAll("[data-unit]")].map((unit) =>
  [unit.dataset.unit, unit.querySelector(".rb-badge").innerText]))"""

TYPE_AND_SAVE = """(secrets) => {
  for (const [unit, secret] of Object.entries(secrets)) {
    const field = document.querySelector(`[data-unit~="${unit}"] input[type=password]`);
    field.value = secret;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.querySelector("button[type=submit]").click();
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
            self.page.add_init_script(COUNT_READING)
            self.clocked = True
        self.page.goto(f"{self.address}/k/admin/app/{app}/plugin/config?pluginId={plugin}&lang={lang}")
        wait_until(self.page, READY)
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
        badges: dict[str, str] = self.page.evaluate(BADGES)
        return badges

    def left(self) -> int:
        """How many stored entries the page lists that no button needs."""
        found: int = self.page.evaluate("document.querySelectorAll('.rb-left:not([hidden]) li').length")
        return found

    @property
    def result(self) -> Locator:
        return self.page.locator(".rb-result")

    def save(self, **secrets: str) -> None:
        """Types secrets in, by unit id with _ for -, saves, and waits until that is done. A script does."""
        self.page.evaluate(TYPE_AND_SAVE, {unit_id.replace("_", "-"): secret for unit_id, secret in secrets.items()})
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
        """Another app administrator's page, in the user's browser."""
        return SettingsPage(self.user.page, self.settings.address)

    @property
    def saved(self) -> Saved:
        return self.stub.rest.plugin_settings.preview(45, KEY.id)

    @property
    def stored(self) -> Mapping[tuple[str, str], Addition]:
        """The entries by method and address."""
        return self.saved.additions

    def put(self, saved: Saved, plugin: str = KEY.id, *, app: int = 45) -> None:
        """Has this saved and in effect, as if by a settings page before."""
        self.stub.rest.plugin_settings.replace(app, plugin, saved)


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
        if administrators_page.url.startswith("http:"):
            leave(administrators_page)
    assert administrators_noise == lasting_noise == []


# --- saving


def run(user: RecordPage, *unit_ids: str) -> None:
    """Starts the units one after the other, lets them run, and asserts that they succeed."""
    for unit_id in unit_ids:
        user.start(unit_id)
    user.advance(30, step=10)
    assert {unit_id: user.state(unit_id) for unit_id in unit_ids} == dict.fromkeys(unit_ids, "succeeded")


@pytest.mark.parametrize("lang", ["ja", pytest.param("en", marks=pytest.mark.exhaustive)])
def test_what_the_administrator_saves_makes_the_buttons_work_and_reaches_only_who_needs_it(
    serve_plugin: Serve, lang: str
) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.settings_need_update = True
    serial_number, api_key = "qqqqq-fake-serial-number", "wwwww-fake-api-key"
    kintone.stub.services["krewdata"].units["abcdefghijklmn"].serial_number = serial_number
    kintone.stub.services["trocco"].japan.api_keys[api_key] = ApiKey()
    secrets = {"recalculate": serial_number, "load-sales": api_key, "nightly": api_key}

    settings = kintone.settings.open(lang=lang)
    assert set(settings.saved().values()) == {NOT_SAVED[lang]}
    for unit_id, secret in secrets.items():
        settings.field(unit_id).fill(secret)
    settings.submit.click()
    settings.wait()
    expect(settings.result).to_contain_text(SAVED[lang])
    expect(settings.result).to_contain_text(UPDATE[lang])
    assert set(settings.saved().values()) == {SAVED_BADGE[lang]}
    assert kintone.saved == saved_for(CONFIG, secrets)
    assert {
        ("POST", f"{KREWDATA['url']}/token"),
        ("POST", "https://trocco.io/api/jobs?job_definition_id=12&"),
        ("GET", "https://trocco.io/api/jobs/"),
        ("GET", "https://trocco.io/api/job_definitions/12/jobs?limit=20"),
        ("POST", "https://trocco.io/api/pipeline_jobs?pipeline_definition_id=45&"),
        ("GET", "https://trocco.io/api/pipeline_jobs/"),
    } == ENTRIES

    user = kintone.user.open(lang=lang)
    user.button("nightly").click()
    expect(user.line("nightly")).to_contain_text({"ja": "アプリを更新", "en": "update the app"}[lang])
    settings.result.get_by_role("link").click()
    expect(settings.page).to_have_url(f"{settings.address}/k/admin/app/45/plugin/")
    settings.page.get_by_role("button", name=re.compile("アプリを更新|Update app", re.IGNORECASE)).click()
    expect(settings.page).to_have_url(re.compile("updated=1$"))

    seen = {f"dist: {path}": content for path, content in make(CONFIG, KEY).items()}
    for name, content in read_plugin(seen["dist: plugin/plugin.zip"]).files.items():
        seen[f"plugin.zip: {name}"] = content

    def note(where: str, text: str) -> None:
        seen[f"{where} #{len(seen)}"] = text.encode()

    asked: list[Request] = []
    with (
        hearing(user.page, "request", asked.append),
        hearing(user.page, "console", lambda message: note("console", message.text)),
    ):
        for path in ("/k/45/show#record=1", "/k/m/45/show?record=1"):
            user.open(path, lang=lang)
            for unit_id in secrets:
                user.start(unit_id)
            for _ in range(3):
                note("storage", user.page.evaluate("JSON.stringify([sessionStorage, localStorage, document.cookie])"))
                user.advance(10, step=10)
            assert {unit_id: user.state(unit_id) for unit_id in secrets} == dict.fromkeys(secrets, "succeeded")
            note("page", user.page.content())
            note("config", json.dumps(user.page.evaluate(f"kintone.plugin.app.getConfig('{KEY.id}')")))
            # The stub's own modules are files of this repository.
            for request in [each for each in asked if "/k/stub/assets/" not in each.url]:
                note(f"request of {request.url}", f"{request.url} {request.headers} {request.post_data}")
                if (response := request.response()) is not None and response.status != 304:
                    note(f"answer of {request.url}", f"{response.headers} {response.text()}")
            asked.clear()
    assert any("proxy/call.json" in where for where in seen)
    encoded = base64.b64encode(serial_number.encode()).decode()
    for secret in (serial_number, encoded, api_key):
        assert [where for where, content in seen.items() if secret.encode() in content] == []
    for sent in kintone.stub.requests:
        assert (encoded in sent.request.body) == (sent.call == "token")
        assert (api_key in str(sent.request.headers)) == (sent.call in {"start", "job"})
    assert {sent.call for sent in kintone.stub.requests} >= {"token", "start", "job"}


LOOK = """(plugin) => [
  document.querySelector("#rb-settings").outerHTML,
  JSON.stringify([sessionStorage, localStorage, document.cookie, history]),
  JSON.stringify(kintone.plugin.app.getConfig(plugin)),
]"""


def test_no_state_of_the_settings_page_shows_or_keeps_a_secret(serve_plugin: Serve) -> None:
    serial_number, api_key, mistyped = "qqqqq-fake-serial-number", "wwwww-fake-api-key", "zzzzz fake with a space"
    kintone = serve_plugin()
    page = kintone.settings.page
    seen: dict[str, str] = {}
    sent: list[Request] = []

    def look(state: str) -> None:
        form, kept, config = page.evaluate(LOOK, KEY.id)
        seen.update({f"{state}: form": form, f"{state}: kept": kept, f"{state}: config": config})

    with (
        hearing(page, "console", lambda message: seen.update({f"console #{len(seen)}": message.text})),
        hearing(page, "request", sent.append),
    ):
        kintone.settings.open()
        look("fresh")
        what_check_refuses_is_refused(kintone, mistyped, look)
        a_failed_save_is_told_and_nothing_is_lost(kintone, serial_number, api_key, look)
        a_blank_field_keeps_what_is_saved(kintone)
        kintone.build(plugin_config({**KREWDATA, "krewdata_app_url": "https://yourdomain.cybozu.com/k/777"}, JOB))
        kintone.settings.open()
        look("to be saved again")
        everything_is_removed(kintone)
        look("removed")

    for request in sent:
        if not (request.url.endswith("/settings") and '"url"' in (request.post_data or "")):
            seen[f"request #{len(seen)}"] = f"{request.url} {request.headers} {request.post_data}"
    for secret in (serial_number, api_key, mistyped):
        for form in (secret, base64.b64encode(secret.encode()).decode(), quote(secret)):
            assert [where for where, text in seen.items() if form in text] == []
    assert len(seen) > 24


def what_check_refuses_is_refused(kintone: Kintone, mistyped: str, look: Callable[[str], None]) -> None:
    with pytest.raises(ConfigError):
        plugin_config(apps=[script_app({**KREWDATA, "serial_number": mistyped})])
    settings = kintone.settings
    field, note = settings.field("recalculate"), settings.unit("recalculate").locator("> .rb-note")
    before = note.inner_text()
    settings.save(recalculate=mistyped)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    assert note.inner_text() not in ("", before)
    look("refused")
    field.fill("")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(note).to_have_text(before)
    assert kintone.saved == Saved()


def a_failed_save_is_told_and_nothing_is_lost(
    kintone: Kintone, serial_number: str, api_key: str, look: Callable[[str], None]
) -> None:
    settings = kintone.settings
    field = settings.field("recalculate")
    field.fill(serial_number)
    settings.field("load-sales").fill(api_key)
    look("typed")
    with kintone.stub.rest.plugin_settings.saving:
        began = settings.page.evaluate("Date.now()")
        settings.submit.click()
        # With the config before and after.
        expect(settings.result).to_contain_text(f"0/{len(ENTRIES) + 2}")
        for unit_id in SECRETS:
            expect(settings.field(unit_id)).to_be_disabled()
        look("saving")
        settings.wait(step=5000)
        assert settings.page.evaluate("Date.now()") - began < 120_000
    kintone.noise.clear()
    expect(settings.result).to_contain_text("保存を完了できませんでした")
    expect(settings.result).to_contain_text("再集計")
    expect(field).to_have_value(serial_number)
    assert kintone.saved == Saved()
    look("failed")
    settings.save()
    expect(settings.result).to_contain_text(SAVED["ja"])
    expect(field).to_have_value("")
    assert kintone.saved == saved_for(
        CONFIG, {"recalculate": serial_number, **dict.fromkeys(["load-sales", "nightly"], api_key)}
    )
    look("saved")


def a_blank_field_keeps_what_is_saved(kintone: Kintone) -> None:
    settings = kintone.settings
    before = kintone.saved
    for blank in ("", "   "):
        settings.save(nightly=blank)
        expect(settings.result).to_have_text("変更がないため、保存しませんでした。")
        assert kintone.saved == before
    settings.save(recalculate="  another-fake-serial-number\t")
    token = ("POST", f"{KREWDATA['url']}/token")
    assert [key for key, entry in kintone.stored.items() if entry != before.additions[key]] == [token]
    assert base64.b64decode(kintone.stored[token].data["serialNumber"]) == b"another-fake-serial-number"


def everything_is_removed(kintone: Kintone) -> None:
    settings = kintone.settings
    assert set(settings.saved().values()) == {"再保存が必要", "保存済み"}
    for unit_id in ("recalculate", "load-sales"):
        settings.remove(unit_id).check()
        expect(settings.field(unit_id)).to_be_disabled()
    settings.save()
    assert kintone.saved == Saved({"version": "1", "stored": "{}"})
    assert set(settings.saved().values()) == {"未保存"}
    expect(settings.remove("load-sales")).to_be_hidden()


def serial_numbers(kintone: Kintone) -> list[str]:
    """The stored data of each krewData unit."""
    stored = [addition.data.get("serialNumber") for addition in kintone.stored.values()]
    return [base64.b64decode(number).decode() for number in stored if number]


def test_a_secret_has_one_field_whatever_buttons_use_it_and_krewdatas_on_request_one_each(serve_plugin: Serve) -> None:
    other = {**JOB, "id": "other", "job_definition_id": 123, "label": {"ja": "別の取込", "en": "Other"}}
    same = {**JOB, "id": "same", "label": {"ja": "同じ取込", "en": "Same"}}
    again = {**KREWDATA, "id": "again"}
    close = {**KREWDATA, "id": "close", "url": "https://api.krewdata.grapecity.com/trigger/v1/second"}
    config = plugin_config(JOB, KREWDATA, other, same, again, close)
    kintone = serve_plugin(config)
    settings = kintone.settings.open()
    one = settings.page.get_by_role("checkbox", name="これらのボタンすべてに同じ")
    expect(one).to_be_checked()
    assert settings.saved() == {"load-sales other same": "未保存", "recalculate again close": "未保存"}
    expect(settings.unit("other")).to_contain_text("これらのボタンは、同じTROCCOのAPIキーを使います。")
    settings.save(load_sales="OLD-fake-api-key")
    expect(settings.result).to_contain_text(
        "6個のボタンのうち3個は、認証情報がまだ保存されていません（再集計、再集計、再集計）。"
    )
    settings.save(other=FAKE_API_KEY, again="ONE-serial")
    assert serial_numbers(kintone) == ["ONE-serial"] * 2
    one.uncheck()
    expect(one).to_be_focused()
    assert settings.saved() == dict.fromkeys(["load-sales other same", "recalculate again", "close"], "保存済み")
    settings.save(close="OTHER-serial")
    assert serial_numbers(kintone) == ["ONE-serial", "OTHER-serial"]
    # The two differ, so they stay separate until one value is typed for both.
    settings.open()
    expect(one).not_to_be_checked()
    one.check()
    settings.save(recalculate="SAME-serial")
    key = dict.fromkeys(["load-sales", "other", "same"], FAKE_API_KEY)
    assert kintone.saved == saved_for(config, key | dict.fromkeys(["recalculate", "again", "close"], "SAME-serial"))
    settings.open()
    expect(one).to_be_checked()
    assert set(settings.saved().values()) == {"保存済み"}


READS: list[Any] = [
    pytest.param("at once", "same", marks=pytest.mark.exhaustive),
    ("on reload", "longest"),
    pytest.param("on reload", "same", marks=pytest.mark.exhaustive),
]


def test_the_result_leaves_room_for_the_fields_however_many_buttons_there_are(serve_plugin: Serve) -> None:
    jobs = [{**JOB, "id": f"job-{at}", "job_definition_id": at} for at in range(1, 51)]
    settings = serve_plugin(plugin_config(KREWDATA, *jobs)).settings
    settings.page.set_viewport_size({"width": 320, "height": 640})
    settings.open().save(recalculate="a-fake-serial-number")
    expect(settings.result).to_contain_text("51個のボタンのうち50個は")
    bar = settings.page.locator(".rb-savebar")
    assert box(bar)["height"] < 320
    for field in settings.page.locator("#rb-settings input:visible").all():
        settings.page.evaluate("scrollTo(0, 0)")
        field.focus()
        assert box(field)["y"] + box(field)["height"] < box(bar)["y"]


@pytest.mark.parametrize(("reads", "read"), READS)
def test_a_page_that_was_opened_before_another_ones_save_saves_nothing(
    serve_plugin: Serve, reads: Any, read: Any
) -> None:
    kintone = serve_plugin()
    kintone.stub.switches.reads_saved, kintone.stub.switches.get_proxy_config = reads, read
    kintone.put(saved_for(CONFIG, {**SECRETS, "recalculate": "OLD-serial"}))
    earlier, later = kintone.second.open(), kintone.settings.open()
    later.remove("recalculate").check()
    expect(later.field("recalculate")).to_be_disabled()
    later.save()
    assert later.saved() == {"recalculate": "未保存", "load-sales nightly": "保存済み"}
    before = kintone.saved
    assert "OLD" not in str(before)
    earlier.save(nightly="another-key")
    expect(earlier.result).to_contain_text(MOVED)
    assert kintone.saved == before
    # The input is still there, and is lost with the page.
    expect(earlier.field("nightly")).to_have_value("another-key")
    earlier.field("nightly").fill("")
    earlier.result.get_by_role("link").click()
    wait_until(earlier.page, READY)
    assert earlier.saved() == {"recalculate": "未保存", "load-sales nightly": "保存済み"}
    earlier.save(recalculate=FAKE_SERIAL_NUMBER)
    assert kintone.saved == SAVED_ALL
    # A page that saves again is not stopped by itself.
    earlier.save(recalculate="another-serial")
    expect(earlier.result).to_contain_text(SAVED["ja"])
    # The page that is now the older one does not undo anything either.
    later.remove("load-sales").check()
    later.save()
    expect(later.result).to_contain_text(MOVED)
    assert kintone.saved == saved_for(CONFIG, {**SECRETS, "recalculate": "another-serial"})


# --- what went wrong


def test_what_of_a_save_failed_is_told_and_can_be_saved_or_removed_later(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    settings = kintone.settings.open()

    # Without the revision nothing is saved.
    settings.page.route("**/plugins.json*", lambda route: route.abort())
    settings.save(recalculate=FAKE_SERIAL_NUMBER)
    kintone.noise.clear()
    expect(settings.result).to_contain_text("ほかの管理者がアプリの設定を変更したかどうかを確認できません。")
    assert kintone.saved == Saved()
    settings.page.unroute_all()

    # A save that lost the database's lock is repeated.
    with kintone.stub.rest.plugin_settings.saving:
        settings.submit.click()
        wait_until(settings.page, "stub.pending === 0")
    settings.wait(step=2000)
    kintone.noise.clear()
    expect(settings.result).to_contain_text(SAVED["ja"])
    assert settings.saved() == {"recalculate": "保存済み", "load-sales nightly": "未保存"}

    # Some entries never arrive: the list shows all of the key's entries as pending, with their buttons.
    def lose(route: Route) -> None:
        is_lost = '"url":"https://trocco.io/api/pipeline' in (route.request.post_data or "")
        route.abort() if is_lost else route.continue_()

    settings.page.route("**/settings", lose)
    settings.save(nightly=FAKE_API_KEY)
    settings.page.unroute_all()
    kintone.noise.clear()
    expect(settings.result).to_contain_text("もう一度[保存]をクリックしてください：取込、実行")
    pending = {"recalculate": "保存済み", "load-sales nightly": PENDING}
    assert settings.saved() == pending
    assert len(kintone.stored) == len(ENTRIES) - 2
    settings.field("nightly").fill("")
    assert settings.open().saved() == pending
    expect(settings.unit("nightly")).to_contain_text("前回の保存が完了していません。")
    user = kintone.user.open()
    user.button("nightly").click()
    expect(user.unit("nightly")).to_contain_text("設定されていません")

    # The buttons' addresses changed before anybody opened the page: it shows the old entries and removes them.
    kintone.build(plugin_config({**JOB, "job_definition_id": 99}, {**WORKFLOW, "pipeline_definition_id": 98}))
    settings.open()
    assert settings.left() == 4
    settings.save(nightly="another-key")
    assert kintone.saved == saved_for(
        plugin_config({**JOB, "job_definition_id": 99}, {**WORKFLOW, "pipeline_definition_id": 98}),
        dict.fromkeys(SECRETS, "another-key"),
    )


# --- the day after


def test_saved_means_that_the_button_works_as_the_unit_is_now(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.put(SAVED_ALL)
    now = plugin_config(
        {**KREWDATA, "krewdata_app_url": "https://yourdomain.cybozu.com/k/777"},
        {**JOB, "id": "renamed"},
        {**WORKFLOW, "pipeline_definition_id": 46},
    )
    kintone.build(now)
    settings = kintone.settings.open()
    badges = {"recalculate": AGAIN, "renamed nightly": AGAIN}
    assert settings.saved() == badges
    expect(settings.unit("recalculate")).to_contain_text("今のボタンの設定では使えません")
    expect(settings.result).to_be_hidden()
    left = "POST https://trocco.io/api/pipeline_jobs?pipeline_definition_id=45&"
    expect(settings.page.locator(".rb-left")).to_contain_text(left)
    user = kintone.user.open()
    run(user, "renamed")
    for unit_id in ("recalculate", "nightly"):
        user.button(unit_id).click()
        expect(user.unit(unit_id)).to_contain_text("設定されていません")
    # A save without a secret removes the old entries and changes nothing else.
    settings.save()
    assert settings.saved() == badges
    expect(settings.page.locator(".rb-left")).to_be_hidden()
    assert not any("definition_id=45&" in url for _, url in kintone.stored)
    settings.save(recalculate=FAKE_SERIAL_NUMBER, nightly=FAKE_API_KEY)
    assert kintone.saved == saved_for(now, {**SECRETS, "renamed": FAKE_API_KEY})
    assert set(settings.open().saved().values()) == {"保存済み"}


def test_what_units_that_are_gone_left_behind_is_shown_and_taken_away(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    kintone.put(SAVED_ALL)
    # The units moved to another app, and this app has none any more.
    kintone.build(plugin_config(apps=[{"app": 46, "name": "stock", "units": [KREWDATA, JOB, WORKFLOW]}]))
    settings = kintone.settings.open(lang="en")
    expect(settings.page.locator("#rb-settings")).to_contain_text("nothing to set up")
    assert settings.left() == len(ENTRIES)
    settings.save()
    expect(settings.result).to_contain_text("Settings saved.")
    assert kintone.stored == {}
    settings.open()
    expect(settings.page.locator("#rb-settings")).to_contain_text("設定は不要です")
    expect(settings.page.locator("#rb-settings").locator("input, button")).to_have_count(0)


# --- the users of other apps


def test_each_app_shows_its_own_buttons_alone(serve_plugin: Serve) -> None:
    config = plugin_config(JOB, apps=[{"app": 46, "name": "stock", "units": [WORKFLOW]}])
    kintone = serve_plugin(config)
    # Settings of one app do not apply to another one.
    kintone.put(saved_for(config, app=46), app=46)
    user = kintone.user.open()
    expect(user.page.locator("[data-runbutton]")).to_have_count(1)
    user.button("load-sales").click()
    assert user.state("load-sales") == "failed"
    user.open("/k/46/show#record=1")
    expect(user.page.locator("[data-runbutton]")).to_have_count(1)
    run(user, "nightly")


# kintone loads the page when the app changes. Here it does not, once `otherApp` is set.
WITHOUT_A_LOAD = """
  let kintone;
  Object.defineProperty(globalThis, "kintone", { get: () => kintone, set(made) {
    kintone = made;
    const { on } = kintone.events;
    kintone.events.on = (types, handle) => on(types, (event) => handle(Object.assign(event, globalThis.otherApp)));
  } });
"""


def test_an_app_that_is_shown_without_a_load_gets_no_button_of_the_one_before(serve_plugin: Serve) -> None:
    kintone = serve_plugin(plugin_config(JOB, apps=[{"app": 46, "name": "stock", "units": [JOB, WORKFLOW]}]))
    user = kintone.user.open().tab(script=WITHOUT_A_LOAD)
    expect(user.page.locator("[data-runbutton]")).to_have_count(1)
    user.page.evaluate("globalThis.otherApp = { appId: 46 }")
    user.shown_again(lambda: user.page.get_by_role("button", name="次へ").click())
    expect(user.page.locator("[data-runbutton]")).to_have_count(0)


def test_an_app_whose_buttons_need_no_credentials_has_nothing_to_save(serve_plugin: Serve) -> None:
    with added_services():
        kintone = serve_plugin(plugin_config(OPEN))
        page = kintone.settings.open(lang="en").page
        expect(page.locator("#rb-settings")).to_contain_text("Buttons that need no credentials: Run")
        expect(page.locator("#rb-settings")).not_to_contain_text("nothing to set up")
        expect(page.locator("#rb-settings form")).to_have_count(0)


# Each is run one way everywhere, and the other way here. The settings page saves with them, and the buttons run; where
# kintone drops the page's headers, it does not matter how those clash with stored ones, so that is a second run.
OTHER_WAYS: dict[str, Any] = {
    "merge_text": True,
    "prefix_match": "part",
    "default_content_type": "json",
    "unset_plugin": "off",
    "header_clash": "same case",
    "resolves_dots": True,
    "settings_proxy": "works",
}


def test_the_buttons_work_whichever_way_kintones_plugin_proxy_is(serve_plugin: Serve) -> None:
    kintone = serve_plugin()
    switches = kintone.stub.switches
    for name, value in OTHER_WAYS.items():
        assert getattr(switches, name) != value
        setattr(switches, name, value)
    kintone.settings.open().save(**ALL_SECRETS)
    user = kintone.user.open()
    run(user, *SECRETS)
    assert switches.call_headers != "dropped"
    switches.call_headers = "dropped"
    run(user, *SECRETS)


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


@pytest.mark.parametrize(
    "written",
    [
        {"version": "9", "stored": json.dumps({"GET https://example.com/": "m"})},
        pytest.param({"stored": "no JSON"}, marks=pytest.mark.exhaustive),
    ],
    ids=["of a later version", "of another program"],
)
def test_a_config_that_another_program_wrote_breaks_neither_page(serve_plugin: Serve, written: dict[str, str]) -> None:
    kintone = serve_plugin()
    kintone.put(Saved(written))
    user = kintone.user.open()
    user.button("nightly").click()
    expect(user.unit("nightly")).to_contain_text("設定されていません")
    settings = kintone.settings.open()
    assert set(settings.saved().values()) == {"未保存"}
    expect(settings.page.locator("#rb-settings")).to_contain_text("保存済みの設定を読み取れません。")
    settings.save(**ALL_SECRETS)
    assert kintone.saved == SAVED_ALL
    assert set(settings.open().saved().values()) == {"保存済み"}
    expect(settings.page.locator("#rb-settings")).not_to_contain_text("読み取れません")


STATES = """Object.fromEntries([...document.querySelectorAll("[data-runbutton]")].map(({ dataset }) =>
  [dataset.source, dataset.state]))"""


def test_two_plugins_and_a_script_on_one_page_do_not_disturb_each_other(serve_plugin: Serve) -> None:
    config = plugin_config(JOB, apps=[script_app({**JOB, "api_key": FAKE_API_KEY})])
    kintone = serve_plugin(config, (KEY, OTHER_KEY))
    kintone.put(saved_for(config))
    user = kintone.user.open()
    script, first, second = (
        user.page.locator(f'[data-runbutton="load-sales"][data-source="{name}"]')
        for name in ("by-script", KEY.id, OTHER_KEY.id)
    )

    def runs(unit: Locator, **expected: str) -> None:
        unit.locator("button.rb-run").click()
        user.dialog.get_by_role("button", name="実行する").click()
        expect(unit).not_to_have_attribute("data-state", "confirming")
        user.settle()
        user.advance(30, step=10)
        names = {"by_script": "by-script", "first": KEY.id, "second": OTHER_KEY.id}
        assert user.page.evaluate(STATES) == {names[name]: state for name, state in expected.items()}

    runs(script, by_script="succeeded", first="idle", second="idle")
    runs(first, by_script="succeeded", first="succeeded", second="idle")
    second.locator("button.rb-run").click()
    expect(second).to_contain_text("設定されていません")
    kintone.put(saved_for(config), OTHER_KEY.id)
    user.shown_again(lambda: user.page.get_by_role("button", name="次へ").click())
    expect(user.page.locator("[data-runbutton]")).to_have_count(3)
    user.open()
    runs(second, by_script="succeeded", first="succeeded", second="succeeded")
    assert len(kintone.stub.services["trocco"].japan.jobs) == 3


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
    assert settings.left() == 2
    settings.remove("load-sales").check()
    assert violations(settings.page) == []
    assert settings.page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(settings.open(app=46, lang=lang).page) == []
    kintone.stub.switches.settings_need_update = True
    settings.open(lang=lang).save(recalculate="another-fake")
    settings.page.goto(f"{settings.address}/k/admin/app/45/plugin/?saved=1")
    assert violations(settings.page) == []
