import base64
import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from generator.build import make
from generator.plugin import pack
from generator.signing import new_key
from generator.stub.rest import ApiToken, Fault, Plugin, RestError, Settings, StoredFile, read_plugin
from tests.conftest import KREWDATA_UNIT, config_of
from tests.loopback import NO_TLS, Loopback, environ
from tests.node import program

ADMIN = {"X-Cybozu-Authorization": base64.b64encode(b"admin:admin").decode()}
CUSTOMIZE, DEPLOY = "preview/app/customize.json", "preview/app/deploy.json"
KEY = new_key()


class Raw:
    """The API as it is on the wire."""

    def __init__(self, loopback: Loopback) -> None:
        self.loopback = loopback
        self.rest = loopback.rest
        self.client = httpx.Client(base_url=f"{loopback.address}/k/v1/", headers=ADMIN, verify=NO_TLS)

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(path, params=params).json()

    def put(self, **body: Any) -> httpx.Response:
        return self.client.put(CUSTOMIZE, json={"app": "45", **body})

    def upload(self, content: bytes = b"// a", name: str = "a.js") -> str:
        return str(self.client.post("file.json", files={"file": (name, content)}).json()["fileKey"])


@pytest.fixture
def raw() -> Iterator[Raw]:
    with Loopback(45, 46) as loopback:
        raw = Raw(loopback)
        with raw.client:
            yield raw


def file_entry(key: str) -> dict[str, Any]:
    return {"type": "FILE", "file": {"fileKey": key}}


