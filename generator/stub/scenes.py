"""Scenes: a button's page with a choice made and some of the user's clicks done.

Each scene has its own stub and host name, so scenes share neither runs nor the browser's storage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from generator.stub.choices import Choice, faults_of
from generator.stub.services import Service, Words
from generator.units.unit import Device
from generator.words import by_language

Act = Literal["look", "ask", "run"]
"""What the user does: look, click, or click and confirm."""

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
    kind: str = "detail"
    """The kind of page shown, which has the button."""

    @property
    def address(self) -> str:
        """Its path in any preview of the same config."""
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
        """The path of that page."""
        return page_path(self.app_id, self.kind, self.device)


def page_path(app_id: int, kind: str, device: Device = "desktop") -> str:
    """The path of a page of the app, with record 1 if it shows a record."""
    if device == "mobile":
        pages = {"detail": "show?record=1", "edit": "edit?record=1", "create": "edit", "index": ""}
        return f"/k/m/{app_id}/{pages[kind]}"
    pages = {"detail": "show#record=1", "edit": "show#record=1&mode=edit", "create": "edit", "index": ""}
    return f"/k/{app_id}/{pages[kind]}"


def kind_with(unit: Mapping[str, Any]) -> str:
    """The kind of page on which to show a unit's button: the record's page if the button is on it."""
    pages = unit["pages"]
    return "detail" if "detail" in pages else str(pages[0])


def devices_with(unit: Mapping[str, Any]) -> list[Device]:
    """The devices that have the unit's button, desktop first."""
    every: tuple[Device, ...] = get_args(Device)
    return [device for device in every if device in unit["devices"]]


def scene_at(app_id: int, unit: Mapping[str, Any], given: Mapping[str, str]) -> Scene:
    """The scene at an address; ValueError if a part of the address has an unknown value."""
    act, device = given.get("act", "run"), given.get("device", devices_with(unit)[0])
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
    language = given.get("lang", "ja")
    return Scene(app_id, unit["id"], act, language, device, choice, kind_with(unit))  # type: ignore[arg-type] # Checked above.


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
