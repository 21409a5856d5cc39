"""Scenes: states of a button to be looked at, each a place of its own with what is chosen there and what is done.

A scene has a stub of its own, under a host name of its own, so that scenes do not share runs nor what pages keep.
"""

import itertools
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from generator.stub.controls import Choices, ways_to_fail
from generator.stub.services import Service, Words

Act = Literal["look", "ask", "run"]
"""How far a person goes: looks, clicks, clicks and confirms."""

Device = Literal["desktop", "mobile"]
STATES = "states"
_KEPT = 300
# Of this process: a browser may still keep something from one before.
_ERA = secrets.token_hex(4)
_LONG, _SHORT, _FAST = 600, 2, 10


@dataclass(frozen=True)
class Scene:
    """A unit's button in one state."""

    app_id: int
    unit: str
    act: Act = "run"
    language: str = "ja"
    device: Device = "desktop"
    choices: Choices = field(default_factory=Choices)

    @property
    def address(self) -> str:
        """The path that leads to it in any preview of the same config."""
        choices, usual = self.choices, Choices()
        given = {"act": self.act, "lang": self.language, "device": self.device}
        given |= {f"end-{service}": end for service, end in choices.ends.items()}
        for name in ("seconds", "speed", "call", "how"):
            if getattr(choices, name) != getattr(usual, name):
                given[name] = f"{getattr(choices, name)}"
        if choices.always:
            given["always"] = "1"
        return f"/scene/{self.app_id}/{self.unit}?{urlencode(given)}"

    @property
    def page(self) -> str:
        """The path of the page that has the button."""
        place = f"m/{self.app_id}/show?record=1" if self.device == "mobile" else f"{self.app_id}/show#record=1"
        return f"/k/{place}"


def scene_at(app_id: int, unit: str, given: Mapping[str, str]) -> Scene:
    """The scene that an address has; ValueError where a part of it is none of those that there are."""
    act, device = given.get("act", "run"), given.get("device", "desktop")
    if act not in get_args(Act) or device not in get_args(Device):
        raise ValueError(f"act is one of {', '.join(get_args(Act))}, device one of {', '.join(get_args(Device))}")
    ends = {name.removeprefix("end-"): end for name, end in given.items() if name.startswith("end-")}
    choices = Choices(
        seconds=float(given.get("seconds", Choices.seconds)),
        speed=float(given.get("speed", Choices.speed)),
        ends=ends,
        call=given.get("call", ""),
        how=given.get("how", ""),
        always=given.get("always") == "1",
    )
    return Scene(app_id, unit, act, given.get("lang", "ja"), device, choices)  # type: ignore[arg-type] # Judged above.


def groups(name: str, service: Service) -> dict[str, tuple[Words, Sequence[tuple[Words, Act, Choices]]]]:
    """What there is to be seen of a service's units, by the group's name: its words, and the words of each state."""
    first = next(iter(service.calls))
    waiting = Choices(call=f"{name}/{first}", how="never", always=True)
    states: list[tuple[Words, Act, Choices]] = [
        ({"ja": "実行前", "en": "Before"}, "look", Choices()),
        ({"ja": "確認", "en": "Asking"}, "ask", Choices()),
        ({"ja": "開始しています", "en": "Starting"}, "run", waiting),
        ({"ja": "実行中", "en": "Running"}, "run", Choices(seconds=_LONG)),
    ]
    usual = next(iter(service.ends))
    for end, words in service.ends.items():
        ends = {} if end == usual else {name: end}
        states.append((words, "run", Choices(seconds=_SHORT, ends=ends)))
    found: dict[str, tuple[Words, Sequence[tuple[Words, Act, Choices]]]] = {
        STATES: ({"ja": "状態", "en": "States"}, states)
    }
    for call, words in service.calls.items():
        failing = Choices(seconds=_LONG, speed=_FAST, call=f"{name}/{call}", always=True)
        found[call] = (
            words,
            [(way.words, "run", replace(failing, how=way.name)) for way in ways_to_fail(name, service, call)],
        )
    return found


class Stages:
    """Where scenes are played, by their host names; the oldest are taken down."""

    def __init__(self) -> None:
        self._stages: OrderedDict[str, Any] = OrderedDict()
        self._numbers = itertools.count(1)

    def host(self) -> str:
        """A host name below localhost that no scene has had: nothing is kept for it in any browser."""
        return f"scene-{_ERA}-{next(self._numbers)}"

    def put_up(self, host: str, web: Any) -> None:  # noqa: ANN401 - a web application.
        """Has it under that name."""
        self._stages[host] = web
        while len(self._stages) > _KEPT:
            self._stages.popitem(last=False)

    def at(self, host: str) -> Any:  # noqa: ANN401 - as above.
        """What is under that name; None where nothing is."""
        return self._stages.get(host)