def code_of(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json().get("code", "")


# --- signing in


@pytest.mark.parametrize(
    ("headers", "path", "answer"),
    [
        ({}, CUSTOMIZE, (401, "CB_AU01")),
        ({"X-Cybozu-Authorization": base64.b64encode(b"admin:wrong").decode()}, CUSTOMIZE, (401, "CB_WA01")),
        ({"X-Cybozu-Authorization": "no base64"}, CUSTOMIZE, (401, "CB_WA01")),
        ({"X-Cybozu-API-Token": "any"}, CUSTOMIZE, (403, "GAIA_NO01")),
        ({"X-Cybozu-API-Token": "any"}, "plugins.json", (403, "GAIA_NO01")),
        ({"Authorization": "Bearer unknown"}, CUSTOMIZE, (401, "CB_AU01")),
        ({"Authorization": "Bearer not-a-token"}, "plugins.json", (403, "CB_NO02")),
    ],
)
def test_who_may_not_is_refused(raw: Raw, headers: dict[str, str], path: str, answer: tuple[int, str]) -> None:
    raw.rest.oauth_tokens.add("not-a-token")
    response = httpx.get(f"{raw.client.base_url}{path}", params={"app": 45}, headers=headers, trust_env=False)
    assert code_of(response) == answer


def test_an_api_token_opens_what_its_rights_and_its_app_say(raw: Raw) -> None:
    raw.rest.api_tokens |= {"view": ApiToken(45), "other-app": ApiToken(46)}

    def records(token: str, app: int = 45) -> tuple[int, str]:
        headers = {"X-Cybozu-API-Token": token}
        url = f"{raw.client.base_url}records.json"
        # A GET may come as a POST ("X-HTTP-Method-Override"), as JSON alone.
        posted = {**headers, "X-HTTP-Method-Override": "GET"}
        got = code_of(httpx.get(url, params={"app": app}, headers=headers, trust_env=False))
        assert code_of(httpx.post(url, json={"app": app}, headers=posted, trust_env=False)) == got
        return got

    assert records("view") == (200, "")
    assert records("other-app") == (403, "GAIA_NO01")
    assert records("view, other-app") == (200, "")
    assert records("unknown") == records("view,unknown") == (520, "GAIA_IA02")
    untyped = httpx.post(
        f"{raw.client.base_url}records.json",
        content='{"app": 45}',
        headers={"X-Cybozu-API-Token": "view", "X-HTTP-Method-Override": "GET"},
        trust_env=False,
    )
    assert code_of(untyped) == (400, "CB_IL02")


def test_oauth_and_an_api_token_open_what_they_may(raw: Raw) -> None:
    raw.rest.api_tokens["settings-token"] = ApiToken(45, frozenset({"settings"}))
    raw.rest.oauth_tokens.add("not-a-token")
    for headers, path in [
        ({"Authorization": "Bearer not-a-token"}, CUSTOMIZE),
        ({"X-Cybozu-API-Token": "settings-token"}, f"{DEPLOY}?apps[0]=45"),
    ]:
        url = httpx.URL(f"{raw.client.base_url}{path}")
        response = httpx.get(url.copy_merge_params({"app": "45"}), headers=headers, trust_env=False)
        assert response.status_code == 200


# --- customizations


def test_what_is_put_is_before_publishing_until_it_is_deployed(raw: Raw) -> None:
    lists = [{"type": "URL", "url": "https://js.example.com/a.js"}, file_entry(raw.upload(b"// a"))]
    assert raw.put(desktop={"js": lists}, scope="ALL").json() == {"revision": "2"}
    assert raw.get("app/customize.json", app=45)["revision"] == "1"
    shown = raw.get(CUSTOMIZE, app=45)
    assert shown["revision"] == "2"
    assert shown["desktop"]["js"][0] == {"type": "URL", "url": "https://js.example.com/a.js"}
    stored = shown["desktop"]["js"][1]["file"]
    assert (stored["name"], stored["size"]) == ("a.js", "4")
    assert raw.client.get("file.json", params={"fileKey": stored["fileKey"]}).content == b"// a"
    assert raw.client.post(DEPLOY, json={"apps": [{"app": 45, "revision": 2}]}).json() == {}
    assert raw.get(DEPLOY, **{"apps[0]": 45}) == {"apps": [{"app": "45", "status": "PROCESSING"}]}
    assert raw.rest.live_scripts(45, "desktop") == []
    raw.loopback.clock.advance(2)
    assert raw.get(DEPLOY, **{"apps[0]": 45}) == {"apps": [{"app": "45", "status": "SUCCESS"}]}
    assert raw.rest.live_scripts(45, "desktop") == ["https://js.example.com/a.js", "/k/stub/apps/45/live/desktop.js/1"]
    page = httpx.get(f"{raw.loopback.address}/k/stub/apps/45/live/desktop.js/1", trust_env=False)
    assert (page.text, page.headers["content-type"]) == ("// a", "text/javascript; charset=utf-8")


def test_a_list_that_is_left_out_stays(raw: Raw) -> None:
    raw.put(
        desktop={"js": [file_entry(raw.upload())]}, mobile={"css": [{"type": "URL", "url": "https://a.example/a.css"}]}
    )
    raw.put(scope="ADMIN")
    shown = raw.get(CUSTOMIZE, app=45)
    assert (shown["scope"], len(shown["desktop"]["js"]), len(shown["mobile"]["css"])) == ("ADMIN", 1, 1)


def test_a_sandbox_has_permissions_and_hosts_that_stay_where_they_are_left_out(raw: Raw) -> None:
    assert "allowed_hosts" not in raw.get(CUSTOMIZE, app=45)
    assert code_of(raw.put(allowed_hosts=["https://a.example"])) == (400, "CB_VA01")
    raw.rest.switches.sandbox = True
    assert raw.put(allowed_hosts=["https://a.example"]).status_code == 200
    raw.put(permissions=[{"permission": "kintone:app_record:read"}])
    shown = raw.get(CUSTOMIZE, app=45)
    assert (shown["allowed_hosts"], shown["permissions"]) == (
        ["https://a.example"],
        [{"permission": "kintone:app_record:read"}],
    )
    raw.put(allowed_hosts=[])
    assert raw.get(CUSTOMIZE, app=45)["allowed_hosts"] == []


@pytest.mark.parametrize(
    ("body", "answer", "where"),
    [
        ({"app": None}, (400, "CB_VA01"), "app"),
        ({"app": 99}, (404, "GAIA_AP01"), None),
        ({"scope": "SOME"}, (400, "CB_VA01"), "scope"),
        ({"revision": 7}, (409, "GAIA_CO03"), None),
        ({"desktop": {"js": [file_entry("unknown")]}}, (404, "GAIA_BL01"), None),
        ({"desktop": {"js": [{"type": "FILE"}]}}, (400, "CB_VA01"), "desktop.js[0].file.fileKey"),
        ({"mobile": {"css": [{"type": "URL", "url": "https://a.example/"}] * 31}}, (400, "CB_VA01"), "mobile.css"),
    ],
)
def test_a_bad_change_is_refused_and_changes_nothing(
    raw: Raw, body: dict[str, Any], answer: tuple[int, str], where: str | None
) -> None:
    given = {key: value for key, value in ({"app": 45} | body).items() if value is not None}
    response = raw.client.put(CUSTOMIZE, json=given)
    assert code_of(response) == answer
    assert list(response.json().get("errors", {})) == ([where] if where else [])
    assert raw.get(CUSTOMIZE, app=45)["revision"] == "1"


def test_keys_are_good_for_what_they_were_given_for(raw: Raw) -> None:
    stored = StoredFile("a.js", "text/javascript", b"// a")
    for app in (45, 46):
        raw.rest.apps[app].preview = raw.rest.apps[app].live = Settings(lists={("desktop", "js"): (stored,)})
    live, other, own = (
        raw.get(path, app=app)["desktop"]["js"][0]["file"]["fileKey"]
        for path, app in [("app/customize.json", 45), (CUSTOMIZE, 46), (CUSTOMIZE, 45)]
    )
    used = raw.upload()
    assert raw.put(mobile={"js": [file_entry(used)]}).status_code == 200
    old = raw.upload()
    raw.loopback.clock.advance(timedelta(days=3).total_seconds())
    refused = [code_of(raw.put(desktop={"js": [file_entry(key)]})) for key in (live, other, used, old)]
    assert refused == [(404, "GAIA_BL01")] * 4
    assert raw.put(desktop={"js": [file_entry(own)]}).status_code == 200
    # An upload's key cannot be used for downloads.
    assert code_of(raw.client.get("file.json", params={"fileKey": raw.upload()})) == (404, "GAIA_BL01")


@pytest.mark.parametrize(("scope", "loaded"), [("ALL", 1), ("ADMIN", 0), ("NONE", 0)])
def test_a_scope_decides_who_loads_it(raw: Raw, scope: str, loaded: int) -> None:
    raw.rest.apps[45].live = Settings(scope, {("mobile", "css"): (StoredFile("a.css", "text/css", b""),)})
    assert len(raw.rest.live_styles(45, "mobile")) == loaded


def test_a_guest_spaces_app_is_not_found_outside_of_it(raw: Raw) -> None:
    raw.rest.apps[45].guest_space = 3
    inside = httpx.get(
        f"{raw.loopback.address}/k/guest/3/v1/{CUSTOMIZE}", params={"app": 45}, headers=ADMIN, trust_env=False
    )
    assert inside.status_code == 200
    assert code_of(raw.client.get(CUSTOMIZE, params={"app": 45})) == (520, "GAIA_IL23")


# --- deploys


@pytest.mark.parametrize(
    ("end", "statuses"), [("SUCCESS", ["SUCCESS", "SUCCESS"]), ("FAIL", ["FAIL", "CANCEL"]), ("CANCEL", ["CANCEL"] * 2)]
)
def test_a_deploy_ends_as_it_was_told(raw: Raw, end: Any, statuses: list[str]) -> None:
    raw.rest.deploy_end = end
    raw.put(scope="NONE")
    raw.client.post(DEPLOY, json={"apps": [{"app": 45}, {"app": 46}]})
    raw.loopback.clock.advance(2)
    assert [app["status"] for app in raw.get(DEPLOY, **{"apps[0]": 45, "apps[1]": 46})["apps"]] == statuses
    assert raw.get("app/customize.json", app=45)["scope"] == ("NONE" if end == "SUCCESS" else "ALL")


def test_settings_do_not_change_during_a_deploy(raw: Raw) -> None:
    raw.client.post(DEPLOY, json={"apps": [{"app": 45}]})
    assert code_of(raw.put(scope="NONE")) == (400, "STUB_DEPLOYING")
    assert code_of(raw.client.post(DEPLOY, json={"apps": [{"app": 45}]})) == (400, "STUB_DEPLOYING")
    raw.loopback.clock.advance(2)
    assert raw.put(scope="NONE").status_code == 200


def test_a_revert_takes_back_what_is_not_published(raw: Raw) -> None:
    raw.put(scope="NONE")
    raw.client.post(DEPLOY, json={"apps": [{"app": 45}], "revert": True})
    assert raw.get(CUSTOMIZE, app=45)["scope"] == "ALL"


@pytest.mark.parametrize(("raises", "revision"), [(True, "3"), (False, "1")])
def test_a_revert_gives_a_new_revision_or_the_live_ones(raw: Raw, raises: bool, revision: str) -> None:
    raw.rest.switches.revert_raises = raises
    raw.put(scope="NONE")
    raw.client.post(DEPLOY, json={"apps": [{"app": 45}], "revert": True})
    assert [raw.get(path, app=45)["revision"] for path in (CUSTOMIZE, "app/customize.json")] == [revision, "1"]


@pytest.mark.parametrize(
    ("apps", "answer"),
    [([], (400, "CB_VA01")), ([{"app": 99}], (404, "GAIA_AP01")), ([{"app": 45, "revision": 7}], (409, "GAIA_CO03"))],
)
def test_a_bad_deploy_is_refused(raw: Raw, apps: list[Any], answer: tuple[int, str]) -> None:
    assert code_of(raw.client.post(DEPLOY, json={"apps": apps})) == answer


# --- plug-ins


def package(version: int = 1) -> bytes:
    manifest = {"manifest_version": 1, "version": version, "type": "APP", "name": {"en": "Run"}, "icon": "icon.png"}
    return pack({"manifest.json": json.dumps(manifest).encode(), "icon.png": b"PNG"}, KEY)


def test_a_plugin_is_installed_updated_added_and_published(raw: Raw) -> None:
    own_id = KEY.id
    installed = raw.client.post("plugin.json", json={"fileKey": raw.upload(package(1))})
    assert installed.json() == {"id": own_id, "version": "1"}
    updated = raw.client.put("plugin.json", json={"id": own_id, "fileKey": raw.upload(package(2))})
    assert updated.json() == {"id": own_id, "version": "2"}
    assert [(each["id"], each["version"]) for each in raw.get("plugins.json", **{"ids[0]": own_id})["plugins"]] == [
        (own_id, "2")
    ]
    assert raw.get("plugins.json", **{"ids[0]": "other"}) == {"plugins": []}
    body = {"app": 45, "ids": [own_id], "revision": "1"}
    assert raw.client.post("preview/app/plugins.json", json=body).json() == {"revision": "2"}
    assert code_of(raw.client.post("preview/app/plugins.json", json=body)) == (409, "GAIA_CO03")
    assert raw.get("app/plugins.json", app=45)["plugins"] == []
    assert raw.get("preview/app/plugins.json", app=45) == {
        "plugins": [{"id": own_id, "name": "Run", "enabled": True}],
        "revision": "2",
    }
    raw.client.post(DEPLOY, json={"apps": [{"app": 45}]})
    raw.loopback.clock.advance(2)
    assert [plugin.id for plugin in raw.rest.live_plugins(45)] == [own_id]


def altered(change: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(BytesIO(package())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in (members | change).items():
            archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", "The file is no plug-in"),
        (altered({"SIGNATURE": bytes(128)}), "The signature is not that of contents.zip."),
        (altered({"PUBKEY": b"no key"}), "The file is no plug-in"),
        (altered({"contents.zip": b"no zip"}), "The file is no plug-in"),
    ],
)
def test_a_file_that_is_no_signed_plugin_is_refused(raw: Raw, content: bytes, words: str) -> None:
    response = raw.client.post("plugin.json", json={"fileKey": raw.upload(content)})
    assert code_of(response) == (400, "CB_VA01")
    assert words in response.json()["errors"]["fileKey"]["messages"][0]


def test_a_manifest_without_what_it_must_have_is_refused() -> None:
    manifest = {"name": {"en": "Run"}, "icon": "icon.png", "version": 1}
    files = {"manifest.json": json.dumps(manifest).encode(), "icon.png": b"PNG"}
    with pytest.raises(RestError):
        read_plugin(pack(files, KEY))
    assert isinstance(read_plugin(package()), Plugin)


def test_a_plugin_is_uninstalled_and_its_apps_are_named(raw: Raw) -> None:
    own_id = KEY.id
    raw.client.post("plugin.json", json={"fileKey": raw.upload(package())})
    raw.client.post("preview/app/plugins.json", json={"app": 46, "ids": [own_id]})
    assert raw.get("plugin/apps.json", id=own_id) == {"apps": [{"id": "46", "name": "app-46"}]}
    assert raw.client.delete("plugin.json", params={"id": own_id}).json() == {}
    assert raw.get("plugins.json") == {"plugins": []}
    assert [each["id"] for each in raw.get("plugins/required.json")["plugins"]] == [own_id]
    assert code_of(raw.client.delete("plugin.json", params={"id": own_id})) == (404, "STUB_NO_PLUGIN")


# --- apps, forms, records


def test_apps_are_read(raw: Raw) -> None:
    assert raw.get("app.json", id=45)["name"] == "app-45"
    assert [app["appId"] for app in raw.get("apps.json")["apps"]] == ["45", "46"]
    assert [app["appId"] for app in raw.get("apps.json", **{"ids[0]": 46, "ids[1]": 47})["apps"]] == ["46"]
    assert raw.get("apps.json", limit=1, offset=1)["apps"][0]["appId"] == "46"
    assert code_of(raw.client.get("apps.json", params={"limit": 101})) == (400, "CB_VA01")


def test_a_form_is_read(raw: Raw) -> None:
    fields = raw.get("preview/app/form/fields.json", app=45)["properties"]
    assert (fields["部門名"]["type"], list(fields["部門名"]["options"])) == (
        "DROP_DOWN",
        ["営業部", "開発部", "総務部"],
    )
    assert list(fields["明細"]["fields"]) == ["品名", "数量", "単価"]
    assert fields["ステータス"]["type"] == "STATUS"
    rows = raw.get("app/form/layout.json", app=45)["layout"]
    assert {"type": "SPACER", "elementId": "empty-area"} in [field for row in rows for field in row["fields"]]


def test_records_are_read(raw: Raw) -> None:
    assert raw.get("record.json", app=45, id=3)["record"]["$id"]["value"] == "3"
    assert len(raw.get("records.json", app=45, query="limit 2")["records"]) == 2
    assert code_of(raw.client.get("record.json", params={"app": 45, "id": 999})) == (404, "GAIA_RE01")
    assert code_of(raw.client.get("record.json", params={"app": 45, "id": "one"})) == (400, "CB_VA01")


# --- malformed requests

ODD = (None, [], {}, "x", "", 1, -1, 1.5, True, [None], [[]], [{}], {"js": None}, {"js": "x"}, {"js": [None]})


@pytest.mark.parametrize(
    ("method", "path", "shape"),
    [
        *[
            ("PUT", CUSTOMIZE, lambda odd, key=key: {"app": 45, key: odd})
            for key in ("app", "scope", "desktop", "mobile", "revision")
        ],
        *[
            ("PUT", CUSTOMIZE, lambda odd, key=key: {"app": 45, "desktop": {"js": [{"type": "FILE", key: odd}]}})
            for key in ("file", "type", "url")
        ],
        ("PUT", CUSTOMIZE, lambda odd: {"app": 45, "desktop": {"js": [{"type": "FILE", "file": {"fileKey": odd}}]}}),
        ("POST", DEPLOY, lambda odd: {"apps": odd}),
        ("POST", DEPLOY, lambda odd: {"apps": [{"app": odd}]}),
        ("POST", DEPLOY, lambda odd: {"apps": [{"app": 99, "revision": odd}]}),
        ("POST", "plugin.json", lambda odd: {"fileKey": odd}),
        ("PUT", "plugin.json", lambda odd: {"id": odd, "fileKey": odd}),
        ("DELETE", "plugin.json", lambda odd: {"id": odd}),
        ("POST", "preview/app/plugins.json", lambda odd: {"app": 45, "ids": odd}),
        ("POST", "preview/app/plugins.json", lambda odd: odd),
    ],
)
def test_a_malformed_body_is_refused_with_a_code_and_never_a_crash(
    raw: Raw, method: str, path: str, shape: Any
) -> None:
    for odd in ODD:
        response = raw.client.request(method, path, json=shape(odd))
        assert response.status_code in (200, 400, 404, 409), (odd, response.text)
        assert response.json()["code" if response.status_code != 200 else "revision"], (odd, response.text)


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b'{"app":' * 100_000], ids=["open", "lists", "objects"])
def test_a_body_that_is_no_json_is_refused(raw: Raw, body: bytes) -> None:
    response = raw.client.put(CUSTOMIZE, content=body, headers={"Content-Type": "application/json"})
    assert code_of(response) == (400, "CB_IJ01")


