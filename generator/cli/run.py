"""`runbutton run`."""

import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.lossy import Lossy
from generator.cli.terminal import ENV_FILE, FILE, LANG, Project, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.cli.progress import Display
    from generator.run import Start, View, Way
    from generator.running_preview import RunningPreview
    from generator.units.config import App, Config
    from generator.units.unit import Unit

EXIT_CODES = {"succeeded": 0, "failed": 3, "not started": 4, "unknown": 5}
"""By what came of the run; 1 and 2 are a wrong config and wrong usage, as everywhere."""

INTERRUPTED, TERMINATED = 130, 143
"""Ctrl+C; SIGTERM or SIGHUP. Nobody follows the run any more."""

# Above every record that kintone gives: a field holds 64,000 characters, and a form some hundred fields.
_LONGEST_RECORD = 8 * 1024 * 1024
_LARGEST_ID = 2**53 - 1

_STOPPED = {
    "goes on": {
        "ja": "確認を終了しました。実行は続いています。",
        "en": "Stopped following. The run goes on.",
    },
    "may go on": {
        "ja": "開始処理の途中で終了しました。実行が始まっている可能性があります。",
        "en": "Stopped while the run was being started. It may have started.",
    },
    "nothing": {
        "ja": "終了しました。何も実行されていません。",
        "en": "Stopped. Nothing was run.",
    },
}


@dataclass
class _Result:
    """What `--json` prints at the end, whatever came of it."""

    app: str
    unit: str
    began: datetime
    outcome: str = "error"
    exit_code: int = RunbuttonError.exit_code
    reason: str = ""
    view: "View | None" = None
    link: str = ""
    now: Callable[[], float] = time.time
    may_have_started: Callable[[], bool] = field(default=lambda: False)

    def as_json(self) -> str:
        """The object, in one line."""
        view = self.view
        began = _time(view.startedAt / 1000) if view and view.startedAt else self.began
        ended = _time(view.endedAt / 1000 if view and view.endedAt else self.now())
        told = {
            "app": self.app,
            "unit": self.unit,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "reason": self.reason,
            "started_at": began.isoformat(timespec="milliseconds"),
            "ended_at": ended.isoformat(timespec="milliseconds"),
            "seconds": round(max((ended - began).total_seconds(), 0), 3),
            "state": view.state if view else "idle",
            "started": view.started if view else False,
            "line": view.line if view else "",
            "steps": [vars(step) for step in view.steps] if view else [],
            "words": list(view.words) if view else [],
            "own": view.own if view else "",
            "link": view.link if view else "",
        }
        return json.dumps(told, ensure_ascii=False)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds).astimezone()


