"""The same modules, joined by the real esbuild bundler, work the same: so the linker is checked."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from generator.assets import TEMPLATES
from generator.customization import entry, script
from generator.units.config import App
from tests.browser.record_page import Serve
from tests.browser.test_run import watch_to_success
from tests.conftest import config_of
from tests.node import program

pytestmark = pytest.mark.node


def bundled(app: App, folder: Path) -> str:
    """The app's script as the bundler makes it, with the very config that is in ours."""
    config = re.search(r"^ *start\d*\(.*?, (\{.*\})\);$", script(app), re.MULTILINE)
    assert config
    source = folder / "entry.js"
    text = entry((Path("runtime/services/krewdata.js"),), config[1])
    source.write_text(text.replace('"./', f'"{TEMPLATES.as_posix()}/'), encoding="utf-8", newline="\n")
    done = subprocess.run(
        [program("esbuild"), str(source), "--bundle"], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_bundlers_script_passes_the_same_page_test(
    serve_config: Serve, krewdata_unit: dict[str, Any], tmp_path: Path
) -> None:
    page = serve_config(config_of(krewdata_unit), build=lambda app: bundled(app, tmp_path))
    watch_to_success(page.open())