@pytest.mark.parametrize("number", ["9" * 5000, "²", "４５"], ids=["digits", "power", "wide"])
def test_a_number_of_no_id_is_refused(raw: Raw, number: str) -> None:
    assert code_of(raw.put(app=number)) == (400, "CB_VA01")
    assert code_of(raw.put(revision=number)) == (400, "CB_VA01")
    assert code_of(raw.client.get("record.json", params={"app": 45, "id": number})) == (400, "CB_VA01")


@pytest.mark.parametrize("query", ["(" * 5000, f"limit {'9' * 5000}"], ids=["brackets", "limit"])
def test_a_query_without_an_end_is_refused(raw: Raw, query: str) -> None:
    body = {"app": 45, "query": query}
    response = raw.client.post("records.json", json=body, headers={"X-HTTP-Method-Override": "GET"})
    assert code_of(response) == (400, "CB_VA01")


def test_half_a_character_is_refused_as_any_other_unknown_field(raw: Raw) -> None:
    body = b'{"app": 45, "query": "\\ud800 = 1"}'
    headers = {"X-HTTP-Method-Override": "GET", "Content-Type": "application/json"}
    assert code_of(raw.client.post("records.json", content=body, headers=headers))[0] == 400


# --- faults and unknown requests


def test_faults_hit_the_requests_that_they_are_for(raw: Raw) -> None:
    raw.rest.faults += [
        Fault("answer", "GET", "preview/app/customize.json", status=503, skip=1),
        Fault("late-lost", "PUT"),
        Fault("lost", "POST", "deploy.json"),
    ]
    statuses = [raw.client.get(CUSTOMIZE, params={"app": 45}).status_code for _ in range(3)]
    assert statuses == [200, 503, 200]
    with pytest.raises(httpx.RemoteProtocolError):
        raw.put(scope="NONE")
    with pytest.raises(httpx.RemoteProtocolError):
        raw.client.post(DEPLOY, json={"apps": [{"app": 45}]})
    assert raw.rest.apps[45].preview.scope == "NONE"
    assert raw.get(DEPLOY, **{"apps[0]": 45})["apps"][0]["status"] == "SUCCESS"
    assert [each.status for each in raw.rest.requests][3:] == [0, 0, 200]


