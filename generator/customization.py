"""An app's units → the text of its script: the only use of Jinja2's script template and of esbuild.

Linking and compiling are done once for each set of services, and each app's config is put in as one JSON literal, so
that a thousand apps cost one compile.
"""

import json
import shutil
import subprocess
from functools import lru_cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import JsonValue

from generator import __version__
from generator.assets import TEMPLATES
from generator.errors import BuildError
from generator.link import link
from generator.units import App

# Stands for the config while the modules are compiled; a name that no module may use.
_CONFIG = "RUNBUTTON_CONFIG"


def script(app: App) -> str:
    """The customization of `app` (target script): one classic script, ASCII only, without BOM."""
    return _banner(app) + _program(services(app)).replace(_CONFIG, literal(page_config(app)), 1)


def services(app: App) -> tuple[str, ...]:
    """The service modules of the runtime that the app's units need, in the order of their names."""
    return tuple(sorted({unit.runtime for unit in app.units}))


def page_config(app: App) -> JsonValue:
    """What the page needs to know of the app: exactly what start() of the runtime takes."""
    units: list[JsonValue] = [{**unit.common_for_page(), **unit.for_page()} for unit in app.units]
    return {"app": app.app, "source": app.name, "units": units}


def entry(service_names: tuple[str, ...], config: str) -> str:
    """The entry module: imports the services and starts with the text `config`, a JavaScript expression."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - JavaScript, and the only text put in is a JSON literal or our own names.
        keep_trailing_newline=True,
    )
    return templates.get_template("entry.js.j2").render(services=service_names, config=config)


def literal(value: JsonValue) -> str:
    """A JSON literal that is safe inside a script: ASCII, and no `<`, so that nothing can end a script element."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@lru_cache
def _program(service_names: tuple[str, ...]) -> str:
    # A name declared twice is an error only in a module, so it is compiled as one and wrapped afterwards: customization
    # files are classic scripts, and nothing of ours may become a global.
    module = link(entry(service_names, _CONFIG), TEMPLATES) + "export {};\n"
    compiled = compile_module(module).replace("export {};\n", "")
    return f'(() => {{\n"use strict";\n{compiled}}})();\n'


def compile_again() -> None:
    """Forgets what was compiled: for a preview whose browser sources have changed."""
    _program.cache_clear()


def compile_module(source: str) -> str:
    """Compiles an ES module with JSX to plain JavaScript in ASCII. Raises BuildError where esbuild refuses it."""
    if "\0" in source:
        raise BuildError("the browser sources hold a NUL character, at which esbuild would stop reading")
    try:
        # Importing it costs a third of a second, which only a build should pay.
        from esbuild_py import transform  # noqa: PLC0415
    except ImportError:
        return _compile_by_executable(source)
    compiled: str = transform(source)
    # esbuild-py says nothing of what is wrong; an empty answer is all there is.
    if not compiled:
        raise BuildError("esbuild refused the linked browser sources; run `npx eslint runtime` in templates/ to see why")
    return compiled


def _compile_by_executable(source: str) -> str:
    """The same by the `esbuild` program: esbuild-py has no wheel for Linux on ARM."""
    program = shutil.which("esbuild")
    if program is None:
        raise BuildError("neither the Python package esbuild-py nor an esbuild program on PATH was found; install one of them")
    done = subprocess.run(  # noqa: S603 - a program found on PATH, with fixed arguments.
        [program, "--loader=jsx"], input=source, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise BuildError(f"esbuild refused the linked browser sources: {done.stderr.strip().splitlines()[0]}")
    return done.stdout


def _banner(app: App) -> str:
    """Says what made the script. Names and ids hold nothing that could end a comment: the config allows no such sign."""
    units = ", ".join(unit.id for unit in app.units)
    return (
        f"// Made by Runbutton {__version__} for app {app.app} ({app.name}), units: {units}.\n"
        "// Do not edit: change units.yaml and run `runbutton build`.\n"
    )
