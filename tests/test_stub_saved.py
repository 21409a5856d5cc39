"""The plug-in settings of a preview: stand-ins from the start, as the settings page would have saved them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from generator.preview import Preview
from generator.stub.saved import saved_with
from generator.stub.server import serve
from generator.stub.services.trocco import STAND_IN
from tests.host import Host
from tests.loopback import NO_TLS
from tests.sample_units import JOB, KREWDATA, WORKFLOW, unit
from tests.test_plugin_secrets import BASE64
from tests.v8 import evaluate

UNITS = """\
version: 1
plugin: {{name: {{en: Run}}, key: private.ppk}}
apps:
  - app: 45
    name: orders
    units:
      - {{id: load, service: trocco-job, job_definition_id: {definition}}}
"""
START = "https://trocco.io/api/jobs?job_definition_id="


def test_what_is_saved_is_what_the_settings_page_would_have_saved() -> None:
    units = [unit(KREWDATA), unit(JOB), unit(WORKFLOW), unit(JOB, id="second", job_definition_id=7)]
    secret = "FAKE-secret-1"
    requests = [request for each in units for request in each.stored_requests()]
    saved = saved_with([(request, secret) for request in requests])
    entries = {" ".join(address): vars(addition) for address, addition in saved.additions.items()}
    code = (
        BASE64
        + """
      const readEntry = (request) => entries[addressOf(request)] ?? null;
      const holdings = createHoldings(requests, { config, readEntry });
      return {
        state: holdings.stateOfAll(requests),
        config: holdings.after(requests.map((request) => filled(request, secret))),
        entries: Object.fromEntries(requests.map((request) => {
          const { headers, data } = filled(request, secret);
          return [addressOf(request), { headers, data }];
        })),
      };
    """
    )
    imports = """
import { addressOf } from "./plugin/groups.js";
import { createHoldings } from "./plugin/holdings.js";
import { filled } from "./plugin/secrets.js";
"""
    given: list[Any] = [{**request._asdict(), "mark": request.mark} for request in requests]
    found = evaluate(imports, code, requests=given, config=saved.config, entries=entries, secret=secret)

    assert found["state"] == "stored"
    assert found["entries"] == entries
    assert {**found["config"], "stored": json.loads(found["config"]["stored"])} == {
        **saved.config,
        "stored": json.loads(saved.config["stored"]),
    }


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "units.yaml"
    path.write_text(UNITS.format(definition=7), encoding="utf-8")
    return path


@pytest.fixture
def preview(config: Path) -> Preview:
    return Preview(config, dict, config.parent / ".env")


@pytest.fixture
def web(preview: Preview, host: Host) -> Iterator[httpx.Client]:
    with host.serve(preview.stub) as url, httpx.Client(base_url=url, trust_env=False, verify=NO_TLS) as client:
        yield client


def start(web: httpx.Client, preview: Preview, definition: int) -> int:
    """The status of TROCCO's answer to a start by the plug-in's button, which knows no secret."""
    web.get("/k/45/show")
    [plugin] = preview.stub.plugins_of(45)
    call = {"appId": 45, "pluginId": plugin.id, "url": f"{START}{definition}&", "method": "POST", "headers": {}}
    answer = web.post("/k/api/app/plugin/proxy/call.json", json={**call, "body": {}})
    status: int = answer.json()["result"]["status"]
    return status


def choose(web: httpx.Client, saved: object) -> int:
    return web.put("/k/stub/apps/45/saved", json={"saved": saved}).status_code


def state(web: httpx.Client) -> Any:
    page = web.get("/k/45/show").text
    return json.loads(page.partition('id="stub-choices">')[2].partition("</script>")[0])["saved"]


def by_hand(web: httpx.Client, preview: Preview) -> None:
    """Saves something else on the settings page."""
    [plugin] = preview.stub.plugins_of(45)
    page = web.get(f"/k/admin/app/45/plugin/config?pluginId={plugin.id}").text
    token = page.partition('"token": "')[2].partition('"')[0]
    path = f"/k/stub/apps/45/plugins/{plugin.id}/settings"
    assert web.post(path, json={"config": {"mine": "1"}}, headers={"X-Stub-Settings": token}).status_code == 200


def test_a_plugins_button_works_at_once_and_after_the_config_has_changed(
    web: httpx.Client, preview: Preview, config: Path
) -> None:
    assert start(web, preview, 7) == 200
    config.write_text(UNITS.format(definition=1234), encoding="utf-8")
    assert start(web, preview, 1234) == 200
    assert state(web) == "stand-ins"
    assert STAND_IN in preview.stub.secrets


def test_settings_can_be_emptied_and_filled_again(web: httpx.Client, preview: Preview, config: Path) -> None:
    assert choose(web, "unsaved") == 200
    assert (state(web), start(web, preview, 7)) == ("unsaved", 401)
    config.write_text(UNITS.format(definition=1234), encoding="utf-8")
    assert (state(web), start(web, preview, 1234)) == ("unsaved", 401)
    assert choose(web, "stand-ins") == 200
    assert (state(web), start(web, preview, 1234)) == ("stand-ins", 200)


def test_a_reset_fills_them_again(web: httpx.Client, preview: Preview) -> None:
    choose(web, "unsaved")
    web.delete("/k/stub/choices")
    assert start(web, preview, 7) == 200


def test_what_a_person_saved_stays_until_they_choose_otherwise(
    web: httpx.Client, preview: Preview, config: Path
) -> None:
    by_hand(web, preview)
    config.write_text(UNITS.format(definition=1234), encoding="utf-8")
    assert state(web) == "own"
    [plugin] = preview.stub.plugins_of(45)
    assert preview.stub.rest.plugin_settings.live(45, plugin.id).config == {"mine": "1"}
    web.delete("/k/stub/choices")
    assert state(web) == "own"
    assert choose(web, "stand-ins") == 200
    assert start(web, preview, 1234) == 200


def test_an_open_settings_page_sees_that_its_settings_were_changed(web: httpx.Client, preview: Preview) -> None:
    before = preview.stub.rest.apps[45].preview.revision
    choose(web, "unsaved")
    assert preview.stub.rest.apps[45].preview.revision > before


@pytest.mark.parametrize("saved", [None, "own", "all", 1, ["unsaved"]])
def test_another_choice_changes_nothing(web: httpx.Client, saved: object) -> None:
    assert choose(web, saved) == 400
    assert state(web) == "stand-ins"


def test_they_need_no_update_of_the_app(web: httpx.Client, preview: Preview) -> None:
    preview.stub.switches.settings_need_update = True
    assert start(web, preview, 7) == 200


def test_an_empty_preview_has_none(config: Path) -> None:
    preview = Preview(config, dict, config.parent / ".env", empty=True)
    with serve(preview.stub) as url, httpx.Client(base_url=url, trust_env=False) as web:
        page = web.get("/k/45/show").text
    assert json.loads(page.partition('id="stub-choices">')[2].partition("</script>")[0])["saved"] is None
