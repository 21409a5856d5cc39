"""Units → the text of scripts: the only use of Jinja2 for scripts.

Modules are linked once for each set of services and features. Each app's units, words and style sheet go in as one
JSON literal, so 1,000 apps need one compilation.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator import __version__
from generator.assets import TEMPLATES
from generator.features import FEATURES, STYLES, features_of, log_for_page
from generator.link import link
from generator.origin import MADE_BY, Origin
from generator.units.config import App
from generator.units.unit import Unit
from generator.units.values import Json
from generator.words import LANGUAGES, by_language, page_sections, sections, used_in

# Where the JSON literal goes; a name that no module declares.
_CONFIG = "RUNBUTTON_CONFIG"


def script(app: App, config_name: str = "units.yaml") -> str:
    """The customization of `app` (target script): one classic script, ASCII only, without BOM.

    `config_name` is the config's file name, for the first line.
    """
    return b"".join(script_parts(app, config_name)).decode("ascii")


def script_parts(app: App, config_name: str) -> tuple[bytes, ...]:
    """The same in parts; apps share the objects of common parts."""
    config: Json = {"app": app.app, "source": app.name, "units": _units(app)}
    banner = _banner(Origin(config_name, app.app, app.name, tuple(unit.id for unit in app.units)).subject)
    before, after = _page(_services(app), features_of(app), frozenset(app.languages))
    return banner.encode("ascii"), before, _open_literal(config), after


def plugin_script(apps: Sequence[App]) -> str:
    """The plug-in's customization for all `apps` (target plugin); in each app it shows that app's units."""
    config: Json = {"apps": {str(app.app): _units(app, plugin=True) for app in apps}}
    languages = frozenset(language for app in apps for language in app.languages)
    # No names: the users of every app get this script, and nothing on their pages needs the names of other apps.
    before, after = _page(_services(*apps), ("openPlugin", *features_of(*apps)), languages)
    return _banner("for a plug-in") + b"".join((before, _open_literal(config), after)).decode("ascii")


def settings_script(apps: Sequence[App]) -> str:
    """The script of the plug-in's settings page."""
    units = [unit for app in apps for unit in app.units]
    config: dict[str, Json] = {
        "apps": {str(app.app): [_unit_for_settings(unit) for unit in app.units] for app in apps},
        "services": {
            unit.service: {
                "words": by_language(unit.service_words),
                "secretWords": by_language(unit.secret_words) if unit.secret_words else None,
                "refusals": [refusal.for_page() for refusal in unit.refusals()],
            }
            for unit in units
        },
    }
    return _banner(f"for {_apps(apps)}") + script_of(TEMPLATES / "plugin" / "entry.js", config)


def _unit_for_settings(unit: Unit) -> Json:
    requests: list[Json] = [{**request._asdict(), "mark": request.mark} for request in unit.stored_requests()]
    about: dict[str, Json] = {"id": unit.id, "service": unit.service, "label": unit.label.for_page()}
    return {**about, "account": unit.account, "requests": requests}


@lru_cache
def terminal_program(service: Path, features: tuple[str, ...] = ()) -> str:
    """A classic script that sets `runUnit` of terminal/terminal.js, for the units of one service's module; `features`
    are names of FEATURES."""
    module = _specifier(service)
    modules = {name: f"./runtime/{FEATURES[name]}" for name in features}
    entry = _rendered("terminal/entry.js.j2", service=service.stem, module=module, features=modules)
    return _with_config(link(entry, TEMPLATES), {}, LANGUAGES)


def script_of(module: Path, config: Mapping[str, Json]) -> str:
    """The module with what it imports as one classic script, with `config` and its words for RUNBUTTON_CONFIG."""
    return _with_config(_linked(module), config, LANGUAGES)


def entry(services: Sequence[Path], features: Sequence[str] = ()) -> str:
    """The entry module of a page: imports the services and features, and starts with RUNBUTTON_CONFIG.

    `services` are their modules, each from templates/ on, and called as its export is; `features` are names of
    FEATURES.
    """
    names = {path.stem: _specifier(path) for path in services}
    modules = names | {name: f"./runtime/{FEATURES[name]}" for name in features}
    return _rendered("entry.js.j2", modules=modules, services=list(names), features=features)


