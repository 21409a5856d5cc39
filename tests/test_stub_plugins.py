"""Plug-ins in the stubbed kintone over HTTP: installed ones, what their settings pages save, and the plug-in proxy."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from generator.config import parse_config
from generator.errors import BuildError
from generator.plugin import pack
from generator.signing import new_key
from generator.stub.configured import stub_for
from generator.stub.plugins import Addition, Saved, with_addition
from generator.stub.rest import RestError, read_plugin
from generator.stub.server import serve
from generator.stub.services.krewdata import STAND_IN as FAKE_SERIAL_NUMBER
from generator.stub.services.trocco import STAND_IN as FAKE_API_KEY
from generator.stub.services.trocco.jobs import ApiKey, Definition
from generator.stub.switches import Switches
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Request
from tests.host import Host
from tests.loopback import NO_TLS

KEYS = [new_key(), new_key()]
FIRST, SECOND = (key.id for key in KEYS)
JOBS = "https://trocco.io/api/jobs"
HEADER = {"Authorization": "Token one"}
Json = Any


def package(key: int = 0, name: str = "First", **manifest: Json) -> bytes:
    """A tiny plug-in: scripts, style sheet, settings page."""
    filled = {
        "manifest_version": 1,
        "version": "1.2",
        "type": "APP",
        "name": {"en": name, "ja": f"{name}（日本語）"},
        "icon": "icon.png",
        "desktop": {"js": ["desktop.js"], "css": ["desktop.css"]},
        "mobile": {"js": ["mobile.js"]},
        "config": {"html": "config.html", "js": ["config.js"], "required_params": ["saved"]},
        **manifest,
    }
    names = ("desktop.js", "desktop.css", "mobile.js", "config.html", "config.js", "icon.png")
    files = {name: f"/* {name} */".encode() for name in names}
    return pack({**files, "manifest.json": json.dumps(filled).encode()}, KEYS[key])


class Admin:
    """An administrator's browser: its requests carry the token of the settings page that it opened."""

    def __init__(self, web: httpx.Client) -> None:
        self.web = web

    def page(self, plugin: str = FIRST, app: int = 45, **headers: Any) -> httpx.Response:
        return self.web.get(f"/k/admin/app/{app}/plugin/config?pluginId={plugin}", headers=headers)

    def data(self, plugin: str = FIRST, app: int = 45) -> Json:
        return page_data(self.page(plugin, app))["settings"]

    def save(self, change: Json, plugin: str = FIRST, app: int = 45) -> httpx.Response:
        token = self.data(plugin, app)["token"]
        address = f"/k/stub/apps/{app}/plugins/{plugin}/settings"
        return self.web.post(address, json=change, headers={"X-Stub-Settings": token})

    def store(self, url: str, method: str = "POST", headers: Json = None, data: Json = None, **where: Any) -> None:
        change = {"url": url, "method": method, "headers": headers or {}, "data": data or {}}
        assert self.save(change, **where).status_code == 200


def page_data(page: httpx.Response) -> Json:
    found = re.search(r'id="stub-page">(.*?)</script>', page.text)
    assert found, page.status_code
    return json.loads(found[1])


@pytest.fixture
def stub() -> Iterator[Stub]:
    """Apps 45 and 46 with both plug-ins; a TROCCO that knows any start."""
    stub = stub_for(None, lambda _: Script(), plugins=lambda _: [package(0), package(1, "Second")])
    stub.services["trocco"].japan.api_keys["one"] = ApiKey()
    stub.services["trocco"].japan.job_definitions[1] = Definition(1, "load")
    yield stub
    assert stub.unknown == []


