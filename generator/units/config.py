"""All of units.yaml as frozen models: the apps, the plug-in, and units of every service in this package."""

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from generator.units.plugin import Plugin
from generator.units.problems import (
    MUST_BE_MAPPING,
    ConfigPart,
    Violation,
    did_you_mean,
    find_duplicates,
    is_true,
    mappings,
    problem,
    problems,
    quote,
)
from generator.units.unit import SERVICES, Unit
from generator.units.values import Flag, Id, Name, distinct, listed, required_text, whole_number
from generator.words import Message

# Each service module registers its units when it is loaded, so this module does not name them.
for _module in pkgutil.iter_modules([str(Path(__file__).parent)]):
    import_module(f"{__package__}.{_module.name}")


# kintone keeps 64 characters of a text without duplicates. A lock's other parts have at most 23: a record's ID of 16
# digits, a number of 4, and three signs between them.
_LONGEST_LOCK = 41


def unknown_service(given: object) -> Message:
    """The problem that `given` is not a service."""
    if near := did_you_mean(given, SERVICES):
        return Message("problem.unknownServiceNear", value=quote(given), near=near)
    return Message("problem.unknownService", value=quote(given), allowed=tuple(SERVICES))


def _unit(given: object) -> Unit:
    if isinstance(given, Unit):
        return given
    if not isinstance(given, Mapping):
        raise problem(MUST_BE_MAPPING)
    if "service" not in given:
        raise problem(Message("problem.missingService", allowed=tuple(SERVICES)))
    service = given["service"]
    if not isinstance(service, str) or service not in SERVICES:
        raise problems([Violation(("service",), unknown_service(service))])
    return SERVICES[service].model_validate(given)


class _OfItsService:
    """A unit of the registered service that its `service` names."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_unit)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        kinds = {service: handler(unit.__pydantic_core_schema__) for service, unit in SERVICES.items()}
        mapping = {service: kind["$ref"] for service, kind in kinds.items()}
        return {"oneOf": list(kinds.values()), "discriminator": {"propertyName": "service", "mapping": mapping}}


AnyUnit = Annotated[Unit, _OfItsService()]


def _folder(value: object) -> str:
    name = required_text(value)
    if name.lower() == "plugin":
        raise problem(Message("problem.namePlugin"))
    if re.fullmatch(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", name.lower()):
        raise problem(Message("problem.nameDevice"))
    return name


class Log(ConfigPart):
    """The kintone app that the runs are recorded in."""

    app: Id = Field(description="schema.logApp")
    values: Flag = Field(False, description="schema.logValues")


class App(ConfigPart):
    """A kintone app and the units whose buttons it gets."""

    app: Id = Field(description="schema.app")
    name: Annotated[Name, BeforeValidator(_folder)] = Field(description="schema.appName")
    target: Literal["plugin", "script"] = Field("plugin", description="schema.target")
    expose_secrets: Flag = Field(False, description="schema.exposeSecrets")
    languages: Annotated[tuple[Literal["ja", "en"], ...], Field(min_length=1), AfterValidator(distinct)] = Field(
        ("ja", "en"), description="schema.languages"
    )
    log: Log | None = Field(None, description="schema.log")
    units: tuple[AnyUnit, ...] = Field(min_length=1, description="schema.units")

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """Names are unique, and secrets are present exactly if the target needs them."""
        yield from find_duplicates("units", given.get("units"), "id", Message("problem.ownId"))
        yield from _two_primaries(given.get("units"))
        yield from _locks(given)
        target = given.get("target", "plugin")
        exposed = is_true(given.get("expose_secrets"))
        for at, unit in mappings(given.get("units")):
            service = unit.get("service")
            if not isinstance(service, str) or service not in SERVICES:
                continue
            key = SERVICES[service].secret_key
            if key is None:
                continue
            if target == "plugin" and key in unit:
                yield Violation(("units", at, key), Message("problem.secretInPlugin"))
            elif target == "script" and key not in unit:
                yield Violation(("units", at), Message("problem.secretInScript", key=key))
            elif target == "script" and not exposed:
                yield Violation(("units", at, key), Message("problem.secretExposed"))


def _locks(given: Mapping[str, Any]) -> Iterator[Violation]:
    """Exclusive units need a log with their locks, which hold the app's ID, the unit's, and a record's."""
    for at, unit in mappings(given.get("units")):
        if unit.get("at_once") in ("one", "one_per_record"):
            if given.get("log") is None:
                yield Violation(("units", at, "at_once"), Message("problem.atOnceLog"))
            limit = _LONGEST_LOCK - len(str(given.get("app")))
            if len(str(unit.get("id"))) > limit:
                yield Violation(("units", at, "id"), Message("problem.atOnceId", limit=limit))


