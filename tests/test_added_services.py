"""Another service is a Python module and a browser module: checking and building need no changes for it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from generator.build import make
from generator.config import config_schema, parse_config
from generator.customization import settings_script
from generator.errors import ConfigError
from generator.signing import new_key
from tests.added_services import HOOK, OPEN, added_services


@pytest.fixture(autouse=True)
def services() -> Iterator[None]:
    """The added services, for one test."""
    with added_services():
        yield


def text_of(*units: Any, **app: Any) -> str:
    apps = [{"app": 45, "name": "orders", **app, "units": list(units)}]
    plugin = {"plugin": {"name": "Run", "key": "private.ppk"}} if "target" not in app else {}
    return json.dumps({"version": 1, **plugin, "apps": apps})


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, "units.yaml", {})
    return [str(problem) for problem in caught.value.problems]


def test_its_units_are_read_and_judged_where_they_stand() -> None:
    (twice,) = problems(text_of({**OPEN, "record": ["部門名", "部門名"]}))
    assert "apps[0].units[0].record[1]: duplicate entry; remove one" in twice
    (unknown,) = problems(text_of({**OPEN, "service": "open-hok"}))
    assert "apps[0].units[0].service: unknown service" in unknown
    assert 'did you mean "open-hook"?' in unknown
    assert {"HookUnit", "OpenHookUnit"} <= config_schema()["$defs"].keys()


def test_with_target_script_its_secret_is_demanded_where_it_has_one() -> None:
    (missing,) = problems(text_of(OPEN, HOOK, target="script"))
    assert 'apps[0].units[1]: missing key "hook_key"' in missing
    parse_config(text_of(OPEN, target="script"), "units.yaml", {})
    parse_config(text_of({**HOOK, "hook_key": "FAKE"}, target="script", expose_secrets=True), "units.yaml", {})


def test_its_browser_module_is_linked_into_script_and_plugin() -> None:
    script = make(parse_config(text_of(OPEN, target="script"), "units.yaml", {}))["orders/runbutton.js"]
    assert b"([webhook], " in script
    assert "plugin/plugin.zip" in make(parse_config(text_of(OPEN, HOOK), "units.yaml", {}), new_key())


def test_the_settings_page_gets_its_words() -> None:
    shared = parse_config(text_of(OPEN, HOOK), "units.yaml", {}).shared_plugin
    assert shared is not None
    built = settings_script(shared.apps)
    assert "Webhook key" in built
    assert "X-Hook-Key" in built
