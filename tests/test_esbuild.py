"""esbuild, as a package or as a program: the same output, and a one-line error without it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import esbuild
from generator.errors import BuildError
from generator.esbuild import compile_script
from tests import node


def test_compiling_turns_jsx_into_calls_and_drops_comments() -> None:
    compiled = compile_script('/** @jsx h */\n// a comment\nexport const view = <p class="日本">{1}</p>;\n', {})
    assert 'h("p"' in compiled
    assert "comment" not in compiled
    assert compiled.isascii()


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("const a = ;", "esbuild cannot compile it"),
        ("const a = 1;\nconst a = 2;", "esbuild cannot compile it"),
        ("const a = 1;\nfunction b() {}\nfunction b() {}\nexport {};", "esbuild cannot compile it"),
        ("const a = '\0';", "NUL"),
    ],
)
def test_sources_that_do_not_compile_are_refused(source: str, says: str) -> None:
    with pytest.raises(BuildError, match=says):
        compile_script(source, {})


@pytest.fixture
def without_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A machine whose esbuild-py cannot be loaded; the folder is all that is on PATH."""
    (tmp_path / "esbuild_py.py").write_text("raise OSError('made for another C library')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("esbuild_py")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("PATH", str(tmp_path))
    esbuild._package.cache_clear()
    yield tmp_path
    esbuild._package.cache_clear()


def test_loading_the_package_leaves_distutils_as_it_was() -> None:
    before = {name: module for name, module in sys.modules.items() if name.startswith("distutils")}
    esbuild._package.cache_clear()
    assert esbuild._package() is not None
    assert {name: module for name, module in sys.modules.items() if name.startswith("distutils")} == before


@pytest.mark.usefixtures("without_the_package")
def test_without_the_package_and_a_program_both_are_named() -> None:
    with pytest.raises(BuildError, match=r"install the Python package esbuild-py, or the program esbuild"):
        compile_script("const a = 1;", {})


@pytest.mark.node
@pytest.mark.usefixtures("without_the_package")
def test_the_program_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    source = '/** @jsx h */\nexport const view = <p class="日本">{1}</p>;\nif (view) { /* why */ a = b / c }'
    monkeypatch.setenv("PATH", os.pathsep.join([str(node.PACKAGES / ".bin"), os.defpath]))
    by_program = compile_script(source, {})
    monkeypatch.undo()
    esbuild._package.cache_clear()
    assert by_program == compile_script(source, {})


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("#!/bin/sh\nexit 3\n", "exit code 3"),
        ("#!/bin/sh\necho '<stdin>:1: odd' >&2\nexit 1\n", "<stdin>:1: odd"),
        ("no program at all", "cannot run: "),
        ("#!/nowhere/sh\n", "cannot run: "),
        ("#!/bin/sh\n/bin/cat >/dev/null; printf '\\377'\n", "cannot run: "),
        ("#!/bin/sh\nexit 0\n", "esbuild cannot compile it"),
    ],
)
def test_a_program_that_fails_in_any_way_is_one_line(without_the_package: Path, script: str, says: str) -> None:
    program = without_the_package / "esbuild"
    program.write_text(script, encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(BuildError, match=says) as caught:
        compile_script("const a = 1;" * 100_000, {})
    assert "\n" not in str(caught.value)
