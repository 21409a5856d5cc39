"""The emulated services: each module or package in this folder is one, and nothing else names them.

A service's module has a class `Emulator`, made with the clock that it lives by, which does what `Service` asks for.
"""

import pkgutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import ClassVar, Protocol, TypeAlias

from generator.stub.wire import Clock, Request, Response
from generator.units.unit import Unit

Words: TypeAlias = Mapping[str, str]
"""A text by language, ja and en."""


@dataclass(frozen=True)
class ErrorAnswer:
    """An answer that the service gives when something is wrong, by a name of ours."""

    name: str
    words: Words
    response: Response


class Service(Protocol):
    """A service behind kintone's proxy, with what a person at the preview can choose about it."""

    title: ClassVar[Words]
    handles: ClassVar[frozenset[str]]
    """What `service` says in the units that it emulates."""
    calls: ClassVar[Mapping[str, Words]]
    """Its calls, in the order in which a run makes them; a fault names one."""
    ends: ClassVar[Mapping[str, Words]]
    """How a run can go, the usual way first."""
    stand_in: ClassVar[str]
    """What it takes in place of a secret that the config does not hold; empty where it needs none."""
    unknown: list[str]
    """Requests that it does not have, each with what it has instead."""

    def owns(self, url: str) -> bool:
        """Whether the address is the service's."""

    def call_of(self, request: Request) -> str:
        """Which of `calls` a request to it is; empty where it is none."""

    def answer(self, request: Request) -> Response:
        """The service's answer."""

    def register(self, app_id: int, unit: Unit, secret: str) -> None:
        """From now on takes what this unit of that app asks for."""

    def forget_units(self) -> None:
        """Takes no unit any more until it is registered again; runs go on."""

    def choose(self, seconds: float, end: str) -> None:
        """How long runs take from now on, and which of `ends` they come to."""

    def errors(self, call: str) -> Sequence[ErrorAnswer]:
        """What it can answer to a call when something is wrong."""

    def reset(self) -> None:
        """As freshly started, with the same units: nothing runs or has run, nothing is used up or blocked."""


def emulators(clock: Clock) -> dict[str, Service]:
    """Every emulated service, by the name of its module."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").Emulator(clock) for name in names}