@pytest.fixture
def web(stub: Stub, host: Host) -> Iterator[httpx.Client]:
    with host.serve(stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as client:
        client.get("/k/45/show")
        client.get("/k/46/show")
        yield client


@pytest.fixture
def admin(web: httpx.Client) -> Admin:
    return Admin(web)


Send = Callable[..., Request]


@pytest.fixture
def send(web: httpx.Client, stub: Stub) -> Send:
    """Calls the plug-in proxy as a user's page does; returns the request that kintone sent."""

    def send_(url: str = JOBS, method: str = "POST", headers: Json = None, body: Json = "", **which: Any) -> Request:
        call = {"appId": 45, "pluginId": FIRST, "url": url, "method": method, "headers": headers or {}, "body": body}
        answer = web.post("/k/api/app/plugin/proxy/call.json", json=call | which)
        assert answer.status_code == 200
        return stub.requests[-1].request

    return send_


# --- installed


def test_a_package_is_known_by_its_key() -> None:
    assert read_plugin(package()).id == FIRST
    assert read_plugin(package()).version == "1.2"


def test_a_package_with_another_signature_is_refused() -> None:
    broken = bytearray(package())
    broken[broken.index(b"PUBKEY") - 60] ^= 1
    with pytest.raises(RestError):
        read_plugin(bytes(broken))


def test_a_page_loads_each_devices_files_with_the_id_before_each(web: httpx.Client, stub: Stub) -> None:
    two = {"js": ["https://example.com/lib.js", "desktop.js"]}
    stub.plugins = lambda _: [package(0, desktop=two), package(1)]

    def scripts(path: str) -> list[str]:
        return re.findall(r'<script defer src="([^"]+)"', web.get(path).text)

    first, second = f"/k/stub/plugins/{FIRST}", f"/k/stub/plugins/{SECOND}"
    own = "/k/stub/apps/45/runbutton.js"
    assert scripts("/k/45/show") == [
        own,
        *(f"{first}.js", "https://example.com/lib.js", f"{first}.js", f"{first}/desktop.js"),
        *(f"{second}.js", f"{second}/desktop.js"),
    ]
    assert scripts("/k/m/45/show?record=1") == [
        own, f"{first}.js", f"{first}/mobile.js", f"{second}.js", f"{second}/mobile.js"
    ]  # fmt: skip
    for address in (f"{first}.js", f"{first}/desktop.js"):
        assert web.get(address).headers["Content-Type"].startswith("text/javascript")
    assert web.get(f"{second}/desktop.css").headers["Content-Type"].startswith("text/css")
    assert f'<link rel="stylesheet" href="{first}' not in web.get("/k/m/45/show?record=1").text


def test_a_page_load_takes_the_plugin_as_it_is_packed_now(web: httpx.Client, stub: Stub) -> None:
    assert [plugin.id for plugin in stub.plugins_of(45)] == [FIRST, SECOND]
    stub.plugins = lambda app: [package(0, version=2)] if app == 45 else []
    web.get("/k/45/show")
    web.get("/k/46/show")
    assert [(plugin.id, plugin.version) for plugin in stub.rest.live_plugins(45)] == [(FIRST, "2")]
    assert stub.rest.live_plugins(46) == []


def test_what_keeps_a_plugin_from_being_packed_is_told_on_the_pages(web: httpx.Client, stub: Stub) -> None:
    def broken(_: int) -> list[bytes]:
        raise BuildError("manifest.json: icon: missing")

    stub.plugins = broken
    assert page_data(web.get("/k/45/show"))["problems"] == "manifest.json: icon: missing"
    assert "manifest.json: icon: missing" in web.get("/k/admin/app/45/plugin/").text
    assert web.get("/").status_code == 200


def test_a_plugin_that_is_added_by_rest_is_on_the_pages(web: httpx.Client, stub: Stub) -> None:
    stub.plugins = lambda _: []
    assert FIRST not in web.get("/k/46/show").text
    admin = httpx.Client(
        base_url=web.base_url, trust_env=False, verify=NO_TLS, headers={"X-Cybozu-Authorization": "YWRtaW46YWRtaW4="}
    )
    with admin:
        del stub.rest.plugins[FIRST]
        key = admin.post("/k/v1/file.json", files={"file": ("plugin.zip", package())}).json()["fileKey"]
        assert admin.post("/k/v1/plugin.json", json={"fileKey": key}).json()["id"] == FIRST
        admin.post("/k/v1/preview/app/plugins.json", json={"app": 46, "ids": [FIRST]}).raise_for_status()
        assert FIRST not in web.get("/k/46/show").text
        admin.post("/k/v1/preview/app/deploy.json", json={"apps": [{"app": 46}]}).raise_for_status()
    stub.clock.advance(60)
    assert f"{FIRST}/desktop.js" in web.get("/k/46/show").text
    assert f"{FIRST}/desktop.js" not in web.get("/k/45/show").text


@pytest.mark.parametrize(
    "path",
    [
        "/k/admin/app/45/plugin/config?pluginId=nobody", "/k/admin/app/45/plugin/config",
        "/k/admin/app/99/plugin/config?pluginId={id}", "/k/admin/app/99/plugin/",
        "/k/stub/plugins/{id}/nothing.js", "/k/stub/plugins/nobody/desktop.js",
    ],
)  # fmt: skip
def test_what_there_is_not_fails_and_is_remembered(web: httpx.Client, stub: Stub, path: str) -> None:
    path = path.format(id=FIRST)
    assert web.get(path).status_code == 404
    assert [line.startswith(f"GET {path}: ") for line in stub.unknown] == [True]
    stub.unknown.clear()


# --- saved settings


@pytest.mark.parametrize(
    ("config", "status"),
    [
        ({}, 200),
        ({"saved": "[]"}, 200),
        ({"value": "x" * 65_535}, 200),
        ({"value": "あ" * 65_535}, 200),
        ({"value": "x" * 65_536}, 400),
        ({f"k{n}": "x" * 65_530 for n in range(4)}, 200),
        ({f"k{n}": "x" * 65_535 for n in range(4)}, 400),
        ({"鍵": "x"}, 400),
        ({"number": 1}, 400),
        ({"nothing": None}, 400),
        ({"object": {}}, 400),
        (["saved"], 400),
    ],
)
def test_set_configs_rules(admin: Admin, config: Json, status: int) -> None:
    assert admin.save({"config": config}).status_code == status
    assert admin.data()["config"] == (config if status == 200 else {})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 200),
        ({"headers": {"X-Count": 1, "X-Yes": True}}, 200),
        ({"data": {"text": "a", "number": 1, "yes": True, "none": None}}, 200),
        ({"data": {"nested": {}}}, 400),
        ({"data": {"nested": []}}, 400),
        ({"headers": None}, 400),
        ({"data": "text"}, 400),
        ({"url": ""}, 400),
        ({"url": None}, 400),
        ({"method": "PATCH"}, 400),
        ({"method": "post"}, 400),
    ],
)
def test_set_proxy_configs_rules(admin: Admin, change: Json, status: int) -> None:
    answer = admin.save({"url": JOBS, "method": "POST", "headers": HEADER, "data": {}, **change})
    assert answer.status_code == status
    assert len(admin.data()["additions"]) == (status == 200)


