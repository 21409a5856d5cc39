"""What passes between kintone's proxy and an emulated service, and the clock that the services live by."""

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
    """The time of the emulated services: runs on by itself, and tests and the preview may move it ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The emulated time, in UTC."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Moves the time ahead."""
        self._ahead += timedelta(seconds=seconds)
