"""The stubbed kintone of a config: its apps, and services that accept its units."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import SecretStr

from generator import log_form
from generator.log_app import wanted
from generator.stub.form_fields import Field
from generator.stub.rest import RestApp, Settings
from generator.stub.rest.state import ADMINISTRATOR
from generator.stub.sample_apps import StubApp
from generator.stub.services import Service
from generator.stub.tenant import Script, StandIn, Stub
from generator.stub.wire import Clock
from generator.units.config import App, Config
from generator.units.inputs import FieldDefault, Input
from generator.units.record import FieldTime
from generator.units.unit import Unit
from generator.words import by_language, say

APPS_WITHOUT_CONFIG = (45, 46)
# The sample apps are Japanese too.
_LANGUAGE = "ja"
_NO_SECRET = "stand-in-not-a-secret"


def stub_for(
    config: Config | None,
    scripts: Callable[[int], Script],
    clock: Clock | None = None,
    *,
    plugins: Callable[[int], Sequence[bytes]] = lambda _: (),
    panel: bool = False,
) -> Stub:
    """A stub with the apps of `config` and services that accept its units; without a config, apps 45 and 46."""
    stub = Stub([], scripts, clock or Clock(), plugins=plugins, panel=panel)
    configure(stub, config)
    return stub


def configure(stub: Stub, config: Config | None) -> None:
    """Changes the stub's config. An app whose form stays the same keeps its records; runs continue.

    Adds the units' fields and Space elements to the sample form; record 1 meets their conditions.
    """
    units: dict[int, list[Unit]] = {}
    names: dict[int, str] = {}
    for app in config.apps if config else ():
        units.setdefault(app.app, []).extend(app.units)
        names.setdefault(app.app, app.name)
    if not units:
        units = {app_id: [] for app_id in APPS_WITHOUT_CONFIG}
    stub.put_apps([_app(app_id, names.get(app_id, f"app-{app_id}"), of_app) for app_id, of_app in units.items()])
    for app_id in {app.log.app for app in config.apps if app.log} - stub.apps.keys() if config else ():
        _add_log_app(stub, app_id)
    stub.forget_units()
    for app_id, of_app in units.items():
        for unit in of_app:
            _register(stub, app_id, unit)
    if stub.choices is not None:
        stub.choices.apply(stub.choices.chosen)


def with_stand_ins(config: Config, services: Mapping[str, Service], *, everywhere: bool = False) -> Config:
    """The config with a stand-in for each secret, so that a page never contains a real one.

    `everywhere`: also for secrets that a plug-in's settings would hold, as if all targets were script.
    """

    def unit_with(unit: Unit) -> Unit:
        if unit.secret_key is None or (unit.secret is None and not everywhere):
            return unit
        service = _emulator(services, unit)
        return unit.model_copy(update={unit.secret_key: SecretStr(service.stand_in if service else _NO_SECRET)})

    def app_with(app: App) -> App:
        target = "script" if everywhere else app.target
        return app.model_copy(update={"target": target, "units": tuple(map(unit_with, app.units))})

    return config.model_copy(update={"apps": tuple(map(app_with, config.apps))})


def _app(app_id: int, name: str, units: Sequence[Unit]) -> StubApp:
    conditions = [condition for unit in units for condition in unit.show_if]
    first_values = {condition.field: condition.in_[0] for condition in conditions if condition.in_}
    known = {field.code for field in StubApp(app_id, name).fields}
    added: dict[str, Field] = {}
    for unit in units:
        time = getattr(unit, "context_time", None)
        inputs = {each.default.field: each for each in unit.ask if isinstance(each.default, FieldDefault)}
        for code in unit.record_fields:
            if code in known or code.startswith("$"):
                continue
            if code in first_values:
                added[code] = Field(code, "DROP_DOWN", code, (first_values[code],))
            elif isinstance(time, FieldTime) and time.field == code:
                added[code] = Field(code, "DATETIME", code)
                first_values[code] = "2026-11-01T01:30:00Z"
            elif each := inputs.get(code):
                added[code], first_values[code] = _field_for(code, each)
            else:
                added.setdefault(code, Field(code, "SINGLE_LINE_TEXT", code))
    texts = (code for code, field in added.items() if field.type == "SINGLE_LINE_TEXT" and code not in first_values)
    first_values |= {code: f"{code} 1" for code in texts}
    spaces = dict.fromkeys(unit.space for unit in units if unit.space)
    return StubApp(app_id, name, fields=tuple(added.values()), spaces=tuple(spaces), first_values=first_values)


def _field_for(code: str, given: Input) -> tuple[Field, str]:
    """A field whose value is an input's default, and a value that fits."""
    if given.choices:
        options = tuple(choice.value for choice in given.choices)
        return Field(code, "DROP_DOWN", code, options), options[0]
    kind, value = {"number": ("NUMBER", "1"), "date": ("DATE", "2026-11-01")}.get(given.type, ("SINGLE_LINE_TEXT", ""))
    return Field(code, kind, code), given.min or given.example or value or f"{code} 1"


def _add_log_app(stub: Stub, app_id: int) -> None:
    """An app for the log of runs, as `runbutton log-app` creates it. It stays, whatever the config says later."""
    creator = "作成者"
    settings = Settings(
        properties=log_form.properties(_LANGUAGE),
        rights=tuple(wanted.rights()),
        record_rights=tuple(wanted.record_rights(creator, wanted.keepers(ADMINISTRATOR))),
        notifications=tuple(wanted.notifications(_LANGUAGE, ADMINISTRATOR)),
        views=wanted.views(_LANGUAGE, creator),
    )
    stub.rest.apps[app_id] = RestApp(settings, settings)
    stub.apps[app_id] = StubApp(app_id, say(_LANGUAGE, "logApp.name"), sample=False)


def _register(stub: Stub, app_id: int, unit: Unit) -> None:
    stub.units.setdefault(app_id, []).append(unit.common_for_page())
    service = _emulator(stub.services, unit)
    if unit.secret is None:
        stub.saved.register(app_id, unit.stored_requests(), service.stand_in if service else _NO_SECRET)
    if service is None:
        stub.proxy.not_emulated.append(f"{unit.service} (app {app_id}, unit {unit.id})")
        return
    secret = unit.secret.get_secret_value() if unit.secret else None
    if secret is None and unit.secret_words is not None:
        offered = stub.stand_ins.setdefault(app_id, [])
        stand_in: StandIn = {"words": by_language(unit.secret_words), "value": service.stand_in}
        if stand_in not in offered:
            offered.append(stand_in)
    service.register(app_id, unit, secret or service.stand_in)
    if unit.secret_key is not None:
        stub.secrets.add(secret or service.stand_in)


def _emulator(services: Mapping[str, Service], unit: Unit) -> Service | None:
    return next((service for service in services.values() if unit.service in service.handles), None)
