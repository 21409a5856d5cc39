"""`runbutton build --watch` as a separate process whose lines are read as they appear."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.signing import new_key, write_key
from tests.forked import runbutton

UNITS = """\
version: 1
plugin: {name: {en: Run}, version: 1, key: private.ppk}
apps:
  - app: 45
    name: orders
    units:
      - {id: load, service: trocco-job, job_definition_id: "${JOB}"}
"""


class Watching:
    """The process, and its output until it waits again."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._lines = iter(process.stderr or ())

    def said(self) -> list[str]:
        said: list[str] = []
        for line in self._lines:
            if line.startswith("Watching "):
                break
            said.append(line.rstrip())
        return said


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[Watching]:
    command = runbutton("build", "--watch", *options)
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        yield Watching(process)
        process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "units.yaml").write_text(UNITS, encoding="utf-8")
    write_key(new_key(), tmp_path / "private.ppk")
    (tmp_path / ".env").write_text("JOB=7\n", encoding="utf-8")
    (tmp_path / "staging.env").write_text("JOB=8\n", encoding="utf-8")
    return tmp_path


def test_a_key_that_comes_or_changes_is_built_with(folder: Path) -> None:
    (folder / "private.ppk").rename(folder / "kept.ppk")
    with watching(folder) as watch:
        assert "private.ppk: no such file" in watch.said()[-1]
        (folder / "kept.ppk").rename(folder / "private.ppk")
        assert any("plugin.zip" in line for line in watch.said())
        before = (folder / "dist/plugin/plugin.zip").read_bytes()
        (folder / "private.ppk").unlink()
        assert "private.ppk: no such file" in watch.said()[-1]
        write_key(new_key(), folder / "private.ppk")
        assert any("plugin.zip" in line for line in watch.said())
    assert (folder / "dist/plugin/plugin.zip").read_bytes() != before


def test_the_env_file_that_was_given_is_the_one_that_is_watched(folder: Path) -> None:
    with watching(folder, "--env-file", "staging.env") as watch:
        assert any("plugin.zip" in line for line in watch.said())
        before = (folder / "dist/build.json").read_bytes()
        (folder / "staging.env").write_text("JOB=9\n", encoding="utf-8")
        assert any("plugin.zip" in line for line in watch.said())
    assert (folder / "dist/build.json").read_bytes() != before
