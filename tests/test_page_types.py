"""Python's data for the page matches the page's types: the compiler checks every sample config."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from generator.assets import TEMPLATES
from generator.config import read_config
from generator.customization import settings_script
from generator.units.config import Config
from tests.node import program
from tests.test_config import ENVIRON, GOOD

# Each service's module declares the type of its units.
UNIT_TYPES = {"krewdata": "KrewDataUnit", "trocco": "TroccoUnit"}


def literals(config: Config) -> list[tuple[str, str]]:
    """The data for pages, each with the name of its type."""
    units = [unit for app in config.apps for unit in app.units]
    found = [(UNIT_TYPES[unit.runtime], json.dumps(unit.common_for_page() | unit.for_page())) for unit in units]
    built = re.search(r"showSettings\((\{.*\})\);", settings_script(config.apps))
    assert built
    return [*found, ("SettingsConfig", built[1])]


def complaints(texts: list[tuple[str, str]], folder: Path) -> str:
    modules = {name: TEMPLATES / "runtime" / "services" / f"{name}.js" for name in UNIT_TYPES}
    imports = [f'import type {{ {UNIT_TYPES[name]} }} from "{path.as_posix()}";\n' for name, path in modules.items()]
    lines = [f"export const made{at}: {type_} = {text};\n" for at, (type_, text) in enumerate(texts)]
    (folder / "made.ts").write_text("".join([*imports, *lines]), encoding="utf-8")
    jsconfig = TEMPLATES / "jsconfig.json"
    types = [str(path) for path in sorted((TEMPLATES / "types").glob("*.d.ts"))]
    dts_gen = str(TEMPLATES / "node_modules/@kintone/dts-gen/kintone.d.ts")
    project = {"extends": str(jsconfig), "files": [dts_gen, *types, "made.ts"], "include": []}
    (folder / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    command = [program("tsc"), "-p", str(folder)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stdout


@pytest.mark.node
def test_every_sample_config_is_of_the_pages_types(tmp_path: Path) -> None:
    texts = [text for path in GOOD for text in literals(read_config(path, ENVIRON))]
    assert {type_ for type_, _ in texts} == {*UNIT_TYPES.values(), "SettingsConfig"}
    assert complaints(texts, tmp_path) == ""


@pytest.mark.node
def test_a_key_that_the_page_does_not_know_is_found(tmp_path: Path) -> None:
    texts = literals(read_config(GOOD[0], ENVIRON))
    found = complaints([(type_, text[:-1] + ', "renamed": 1}') for type_, text in texts], tmp_path)
    assert found.count("'\"renamed\"' does not exist in type") == len(texts)
