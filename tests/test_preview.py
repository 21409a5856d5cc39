"""The preview follows saved files, and contains no secrets."""

import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from generator.errors import RunbuttonError
from generator.preview import Preview
from generator.stub.server import serve
from tests.conftest import KREWDATA_UNIT
from tests.host import Host
from tests.loopback import NO_TLS

SERIAL = "REAL-SERIAL-4711"
JOB = {"id": "load", "service": "trocco-job", "job_definition_id": 7, "api_key": "${KEY}"}
JOBS = "https://trocco.io/api/jobs?job_definition_id="


class Folder:
    """A folder with a config that is edited while its preview is served."""

    def __init__(self, path: Path) -> None:
        self.config = path / "units.yaml"
        self.env = path / ".env"
        self.changes = 0
        self.save(self.app(dict(KREWDATA_UNIT) | {"serial_number": SERIAL}, JOB))
        self.put(self.env, "KEY=REAL-KEY-4712")

    @staticmethod
    def app(*units: Any, **more: Any) -> dict[str, Any]:
        given = {"app": 45, "name": "orders", "target": "script", "expose_secrets": True, **more}
        return given | {"units": list(units)}

    def save(self, *apps: Any, **more: Any) -> None:
        text = yaml.safe_dump({"version": 1, **more, "apps": list(apps)}, allow_unicode=True, sort_keys=False)
        self.put(self.config, text)

    def put(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")
        # Two saves within one tick of the file system's clock.
        self.changes += 1
        os.utime(path, ns=(self.changes * 10**9, self.changes * 10**9))

    def environ(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.env.read_text(encoding="utf-8").split())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def preview(folder: Folder) -> Preview:
    return Preview(folder.config, folder.environ, folder.env)


@pytest.fixture
def web(preview: Preview, host: Host) -> Iterator[httpx.Client]:
    with host.serve(preview.stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as client:
        yield client


def script(web: httpx.Client, app: int = 45) -> str:
    return web.get(f"/k/stub/apps/{app}/runbutton.js").text


def started(web: httpx.Client, definition: int, key: str) -> int:
    """The status of TROCCO's answer to a start through the proxy."""
    headers = {"Authorization": f"Token {key}", "Content-Type": "application/json"}
    sent = {"url": f"{JOBS}{definition}", "method": "POST", "headers": headers, "body": "{}"}
    status: int = web.post("/k/api/proxy/call.json", json=sent).json()["result"]["status"]
    return status


def key_in(script: str) -> str:
    return script.partition('"apiKey":"')[2].partition('"')[0]


def test_a_reload_shows_changed_units(folder: Folder, web: httpx.Client) -> None:
    first = script(web)
    assert started(web, 7, key_in(first)) == 200
    folder.save(folder.app(JOB | {"job_definition_id": 8}, JOB | {"id": "another", "job_definition_id": 9}))
    page = web.get("/k/45/show")
    assert page.status_code == 200
    second = script(web)
    assert [started(web, definition, key_in(second)) for definition in (7, 8, 9)] == [404, 200, 200]
    assert '"another"' in second


def test_a_reload_shows_new_and_removed_apps(folder: Folder, web: httpx.Client) -> None:
    assert web.get("/k/77/show").status_code == 404
    folder.save(folder.app(JOB, app=77, name="new"))
    assert web.get("/k/77/show").status_code == 200
    assert "/k/77/show" in web.get("/").text
    gone = web.get("/k/45/show?lang=en")
    assert gone.status_code == 404
    assert "The config has no app 45" in gone.text
    assert "/k/77/show" in gone.text


def test_a_reload_shows_fields_that_a_unit_names(folder: Folder, web: httpx.Client) -> None:
    variable = {"name": "$dept$", "field": "新しい項目"}
    folder.save(folder.app(JOB | {"custom_variables": [variable], "space": "run-area"}))
    web.get("/k/45/show")
    assert web.get("/k/stub/apps/45/records/1").json()["record"]["新しい項目"]["value"] == "新しい項目 1"


def test_an_edited_record_stays_while_its_form_does(folder: Folder, web: httpx.Client) -> None:
    web.put("/k/stub/apps/45/records/1", json={"件名": {"value": "typed"}})
    folder.save(folder.app(JOB | {"label": "Another"}))
    web.get("/k/45/show")
    assert web.get("/k/stub/apps/45/records/1").json()["record"]["件名"]["value"] == "typed"


def test_a_reload_reads_the_variables_again(folder: Folder, web: httpx.Client) -> None:
    folder.save(folder.app(JOB | {"label": "${NAME:-before}"}))
    assert '"before"' in script(web)
    folder.put(folder.env, "KEY=x\nNAME=after")
    assert '"after"' in script(web)


def test_problems_are_shown_until_they_are_mended(folder: Folder, web: httpx.Client) -> None:
    folder.save(folder.app(JOB | {"job_definition_id": "</pre>seven"}))
    assert "stub.showProblems(" in script(web)
    home = web.get("/").text
    assert "job_definition_id" in home
    assert "units.yaml:" in home
    assert web.get("/k/45/show").status_code == 200
    folder.put(folder.env, "")
    assert "KEY" in script(web)
    folder.put(folder.env, "KEY=x")
    folder.save(folder.app(JOB))
    assert "showProblems" not in script(web)
    assert "units.yaml:" not in web.get("/").text


def test_a_preview_does_not_begin_with_problems(folder: Folder) -> None:
    folder.put(folder.env, "")
    with pytest.raises(RunbuttonError, match="KEY"):
        Preview(folder.config, folder.environ, folder.env)


def test_a_plugin_follows_its_key(folder: Folder) -> None:
    unit = {key: value for key, value in JOB.items() if key != "api_key"}
    app = folder.app(unit, target="plugin", expose_secrets=False)
    folder.save(app, plugin={"name": {"en": "Run"}, "key": "private.ppk"})
    preview = Preview(folder.config, folder.environ, folder.env)
    with serve(preview.stub) as url, httpx.Client(base_url=url, trust_env=False) as web:
        [before] = preview.stub.plugins_of(45)
        from generator.signing import new_key, write_key

        write_key(new_key(), folder.config.parent / "private.ppk")
        web.get("/k/45/show")
        [after] = preview.stub.plugins_of(45)
        assert before.id != after.id
        web.get("/k/45/show")
        assert [plugin.id for plugin in preview.stub.plugins_of(45)] == [after.id]


def test_without_customizations_it_follows_too(folder: Folder) -> None:
    preview = Preview(folder.config, folder.environ, folder.env, empty=True)
    with serve(preview.stub) as url, httpx.Client(base_url=url, trust_env=False) as web:
        assert script(web) == ""
        folder.save(folder.app(JOB, app=77, name="new"))
        assert web.get("/k/77/show").status_code == 200


def test_no_secret_of_the_config_gets_into_it(web: httpx.Client) -> None:
    real = ("REAL-SERIAL", "REAL-KEY", "UkVBTC1TRVJJQUwtNDcxMQ")
    paths = (
        "/",
        "/k/45/show",
        "/k/45/",
        "/k/m/45/show",
        "/k/stub/apps/45/runbutton.js",
        "/k/stub/calls",
        "/k/admin/app/45/plugin/",
    )
    assert started(web, 7, key_in(script(web))) == 200
    for path in paths:
        text = web.get(path).text
        assert [secret for secret in real if secret in text] == []


def test_scripts_are_built_one_at_a_time(web: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    building: list[int] = []
    most = []

    def slow(_: object) -> str:
        building.append(1)
        most.append(len(building))
        time.sleep(0.02)
        building.pop()
        return "done();"

    monkeypatch.setattr("generator.preview.customization.script", slow)
    asking = [threading.Thread(target=script, args=(web,)) for _ in range(6)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert most == [1] * 6


def test_an_open_page_hears_of_a_save(folder: Folder, web: httpx.Client) -> None:
    page = web.get("/k/45/show").text
    state = json.loads(page.partition('id="stub-choices">')[2].partition("</script>")[0])["state"]
    with web.stream("GET", f"/k/stub/events?state={state}", timeout=10) as events:
        lines = events.iter_lines()
        assert next(lines) == "event: calls"
        folder.save(folder.app(JOB, name="renamed"))
        assert "event: changed" in lines
    # A page that comes back later is told at once.
    with web.stream("GET", f"/k/stub/events?state={state}", timeout=10) as events:
        assert next(events.iter_lines()) == "event: changed"