def test_header_values_come_back_as_text_and_data_as_it_is(admin: Admin) -> None:
    admin.store(JOBS, headers={"a": 1, "b": True, "c": "x"}, data={"a": 1, "b": True})
    [saved] = admin.data()["additions"]
    assert saved["headers"] == {"a": "1", "b": "true", "c": "x"}
    assert saved["data"] == {"a": 1, "b": True}


def test_the_last_config_replaces_the_one_before(admin: Admin) -> None:
    admin.save({"config": {"a": "1"}})
    admin.save({"config": {"b": "2"}})
    assert admin.data()["config"] == {"b": "2"}


def test_saving_an_address_again_overwrites_and_empty_takes_away(admin: Admin) -> None:
    admin.store(JOBS, headers={"a": "1"}, data={"b": "2"})
    admin.store(JOBS, headers={"c": "3"})
    assert [(entry["headers"], entry["data"]) for entry in admin.data()["additions"]] == [({"c": "3"}, {})]
    admin.store(JOBS, "GET", headers={"d": "4"})
    admin.store(JOBS)
    assert [entry["method"] for entry in admin.data()["additions"]] == ["GET"]


def test_what_is_saved_is_the_apps_and_the_plugins_own(admin: Admin, send: Send) -> None:
    admin.store(JOBS, headers=HEADER)
    admin.save({"config": {"saved": "1"}})
    assert "Authorization" in send().headers
    for plugin, app in ((SECOND, 45), (FIRST, 46)):
        assert admin.data(plugin, app)["additions"] == []
        assert admin.data(plugin, app)["config"] == {}
        assert "Authorization" not in send(appId=app, pluginId=plugin).headers


