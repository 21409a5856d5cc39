"""Where a unit uses the values that the user types, and the problems between `ask` and its uses."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import Field

from generator.units.inputs import MOST
from generator.units.problems import ConfigPart, Violation, did_you_mean, find_duplicates, is_true, mappings
from generator.units.record import FieldCode
from generator.units.values import Json, Name
from generator.words import Message


def given_code(name: str) -> str:
    """The name of an input's value among the record's fields on the page: no field code contains a dot after `$`."""
    return f"$ask.{name}"


class AskedTime(ConfigPart):
    """A context time that the user types."""

    ask: Name = Field(description="schema.timeAsk")

    def for_page(self) -> dict[str, Json]:
        """The context time for the page's script, as if it were a field."""
        return {"field": given_code(self.ask)}


class AskedField(ConfigPart):
    """A typed value in the record that krewData gets."""

    not_here: ClassVar[Mapping[str, Message]] = {
        "list": Message("problem.krewdataList"),
        "value": Message("problem.krewdataValue"),
        "user": Message("problem.krewdataValue"),
        "record": Message("problem.krewdataValue"),
    }

    field: FieldCode = Field(description="schema.askedField")
    ask: Name = Field(description="schema.askedFieldAsk")

    def for_page(self) -> dict[str, Json]:
        """The field and the input for the page's script."""
        return {"field": self.field, "ask": self.ask}


def rules_of_use(given: Mapping[str, Any]) -> Iterator[Violation]:
    """The problems between a unit's `ask` and the rest of its keys, as written."""
    inputs = given.get("ask")
    yield from find_duplicates("ask", inputs, "name", Message("problem.ownInput"))
    if isinstance(inputs, list | tuple) and len(inputs) > MOST:
        yield Violation(("ask", MOST), Message("problem.inputs", limit=MOST))
    by_name = {entry["name"]: entry for _, entry in mappings(inputs) if isinstance(entry.get("name"), str)}
    used = set()
    for path, name in _uses(given):
        used.add(name)
        entry = by_name.get(name)
        if entry is None:
            near = did_you_mean(name, by_name)
            yield Violation(path, Message("problem.unaskedNear" if near else "problem.unasked", near=near))
        elif path[0] == "context_time" and not (entry.get("type") == "date" and is_true(entry.get("required"))):
            yield Violation(path, Message("problem.askedTime"))
    for at, entry in mappings(inputs):
        if isinstance(entry.get("name"), str) and entry["name"] not in used:
            yield Violation(("ask", at, "name"), Message("problem.unusedInput"))


def _uses(given: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key, value in given.items():
        if isinstance(value, Mapping) and isinstance(value.get("ask"), str):
            yield (key, "ask"), value["ask"]
        for at, entry in mappings(value) if key != "ask" else ():
            if isinstance(entry.get("ask"), str):
                yield (key, at, "ask"), entry["ask"]
