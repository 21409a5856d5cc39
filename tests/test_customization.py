"""An app's units become one script: ASCII, safe whatever the texts, and only what the app needs."""

import json
import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from generator import __version__, customization, words
from generator.assets import TEMPLATES
from generator.config import parse_config
from generator.customization import compile_again, literal, plugin_script, script
from generator.features import FEATURES
from generator.invisible import invisible_in
from generator.link import link
from generator.origin import Origin, origin_of
from generator.units.config import App
from generator.units.unit import SERVICES
from tests.conftest import KREWDATA_UNIT, config_from, config_of

TROCCO_UNIT = {"id": "load", "service": "trocco-job", "job_definition_id": 12, "api_key": "fake-key-of-nobody"}

NASTY = [
    "</script><script>alert(1)</script>",
    "<!-- --> ]]> &amp;",
    "a\u2028b\u2029c",
    "\"quotes\" 'and' `backticks` \\ back\\slashes \\u003c",
    "*/ // /*",
    "日本語 😀 \U0002000b",
    "RUNBUTTON_CONFIG",
    "$& $1 $$",
    "\ttab\nand line",
]


def app_of(*units: Any, **app: Any) -> App:
    return config_of(*units, **app).apps[0]


def config_in(text: str) -> Any:
    """The JSON literal at a script's end."""
    found = re.search(r"^main\(\[.*?\], \{.*?\}, (\{.*\})\);$", text, re.MULTILINE)
    assert found
    return json.loads(found[1])


def test_a_script_says_what_made_it_for_what_and_how_to_make_it_again() -> None:
    text = script(app_of(KREWDATA_UNIT, {**KREWDATA_UNIT, "id": "second"}, name="orders"))
    comment = "\n".join(line for line in text.split("(function")[0].splitlines() if line.startswith("//"))
    for part in ("Runbutton", __version__, "45", "orders", "recalculate", "second", "runbutton build"):
        assert part in comment


# A config accepts no invisible separators; the next test covers them in scripts.
@pytest.mark.parametrize("text", [text for text in NASTY if not invisible_in(text, allowed="\t\n")])
def test_a_script_is_ascii_and_holds_each_text_of_the_config_unchanged(text: str) -> None:
    variable = {"name": "$a$", "value": text}
    unit = {"id": "load", "service": "trocco-job", "job_definition_id": 1, "api_key": "fake-api-key"}
    built = script(app_of({**unit, "custom_variables": [variable]}))
    assert built.isascii()
    assert not built.startswith("\ufeff")
    assert built.endswith("\n")
    assert "\r" not in built
    assert "</script" not in built.lower()
    assert "<!--" not in built
    assert config_in(built)["units"][0]["customVariables"] == [variable]


@pytest.mark.parametrize("text", NASTY)
def test_a_literal_is_json_without_anything_that_ends_a_script(text: str) -> None:
    made = literal({text: [text, {"deep": text}]})
    assert json.loads(made) == {text: [text, {"deep": text}]}
    assert made.isascii()
    assert not re.search(r"[<>&\n]", made)


@pytest.mark.parametrize(
    "forbidden",
    [
        "gaia-",
        "ocean-",
        "kintone-",
        "cybozu.data",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "window.confirm",
        "console.log",
        "sourceMappingURL",
        "debugger",
    ],
)
def test_what_customizations_must_not_use_is_not_in_a_script(forbidden: str) -> None:
    assert forbidden not in script(app_of(KREWDATA_UNIT, TROCCO_UNIT))


def test_only_the_services_that_an_app_needs_are_in_its_script() -> None:
    krewdata, trocco = script(app_of(KREWDATA_UNIT)), script(app_of(TROCCO_UNIT))
    assert "krewdataAppUrl" in krewdata
    assert "trocco" not in krewdata.lower()
    assert "krewdata" not in trocco.lower()
    both = script(app_of(KREWDATA_UNIT, TROCCO_UNIT))
    assert "krewdataAppUrl" in both
    assert "custom_variables" in both


def test_the_order_of_keys_and_the_way_of_writing_change_nothing() -> None:
    unit = dict(KREWDATA_UNIT)
    app = {"app": 45, "name": "orders", "target": "script", "expose_secrets": True, "units": [unit]}
    turned = {**dict(reversed(app.items())), "units": [dict(reversed(unit.items()))]}
    texts = [
        yaml.safe_dump({"version": 1, "apps": [app]}, sort_keys=False),
        yaml.safe_dump({"apps": [turned], "version": 1}, sort_keys=False, allow_unicode=True),
        yaml.safe_dump({"version": 1, "apps": [app]}, default_flow_style=True),
        json.dumps({"version": 1, "apps": [turned]}),
    ]
    scripts = {script(parse_config(text, "units.yaml", {}).apps[0]) for text in texts}
    assert len(scripts) == 1