@pytest.mark.parametrize("given", ["another save", "the same page's save"])
def test_a_save_during_another_fails(admin: Admin, stub: Stub, given: str) -> None:
    change = {"config": {"a": "1"}, "underWay": 1 if given == "the same page's save" else 0}
    with ExitStack() as stack:
        if given == "another save":
            stack.enter_context(stub.rest.plugin_settings.saving)
        answer = admin.save(change)
    assert answer.status_code == 400
    assert answer.json()["message"] == "データベースのロックに失敗しました。"
    assert admin.data()["config"] == {}


# --- effect and update


def config_of_page(web: httpx.Client, app: int = 45) -> Json:
    return page_data(web.get(f"/k/{app}/show"))["plugins"][FIRST]


def test_in_the_preview_a_save_is_in_effect_at_once(admin: Admin, web: httpx.Client, send: Send) -> None:
    admin.store(JOBS, headers=HEADER)
    admin.save({"config": {"saved": "1"}})
    assert config_of_page(web) == {"saved": "1"}
    assert send().headers == HEADER


@pytest.mark.parametrize("way", ["the page's button", "the REST API"])
def test_a_save_waits_for_the_update_of_the_app(
    admin: Admin, web: httpx.Client, stub: Stub, send: Send, way: str
) -> None:
    stub.switches.settings_need_update = True
    admin.store(JOBS, headers=HEADER)
    admin.save({"config": {"saved": "1"}})
    assert admin.data()["config"] == {"saved": "1"}
    assert config_of_page(web) == {}
    assert send().headers == {}
    if way == "the REST API":
        update_by_rest(web)
    else:
        listed = web.get("/k/admin/app/45/plugin/").text
        token = re.search(r'name="token" value="(\w+)"', listed)
        assert token
        answer = web.post("/k/stub/apps/45/update", data={"token": token[1]}, follow_redirects=True)
        assert 'name="token"' not in answer.text
    assert config_of_page(web) == {"saved": "1"}
    assert send().headers == HEADER


def update_by_rest(web: httpx.Client, **more: Json) -> None:
    headers = {"X-Cybozu-Authorization": "YWRtaW46YWRtaW4="}
    web.post("/k/v1/preview/app/deploy.json", json={"apps": [{"app": 45}], **more}, headers=headers).raise_for_status()


def test_discarding_the_apps_changes_discards_the_plugins_settings(admin: Admin, web: httpx.Client, stub: Stub) -> None:
    stub.switches.settings_need_update = True
    admin.save({"config": {"saved": "kept"}})
    update_by_rest(web)
    stub.clock.advance(60)
    config_of_page(web)
    admin.save({"config": {"saved": "discarded"}})
    update_by_rest(web, revert=True)
    assert config_of_page(web) == {"saved": "kept"}
    assert admin.data()["config"] == {"saved": "kept"}


def test_a_save_changes_the_apps_revision(admin: Admin, stub: Stub) -> None:
    before = stub.rest.apps[45].preview.revision
    admin.save({"config": {"saved": "1"}})
    assert stub.rest.apps[45].preview.revision == before + 1


