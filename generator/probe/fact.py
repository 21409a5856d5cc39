"""A fact that is not settled: how it is observed on a tenant, and which switch of the stub stands for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from generator.stub.tenant import Stub

Part = Literal["page", "krewdata", "trocco", "rest"]
"""What observes it: the page, or the terminal with one of the services or kintone's REST API."""

YES_NO: Mapping[str, Any] = {"yes": True, "no": False}


@dataclass(frozen=True)
class Fact:
    """`name` is the report's key; `observation` the probe's number for it; `switch` is "<owner>.<attribute>" in the
    stub, owner one of kintone, krewdata, trocco and rest, and `alternatives` has its values by the report's words.

    `documented` is what the stub does where it has no switch, in the report's words. `number`: the switch is a number
    instead, which the report has as text. `tests` are where the product is run both ways. `why` says in a sentence why
    there is no switch, why nothing observes it, or why no test of the product cares.
    """

    name: str
    observation: str
    part: Part
    fact: str
    rests: str
    switch: str = ""
    alternatives: Mapping[str, Any] = field(default_factory=dict)
    number: bool = False
    documented: str = ""
    tests: tuple[str, ...] = ()
    why: str = ""

    def set_in(self, stub: "Stub") -> str:
        """What the stub does, in the report's words; empty where it says nothing of it."""
        if not self.switch:
            return self.documented
        owner, attribute = self._place(stub)
        value = getattr(owner, attribute)
        if self.number:
            return "none" if value is None else f"{value:g}"
        return next(name for name, meant in self.alternatives.items() if meant == value)

    def takes(self, told: str) -> bool:
        """Whether the switch, where there is one, can be set to what a report says."""
        known = told == "none" or told.isdecimal() if self.number else told in self.alternatives
        return bool(self.switch) and known

    def turn(self, stub: "Stub", told: str) -> bool:
        """Sets the stub's switch to what a report says; False where that is no alternative of it."""
        if not self.takes(told):
            return False
        owner, attribute = self._place(stub)
        if self.number:
            setattr(owner, attribute, None if told == "none" else int(told))
        else:
            setattr(owner, attribute, self.alternatives[told])
        return True

    def _place(self, stub: "Stub") -> tuple[Any, str]:
        owner, _, attribute = self.switch.partition(".")
        return switches(stub)[owner], attribute


def switches(stub: "Stub") -> dict[str, Any]:
    """What has the stub's switches, by the names of their owners."""
    services: Any = stub.services
    return {
        "kintone": stub.switches,
        "krewdata": services["krewdata"].switches,
        "trocco": services["trocco"].switches,
        "rest": stub.rest.switches,
    }
