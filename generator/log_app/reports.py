"""Permissions of a live log app that may keep users from writing their runs, or let them change those of others.

They are another person's decision, so that they are only reported.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.kintone.app_settings import Part
from generator.log_app.wanted import EVERYONE, RECORD_RIGHTS, Json, contains
from generator.log_form import FIELDS
from generator.words import Message


def reports(parts: Mapping[Part, Json], creator: str) -> Iterator[Message]:
    """A line for each permission that runs need and Everyone has not. `creator` is the field code of the creator.

    LookupError, TypeError or AttributeError if the parts are not as kintone's documents say.
    """
    if not any(all(_is_true(row, key) for key in RECORD_RIGHTS) for row in _of(EVERYONE, parts["rights"])):
        yield Message("logApp.notEveryone")
    entities = [entity for rule in parts["record_rights"] for entity in rule["entities"]]
    if any(_is_true(row, "editable") for row in _of(EVERYONE, entities)) or not entities:
        yield Message("logApp.anyoneEdits")
    elif not any(_is_true(row, "editable") for row in _of({"type": "FIELD_ENTITY", "code": creator}, entities)):
        yield Message("logApp.creatorCannotEdit")
    closed = [rule["code"] for rule in parts["field_rights"] if rule["code"] in _CODES and not _is_open(rule)]
    if closed:
        yield Message("logApp.closedFields", codes=closed)


_CODES = {each.code for each in FIELDS}


def _is_open(rule: Mapping[str, Any]) -> bool:
    return any(row["accessibility"] == "WRITE" for row in _of(EVERYONE, rule["entities"]))


def _of(entity: Json, rows: Iterable[Json]) -> Iterator[Json]:
    return (row for row in rows if contains(row["entity"], entity))


def _is_true(row: Mapping[str, Any], key: str) -> bool:
    return row.get(key) in (True, "true")