def _two_primaries(units: object) -> Iterator[Violation]:
    """Only one of several adjacent buttons may be primary."""
    earlier: list[tuple[int, Mapping[str, Any]]] = []
    for at, unit in mappings(units):
        if is_true(unit.get("primary")):
            beside = next((index for index, other in earlier if _share_a_place(unit, other)), None)
            if beside is not None:
                yield Violation(("units", at, "primary"), Message("problem.primary", other=f"units[{beside}]"))
            earlier.append((at, unit))


def _share_a_place(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two units have adjacent buttons on some page."""

    def share(key: str, default: Sequence[str]) -> set[str]:
        given = [listed(unit.get(key, default)) for unit in (one, other)]
        return set.intersection(*({str(word) for word in words} for words in given if isinstance(words, list | tuple)))

    pages, devices = share("pages", ("detail",)), share("devices", ("desktop", "mobile"))
    # A list has no Space fields.
    same = one.get("space") == other.get("space") or "index" in pages
    return bool(pages and devices) and same


class SharedPlugin(NamedTuple):
    """The plug-in and its apps by ID, at least one."""

    plugin: Plugin
    apps: tuple[App, ...]


class Config(ConfigPart):
    """All of units.yaml."""

    version: Annotated[Literal[1], BeforeValidator(whole_number)] = Field(description="schema.version")
    plugin: Plugin | None = Field(None, description="schema.plugin")
    apps: tuple[App, ...] = Field(min_length=1, description="schema.apps")

    @property
    def shared_plugin(self) -> SharedPlugin | None:
        """The plug-in with its apps; None if no app has `target: plugin`."""
        apps = sorted((app for app in self.apps if app.target == "plugin"), key=lambda app: app.app)
        return SharedPlugin(self.plugin, tuple(apps)) if self.plugin and apps else None

    @classmethod
    def rules(cls, given: Mapping[str, Any]) -> Iterator[Violation]:
        """Apps do not conflict, nor do units; and the plug-in's section is there if needed."""
        of_class: dict[type[Unit], list[tuple[tuple[str | int, ...], Mapping[str, Any]]]] = {}
        for at, app in mappings(given.get("apps")):
            for nth, unit in mappings(app.get("units")):
                if isinstance(service := unit.get("service"), str) and service in SERVICES:
                    of_class.setdefault(SERVICES[service], []).append((("apps", at, "units", nth), unit))
        for class_, units in of_class.items():
            yield from class_.rules_among(units)
        ids: dict[tuple[str, str], int] = {}
        names: dict[str, int] = {}
        for at, app in mappings(given.get("apps")):
            target, number, name = app.get("target", "plugin"), app.get("app"), app.get("name")
            if isinstance(number, int | str) and isinstance(target, str):
                earlier = ids.setdefault((target, str(number).lstrip("0")), at)
                if earlier != at:
                    message = Message("problem.appTwice", other=f"apps[{earlier}].app")
                    yield Violation(("apps", at, "app"), message)
            if isinstance(name, str):
                # On Windows and macOS, names that differ only in case are the same folder.
                earlier = names.setdefault(name.lower(), at)
                if earlier != at:
                    message = Message("problem.nameTwice", other=f"apps[{earlier}].name")
                    yield Violation(("apps", at, "name"), message)
        plugins = [at for at, app in mappings(given.get("apps")) if app.get("target", "plugin") == "plugin"]
        if plugins and "plugin" not in given:
            yield Violation((), Message("problem.missingPlugin", app=f"apps[{plugins[0]}]"))