class _Run(click.Command):
    """Prints its one object for wrong usage too."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401
        """As click has it."""
        given = list(args)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            if "--json" in given:
                which = next((argument for argument in given if "/" in argument), "")
                result = _result(which)
                result.exit_code, result.reason = error.exit_code, error.format_message()
                _print(result)
            raise


@click.command(cls=_Run)
@click.argument("which", metavar="APP/UNIT")
@click.option("--config", type=FILE, default=Path("units.yaml"), show_default=True, help="The config.")
@ENV_FILE
@click.option(
    "--record", metavar="ID|FILE|-", help="The record: its ID, read from kintone, or a JSON file, or - for stdin."
)
@click.option("--json", "as_json", is_flag=True, help="Print how it ended as JSON, and nothing on the way.")
@click.option("--no-wait", is_flag=True, help="Do not wait where the service allows no further start yet.")
@click.option("--preview", metavar="ADDRESS", help="Run it on the preview at ADDRESS, with its records and failures.")
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
    no_wait: bool,
    preview: str | None,
    lang: str,
) -> None:
    """Start the unit APP/UNIT and follow it to its end.

    Exit code 0: it succeeded; 3: it failed; 4: nothing was run; 5: not known; 130, 143: stopped, the run goes on.

    A secret that CONFIG does not hold comes from the environment (KREWDATA_SERIAL_NUMBER, TROCCO_API_KEY), or is asked
    for. Example: runbutton run orders/recalculate --record 12
    """
    result = _result(which)
    with _stopping() as signals:
        try:
            project = Project(config, env_file)
            _follow(result, project, _Given(which, record, preview, lang, wait=not no_wait), quiet=as_json)
            if result.view:
                result.outcome, result.reason = result.view.outcome, result.view.reason
                result.exit_code = EXIT_CODES[result.view.outcome]
        except RunbuttonError as error:
            result.reason = str(error)
            say(result.reason)
        except KeyboardInterrupt:
            _stopped(result, lang, TERMINATED if signals else INTERRUPTED)
        if as_json:
            _print(result)
    ctx.exit(result.exit_code)


def _result(which: str) -> _Result:
    app, _, unit = which.partition("/")
    return _Result(app, unit, _time(time.time()))


def _print(result: _Result) -> None:
    stdout = Lossy()
    stdout.say(result.as_json())
    if stdout.lost and stdout.lost is not stdout.CLOSED:
        say(f"the result cannot be written: {stdout.lost}")


def _stopped(result: _Result, lang: str, exit_code: int) -> None:
    if result.view and result.view.started:
        words = _STOPPED["goes on"][lang]
    else:
        words = _STOPPED["may go on" if result.may_have_started() else "nothing"][lang]
    result.outcome, result.exit_code, result.reason = "interrupted", exit_code, words
    say(words)
    if result.view and result.view.link:
        say(result.view.link)


@contextmanager
def _stopping() -> Iterator[list[int]]:
    """SIGTERM and SIGHUP end the work as Ctrl+C does; those that came are in the list."""
    came: list[int] = []

    def stop(number: int, frame: Any) -> None:  # noqa: ANN401 - as the signal module hands it in.
        came.append(number)
        # asyncio has a handler of its own for Ctrl+C, which ends what it does. Where that is ignored, as in the
        # background of a shell script, there is none.
        handler = signal.getsignal(signal.SIGINT)
        if not callable(handler):
            raise KeyboardInterrupt
        handler(number, frame)

    before = {}
    # Handlers can be set in the main thread alone; SIGHUP is POSIX's.
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
    """What to run, as the options have it."""

    which: str
    record: str | None
    preview: str | None
    lang: str
    wait: bool


def _follow(result: _Result, project: Project, given: _Given, *, quiet: bool) -> None:
    from generator.cli.progress import shown_on

    config = project.read()
    app, unit = chosen_unit(config, given.which)
    result.app, result.unit = app.name, unit.id
    _needs_engine()
    if preview := _preview(given.preview):
        result.began, result.now = _time(preview.now()), preview.now
    start = _start(app, unit, given, project.environ, preview)
    way = _way(start, project.environ, preview)
    with shown_on(f"{unit.label.text(given.lang)} ({app.name}/{unit.id})", quiet=quiet) as display:
        _run(start, way, display, result)


def _needs_engine() -> None:
    try:
        import py_mini_racer  # noqa: F401
    except ImportError as error:
        raise RunbuttonError(f"run needs the package mini-racer, which is not to be had here: {error}") from None


def _preview(address: str | None) -> "RunningPreview | None":
    from generator.running_preview import find_preview

    return None if address is None else find_preview(address)


def chosen_unit(config: "Config", which: str) -> "tuple[App, Unit]":
    units = {f"{app.name}/{unit.id}": (app, unit) for app in config.apps for unit in app.units}
    if which not in units:
        raise RunbuttonError(f"{which}: no such unit; there is {', '.join(units)}")
    return units[which]


def _start(
    app: "App", unit: "Unit", given: _Given, settings: "Mapping[str, str]", preview: "RunningPreview | None"
) -> "Start":
    from generator.run import Start

    secret = secret_of(unit, settings, preview=preview is not None)
    user = _user(settings)
    record_id, fields = _record(app.app, given.record, settings if preview is None else preview.settings)
    return Start(
        unit=unit,
        secret=secret,
        app_id=app.app,
        record_id=record_id,
        record=fields,
        user=user,
        language=given.lang,
        wait=given.wait,
    )


def _user(settings: "Mapping[str, str]") -> str:
    """Who starts it, for the service's log: kintone's user, else this computer's."""
    from getpass import getuser

    from generator.invisible import trim
    from generator.units.refusals import SIGN_IN, refusal_of

    if user := trim(settings.get("KINTONE_USERNAME", "")):
        if wrong := refusal_of(user, SIGN_IN):
            raise RunbuttonError(f"KINTONE_USERNAME: {wrong}")
        return user
    try:
        return getuser()
    except (KeyError, OSError, ImportError):  # A container's user may have no name.
        return "runbutton"


