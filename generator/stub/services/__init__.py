"""The emulated services: each module or package in this folder is one; no other code names them.

A service's module has a class `Emulator` that implements `Service`; its argument is the clock.
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
    """An error answer of the service, with Runbutton's name for it."""

    name: str
    words: Words
    response: Response


class Service(Protocol):
    """A service behind kintone's proxy, with the choices of the preview's user."""

    title: ClassVar[Words]
    handles: ClassVar[frozenset[str]]
    """The value of `service` in the units that it emulates."""
    calls: ClassVar[Mapping[str, Words]]
    """Its calls, in the order in which a run makes them; a fault names one."""
    ends: ClassVar[Mapping[str, Words]]
    """How a run can go, the usual way first."""
    stand_in: ClassVar[str]
    """The stand-in that it accepts for a secret that is not in the config; empty if it needs none."""
    unknown: list[str]
    """Unknown requests, each with the nearest known one."""

    def owns(self, url: str) -> bool:
        """Whether the address is the service's."""

    def call_of(self, request: Request) -> str:
        """Which of `calls` a request is; empty if it is none of them."""

    def answer(self, request: Request) -> Response:
        """The service's answer."""

    def register(self, app_id: int, unit: Unit, secret: str) -> None:
        """Accepts the requests of this unit of that app from now on."""

    def forget_units(self) -> None:
        """Accepts no unit until it is registered again; runs continue."""

    def choose(self, seconds: float, end: str) -> None:
        """Sets how long new runs take, and which of `ends` they have."""

    def errors(self, call: str) -> Sequence[ErrorAnswer]:
        """The error answers that it can return to a call."""

    def reset(self) -> None:
        """Resets it, with the same units: nothing runs or has run, nothing is used up or blocked."""


def emulators(clock: Clock) -> dict[str, Service]:
    """Every emulated service, by the name of its module."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").Emulator(clock) for name in names}