def test_a_slow_answer_is_late(raw: Raw) -> None:
    raw.rest.faults.append(Fault("slow", seconds=0.2))
    with pytest.raises(httpx.ReadTimeout):
        raw.client.get(CUSTOMIZE, params={"app": 45}, timeout=0.05)
    assert raw.client.get(CUSTOMIZE, params={"app": 45}).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "space.json"), ("DELETE", CUSTOMIZE)])
def test_an_unknown_request_is_not_found(raw: Raw, method: str, path: str) -> None:
    assert raw.client.request(method, path).status_code == 404


# --- the official tool


def cli_kintone(loopback: Loopback, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    variables = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [program("cli-kintone"), *arguments],
        env=variables | environ(loopback.address, **settings),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.node
def test_the_official_tool_applies_what_is_built(raw: Raw, tmp_path: Path) -> None:
    files = make(config_of(KREWDATA_UNIT))
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    manifest = str(tmp_path / "orders" / "customize-manifest.json")
    raw.rest.deploy_seconds = 0.5
    done = cli_kintone(raw.loopback, "customize", "apply", "--input", manifest, "--app", "45", "--yes")
    assert done.returncode == 0, done.stderr
    live = raw.rest.apps[45].live
    assert live is not None
    for device in ("desktop", "mobile"):
        (stored,) = live.lists[device, "js"]
        assert isinstance(stored, StoredFile)
        assert (stored.name, stored.content) == ("runbutton.js", files["orders/runbutton.js"])
    assert [f"{each.method} {each.path}" for each in raw.rest.requests][:4] == [
        "POST file.json",
        "POST file.json",
        f"PUT {CUSTOMIZE}",
        f"POST {DEPLOY}",
    ]


@pytest.mark.node
def test_the_official_tool_installs_and_updates_a_plugin(raw: Raw, tmp_path: Path) -> None:
    for version in (1, 2):
        (tmp_path / "plugin.zip").write_bytes(package(version))
        done = cli_kintone(raw.loopback, "plugin", "upload", "--input", str(tmp_path / "plugin.zip"), "--yes")
        assert done.returncode == 0, done.stderr
        assert raw.rest.plugins[KEY.id].version == str(version)


@pytest.mark.node
def test_the_official_tool_is_refused_with_a_wrong_password(raw: Raw, tmp_path: Path) -> None:
    (tmp_path / "plugin.zip").write_bytes(package())
    arguments = ("plugin", "upload", "--input", str(tmp_path / "plugin.zip"), "--yes")
    done = cli_kintone(raw.loopback, *arguments, KINTONE_PASSWORD="wrong")
    assert done.returncode == 1
    assert "[401] [CB_WA01] Password authentication failed" in done.stderr
    assert raw.rest.wrong_passwords == 1