@pytest.mark.parametrize(("switch", "runs_before"), [("runs", True), ("off", False)])
def test_a_plugin_without_its_required_params_runs_or_not(
    admin: Admin, web: httpx.Client, stub: Stub, switch: Any, runs_before: bool
) -> None:
    stub.switches.unset_plugin = switch
    loaded = f"{FIRST}/desktop.js"
    assert (loaded in web.get("/k/45/show").text) == runs_before
    admin.save({"config": {"saved": "1"}})
    assert loaded in web.get("/k/45/show").text


# --- the proxy


def test_a_call_without_a_saved_address_is_sent_as_it_is(send: Send) -> None:
    sent = send(headers={"A": "1"}, body={"名": [1, {"b": None}]})
    assert sent == Request("POST", JOBS, {"A": "1"}, '{"名":[1,{"b":null}]}')
    assert send(body="a=1&b=2").body == "a=1&b=2"


def test_saved_headers_and_data_win_over_the_calls(admin: Admin, send: Send) -> None:
    admin.store(JOBS, headers={"A": "saved"}, data={"b": "saved", "n": 1})
    sent = send(headers={"A": "mine", "C": "mine"}, body={"b": "mine", "d": "mine"})
    assert sent.headers == {"A": "saved", "C": "mine"}
    assert json.loads(sent.body) == {"b": "saved", "d": "mine", "n": 1}


@pytest.mark.parametrize(
    ("switch", "expected"), [("any case", {"a": "saved"}), ("same case", {"a": "saved", "A": "mine"})]
)
def test_whether_a_saved_header_wins_in_any_letter_case_is_a_switch(
    admin: Admin, stub: Stub, send: Send, switch: Any, expected: Json
) -> None:
    stub.switches.header_clash = switch
    admin.store(JOBS, headers={"a": "saved"})
    assert send(headers={"A": "mine"}).headers == expected


@pytest.mark.parametrize(
    "case",
    [
        (False, '{"d":1}', '{"d":1}'),
        (True, '{"d":1}', '{"d":1,"b":"saved"}'),
        (True, "d=1", "d=1"),
        (True, "[1]", "[1]"),
        (False, {}, '{"b":"saved"}'),
    ],
)
def test_whether_data_goes_into_a_text_body_is_a_switch(
    admin: Admin, stub: Stub, send: Send, case: tuple[bool, Json, str]
) -> None:
    stub.switches.merge_text, body, sent = case
    admin.store(JOBS, data={"b": "saved"})
    assert send(body=body).body == sent


def test_a_get_sends_no_data(admin: Admin, send: Send) -> None:
    admin.store(JOBS, "GET", headers=HEADER, data={"b": "saved"})
    assert send(f"{JOBS}/1", "GET", body={"a": 1}) == Request("GET", f"{JOBS}/1", HEADER, "")


@pytest.mark.parametrize(
    ("url", "method", "entry"),
    [
        (f"{JOBS}", "POST", "jobs"),
        (f"{JOBS}?id=1", "POST", "jobs"),
        (f"{JOBS}?id=12", "POST", "twelve"),
        (f"{JOBS}?id=123", "POST", "twelve"),
        (f"{JOBS}?id=12&", "POST", "and"),
        (f"{JOBS}?id=12&x=1", "POST", "and"),
        (f"{JOBS}?ID=12&", "POST", "jobs"),
        (f"{JOBS}/1", "GET", None),
        ("https://trocco.io/api/pipeline_jobs", "POST", None),
    ],
)
def test_the_longest_beginning_of_the_raw_address_counts_alone(
    admin: Admin, send: Send, url: str, method: str, entry: str | None
) -> None:
    addresses = {"jobs": JOBS, "and": f"{JOBS}?id=12&", "twelve": f"{JOBS}?id=12"}
    for name, address in addresses.items():
        admin.store(address, headers={"Entry": name, name: "yes"})
    admin.store(f"{JOBS}?id=1", "PUT", headers={"Entry": "put"})
    expected = {"Entry": entry, entry: "yes"} if entry else {}
    assert send(url, method).headers == expected


