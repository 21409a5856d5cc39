"""`runbutton run`."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.command import Argument, Command, pair
from generator.cli.language import language
from generator.cli.run_answers import answers_of
from generator.cli.run_inputs import chosen_unit, location_of, log_app_of, record_of, secret_of, user_of
from generator.cli.run_result import RunResult, as_time, result_of
from generator.cli.terminal import ENV_FILE, FILE, Project, complain, print_result, say
from generator.errors import RunbuttonError
from generator.words import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cli.progress import Display
    from generator.run import Start, View, Way
    from generator.running_preview import RunningPreview
    from generator.starts import Starts
    from generator.units.config import App
    from generator.units.unit import Unit

EXIT_CODES = {"succeeded": 0, "failed": 3, "not started": 4, "unknown": 5}
"""Exit codes by the run's outcome; 1 is an invalid config and 2 wrong usage, as for all commands."""

INTERRUPTED, TERMINATED = 130, 143
"""Ctrl+C, SIGTERM or SIGHUP: the run is no longer followed."""


class _Run(Command):
    """Prints the JSON object for wrong usage too."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401
        """As click has it."""
        given = list(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if "--json" in given:
                which = next((argument for argument in given if "/" in argument), "")
                result = result_of(which)
                result.exit_code, result.reason = error.exit_code, error.format_message()
                print_result(result.as_json())
            raise


@click.command(
    cls=_Run, about="help.run", more=["help.runMore"], example="runbutton run orders/recalculate --record 12"
)
@click.argument("which", cls=Argument, about="help.which", metavar="APP/UNIT")
@click.option("--config", type=FILE, default=Path("units.yaml"), metavar="FILE", help="help.config")
@ENV_FILE
@click.option("--record", metavar="ID|FILE|-", help="help.record")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="help.runSet")
@click.option("--json", "as_json", is_flag=True, help="help.runJson")
@click.option("--no-wait", is_flag=True, help="help.noWait")
@click.option("--preview", metavar="URL", help="help.runPreview")
@click.pass_context
def run(
    ctx: click.Context,
    *,
    which: str,
    config: Path,
    env_file: Path | None,
    record: str | None,
    values: tuple[str, ...],
    as_json: bool,
    no_wait: bool,
    preview: str | None,
) -> None:
    """Starts the unit and follows it to its end.

    A secret that the config does not hold comes from the environment (KREWDATA_SERIAL_NUMBER, TROCCO_API_KEY), or is
    asked for.
    """
    # Machine-readable output is the same in every language.
    lang = "en" if as_json else language()
    pairs = tuple(map(pair, values))
    result = result_of(which)
    with _stopping() as signals:
        try:
            project = Project(config, env_file)
            _follow(result, project, _Given(which, record, pairs, preview, lang, wait=not no_wait), quiet=as_json)
            if result.view:
                result.outcome, result.reason = result.view.outcome, result.view.reason
                result.exit_code = EXIT_CODES[result.view.outcome]
        except RunbuttonError as error:
            result.reason = str(error)
            complain(error)
        except KeyboardInterrupt:
            _stopped(result, TERMINATED if signals else INTERRUPTED)
        if as_json:
            print_result(result.as_json())
    ctx.exit(result.exit_code)


def _stopped(result: RunResult, exit_code: int) -> None:
    if result.view and result.view.started:
        words = Message("start.goesOn")
    else:
        words = Message("start.mayGoOn" if result.may_have_started() else "start.nothing")
    result.outcome, result.exit_code, result.reason = "interrupted", exit_code, str(words)
    say(words)
    if result.view and result.view.link:
        say(result.view.link)


@contextmanager
def _stopping() -> Iterator[list[int]]:
    """SIGTERM and SIGHUP end the work as Ctrl+C does; those received are in the list."""
    came: list[int] = []

    def stop(number: int, frame: Any) -> None:  # noqa: ANN401 - as the signal module hands it in.
        came.append(number)
        # asyncio has its own handler for Ctrl+C, which cancels its work. It has none if SIGINT is ignored, as in the
        # background of a shell script.
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):
            raise KeyboardInterrupt
        handler(number, frame)

    before = {}
    # Only the main thread can set handlers; SIGHUP exists on POSIX only.
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # nohup ignores SIGHUP on purpose.
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, stop)
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class _Given:
    """What to run, from the options."""

    which: str
    record: str | None
    values: tuple[tuple[str, str], ...]
    preview: str | None
    lang: str
    wait: bool


def _follow(result: RunResult, project: Project, given: _Given, *, quiet: bool) -> None:
    from generator.cli.progress import shown_on
    from generator.running_preview import find_preview
    from generator.starts import Starts

    config = project.read()
    app, unit = chosen_unit(config, given.which)
    result.app, result.unit = app.name, unit.id
    _needs_engine()
    preview = None if given.preview is None else find_preview(given.preview)
    if preview:
        result.began, result.now = as_time(preview.now()), preview.now
    start = _start(app, unit, given, project.environ, preview, may_ask=not quiet)
    way = _way(start, project.environ, preview)
    with shown_on(f"{unit.label.text(given.lang)} ({app.name}/{unit.id})", quiet=quiet) as display:
        _run(start, way, Starts(scope=preview.address if preview else ""), display, result)


def _needs_engine() -> None:
    try:
        import py_mini_racer  # noqa: F401
    except ImportError as error:
        raise RunbuttonError(Message("start.noEngine", error=error)) from None


def _start(
    app: "App",
    unit: "Unit",
    given: _Given,
    settings: "Mapping[str, str]",
    preview: "RunningPreview | None",
    *,
    may_ask: bool,
) -> "Start":
    from generator.run import Start

    secret = secret_of(unit, settings, preview=preview is not None)
    user = user_of(settings)
    of_kintone = settings if preview is None else preview.settings
    record_id, fields = record_of(app.app, given.record, of_kintone)
    return Start(
        unit=unit,
        secret=secret,
        app_id=app.app,
        record_id=record_id,
        record=fields,
        user=user,
        language=given.lang,
        wait=given.wait,
        answers=answers_of(unit, given.values, fields, given.lang, may_ask=may_ask),
        location=location_of(unit, of_kintone),
        log=log_app_of(app, unit, given.lang, of_kintone),
    )


def _way(start: "Start", settings: "Mapping[str, str]", preview: "RunningPreview | None") -> "Way":
    from generator.masking import Mask
    from generator.network import Network, proxy_secrets, read_network
    from generator.run import Way

    own = start.unit.secret.get_secret_value() if start.unit.secret else ""
    mask = Mask([start.secret, own, *proxy_secrets(settings)])
    if preview is None:
        return Way(read_network(settings), mask, language=start.language)
    there = preview.leading_to
    return Way(Network(), mask, there, ahead=preview.ahead, speed=preview.speed, language=start.language)


def _run(start: "Start", way: "Way", starts: "Starts", display: "Display", result: RunResult) -> None:
    import asyncio

    from generator.run import run_unit

    result.may_have_started = lambda: way.has_sent

    def show(view: "View") -> None:
        result.view = view
        display.show(view)

    async def work() -> None:
        try:
            result.view = await run_unit(start, way, starts, show=show, say=say)
        finally:
            await way.close()

    asyncio.run(work())
