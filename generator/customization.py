"""Units → the text of scripts: the only use of Jinja2 for scripts and of esbuild.

Linking and compiling are done once for each distinct program, and each app's config is put in as one JSON literal, so
that a thousand apps cost one compile.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator import __version__
from generator.assets import TEMPLATES
from generator.errors import BuildError
from generator.link import link
from generator.units.config import App
from generator.units.unit import Unit
from generator.units.values import Json

# Stands for the config while the modules are compiled; a name that no module may use.
_CONFIG = "RUNBUTTON_CONFIG"


def script(app: App) -> str:
    """The customization of `app` (target script): one classic script, ASCII only, without BOM."""
    config: Json = {"source": app.name, "units": _units(app)}
    banner = _banner(f"app {app.app} ({app.name}), units: {', '.join(unit.id for unit in app.units)}")
    return banner + _filled(_program(_services(app)), config)


def plugin_script(apps: Sequence[App]) -> str:
    """The plug-in's customization for all `apps` (target plugin); it shows in each app that app's units."""
    services = _services(*apps)
    config: Json = {"apps": {str(app.app): _units(app) for app in apps}}
    return _banner(_apps(apps)) + _filled(_program(services, plugin=True), config)


def settings_script(apps: Sequence[App]) -> str:
    """The script of the plug-in's settings page."""
    config: Json = {
        "apps": {
            str(app.app): [
                {
                    "id": unit.id,
                    "service": unit.service,
                    "serviceWords": unit.service_words.for_page(),
                    "secretWords": unit.secret_words.for_page() if unit.secret_words else None,
                    "label": unit.label.for_page(),
                    "requests": [request._asdict() for request in unit.stored_requests()],
                }
                for unit in app.units
            ]
            for app in apps
        }
    }
    return _banner(_apps(apps)) + _filled(_settings_program(), config)


@lru_cache
def terminal_program(service: Path) -> str:
    """A classic script that sets `runUnit` of runtime/terminal.js, for the units of one service's module."""
    entry = _templates().get_template("terminal.js.j2").render(name=service.stem, path=_specifier(service))
    return _wrapped(link(entry, TEMPLATES))


def entry(services: Sequence[Path], config: str, *, plugin: bool = False) -> str:
    """The entry module: imports the services and starts with the text `config`, a JavaScript expression.

    `services` are their modules, each from templates/ on, and called as its export is.
    """
    return (
        _templates()
        .get_template("entry.js.j2")
        .render(services={path.stem: _specifier(path) for path in services}, config=config, plugin=plugin)
    )


def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - JavaScript, and the only text put in is a JSON literal or our own names.
        keep_trailing_newline=True,
    )


def _specifier(path: Path) -> str:
    # A service that is not ours may lie anywhere, and imports go by relative path alone.
    return "./" + os.path.relpath(TEMPLATES / path, TEMPLATES).replace(os.sep, "/")


def literal(value: Json) -> str:
    """A JSON literal that is safe inside a script: ASCII, and no `<`, so that nothing can end a script element."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _services(*apps: App) -> tuple[Path, ...]:
    """The browser modules of the services that the apps' units need, in the order of their names."""
    return tuple(sorted({unit.module() for app in apps for unit in app.units}))


def _units(app: App) -> list[Json]:
    return [unit_for_page(unit) for unit in app.units]


def unit_for_page(unit: Unit) -> Json:
    """What the page's modules read of a unit; the types are in templates/types/runtime.d.ts."""
    return {**unit.common_for_page(), **unit.for_page()}


def _filled(program: str, config: Json) -> str:
    return program.replace(_CONFIG, literal(config), 1)


@lru_cache
def _settings_program() -> str:
    folder = TEMPLATES / "plugin"
    return _wrapped(link((folder / "entry.js").read_text(encoding="utf-8"), folder))


@lru_cache
def _program(services: tuple[Path, ...], *, plugin: bool = False) -> str:
    return _wrapped(link(entry(services, _CONFIG, plugin=plugin), TEMPLATES))


def _wrapped(module: str) -> str:
    # A name declared twice is an error only in a module, so it is compiled as one and wrapped afterwards: customization
    # files are classic scripts, and nothing of ours may become a global.
    compiled = compile_module(module + "export {};\n").replace("export {};\n", "")
    return f'(() => {{\n"use strict";\n{compiled}}})();\n'


def compile_again() -> None:
    """Forgets what was compiled: for a preview whose browser sources have changed."""
    _program.cache_clear()
    _settings_program.cache_clear()


def compile_module(source: str) -> str:
    """Compiles an ES module with JSX to plain JavaScript in ASCII. Raises BuildError where esbuild refuses it."""
    if "\0" in source:
        raise BuildError("the browser sources hold a NUL character, at which esbuild would stop reading")
    try:
        # Importing it costs a third of a second, which only a build should pay.
        from esbuild_py import transform  # type: ignore[import-untyped] # noqa: PLC0415
    except ImportError:
        return _compile_by_executable(source)
    compiled: str = transform(source)
    # esbuild-py says nothing of what is wrong; an empty answer is all there is.
    if not compiled:
        raise BuildError("esbuild refused the linked browser sources; `npx eslint runtime` in templates/ says why")
    return compiled


def _compile_by_executable(source: str) -> str:
    """The same by the `esbuild` program: esbuild-py has no wheel for Linux on ARM."""
    program = shutil.which("esbuild")
    if program is None:
        raise BuildError("found neither the Python package esbuild-py nor an esbuild program on PATH; install one")
    done = subprocess.run(  # noqa: S603 - a program found on PATH, with fixed arguments.
        [program, "--loader=jsx"], input=source, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise BuildError(f"esbuild refused the linked browser sources: {done.stderr.strip().splitlines()[0]}")
    return done.stdout


def _apps(apps: Sequence[App]) -> str:
    return "apps " + ", ".join(f"{app.app} ({app.name})" for app in apps)


def _banner(subject: str) -> str:
    # Names and ids hold nothing that could end a comment: the config allows no such sign.
    return (
        f"// Made by Runbutton {__version__} for {subject}.\n"
        "// Do not edit: change units.yaml and run `runbutton build`.\n"
    )
