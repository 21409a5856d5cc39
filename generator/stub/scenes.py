"""Scenes: a button's page with a choice made, and how far a person goes there.

A scene has a stub and a host name of its own, so that scenes share neither runs nor what the browser stores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args
from urllib.parse import urlencode

from generator.stub.choices import Choice, faults_of
from generator.stub.services import Service, Words
from generator.words import by_language

Act = Literal["look", "ask", "run"]
"""How far a person goes: looks, clicks, clicks and confirms."""

Device = Literal["desktop", "mobile"]
STATES = "states"
_LONG, _SHORT, _FAST = 600, 2, 10


@dataclass(frozen=True)
class Scene:
    """A unit's button in one state."""

    app_id: int
    unit: str
    act: Act = "run"
    language: str = "ja"
    device: Device = "desktop"
    choice: Choice = field(default_factory=Choice)

    @property
    def address(self) -> str:
        """The path that leads to it in any preview of the same config."""
        choice, usual = self.choice, Choice()
        given = {"act": self.act, "lang": self.language, "device": self.device}
        given |= {f"end-{service}": end for service, end in choice.ends.items()}
        for name in ("seconds", "speed", "call", "how"):
            if getattr(choice, name) != getattr(usual, name):
                given[name] = f"{getattr(choice, name)}"
        if choice.always:
            given["always"] = "1"
        return f"/scene/{self.app_id}/{self.unit}?{urlencode(given)}"

    @property
    def page(self) -> str:
        """The path of the page that has the button."""
        place = f"m/{self.app_id}/show?record=1" if self.device == "mobile" else f"{self.app_id}/show#record=1"
        return f"/k/{place}"


def scene_at(app_id: int, unit: str, given: Mapping[str, str]) -> Scene:
    """The scene at an address; ValueError where a part of the address has an unknown value."""
    act, device = given.get("act", "run"), given.get("device", "desktop")
    if act not in get_args(Act) or device not in get_args(Device):
        raise ValueError(f"act is one of {', '.join(get_args(Act))}, device one of {', '.join(get_args(Device))}")
    ends = {name.removeprefix("end-"): end for name, end in given.items() if name.startswith("end-")}
    choice = Choice(
        seconds=float(given.get("seconds", Choice.seconds)),
        speed=float(given.get("speed", Choice.speed)),
        ends=ends,
        call=given.get("call", ""),
        how=given.get("how", ""),
        always=given.get("always") == "1",
    )
    return Scene(app_id, unit, act, given.get("lang", "ja"), device, choice)  # type: ignore[arg-type] # Judged above.


def groups(name: str, service: Service) -> dict[str, tuple[Words, Sequence[tuple[Words, Act, Choice]]]]:
    """The states of a service's buttons by the group's name: the group's words, and words, act and choice of each."""
    first = next(iter(service.calls))
    waiting = Choice(call=f"{name}/{first}", how="never", always=True)
    states: list[tuple[Words, Act, Choice]] = [
        (by_language("stub.before"), "look", Choice()),
        (by_language("stub.asking"), "ask", Choice()),
        (by_language("stub.starting"), "run", waiting),
        (by_language("stub.running"), "run", Choice(seconds=_LONG)),
    ]
    usual = next(iter(service.ends))
    for end, words in service.ends.items():
        ends = {} if end == usual else {name: end}
        states.append((words, "run", Choice(seconds=_SHORT, ends=ends)))
    found: dict[str, tuple[Words, Sequence[tuple[Words, Act, Choice]]]] = {STATES: (by_language("stub.states"), states)}
    for call, words in service.calls.items():
        failing = Choice(seconds=_LONG, speed=_FAST, call=f"{name}/{call}", always=True)
        found[call] = (
            words,
            [(fault.words, "run", replace(failing, how=fault.name)) for fault in faults_of(name, service, call)],
        )
    return found
