"""`runbutton run`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.terminal import ENV_FILE, FILE, LANG, Project, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cli.progress import Display
    from generator.run import Start, View
    from generator.units.config import App, Config
    from generator.units.unit import Unit

EXIT_CODES = {"succeeded": 0, "failed": 3, "not started": 4, "unknown": 5}
"""By what came of the run; 1 and 2 are a wrong config and wrong usage, as everywhere."""

INTERRUPTED = 130
"""Ctrl+C: the run goes on, and nobody follows it."""

_GOES_ON = {
    "ja": "確認を終了しました。実行は続いています。",
    "en": "Stopped following. The run goes on.",
}
_MAY_GO_ON = {
    "ja": "開始処理の途中で終了しました。実行が始まっている可能性があります。",
    "en": "Stopped while the run was being started. It may have started.",
}


@click.command()
@click.argument("which", metavar="APP/UNIT")
@click.option("--config", type=FILE, default=Path("units.yaml"), show_default=True, help="The config.")
@ENV_FILE
@click.option("--record", metavar="ID|FILE", help="The record: its number, read from kintone, or a JSON file.")
@click.option("--json", "as_json", is_flag=True, help="Print how it ended as JSON, and nothing on the way.")
@click.option("--preview", metavar="ADDRESS", help="Run it on the services that a preview at ADDRESS emulates.")
@LANG
@click.pass_context
def run(
    ctx: click.Context,
    *,
    which: str,
    config: Path,
    env_file: Path | None,
    record: str | None,
    as_json: bool,
    preview: str | None,
    lang: str,
) -> None:
    """Start the unit APP/UNIT and follow it to its end.

    Exit code 0: it succeeded; 3: it failed; 4: it did not start; 5: not known; 130: Ctrl+C, the run goes on.

    A secret that CONFIG does not hold comes from the environment (KREWDATA_SERIAL_NUMBER, TROCCO_API_KEY), or is asked
    for. Example: runbutton run orders/recalculate --record 12
    """
    from generator.cli.progress import shown_on

    project = Project(config, env_file)
    app, unit = chosen_unit(project.read(), which)
    start = _start(app, unit, record, project.environ, lang, preview=preview is not None)
    with shown_on(f"{unit.label.text(lang)} ({app.name}/{unit.id})", quiet=as_json) as display:
        try:
            end = _run(start, preview, display)
        except KeyboardInterrupt:
            end = None
    if end is None:
        say((_GOES_ON if display.last and display.last.started else _MAY_GO_ON)[lang])
        if display.last and display.last.link:
            say(display.last.link)
        ctx.exit(INTERRUPTED)
    if as_json:
        result = {"app": app.name, "unit": unit.id, "outcome": end.outcome, **asdict(end)}
        click.echo(json.dumps(result, ensure_ascii=False))
    ctx.exit(EXIT_CODES[end.outcome])


def chosen_unit(config: "Config", which: str) -> "tuple[App, Unit]":
    units = {f"{app.name}/{unit.id}": (app, unit) for app in config.apps for unit in app.units}
    if which not in units:
        raise RunbuttonError(f"{which}: no such unit; there is {', '.join(units)}")
    return units[which]


def _start(
    app: "App", unit: "Unit", record: str | None, settings: "Mapping[str, str]", lang: str, *, preview: bool
) -> "Start":
    from getpass import getuser

    from generator.run import Start

    record_id, fields = _record(app.app, record, settings)
    return Start(
        unit=unit,
        secret=secret_of(unit, settings, preview=preview),
        app_id=app.app,
        record_id=record_id,
        record=fields,
        user=settings.get("KINTONE_USERNAME") or getuser(),
        language=lang,
    )


def secret_of(unit: "Unit", settings: "Mapping[str, str]", *, preview: bool) -> str:
    """The unit's secret: the config's, or that which it leaves to the plug-in's settings page, or a preview's stand-in;
    empty where the unit has none."""
    if preview:
        return _stand_in(unit)
    if unit.secret_key is None:
        return ""
    if unit.secret is not None:
        return unit.secret.get_secret_value()
    variable = f"{unit.runtime}_{unit.secret_key}".upper()
    if settings.get(variable):
        return settings[variable]
    try:
        return str(click.prompt(variable, hide_input=True, err=True))
    except click.Abort:
        raise RunbuttonError(f"{variable} is not set, and there is no terminal to ask on") from None


def _stand_in(unit: "Unit") -> str:
    """What a preview's services take in place of the secret, which is not given to them."""
    from generator.stub.services import emulators
    from generator.stub.wire import Clock

    return next((each.stand_in for each in emulators(Clock()).values() if unit.service in each.handles), "")


def _record(app: int, given: str | None, settings: "Mapping[str, str]") -> tuple[int | None, dict[str, Any]]:
    if given is None:
        return None, {}
    if given.isascii() and given.isdigit():
        from generator.kintone.client import Kintone
        from generator.kintone.connection import read_connection

        with Kintone(read_connection(settings), say) as kintone:
            return int(given), kintone.record(app, int(given))
    try:
        content = json.loads(Path(given).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RunbuttonError(f"{given}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise RunbuttonError(f"{given}: is no JSON: {error}") from error
    record = content.get("record", content) if isinstance(content, dict) else None
    if not isinstance(record, dict) or not all(map(_is_field, record.values())):
        raise RunbuttonError(
            f'{given}: is no record; it has to be {{"field code": {{"type": …, "value": …}}, …}}, as kintone gives it'
        )
    number = record.get("$id", {}).get("value")
    return int(number) if str(number).isdigit() else None, record


def _is_field(value: object) -> bool:
    return isinstance(value, dict) and {"type", "value"} <= set(value)


def _run(start: "Start", preview: str | None, display: "Display") -> "View":
    import asyncio

    try:
        from generator.run import open_client, run_unit
    except ImportError as error:
        raise RunbuttonError(f"run needs the package mini-racer, which is not to be had here: {error}") from None

    async def work() -> "View":
        async with open_client(preview) as client:
            return await run_unit(start, client, display.show)

    return asyncio.run(work())