def secret_of(unit: "Unit", settings: "Mapping[str, str]", *, preview: bool) -> str:
    """The unit's secret: the config's, or that which it leaves to the plug-in's settings page, or a preview's stand-in;
    empty where the unit has none. RunbuttonError, without it, where it cannot be right."""
    from generator.invisible import trim
    from generator.units.refusals import refusal_of

    if preview:
        return _stand_in(unit)
    if unit.secret_key is None:
        return ""
    if unit.secret is not None:
        return unit.secret.get_secret_value()
    variable = unit.secret_variable
    secret = trim(settings.get(variable, ""))
    if not secret:
        try:
            secret = trim(str(click.prompt(variable, hide_input=True, err=True)))
        except click.Abort:
            raise RunbuttonError(f"{variable} is not set, and there is no terminal to ask on") from None
    if wrong := refusal_of(secret, unit.refusals()):
        raise RunbuttonError(f"{variable}: {wrong}")
    return secret


def _stand_in(unit: "Unit") -> str:
    """What a preview's services take in place of the secret, which is not given to them."""
    from generator.stub.services import emulators
    from generator.stub.wire import Clock

    return next((each.stand_in for each in emulators(Clock()).values() if unit.service in each.handles), "")


def _record(app: int, given: str | None, settings: "Mapping[str, str]") -> tuple[int | None, dict[str, Any]]:
    if given is None:
        return None, {}
    if _is_id(given):
        from generator.kintone.client import Kintone
        from generator.kintone.connection import read_connection

        with Kintone(read_connection(settings, to_read_records=True), say) as kintone:
            return int(given), kintone.record(app, int(given))
    return read_record(_read(given), given if given != "-" else "--record -")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16 and 0 < int(text) <= _LARGEST_ID


def _read(given: str) -> bytes:
    from generator.smallfile import read_small

    if not given.strip():
        raise RunbuttonError("--record: is empty; give a record's ID, a JSON file, or - for stdin")
    try:
        if given != "-":
            return read_small(Path(given), _LONGEST_RECORD)
        content = sys.stdin.buffer.read(_LONGEST_RECORD + 1) if sys.stdin else b""
    except OSError as error:
        raise RunbuttonError(f"{given}: cannot be read: {error.strerror}") from None
    except ValueError:  # A name that no file can have.
        raise RunbuttonError("--record: must be a record's ID, a JSON file, or - for stdin") from None
    if len(content) > _LONGEST_RECORD:
        raise RunbuttonError(f"--record -: is larger than {_LONGEST_RECORD // 1024} KiB, the most that is read")
    return content


def read_record(content: bytes, name: str) -> tuple[int | None, dict[str, Any]]:
    """A record and its ID, None where it has none, from JSON as kintone gives it; `name` is what problems call it.
    RunbuttonError for anything else, without a value of it."""
    try:
        read = json.loads(content.decode("utf-8-sig"), parse_constant=_no_json)
    except UnicodeDecodeError:
        raise RunbuttonError(f"{name}: is not UTF-8; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise RunbuttonError(f"{name}: is no JSON: {error}") from None
    except ValueError:  # A number of thousands of digits, and NaN.
        raise RunbuttonError(f"{name}: is no JSON: it has a number that JSON does not know") from None
    except RecursionError:
        raise RunbuttonError(f"{name}: is no record; its brackets are nested too deep") from None
    record = read.get("record", read) if isinstance(read, dict) else None
    if not isinstance(record, dict) or not all(map(_is_field, record.values())):
        raise RunbuttonError(
            f'{name}: is no record; it has to be {{"field code": {{"type": …, "value": …}}, …}}, as kintone gives it'
        )
    number = str(record.get("$id", {}).get("value"))
    return int(number) if _is_id(number) else None, record


def _no_json(word: str) -> None:
    raise ValueError(word)


def _is_field(value: object) -> bool:
    return isinstance(value, dict) and {"type", "value"} <= set(value)


def _way(start: "Start", settings: "Mapping[str, str]", preview: "RunningPreview | None") -> "Way":
    from generator.masking import Mask
    from generator.network import Network, proxy_secrets, read_network
    from generator.run import Way

    own = start.unit.secret.get_secret_value() if start.unit.secret else ""
    mask = Mask([start.secret, own, *proxy_secrets(settings)])
    if preview is None:
        return Way(read_network(settings), mask)
    return Way(Network(), mask, preview.leading_to, ahead=preview.ahead, speed=preview.speed)


def _run(start: "Start", way: "Way", display: "Display", result: _Result) -> None:
    import asyncio

    from generator.run import run_unit
    from generator.starts import Starts

    result.may_have_started = lambda: way.has_sent

    def show(view: "View") -> None:
        result.view = view
        display.show(view)

    async def work() -> None:
        try:
            result.view = await run_unit(start, way, Starts(), show=show, say=say)
        finally:
            await way.close()

    asyncio.run(work())
