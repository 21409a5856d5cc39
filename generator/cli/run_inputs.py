"""The inputs of `runbutton run` and `probe --direct`: the unit, its secret, the user, and the record."""

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.command import spoken
from generator.cli.terminal import prompt, say
from generator.errors import RunbuttonError
from generator.system import reason_of
from generator.words import Message, of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from generator.run import LogApp
    from generator.units.config import App, Config
    from generator.units.unit import Unit

# Larger than any kintone record: a field holds 64,000 characters, and a form a few hundred fields.
_LONGEST_RECORD = 8 * 1024 * 1024
_LARGEST_ID = 2**53 - 1


def chosen_unit(config: "Config", which: str) -> "tuple[App, Unit]":
    """The unit that APP/UNIT names, and its app."""
    units = {f"{app.name}/{unit.id}": (app, unit) for app in config.apps for unit in app.units}
    if which not in units:
        raise RunbuttonError(of(which, Message("start.noUnit", allowed=list(units))))
    return units[which]


def user_of(settings: "Mapping[str, str]") -> str:
    """Who starts it, for the service's log: kintone's user, else this computer's."""
    from getpass import getuser

    from generator.invisible import trim
    from generator.units.refusals import SIGN_IN, refusal_of

    if user := trim(settings.get("KINTONE_USERNAME", "")):
        if wrong := refusal_of(user, SIGN_IN):
            raise RunbuttonError(of("KINTONE_USERNAME", wrong))
        return user
    try:
        return getuser()
    except (KeyError, OSError, ImportError):  # A container's user may have no name.
        return "runbutton"


def secret_of(unit: "Unit", settings: "Mapping[str, str]", *, preview: bool) -> str:
    """The unit's secret: from the config, the environment or a prompt, or a preview's stand-in; empty if the unit has
    none. RunbuttonError, without the secret in it, if it cannot be right."""
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
        secret = trim(_asked(variable))
    if wrong := refusal_of(secret, unit.refusals()):
        raise RunbuttonError(of(variable, wrong))
    return secret


def _asked(variable: str) -> str:
    """What is typed at the terminal, unseen. RunbuttonError if nothing is, or there is no terminal."""
    from getpass import GetPassWarning

    with warnings.catch_warnings():
        # getpass would go on with a warning, and take the first line of stdin, which may be a record's, for the secret.
        warnings.simplefilter("error", GetPassWarning)
        try:
            return prompt(spoken("start.secret", variable=variable), hide_input=True)
        except click.Abort:  # Ctrl+D
            say("")
            raise RunbuttonError(of(variable, Message("kintone.notSet"))) from None
        except GetPassWarning:
            say("")  # Older versions of click have printed the question by then.
            raise RunbuttonError(Message("start.noSecret", variable=variable)) from None


def _stand_in(unit: "Unit") -> str:
    """The stand-in that a preview's services accept; they never get the real secret."""
    from generator.stub.services import emulators
    from generator.stub.wire import Clock

    return next((each.stand_in for each in emulators(Clock()).values() if unit.service in each.handles), "")


def record_of(app: int, given: str | None, settings: "Mapping[str, str]") -> tuple[int | None, dict[str, Any]]:
    """The record that --record names, and its ID: by its ID from kintone, else from a file or stdin."""
    if given is None:
        return None, {}
    if _is_id(given):
        from generator.kintone.client import Kintone
        from generator.kintone.connection import read_connection

        with Kintone(read_connection(settings, to_read_records=True), say) as kintone:
            return int(given), kintone.record(app, int(given))
    return read_record(_read(given), given if given != "-" else "--record -")


def location_of(unit: "Unit", settings: "Mapping[str, str]") -> "Mapping[str, str] | None":
    """Where kintone's pages are, if a variable of the unit has the record's URL."""
    from generator.kintone.connection import read_location

    needs = any(variable.record for variable in getattr(unit, "custom_variables", ()))
    return read_location(settings) if needs else None


def log_app_of(app: "App", unit: "Unit", language: str, settings: "Mapping[str, str]") -> "LogApp | None":
    """The app that the unit's runs are recorded in, if the config names one."""
    from generator.features import log_features, log_for_page
    from generator.kintone.records import Records
    from generator.run import LogApp

    if app.log is None:
        return None
    records = Records(settings, language)
    return LogApp(log_for_page(app, unit), log_features(app, unit), records.location, records.call)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 16 and 0 < int(text) <= _LARGEST_ID


def _read(given: str) -> bytes:
    from generator.smallfile import read_small

    if not given.strip():
        raise RunbuttonError(of("--record", Message("start.emptyRecord")))
    try:
        if given != "-":
            return read_small(Path(given), _LONGEST_RECORD)
        content = sys.stdin.buffer.read(_LONGEST_RECORD + 1)
    except OSError as error:
        raise RunbuttonError(of(given, Message("file.cannotRead", error=reason_of(error)))) from None
    except ValueError:  # An invalid file name.
        raise RunbuttonError(of("--record", Message("start.recordKinds"))) from None
    if len(content) > _LONGEST_RECORD:
        raise RunbuttonError(of("--record -", Message("start.largeRecord", limit=_LONGEST_RECORD // 1024)))
    return content


def read_record(content: bytes, name: str) -> tuple[int | None, dict[str, Any]]:
    """A record and its ID, None if it has none, from kintone's JSON; `name` is its name in problems.
    RunbuttonError, without any value in it, for anything else."""
    try:
        read = json.loads(content.decode("utf-8-sig"), parse_constant=_no_json)
    except UnicodeDecodeError:
        raise RunbuttonError(of(name, Message("env.encoding"))) from None
    except json.JSONDecodeError as error:
        raise RunbuttonError(of(name, Message("start.noJson", line=error.lineno, column=error.colno))) from None
    except ValueError:  # A number of thousands of digits, and NaN.
        raise RunbuttonError(of(name, Message("start.jsonNumber"))) from None
    except RecursionError:
        raise RunbuttonError(of(name, Message("start.deepRecord"))) from None
    record = read.get("record", read) if isinstance(read, dict) else None
    if not isinstance(record, dict) or not all(map(_is_field, record.values())):
        raise RunbuttonError(of(name, Message("start.noRecord")))
    number = str(record.get("$id", {}).get("value"))
    return int(number) if _is_id(number) else None, record


def _no_json(word: str) -> None:
    raise ValueError(word)


def _is_field(value: object) -> bool:
    return isinstance(value, dict) and {"type", "value"} <= set(value)
