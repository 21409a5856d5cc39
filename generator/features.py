"""Optional parts of the runtime: a script contains those that its apps use."""

from generator.units.config import App
from generator.units.unit import Unit
from generator.units.values import Json

FEATURES = {
    "openPlugin": "page/plugin.js",
    "createForms": "page/forms.js",
    "holds": "page/conditions.js",
    "createReload": "page/reload.js",
    "openPageLog": "log/page-log.js",
    "openLog": "log/open-log.js",
    "createExclusive": "log/exclusive.js",
    "askedLines": "log/asked.js",
    "createAudience": "page/audience.js",
    "createReason": "view/reason.jsx",
    "createInput": "ask/input.js",
    "askFor": "ask/ask.js",
    "readList": "ask/list.js",
}
"""The module in runtime/ of each feature, by the name of its export."""

STYLES = {"createReason": "view/reason.css", "askFor": "ask/form.css"}
"""The style sheets in runtime/ that a feature needs besides style.css."""


def features_of(*apps: App) -> tuple[str, ...]:
    """The names of the features that the apps' pages need."""
    units = [unit for app in apps for unit in app.units]
    uses = {
        "createForms": any({"create", "edit"} & set(unit.pages) for unit in units),
        "holds": any(unit.show_if for unit in units),
        "createReload": any(unit.after_success == "reload" for unit in units),
        "openPageLog": any(app.log for app in apps),
        "createExclusive": any(unit.at_once != "any" for unit in units),
        "askedLines": any(_records_values(app, unit) for app in apps for unit in app.units),
        "createAudience": any(unit.show_to for unit in units),
        "createReason": any(unit.unless for unit in units),
        "createInput": any(unit.ask or _sources(unit) for unit in units),
        "askFor": any(unit.ask for unit in units),
        "readList": any("list" in _sources(unit) for unit in units),
    }
    return tuple(name for name, used in uses.items() if used)


def log_for_page(app: App, unit: Unit) -> dict[str, Json]:
    """What a unit's script needs for the log of its app's runs."""
    if app.log is None:
        return {}
    return {"log": app.log.app, **({"logValues": True} if _records_values(app, unit) else {})}


def log_features(app: App, unit: Unit) -> tuple[str, ...]:
    """The features that a run of the unit in the terminal needs for the log."""
    if app.log is None:
        return ()
    more = {"createExclusive": unit.at_once != "any", "askedLines": _records_values(app, unit)}
    return ("openLog", *(name for name, used in more.items() if used))


def _records_values(app: App, unit: Unit) -> bool:
    return app.log is not None and app.log.values and bool(unit.ask)


def _sources(unit: Unit) -> set[str]:
    """Where the unit's variables have their values from, of what is no field of the record."""
    variables = getattr(unit, "custom_variables", ())
    return {source for source in ("user", "record", "list") for variable in variables if getattr(variable, source)}
