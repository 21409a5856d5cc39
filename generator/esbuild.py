"""esbuild as the Python package esbuild-py has it, or as a program on PATH where that has no wheel."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import cast

from generator.assets import TEMPLATES
from generator.errors import BuildError
from generator.words import Message, of


def compile_script(source: str, parts: Mapping[str, str]) -> str:
    """Compiles a classic script with JSX to plain JavaScript in ASCII.

    Raises BuildError if esbuild refuses it; of its `parts`, by path, the message names those that do not compile alone.
    """
    if "\0" in source:
        raise BuildError(of(_named(parts, lambda text: chr(0) in text), Message("build.nul")))
    transform = _package() or _program
    compiled = transform(source)
    # esbuild-py gives no error message; it only returns an empty result.
    if not compiled and source.strip():
        names = _named(parts, lambda text: bool(text.strip()) and not transform(text))
        raise BuildError(of(names, Message("build.refused")))
    return compiled


def _named(parts: Mapping[str, str], is_wrong: Callable[[str], bool]) -> str:
    return ", ".join(Path(path).name for path, text in parts.items() if is_wrong(text)) or str(TEMPLATES)


@lru_cache
def _package() -> Callable[[str], str] | None:
    # It imports one function of distutils, which the standard library has elsewhere. Python 3.12 removed distutils,
    # and setuptools' replacement takes 0.1 s to load.
    stand_ins = {name: ModuleType(name) for name in ("distutils", "distutils.sysconfig")}
    stand_ins["distutils.sysconfig"].__dict__["get_config_var"] = sysconfig.get_config_var
    before = {name: sys.modules.pop(name) for name in stand_ins if name in sys.modules}
    sys.modules.update(stand_ins)
    try:
        from esbuild_py import transform  # type: ignore[import-untyped] # noqa: PLC0415
    except (ImportError, OSError, AttributeError):
        # Not installed, built for another C library, or without the library for this Python.
        return None
    finally:
        for name in stand_ins:
            del sys.modules[name]
        sys.modules.update(before)
    return cast("Callable[[str], str]", transform)


def _program(source: str) -> str:
    program = shutil.which("esbuild")
    if program is None:
        raise BuildError(Message("build.noEsbuild"))
    try:
        done = subprocess.run(  # noqa: S603 - a program found on PATH, with fixed arguments.
            [program, "--loader=jsx"], input=source, capture_output=True, encoding="utf-8", check=False
        )
    except (OSError, UnicodeDecodeError) as error:
        raise BuildError(of(program, Message("build.cannotUse", error=error))) from error
    if done.returncode:
        words = [*done.stderr.strip().splitlines(), Message("build.exit", code=done.returncode)]
        raise BuildError(of(program, Message("build.compileError", words=words[0])))
    return done.stdout
