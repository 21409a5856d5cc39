"""Undocumented facts (facts.toml), and a tenant's report about them."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, model_validator

from generator import __version__
from generator.errors import ProbeError
from generator.smallfile import read_small
from generator.system import reason_of
from generator.units.values import Json
from generator.words import Message, of

if TYPE_CHECKING:
    from generator.stub.tenant import Stub

_PARTS = {"K": "page", "E": "page", "P": "page", "R": "rest", "S": "krewdata", "T": "trocco"}
_LONGEST = 1024 * 1024

Sentence = Annotated[str, Field(pattern=r"\.$")]


class Fact(BaseModel):
    """An undocumented fact, as an entry of facts.toml.

    `name` is the report's key, `observation` the number of the probe's observation, `rests` the part of the product
    that depends on the fact. `switch` is "<owner>.<attribute>" in the stub; the owner is kintone, rest, records or a
    service. Without a switch, `documented` is the stub's behaviour as a report's value. `tests` run the product both
    ways. `why` explains a missing switch, observation or test.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    observation: str = Field(pattern=r"^[KEPRST]\d*$")
    fact: Sentence
    rests: Sentence
    switch: str = ""
    documented: str = ""
    tests: tuple[str, ...] = ()
    why: Sentence | None = None

    @model_validator(mode="after")
    def _is_covered(self) -> Self:
        if not self.why and not (self.switch and self.tests):
            raise ValueError("needs a switch and tests, or says why it has none")
        return self

    @property
    def part(self) -> str:
        """What observes it: the page, or the terminal with one of the services or kintone's REST API."""
        return _PARTS[self.observation[0]]

    def set_in(self, stub: "Stub") -> str:
        """The stub's behaviour as a report's value; empty if the stub does not have it."""
        if not self.switch:
            return self.documented
        owner, attribute = self._place(stub)
        value = getattr(owner, attribute)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "none" if value is None else str(value)

    def alternatives(self, stub: "Stub") -> Mapping[str, Any] | None:
        """The switch's values by a report's values; None if it is a number."""
        owner, attribute = self._place(stub)
        kind = get_type_hints(type(owner))[attribute]
        if kind is bool:
            return {"yes": True, "no": False}
        return {str(value): value for value in get_args(kind)} if get_origin(kind) is Literal else None

    def accepts(self, stub: "Stub", value: str) -> bool:
        """Whether there is a switch that can be set to this value of a report."""
        if not self.switch:
            return False
        values = self.alternatives(stub)
        return value == "none" or value.isdecimal() if values is None else value in values

    def turn(self, stub: "Stub", value: str) -> bool:
        """Sets the switch to a report's value; False if that is not possible."""
        if not self.accepts(stub, value):
            return False
        values = self.alternatives(stub)
        if values is None:
            values = {"none": None, value: None if value == "none" else int(value)}
        setattr(*self._place(stub), values[value])
        return True

    def _place(self, stub: "Stub") -> tuple[Any, str]:
        owner, _, attribute = self.switch.partition(".")
        return switches(stub)[owner], attribute


def switches(stub: "Stub") -> dict[str, Any]:
    """The stub's switches by their owners: kintone, its REST API, its records, and each service that has some."""
    services = {name: getattr(service, "switches", None) for name, service in stub.services.items()}
    kintone = {"kintone": stub.switches, "rest": stub.rest.switches, "records": stub.rest.record_switches}
    return {**kintone, **{name: it for name, it in services.items() if it}}


def _read() -> tuple[Fact, ...]:
    table = tomllib.loads(Path(__file__).with_name("facts.toml").read_text(encoding="utf-8"))
    return tuple(
        Fact.model_validate({**entry, "name": name, "observation": observation})
        for observation, entries in table.items()
        for name, entry in entries.items()
    )


FACTS = _read()


@dataclass(frozen=True)
class Difference:
    """A fact in which tenant and stub differ; `can_be_set`: the stub has a switch that can be set to it."""

    fact: Fact
    stub: str
    tenant: str
    can_be_set: bool


def read_report(path: Path) -> Mapping[str, str]:
    """What a report says, by the facts' names. ProbeError if the file is not a report."""
    try:
        report = json.loads(read_small(path, _LONGEST).decode("utf-8-sig"))
    except OSError as error:
        raise ProbeError(of(str(path), Message("file.cannotRead", error=reason_of(error)))) from error
    except (ValueError, RecursionError):
        raise ProbeError(of(str(path), Message("test.noJson"))) from None
    facts = report.get("facts") if isinstance(report, dict) and report.get("probe") == 1 else None
    if not isinstance(facts, dict) or not all(isinstance(value, str) for value in facts.values()):
        raise ProbeError(of(str(path), Message("test.noReport")))
    return facts


def read_reports(paths: Iterable[Path]) -> dict[str, str]:
    """Several reports of one tenant merged; later ones take precedence. ProbeError if a file is not a report."""
    return {name: value for path in paths for name, value in read_report(path).items()}


def report_of(facts: Mapping[str, str], observations: Mapping[str, Json]) -> Json:
    """The findings as a report."""
    return {"probe": 1, "runbutton": __version__, "facts": dict(facts), "observations": dict(observations)}


def differences(report: Mapping[str, str], stub: "Stub") -> list[Difference]:
    """Where the tenant differs from the stub's current settings, in the order of the facts."""
    found = []
    for fact in FACTS:
        reported = report.get(fact.name)
        own = fact.set_in(stub)
        if reported is None or own in {"", reported}:
            continue
        found.append(Difference(fact, own, reported, fact.accepts(stub, reported)))
    return found


def apply_report(report: Mapping[str, str], stub: "Stub") -> None:
    """Sets the stub's switches from a report; missing and unknown values change nothing."""
    for fact in FACTS:
        if fact.name in report:
            fact.turn(stub, report[fact.name])
