"""The facts that no document settles (facts.toml), and what a tenant's report says of them."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, model_validator

from generator import __version__
from generator.errors import ProbeError
from generator.system import reason_of
from generator.units.values import Json
from generator.words import Message, of

if TYPE_CHECKING:
    from generator.stub.tenant import Stub

_PARTS = {"K": "page", "E": "page", "P": "page", "R": "rest", "S": "krewdata", "T": "trocco"}
_LONGEST = 1024 * 1024

Sentence = Annotated[str, Field(pattern=r"\.$")]


class Fact(BaseModel):
    """A fact that no document settles, as an entry of facts.toml.

    `name` is the report's key, `observation` the probe's number for what shows it, `rests` says what in the product
    rests on the fact. `switch` is "<owner>.<attribute>" in the stub, owner being kintone, rest or a service; without
    one, `documented` is what the stub does, in the report's words. `tests` run the product both ways. `why` says why
    there is no switch, why nothing observes the fact, or why no test of the product cares.
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
        """What the stub does, in the report's words; empty where it says nothing of it."""
        if not self.switch:
            return self.documented
        owner, attribute = self._place(stub)
        value = getattr(owner, attribute)
        if isinstance(value, bool):
            return "yes" if value else "no"
        return "none" if value is None else str(value)

    def alternatives(self, stub: "Stub") -> Mapping[str, Any] | None:
        """The switch's values by the report's words; None where it is a number."""
        owner, attribute = self._place(stub)
        kind = get_type_hints(type(owner))[attribute]
        if kind is bool:
            return {"yes": True, "no": False}
        return {str(value): value for value in get_args(kind)} if get_origin(kind) is Literal else None

    def takes(self, stub: "Stub", told: str) -> bool:
        """Whether there is a switch, and it can be set to what a report says."""
        if not self.switch:
            return False
        values = self.alternatives(stub)
        return told == "none" or told.isdecimal() if values is None else told in values

    def turn(self, stub: "Stub", told: str) -> bool:
        """Sets the switch to what a report says; False where it cannot be set so."""
        if not self.takes(stub, told):
            return False
        values = self.alternatives(stub)
        if values is None:
            values = {"none": None, told: None if told == "none" else int(told)}
        setattr(*self._place(stub), values[told])
        return True

    def _place(self, stub: "Stub") -> tuple[Any, str]:
        owner, _, attribute = self.switch.partition(".")
        return switches(stub)[owner], attribute


def switches(stub: "Stub") -> dict[str, Any]:
    """The stub's switches by their owners: kintone, its REST API, and each service that has some."""
    services = {name: getattr(service, "switches", None) for name, service in stub.services.items()}
    return {"kintone": stub.switches, "rest": stub.rest.switches, **{name: it for name, it in services.items() if it}}


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
    """A fact that a tenant says otherwise than the stub; `can_be_set`: the stub has a switch that can be set so."""

    fact: Fact
    stub: str
    tenant: str
    can_be_set: bool


def read_report(path: Path) -> Mapping[str, str]:
    """What a report says, by the facts' names. ProbeError where the file is none."""
    try:
        if path.stat().st_size > _LONGEST:
            raise ProbeError(of(str(path), Message("test.largeReport")))
        report = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ProbeError(of(str(path), Message("file.cannotRead", error=reason_of(error)))) from error
    except ValueError:
        raise ProbeError(of(str(path), Message("test.noJson"))) from None
    facts = report.get("facts") if isinstance(report, dict) and report.get("probe") == 1 else None
    if not isinstance(facts, dict) or not all(isinstance(told, str) for told in facts.values()):
        raise ProbeError(of(str(path), Message("test.noReport")))
    return facts


def read_reports(paths: Iterable[Path]) -> dict[str, str]:
    """What several reports of one tenant say together; a later one counts. ProbeError where one is none."""
    return {name: told for path in paths for name, told in read_report(path).items()}


def report_of(facts: Mapping[str, str], observations: Mapping[str, Json]) -> Json:
    """What was found, as a report."""
    return {"probe": 1, "runbutton": __version__, "facts": dict(facts), "observations": dict(observations)}


def differences(report: Mapping[str, str], stub: "Stub") -> list[Difference]:
    """Where the tenant differs from the stub as it is set, in the order of the facts."""
    found = []
    for fact in FACTS:
        told = report.get(fact.name)
        ours = fact.set_in(stub)
        if told is None or ours in {"", told}:
            continue
        found.append(Difference(fact, ours, told, fact.takes(stub, told)))
    return found


def like(report: Mapping[str, str], stub: "Stub") -> None:
    """Sets the stub's switches as the report says; what it does not say, or says in other words, stays."""
    for fact in FACTS:
        if fact.name in report:
            fact.turn(stub, report[fact.name])
