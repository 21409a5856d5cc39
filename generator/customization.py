"""Units → the text of scripts: the only use of Jinja2 for scripts.

Linking and compiling are done once for each distinct program, and each app's config is put in as one JSON literal, so
that a thousand apps cost one compile.
"""

import json
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from generator import __version__
from generator.assets import TEMPLATES
from generator.compiled import kept
from generator.units.config import App
from generator.units.unit import Unit
from generator.units.values import Json

# Stands for the config while the modules are compiled; a name that no module may use.
_CONFIG = "RUNBUTTON_CONFIG"

LANGUAGES = frozenset(("ja", "en"))
_RUNTIME = [TEMPLATES, TEMPLATES / "runtime", TEMPLATES / "runtime" / "services"]


def script(app: App) -> str:
    """The customization of `app` (target script): one classic script, ASCII only, without BOM."""
    return b"".join(script_parts(app)).decode("ascii")


def script_parts(app: App) -> tuple[bytes, ...]:
    """The same in parts; those that are the program are the same objects for all apps that share it."""
    config: Json = {"source": app.name, "units": _units(app)}
    banner = _banner(f"app {app.app} ({app.name}), units: {', '.join(unit.id for unit in app.units)}")
    before, after = _program(_services(app), frozenset(app.languages))
    return banner.encode("ascii"), before, literal(config).encode("ascii"), after


def plugin_script(apps: Sequence[App]) -> str:
    """The plug-in's customization for all `apps` (target plugin); it shows in each app that app's units."""
    config: Json = {"apps": {str(app.app): _units(app, plugin=True) for app in apps}}
    languages = frozenset(language for app in apps for language in app.languages)
    # No names: the users of every app get this script, and nothing on their pages needs the names of other apps.
    return _banner("a plug-in") + _filled(_program(_services(*apps), languages, plugin=True), config)


def settings_script(apps: Sequence[App]) -> str:
    """The script of the plug-in's settings page."""
    units = [unit for app in apps for unit in app.units]
    config: Json = {
        "apps": {str(app.app): [_unit_for_settings(unit) for unit in app.units] for app in apps},
        "services": {
            unit.service: {
                "words": unit.service_words.for_page(),
                "secretWords": unit.secret_words.for_page() if unit.secret_words else None,
                "refusals": [refusal.for_page() for refusal in unit.refusals()],
            }
            for unit in units
        },
    }
    return _banner(_apps(apps)) + _filled(_settings_program(), config)


def _unit_for_settings(unit: Unit) -> Json:
    requests: list[Json] = [{**request._asdict(), "mark": request.mark} for request in unit.stored_requests()]
    return {"id": unit.id, "service": unit.service, "label": unit.label.for_page(), "requests": requests}


@lru_cache
def terminal_program(service: Path) -> str:
    """A classic script that sets `runUnit` of runtime/terminal.js, for the units of one service's module."""

    def make() -> str:
        entry = _rendered("terminal.js.j2", name=service.stem, path=_specifier(service))
        return _compiled(entry, TEMPLATES, LANGUAGES)

    return kept(f"terminal {service}", _folders(service), make)


def script_of(module: Path, config: Json) -> str:
    """The module with what it imports as one classic script, with `config` where it says RUNBUTTON_CONFIG."""
    folder = module.parent
    source = module.read_text(encoding="utf-8")
    program = kept(f"script {module}", [folder], lambda: _compiled(source, folder, LANGUAGES))
    return program.replace(_CONFIG, literal(config), 1)


def entry(services: Sequence[Path], config: str, *, plugin: bool = False) -> str:
    """The entry module: imports the services and starts with the text `config`, a JavaScript expression.

    `services` are their modules, each from templates/ on, and called as its export is.
    """
    modules = {path.stem: _specifier(path) for path in services}
    return _rendered("entry.js.j2", services=modules, config=config, plugin=plugin)


def _rendered(template: str, **values: object) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - not where programs are kept.

    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - JavaScript, and the only text put in is a JSON literal or our own names.
        keep_trailing_newline=True,
    )
    return templates.get_template(template).render(values)


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


def _units(app: App, *, plugin: bool = False) -> list[Json]:
    pages = [unit_for_page(unit) | (_stored(unit) if plugin else {}) for unit in app.units]
    return [_in_languages(page, app.languages) for page in pages]


def _in_languages(value: Json, languages: Sequence[str]) -> Json:
    """The same with texts by language in those languages alone."""
    if isinstance(value, Mapping):
        wanted = value if value.keys() != LANGUAGES else {key: value[key] for key in languages}
        return {key: _in_languages(inner, languages) for key, inner in wanted.items()}
    if isinstance(value, list | tuple):
        return [_in_languages(inner, languages) for inner in value]
    return value


def unit_for_page(unit: Unit) -> dict[str, Json]:
    """What the page's modules read of a unit; the types are in templates/types/runtime.d.ts."""
    return {**unit.common_for_page(), **unit.for_page()}


def _stored(unit: Unit) -> dict[str, Json]:
    """What the plug-in's settings have to hold for the unit, each by its address."""
    return {"stored": {request.address: request.mark for request in unit.stored_requests()}}


def _filled(program: tuple[bytes, bytes], config: Json) -> str:
    before, after = program
    return before.decode("ascii") + literal(config) + after.decode("ascii")


@lru_cache
def _settings_program() -> tuple[bytes, bytes]:
    folder = TEMPLATES / "plugin"
    entry = folder / "entry.js"
    return _around_config(
        kept("settings", [folder, *_RUNTIME], lambda: _compiled(entry.read_text(encoding="utf-8"), folder, LANGUAGES))
    )


@lru_cache
def _program(services: tuple[Path, ...], languages: frozenset[str], *, plugin: bool = False) -> tuple[bytes, bytes]:
    name = f"{services} {sorted(languages)} {plugin}"

    def make() -> str:
        return _compiled(entry(services, _CONFIG, plugin=plugin), TEMPLATES, languages)

    return _around_config(kept(name, _folders(*services), make))


def _folders(*services: Path) -> set[Path]:
    """Where the sources of a program lie."""
    return {*_RUNTIME, *((TEMPLATES / service).parent for service in services)}


def _around_config(program: str) -> tuple[bytes, bytes]:
    before, _, after = program.partition(_CONFIG)
    return before.encode("ascii"), after.encode("ascii")


def _compiled(entry: str, folder: Path, languages: frozenset[str]) -> str:
    """The entry with all its modules as one classic script, of which nothing becomes a global."""
    # Loading these costs as much as all the rest of a build that has its programs kept.
    from generator.esbuild import compile_module  # noqa: PLC0415
    from generator.link import link  # noqa: PLC0415

    wrapped = f'(function () {{\n"use strict";\n{link(entry, folder, languages)}}})();\n'
    # What the browser will read it as: a script, in which an import or export left over is an error. As a module an
    # await outside of async functions is one too, which a script may take for a call.
    for form in (wrapped, f"{wrapped}export {{}};\n"):
        compile_module(form, "the linked browser sources")
    return wrapped


def compile_again() -> None:
    """Forgets what was compiled: for a preview whose browser sources have changed."""
    _program.cache_clear()
    _settings_program.cache_clear()


def _apps(apps: Sequence[App]) -> str:
    return "apps " + ", ".join(f"{app.app} ({app.name})" for app in apps)


def _banner(subject: str) -> str:
    # Names and ids hold nothing that could end a comment: the config allows no such sign.
    return (
        f"// Made by Runbutton {__version__} for {subject}.\n"
        "// Do not edit: change units.yaml and run `runbutton build`.\n"
    )
