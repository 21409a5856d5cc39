"""Checks that apps' forms have what their units use: fields, Space elements, and the fields of the log of runs."""

import difflib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.errors import KintoneError
from generator.kintone.answers import documented
from generator.kintone.app_settings import AppSettings
from generator.kintone.client import Kintone
from generator.log_form import differences
from generator.units.config import App
from generator.words import Message


@dataclass(frozen=True)
class Named:
    """The field codes and element IDs that an app's units use."""

    fields: frozenset[str]
    spaces: frozenset[str]


def named_by(apps: Sequence[App]) -> Named:
    """The codes and IDs used by the units of these config entries of one kintone app."""
    units = [unit for app in apps for unit in app.units]
    # Codes with a dollar sign, such as $id, belong to the record, not to the form.
    fields = {code for unit in units for code in unit.record_fields if not code.startswith("$")}
    return Named(frozenset(fields), frozenset(unit.space for unit in units if unit.space))


def form_warnings(kintone: Kintone, app: int, named: Named) -> list[Message]:
    """A line for each field code and element ID that is missing from the app's form before publishing.

    It is only a help: if the form cannot be read, one line says so.
    """
    try:
        found = list(_missing("plan.field", named.fields, kintone.form_fields(app))) if named.fields else []
        found += _missing("plan.space", named.spaces, kintone.form_spaces(app)) if named.spaces else []
    except KintoneError as error:
        return [Message("plan.noForm", error=error)]
    return found


def log_apps(apps: Iterable[App]) -> list[int]:
    """The apps that keep the log of the runs of these apps."""
    return sorted({app.log.app for app in apps if app.log is not None})


def log_warnings(kintone: Kintone, app: int) -> list[Message]:
    """A line for each thing that the live form of a log app lacks, or one that it cannot be read."""
    command = kintone.connection.log_app_command(app)
    try:
        form = AppSettings(kintone, app).read("fields", live=True).content
        with documented("app/form/fields.json"):
            found = list(differences(form))
    except KintoneError as error:
        return [Message("logApp.unreadable", app=app, error=error)]
    codes = [each.code for each in found if not each.found]
    texts = [Message("logApp.noFields", codes=codes)] if codes else []
    texts += [each.text for each in found if each.found]
    return [Message("logApp.lacks", app=app, text=text, command=command) for text in texts]


def _missing(kind: str, named: Collection[str], there: Collection[str]) -> Iterator[Message]:
    for name in sorted(set(named) - set(there)):
        near = next(iter(difflib.get_close_matches(name, there, 1)), "")
        yield Message("plan.missingNear" if near else "plan.missing", kind=Message(kind), name=name, near=near)
