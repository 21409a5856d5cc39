"""Apps, the plug-in and all of units.yaml."""

import pytest
from pydantic import ValidationError

from generator.units.config import App, Config
from tests.sample_units import JOB, WORKFLOW

PLUGIN = {"name": "Run buttons", "key": "private.ppk"}


@pytest.mark.parametrize("name", ["plugin", "PLUGIN", "con", "Nul", "com1", "LPT9", "a b", "a/b", "..", "a.b", "é", ""])
def test_an_app_name_is_a_folder_everywhere(name: str) -> None:
    with pytest.raises(ValidationError):
        App.model_validate({"app": 45, "name": name, "units": [WORKFLOW]})


@pytest.mark.parametrize("version", [0, 7, "1.2", "1.2.3", "10.0.1"])
def test_a_plugin_version_is_kept_as_it_was_given(version: object) -> None:
    app = {"app": 45, "name": "a", "units": [WORKFLOW]}
    config = Config.model_validate({"version": 1, "plugin": PLUGIN | {"version": version}, "apps": [app]})

    assert config.plugin is not None
    assert config.plugin.version == version


@pytest.mark.parametrize("version", [-1, True, "01.2", "1.2.3.4", "1.", "v1", "1.2-beta", ""])
def test_a_plugin_version_that_kintone_refuses_is_a_problem(version: object) -> None:
    app = {"app": 45, "name": "a", "units": [WORKFLOW]}

    with pytest.raises(ValidationError, match="without leading zeros"):
        Config.model_validate({"version": 1, "plugin": PLUGIN | {"version": version}, "apps": [app]})


@pytest.mark.parametrize("key", ["", " \n", "a\0b", 7])
def test_a_plugin_key_that_is_neither_a_path_nor_a_pem_is_a_problem(key: object) -> None:
    app = {"app": 45, "name": "a", "units": [WORKFLOW]}

    with pytest.raises(ValidationError, match="must be the path of a private key, such as"):
        Config.model_validate({"version": 1, "plugin": PLUGIN | {"key": key}, "apps": [app]})


def test_a_wrong_unit_hides_no_problem_of_its_app() -> None:
    app = {
        "app": "x",
        "name": "orders",
        "target": "script",
        "units": [JOB | {"labl": "a"}, WORKFLOW | {"id": "load-sales", "api_key": "FAKE-key"}],
    }
    with pytest.raises(ValidationError) as caught:
        App.model_validate(app)

    assert {error["loc"] for error in caught.value.errors()} == {
        ("app",),
        ("units", 0),  # no API key
        ("units", 0, "labl"),
        ("units", 1, "id"),
        ("units", 1, "api_key"),
    }


def config(**plugin: object) -> Config:
    app = {"app": 45, "name": "a", "units": [WORKFLOW]}
    return Config.model_validate({"version": 1, "plugin": PLUGIN | plugin, "apps": [app]})


def test_a_plugin_without_a_version_has_version_1() -> None:
    assert config().plugin == config(version=1).plugin


@pytest.mark.parametrize(("key", "limit"), [("name", 64), ("description", 200)])
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("letter", ["x", "実", "🏃"])
def test_the_plugins_texts_are_as_long_as_kintone_allows_and_no_longer(
    key: str, limit: int, language: str, letter: str
) -> None:
    def text(length: int) -> dict[str, str]:
        return {"en": "Run", language: letter * length}

    kept = getattr(config(**{key: text(limit)}).plugin, key)
    assert getattr(kept, language) == letter * limit
    with pytest.raises(ValidationError, match=f"at most {limit} characters") as caught:
        config(**{key: text(limit + 1)})
    assert [error["loc"] for error in caught.value.errors()] == [("plugin", key, language)]


def test_the_plugin_goes_to_its_apps_by_app_id_and_is_none_without_any() -> None:
    script = {"target": "script", "expose_secrets": True, "units": [WORKFLOW | {"api_key": "FAKE-key"}]}
    apps = [{"app": 7, "name": "b", "units": [WORKFLOW]}, {"app": 45, "name": "s", **script}]
    content = {"version": 1, "plugin": PLUGIN, "apps": [*apps, {"app": 6, "name": "a", "units": [WORKFLOW]}]}

    shared = Config.model_validate(content).shared_plugin

    assert shared is not None
    assert [app.app for app in shared.apps] == [6, 7]
    assert Config.model_validate(content | {"apps": [apps[1]]}).shared_plugin is None