def _rendered(template: str, **values: object) -> str:
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - JavaScript, and the only text put in is a JSON literal or our own names.
        keep_trailing_newline=True,
    )
    return templates.get_template(template).render(values)


def _specifier(path: Path) -> str:
    # An added service may be in any folder, and imports must be relative paths.
    return "./" + os.path.relpath(TEMPLATES / path, TEMPLATES).replace(os.sep, "/")


def literal(value: Json) -> str:
    """A JSON literal that is safe inside a script: ASCII, and no `<`, so that nothing can end a script element."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _services(*apps: App) -> tuple[Path, ...]:
    """The browser modules of the services that the apps' units need, in the order of their names."""
    return tuple(sorted({unit.module() for app in apps for unit in app.units}))


def _units(app: App, *, plugin: bool = False) -> list[Json]:
    pages = [unit_for_page(unit) | log_for_page(app, unit) | (_stored(unit) if plugin else {}) for unit in app.units]
    return [_in_languages(page, app.languages) for page in pages]


def _in_languages(value: Json, languages: Sequence[str]) -> Json:
    """The same, with only these languages of each text."""
    if isinstance(value, Mapping):
        wanted = value if value.keys() != {*LANGUAGES} else {key: value[key] for key in languages}
        return {key: _in_languages(inner, languages) for key, inner in wanted.items()}
    if isinstance(value, list | tuple):
        return [_in_languages(inner, languages) for inner in value]
    return value


def unit_for_page(unit: Unit) -> dict[str, Json]:
    """The unit as the page's modules read it; the types are in templates/types/."""
    return {**unit.common_for_page(), **unit.for_page()}


def _stored(unit: Unit) -> dict[str, Json]:
    """The entries that the plug-in's settings must contain for the unit, by address."""
    return {"stored": {request.address: request.mark for request in unit.stored_requests()}}


@lru_cache
def _page(services: tuple[Path, ...], features: tuple[str, ...], languages: frozenset[str]) -> tuple[bytes, bytes]:
    """A page's script before and after the app's own part, the same for all apps."""
    before, _, after = _page_program(services, features).partition(_CONFIG)
    words = used_in(before, languages)
    sheets = ["view/style.css", *(STYLES[name] for name in features if name in STYLES)]
    style = "".join(style_sheet(TEMPLATES / "runtime" / sheet) for sheet in sheets)
    shared = literal({"words": words, "style": style})
    return before.encode("ascii"), f",{shared[1:]}{after}".encode("ascii")


@lru_cache
def _page_program(services: tuple[Path, ...], features: tuple[str, ...]) -> str:
    return link(entry(services, features), TEMPLATES)


@lru_cache
def _linked(module: Path) -> str:
    return link(module.read_text(encoding="utf-8"), module.parent)


def _with_config(program: str, config: Mapping[str, Json], languages: Iterable[str]) -> str:
    return program.replace(_CONFIG, literal({**config, "words": used_in(program, languages)}), 1)


def _open_literal(config: Json) -> bytes:
    return literal(config).removesuffix("}").encode("ascii")


def style_sheet(path: Path) -> str:
    """A style sheet without comments and unneeded white space."""
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r" ?([{};,]) ?", r"\1", css).replace(": ", ":").strip()


def compile_again() -> None:
    """Clears the caches of compiled and read sources, for a preview whose browser sources have changed."""
    for cached in (_page, _page_program, _linked, terminal_program, sections, page_sections):
        cached.cache_clear()


def _apps(apps: Sequence[App]) -> str:
    return "apps " + ", ".join(f"{app.app} ({app.name})" for app in apps)


def _banner(subject: str) -> str:
    # Names and ids cannot end a comment: the config allows no such characters.
    return f"{MADE_BY} {__version__} {subject}.\n// Do not edit: change units.yaml and run `runbutton build`.\n"