@pytest.mark.parametrize(
    "which", [{"appId": 99}, {"pluginId": "a" * 32}, {"pluginId": ""}, {"appId": "45"}, {"appId": None}]
)
def test_a_call_for_an_app_without_the_plugin_is_rejected(web: httpx.Client, stub: Stub, which: Json) -> None:
    call = {"appId": 45, "pluginId": FIRST, "url": JOBS, "method": "GET", "headers": {}, "body": ""}
    answer = web.post("/k/api/app/plugin/proxy/call.json", json=call | which)
    assert answer.status_code == 400
    assert set(answer.json()) == {"success", "code", "id", "message", "messageType"}
    assert stub.requests == []
    assert len(stub.unknown) == 1
    stub.unknown.clear()


def test_a_forbidden_header_is_refused_when_it_is_saved_too(admin: Admin, web: httpx.Client, stub: Stub) -> None:
    admin.store(JOBS, headers={"Content-Length": "1"})
    call = {"appId": 45, "pluginId": FIRST, "url": JOBS, "method": "POST", "headers": {}, "body": ""}
    assert web.post("/k/api/app/plugin/proxy/call.json", json=call).status_code == 400
    assert stub.requests == []


# --- secrecy


@pytest.mark.parametrize("destination", ["empty", "iframe", "script", "object"])
def test_a_script_cannot_ask_for_the_administrators_pages(admin: Admin, destination: str) -> None:
    admin.store(JOBS, headers=HEADER)
    answer = admin.page(**{"Sec-Fetch-Dest": destination})
    assert answer.status_code == 403
    assert "Token one" not in answer.text
    assert admin.web.get("/k/admin/app/45/plugin/", headers={"Sec-Fetch-Dest": destination}).status_code == 403


def test_the_administrators_pages_cannot_be_framed_or_read_by_who_opens_them(admin: Admin) -> None:
    headers = admin.page(**{"Sec-Fetch-Dest": "document"}).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("token", ["", "wrong", "another page's"])
def test_a_save_needs_the_token_of_its_own_page(admin: Admin, web: httpx.Client, token: str) -> None:
    if token == "another page's":
        token = admin.data(SECOND)["token"]
    address = f"/k/stub/apps/45/plugins/{FIRST}/settings"
    answer = web.post(address, json={"config": {"a": "1"}}, headers={"X-Stub-Settings": token})
    assert answer.status_code == 403
    assert web.post("/k/stub/apps/45/update", data={"token": token}).status_code == 403
    assert admin.data()["config"] == {}


def test_no_page_for_users_has_what_is_stored_for_the_proxy(admin: Admin, web: httpx.Client, stub: Stub) -> None:
    secret = "fake-value-that-users-must-not-see"
    admin.store(JOBS, headers={"Authorization": secret}, data={"serialNumber": secret})
    admin.save({"config": {"saved": "1"}})
    assert secret in admin.page().text
    addresses = [
        "/", "/k/45/", "/k/45/show", "/k/45/edit", "/k/45/print?record=1", "/k/m/45/", "/k/m/45/show?record=1",
        "/k/m/45/edit", "/k/stub/apps/45/records", "/k/stub/apps/45/runbutton.js", f"/k/stub/plugins/{FIRST}.js",
        "/k/admin/app/45/plugin/",
    ]  # fmt: skip
    for address in addresses:
        assert secret not in web.get(address).text
    call = {"appId": 45, "pluginId": FIRST, "url": JOBS, "method": "POST", "headers": {}, "body": {}}
    assert secret not in web.post("/k/api/app/plugin/proxy/call.json", json=call).text
    assert secret in stub.requests[-1].request.body


# --- preview


