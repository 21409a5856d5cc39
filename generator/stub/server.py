"""Makes the stubbed kintone of a config, and serves it on the loopback address."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from generator.stub import wire
from generator.stub.kintone import Field, StubApp
from generator.stub.krewdata import ExecutionUnit, Flow
from generator.stub.tenant import Script, Stub
from generator.stub.trocco import ApiKey, Definition
from generator.stub.web import web_of
from generator.units.config import AnyUnit, Config
from generator.units.krewdata import KrewDataUnit
from generator.units.trocco import TroccoJobUnit, TroccoWorkflowUnit
from generator.units.unit import FieldTime

__all__ = ["FAKE_API_KEY", "FAKE_SERIAL_NUMBER", "Script", "Stub", "serve", "stub_for"]

FAKE_SERIAL_NUMBER = "stub-serial-number-not-a-secret"
FAKE_API_KEY = "stub-api-key-not-a-secret"
"""What the emulated services accept for units whose secret is not in the config (target plugin)."""

APPS_WITHOUT_CONFIG = (45, 46)


@contextmanager
def serve(stub: Stub, port: int = 0) -> Iterator[str]:
    """Serves the stub on the loopback address alone, and gives its base URL. Port 0 takes any that is free.

    Raises:
        OSError: the port is taken.
    """
    # Bound here, since werkzeug would print and exit where the port is taken.
    with socket.create_server(("127.0.0.1", port)) as bound:
        server = make_server(
            "127.0.0.1", 0, web_of(stub), threaded=True, request_handler=_QuietHandler, fd=bound.fileno()
        )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def stub_for(
    config: Config | None,
    scripts: Callable[[int], Script],
    clock: wire.Clock | None = None,
    *,
    plugins: Callable[[int], Sequence[bytes]] = lambda _: (),
    controls: bool = False,
) -> Stub:
    """A stub with the apps of `config`, whose services accept what its units say; apps 45 and 46 where there is none.

    Fields and Space elements that the units name are added to the sample form, and record 1 meets their conditions.
    """
    units: dict[int, list[AnyUnit]] = {}
    names: dict[int, str] = {}
    for app in config.apps if config else ():
        units.setdefault(app.app, []).extend(app.units)
        names.setdefault(app.app, app.name)
    if not units:
        units = {app_id: [] for app_id in APPS_WITHOUT_CONFIG}
    apps = [_app(app_id, names.get(app_id, f"app-{app_id}"), of_app) for app_id, of_app in units.items()]
    stub = Stub(apps, scripts, clock or wire.Clock(), plugins=plugins, controls=controls)
    for app_id, of_app in units.items():
        for unit in of_app:
            _register(stub, app_id, unit)
    return stub


def _app(app_id: int, name: str, units: Sequence[AnyUnit]) -> StubApp:
    conditions = [condition for unit in units for condition in unit.show_if]
    first_values = {condition.field: condition.in_[0] for condition in conditions if condition.in_}
    known = {field.code for field in StubApp(app_id, name).fields}
    added: dict[str, Field] = {}
    for unit in units:
        time = getattr(unit, "context_time", None)
        for code in unit.record_fields:
            if code in known or code.startswith("$"):
                continue
            if code in first_values:
                added[code] = Field(code, "DROP_DOWN", code, (first_values[code],))
            elif isinstance(time, FieldTime) and time.field == code:
                added[code] = Field(code, "DATETIME", code)
                first_values[code] = "2026-11-01T01:30:00Z"
            else:
                added.setdefault(code, Field(code, "SINGLE_LINE_TEXT", code))
    first_values |= {code: f"{code} 1" for code, field in added.items() if field.type == "SINGLE_LINE_TEXT"}
    spaces = dict.fromkeys(unit.space for unit in units if unit.space)
    return StubApp(app_id, name, fields=tuple(added.values()), spaces=tuple(spaces), first_values=first_values)


def _register(stub: Stub, app_id: int, unit: AnyUnit) -> None:
    secret = unit.secret.get_secret_value() if unit.secret else None
    if secret is None:
        fake = FAKE_SERIAL_NUMBER if isinstance(unit, KrewDataUnit) else FAKE_API_KEY
        stub.fake_secrets.setdefault(app_id, {})[str(unit.secret_key)] = fake
    if isinstance(unit, KrewDataUnit):
        unit_id = unit.url.rpartition("/")[2]
        shared = unit_id in stub.krewdata.units
        stub.krewdata.units[unit_id] = ExecutionUnit(
            unit_id,
            unit.url,
            unit.krewdata_app_url,
            secret or FAKE_SERIAL_NUMBER,
            # A unit belongs to one app; a config that has it in several is not the stub's to judge.
            source_app=None if shared else str(app_id),
            flows=[Flow("抽出", seconds=5), Flow("集計", seconds=5)],
        )
        return
    assert isinstance(unit, TroccoJobUnit | TroccoWorkflowUnit)  # noqa: S101
    trocco = stub.trocco_at(unit.base_url)
    trocco.api_keys[secret or FAKE_API_KEY] = ApiKey()
    label = unit.label.en
    if isinstance(unit, TroccoJobUnit):
        trocco.job_definitions[unit.job_definition_id] = Definition(unit.job_definition_id, label)
    else:
        trocco.pipeline_definitions[unit.pipeline_definition_id] = Definition(unit.pipeline_definition_id, label)


class _QuietHandler(WSGIRequestHandler):
    # A page loads a dozen modules; with HTTP/1.1 they share a connection.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: ANN401 - werkzeug's signature.
        """Keeps the terminal for what is asked of it."""