def test_a_thousand_apps_of_the_same_services_cost_one_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def counted(entry: str, folder: Path) -> str:
        made.append(entry)
        return link(entry, folder)

    monkeypatch.setattr(customization, "link", counted)
    compile_again()
    languages = [["ja"], ["en"], ["ja", "en"]]
    apps = [
        app_of(KREWDATA_UNIT, app=number, name=f"app-{number}", languages=languages[number % 3])
        for number in range(1, 11)
    ]
    assert len({script(app) for app in apps * 100}) == 10
    assert len(made) == 1


def test_an_edited_sentence_is_read_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    copytree(TEMPLATES / "words", tmp_path / "words")
    with monkeypatch.context() as patched:
        patched.setattr(words, "TEMPLATES", tmp_path)
        english = tmp_path / "words" / "en.json"
        for running in ("Under way, first.", "Under way, then."):
            edited = re.sub(r'"running": "[^"]+"', f'"running": "{running}"', english.read_text(encoding="utf-8"))
            english.write_text(edited, encoding="utf-8")
            compile_again()
            assert running in script(app_of(KREWDATA_UNIT))
    compile_again()


def test_a_script_has_no_sentence_that_its_services_do_not_say() -> None:
    words = config_in(script(app_of(KREWDATA_UNIT)))["words"]["en"]
    assert "krewdata" in words
    assert words["states"]["running"]
    assert not {"trocco", "settings", "terminal", "init", "units", "probe", "stub"} & words.keys()
    # Advice that only TROCCO units need.
    assert "record" not in words["advice"]


@pytest.mark.parametrize(
    ("languages", "there", "gone"), [(["ja"], "再集計", "Recalculate"), (["en"], "Recalculate", "再集計")]
)
def test_a_script_has_words_of_its_languages_alone(languages: list[str], there: str, gone: str) -> None:
    unit = {**KREWDATA_UNIT, "confirm": {"ja": "再集計?", "en": "Recalculate?"}}
    both, one = script(app_of(unit, TROCCO_UNIT)), script(app_of(unit, TROCCO_UNIT, languages=languages))
    assert len(one) < len(both)
    assert literal(there)[1:-1] in one
    assert literal(gone)[1:-1] not in one
    assert languages_in(one) == set(languages)
    assert languages_in(both) == {"ja", "en"}


def test_a_plugin_has_words_of_all_its_apps_languages() -> None:
    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    apps = [
        {"app": 1, "name": "one", "languages": ["ja"], "units": [unit]},
        {"app": 2, "name": "two", "languages": ["en"], "units": [unit]},
    ]
    one, two = config_from({"version": 1, "plugin": {"name": "Buttons", "key": "x.ppk"}, "apps": apps}).apps
    assert languages_in(plugin_script([one])) == {"ja"}
    assert languages_in(plugin_script([one, two])) == {"ja", "en"}


def test_a_plugins_script_has_its_units_in_clear_and_no_names_of_apps() -> None:
    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    apps = [{"app": 45, "name": "orders", "units": [unit]}, {"app": 46, "name": "payroll", "units": [unit]}]
    made = plugin_script(config_from({"version": 1, "plugin": {"name": "Run", "key": "x.ppk"}, "apps": apps}).apps)
    assert re.findall(r'"(4\d)":\[\{"id":"recalculate"', made) == ["45", "46"]
    assert KREWDATA_UNIT["url"] in made
    assert "orders" not in made
    assert "payroll" not in made


def languages_in(script: str) -> set[str]:
    return set(config_in(script)["words"])


def test_the_first_line_says_from_which_config_and_for_which_app() -> None:
    app = app_of(KREWDATA_UNIT, {**KREWDATA_UNIT, "id": "second"}, name="orders")
    origin = origin_of(script(app, '設定 "2".yaml').encode())
    assert origin == Origin('設定 "2".yaml', app.app, "orders")
    assert origin is not None
    assert origin.units == ("recalculate", "second")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"// Made by Runbutton 0.1.0 for app 45 (orders).",
        b'// Made by Runbutton 1 from "\\x" for app 4 (a)',
    ],
)
def test_a_first_line_without_an_origin_is_none(content: bytes) -> None:
    assert origin_of(content) is None


def test_all_services_and_parts_fit_into_one_script() -> None:
    """Modules share one scope, so a name that two of them declare shows only where both are linked."""
    services = tuple(sorted({unit.module() for unit in SERVICES.values()}))
    linked = link(customization.entry(services, tuple(FEATURES)), TEMPLATES)
    assert "createInput" in linked