def test_the_settings_page_offers_what_the_services_accept_and_no_other_page_does(krewdata_unit: Json) -> None:
    del krewdata_unit["serial_number"]
    trocco = {"id": "load", "service": "trocco-job", "job_definition_id": 1}
    app = {"app": 45, "name": "orders", "units": [krewdata_unit, trocco]}
    plugin = {"name": {"en": "First"}, "version": 1, "key": "private.ppk"}
    config = parse_config(json.dumps({"version": 1, "plugin": plugin, "apps": [app]}), "units.yaml", {})
    stub = stub_for(config, lambda _: Script(), plugins=lambda _: [package()], panel=True)
    with serve(stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as web:
        pages = {path: web.get(path).text for path in ("/", "/k/45/show", "/k/m/45/show?record=1")}
        settings = Admin(web).page().text
    for fake in (FAKE_SERIAL_NUMBER, FAKE_API_KEY):
        assert fake in settings
        for page in pages.values():
            assert fake not in page
    for path in ("/", "/k/45/show"):
        assert f"/k/admin/app/45/plugin/config?pluginId={FIRST}" in pages[path]


@pytest.mark.parametrize("way", ["..", "%2e%2e", "%2E.", "./.."])
@pytest.mark.parametrize("resolves", [False, True])
def test_whether_an_address_that_leads_elsewhere_gets_what_is_saved_is_a_switch(way: str, resolves: bool) -> None:
    address = "https://api.krewdata.grapecity.com/trigger/v1/abc/token"
    saved = Saved(additions={("POST", address): Addition({}, {"serialNumber": "FAKE"})})
    there = f"{address}/{way}/../zzz/token?a=%2e"
    call = {"method": "POST", "url": there, "headers": {}, "body": {}}

    switches = Switches(resolves_dots=resolves)
    sent = with_addition(call, saved, switches)

    assert ("FAKE" in sent.body) is not resolves
    if resolves:
        assert sent.url == "https://api.krewdata.grapecity.com/trigger/v1/zzz/token?a=%2e"
        plain = with_addition({**call, "url": address}, saved, switches)
        assert "FAKE" in plain.body


@pytest.mark.parametrize(
    ("saved_for", "asked", "by_part"),
    [
        ("/jobs?id=1", "/jobs?id=1", True),
        ("/jobs?id=1", "/jobs?id=1&more=2", True),
        ("/jobs?id=1&", "/jobs?id=1&more=2", True),
        ("/jobs", "/jobs/1", True),
        ("/jobs/", "/jobs/1", True),
        ("/jobs?id=1", "/jobs?id=12", False),
        ("/jobs", "/jobs2", False),
        ("/jobs/1", "/jobs/", None),
    ],
)
def test_what_begins_with_a_saved_address_is_a_switch(saved_for: str, asked: str, by_part: bool | None) -> None:
    saved = Saved(additions={("GET", f"https://trocco.io{saved_for}"): Addition(HEADER, {})})
    call = {"method": "GET", "url": f"https://trocco.io{asked}", "headers": {}, "body": {}}
    for match in ("text", "part"):
        sent = with_addition(call, saved, Switches(prefix_match=match))
        assert (sent.headers == HEADER) is (by_part is not None and (by_part or match == "text"))


def test_headers_that_the_call_alone_gives_are_a_switch() -> None:
    saved = Saved(additions={("GET", JOBS): Addition(HEADER, {})})
    call = {"method": "GET", "url": JOBS, "headers": {"Accept": "text/html"}, "body": {}}
    sent = with_addition(call, saved, Switches(call_headers="dropped"))
    assert sent.headers == HEADER


@pytest.mark.parametrize(("headers", "sent"), [("sent", {"A": "saved", "C": "mine"}), ("dropped", {"A": "saved"})])
def test_whether_the_calls_own_headers_are_sent_is_a_switch(
    admin: Admin, stub: Stub, send: Send, headers: Any, sent: dict[str, str]
) -> None:
    stub.switches.call_headers = headers
    admin.store(JOBS, headers={"A": "saved"}, data={})
    assert send(headers={"C": "mine"}).headers == sent
