"""The values of a unit's `ask` without a page: checked by the page's own rules, in an embedded V8."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from py_mini_racer import MiniRacer

from generator.assets import TEMPLATES
from generator.customization import script_of
from generator.units.unit import Unit
from generator.units.values import Json

# Where a unit has no time zone of its own: kintone gives times in UTC, and the page shows them in the user's zone.
_ZONE = "Asia/Tokyo"


@dataclass(frozen=True)
class Answer:
    """A value by the name of its input; `mistake` says what is wrong with it, and is empty if it is right; `kind`
    is the input's type."""

    name: str
    label: str
    value: str
    mistake: str
    kind: str
    choices: tuple[str, ...]


def read_answers(unit: Unit, given: Mapping[str, str], record: Json, language: str) -> list[Answer]:
    """An answer for each input of the unit: the given one, else its default, which may come from the record."""
    inputs = [each.for_page() for each in unit.ask]
    zone = getattr(unit, "time_zone", _ZONE)
    job = {"inputs": inputs, "given": dict(given), "record": record, "timeZone": zone, "language": language}
    with MiniRacer() as engine:
        engine.eval(script_of(TEMPLATES / "terminal" / "answers.js", {}))
        answers: list[dict[str, Any]] = json.loads(str(engine.call("readAnswers", json.dumps(job))))
    return [Answer(**{**each, "choices": tuple(each["choices"])}) for each in answers]
