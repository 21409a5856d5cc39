"""The made-up courier, emulated."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from urllib.parse import urlsplit

from generator.stub.services import ErrorAnswer, Words
from generator.stub.wire import Clock, Request, Response
from generator.units.courier import CourierUnit
from generator.units.unit import Unit


class Emulator:
    """A courier that is on its way for some seconds, or for ever."""

    title: ClassVar[Words] = {"ja": "宅配便", "en": "Courier"}
    handles: ClassVar[frozenset[str]] = frozenset({"courier", "open-courier"})
    calls: ClassVar[Mapping[str, Words]] = {
        "send": {"ja": "宅配便を呼ぶ", "en": "Sending for it"},
        "ask": {"ja": "居場所を聞く", "en": "Asking where it is"},
    }
    ends: ClassVar[Mapping[str, Words]] = {
        "delivered": {"ja": "届く", "en": "Delivers"},
        "lost": {"ja": "道に迷う", "en": "Gets lost"},
    }
    stand_in: ClassVar[str] = "stub-courier-token-not-a-secret"

    def __init__(self, clock: Clock) -> None:
        self.unknown: list[str] = []
        self._clock = clock
        self._tokens: set[str] = set()
        self._ends: list[datetime] = []
        self._seconds: float = 10
        self._end = "delivered"

    def owns(self, url: str) -> bool:
        """Its one host."""
        return urlsplit(url).netloc == "courier.example"

    def call_of(self, request: Request) -> str:
        """A POST sends for it."""
        return "send" if request.method == "POST" else "ask"

    def answer(self, request: Request) -> Response:
        """The parcel's run, or a refusal."""
        path = urlsplit(request.url).path.split("/")
        if path[1] == "runs" and request.headers.get("Authorization", "").removeprefix("Bearer ") not in self._tokens:
            return Response(401, '{"error": "who are you?"}')
        if request.method == "POST":
            self._ends.append(self._clock.now() + timedelta(seconds=self._seconds))
            return Response(200, json.dumps({"id": str(len(self._ends))}))
        delivered = self._end == "delivered" and self._clock.now() >= self._ends[int(path[2]) - 1]
        return Response(200, json.dumps({"state": "delivered" if delivered else "on its way"}))

    def register(self, app_id: int, unit: Unit, secret: str) -> None:  # noqa: ARG002 - any app may send for it.
        """Lets the token in."""
        if isinstance(unit, CourierUnit):
            self._tokens.add(secret)

    def forget_units(self) -> None:
        """Accepts no unit."""
        self._tokens.clear()

    def choose(self, seconds: float, end: str) -> None:
        """For the runs to come; a lost one is lost at once."""
        self._seconds, self._end = seconds, end

    def errors(self, call: str) -> Sequence[ErrorAnswer]:  # noqa: ARG002 - the same for each.
        """That it does not come."""
        return [ErrorAnswer("rain", {"ja": "雨で来ない", "en": "It rains"}, Response(503, '{"error": "rain"}'))]

    def reset(self) -> None:
        """No delivery is in progress."""
        self._ends.clear()
