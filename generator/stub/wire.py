"""Requests and answers between kintone's proxy and an emulated service, and the services' clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True)
class Request:
    """A request as kintone's proxy sends it out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str = ""


@dataclass(frozen=True)
class Response:
    """A service's whole answer; kintone's proxy hands bodies on as text."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Clock:
    """The clock of the emulated services; tests and the preview can move it ahead or speed it up."""

    def __init__(self) -> None:
        self._since = self._then = datetime.now(UTC)
        self._speed: float = 1

    @property
    def speed(self) -> float:
        """How many seconds pass in one."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._then, self._since = self.now(), datetime.now(UTC)
        self._speed = speed

    def now(self) -> datetime:
        """The emulated time, in UTC."""
        return self._then + (datetime.now(UTC) - self._since) * self._speed

    def advance(self, seconds: float) -> None:
        """Moves the time ahead."""
        self._then += timedelta(seconds=seconds)
