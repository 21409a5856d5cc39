"""`runbutton preview` as a separate process: its output while its config is edited."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from generator.cli.preview import watch_errors
from tests.forked import runbutton

UNITS = """\
version: 1
plugin: {name: {en: Run}, version: 1, key: private.ppk}
apps:
  - app: 45
    name: orders
    units:
      - {id: load, service: trocco-job, job_definition_id: 7}
"""
WRONG = UNITS.replace("definition_id: 7", "definition_id: seven")


class Previewing:
    """The program, and the lines that it says."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def line(self) -> str:
        assert self._process.stderr
        return self._process.stderr.readline().rstrip()


@contextmanager
def previewing(folder: Path, language: str = "en") -> Iterator[Previewing]:
    command = runbutton("preview", "--port", "0")
    environ = {**os.environ, "LC_ALL": "", "LC_MESSAGES": "", "LANG": f"{language}.UTF-8"}
    environ.pop("RUNBUTTON_LANG", None)
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environ
    ) as process:
        yield Previewing(process)
        process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "units.yaml").write_text(UNITS, encoding="utf-8")
    return tmp_path


def test_the_terminal_says_once_that_the_config_is_broken_and_once_that_it_is_fixed(folder: Path) -> None:
    config = folder / "units.yaml"
    with previewing(folder) as preview:
        assert preview.line().startswith("Previewing units.yaml.")
        config.write_text(WRONG, encoding="utf-8")
        assert re.fullmatch(r"error: units\.yaml:7:\d+: apps\[0\]\.units\[0\]\.job_definition_id: .*", preview.line())
        config.write_text(UNITS, encoding="utf-8")
        assert preview.line() == "units.yaml: the errors are fixed"
        config.write_text(WRONG.replace("name: orders", "nam: orders"), encoding="utf-8")
        assert re.fullmatch(r"error: units\.yaml:\d+:\d+: .* \(and 2 more\)", preview.line())
        config.unlink()
        assert "units.yaml" in preview.line()


def test_it_says_so_in_the_terminals_language(folder: Path) -> None:
    config = folder / "units.yaml"
    with previewing(folder, "ja_JP") as preview:
        preview.line()
        config.write_text(WRONG, encoding="utf-8")
        assert preview.line().startswith("エラー: units.yaml:7:")
        config.write_text(UNITS, encoding="utf-8")
        assert preview.line() == "units.yaml: エラーは解消されました。"


def test_a_save_in_two_steps_is_not_called_broken(capsys: pytest.CaptureFixture[str]) -> None:
    """Editors take the file away for a moment, or write it empty first."""
    seen = iter(["", "gone", "", "", "broken", "other", "other", "other", "", "gone", "", "", ""])
    look = watch_errors(Path("units.yaml"), lambda: next(seen))
    said = []
    for _ in range(13):
        look()
        said.append(capsys.readouterr().err.strip())
    assert [at for at, line in enumerate(said) if line] == [6, 11]
    assert said[6].endswith(": other")
    assert said[11].startswith("units.yaml: ")


@pytest.mark.parametrize(
    ("unit", "path"),
    [
        ("", "/k/45/show#record=1"),
        (", pages: index", "/k/45/"),
        (", pages: [create, index]", "/k/45/edit"),
        (", pages: edit", "/k/45/show#record=1&mode=edit"),
        (", devices: mobile", "/k/m/45/show?record=1"),
        (", devices: mobile, pages: edit", "/k/m/45/edit?record=1"),
    ],
)
def test_the_address_that_it_says_is_that_of_a_page_with_a_button(folder: Path, unit: str, path: str) -> None:
    (folder / "units.yaml").write_text(UNITS.replace("definition_id: 7", f"definition_id: 7{unit}"), encoding="utf-8")
    with previewing(folder) as preview:
        found = re.search(r"Open (http://127\.0\.0\.1:\d+)(/k/\S+) ", preview.line())
        assert found
        assert found[2] == path
        assert httpx.get(found[1] + found[2], trust_env=False).status_code == 200
