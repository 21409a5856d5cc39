"""The choices of the preview's user: how long a run takes, how it ends, which call fails and how."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from generator.stub.proxy import Fault, kintone_error
from generator.stub.services import Service, Words
from generator.stub.wire import Clock
from generator.words import by_language

SECONDS = (2, 10, 60, 600)
SPEEDS = (1, 10)
LEAPS = (3600,)
HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_SLOW_SECONDS = 8
_NEVER = 24 * 3600


@dataclass(frozen=True)
class Choice:
    """The current choice. `ends` has a service's end if it is not the usual one; `call` is a service and its call, such
    as krewdata/run, "" if nothing fails; `how` is the name of the call's fault; `speed` is that of the clock."""

    seconds: float = 10
    speed: float = 1
    ends: Mapping[str, str] = field(default_factory=dict)
    call: str = ""
    how: str = ""
    always: bool = False


class Choices:
    """The available choices and the current one; applies it to the services and to the proxy's `faults`."""

    def __init__(self, services: Mapping[str, Service], faults: list[Fault], clock: Clock) -> None:
        self.chosen = Choice()
        self._clock = clock
        self._services = services
        self._faults = faults

    def choose(self, given: Any) -> None:  # noqa: ANN401 - JSON from the page, checked here.
        """Applies the page's choice; ValueError if it is not available."""
        try:
            choice = Choice(**given)
        except TypeError as error:
            raise ValueError(str(error)) from None
        known = choice.seconds in SECONDS and choice.speed in SPEEDS
        if not known or not self._has(choice.ends) or (choice.call and self._fault(choice) is None):
            raise ValueError("not among the choices")
        self.apply(choice)

    def reset(self) -> None:
        """Resets everything: nothing runs, no unit is disabled, nothing fails."""
        for service in self._services.values():
            service.reset()
        self.apply(Choice())

    def leap(self, seconds: Any) -> None:  # noqa: ANN401 - as above.
        """Moves the time ahead by one of LEAPS; ValueError for any other value."""
        if seconds not in LEAPS:
            raise ValueError("not among the choices")
        self._clock.advance(seconds)

    def offered(self) -> dict[str, Any]:
        """All choices for the page; `now` is the emulated time in milliseconds."""
        return {
            "chosen": asdict(self.chosen),
            "now": round(self._clock.now().timestamp() * 1000),
            "seconds": SECONDS,
            "speeds": SPEEDS,
            "services": [
                {
                    "name": name,
                    "title": service.title,
                    "ends": [{"name": end, "words": words} for end, words in service.ends.items()],
                    "calls": [
                        {
                            "name": f"{name}/{call}",
                            "words": words,
                            "faults": [
                                {"name": fault.name, "words": fault.words} for fault in faults_of(name, service, call)
                            ],
                        }
                        for call, words in service.calls.items()
                    ],
                }
                for name, service in self._services.items()
            ],
        }

    def apply(self, choice: Choice) -> None:
        """Applies a choice; call it again after the units have changed."""
        self.chosen = choice
        if self._clock.speed != choice.speed:
            self._clock.speed = choice.speed
        for name, service in self._services.items():
            service.choose(choice.seconds, choice.ends.get(name, next(iter(service.ends))))
        fault = self._fault(choice)
        self._faults[:] = [replace(fault, times=None if choice.always else 1)] if fault else []

    def _has(self, ends: Any) -> bool:  # noqa: ANN401 - as above.
        return isinstance(ends, dict) and all(
            name in self._services and end in list(self._services[name].ends) for name, end in ends.items()
        )

    def _fault(self, choice: Choice) -> Fault | None:
        name, _, call = str(choice.call).partition("/")
        service = self._services.get(name)
        if service is None or call not in service.calls:
            return None
        return next((fault for fault in faults_of(name, service, call) if fault.name == choice.how), None)


def faults_of(service_name: str, service: Service, call: str) -> list[Fault]:
    """All faults of a call: on the way to any service, and in this service's own answers."""

    def fault(name: str, words: Words, kind: Any, **more: Any) -> Fault:  # noqa: ANN401 - Fault's own.
        return Fault(call, kind, service=service_name, name=name, words=words, **more)

    reason = kintone_error("入力内容が不正です。")
    return [
        fault("lost", by_language("stub.lost"), "lost"),
        fault("reject", by_language("stub.reject"), "reject", text=reason),
        fault("reject-empty", by_language("stub.rejectEmpty"), "reject"),
        fault("reject-html", by_language("stub.rejectHtml"), "reject", text=HTML),
        fault("html", by_language("stub.html"), "answer", status=502, body=HTML),
        fault("error", by_language("stub.error"), "answer", status=500),
        fault("empty", by_language("stub.empty"), "answer"),
        fault("slow", by_language("stub.slow", seconds=_SLOW_SECONDS), "slow", seconds=_SLOW_SECONDS),
        fault("never", by_language("stub.never"), "slow", seconds=_NEVER),
        *(fault(f"row-{error.name}", error.words, "answer", **vars(error.response)) for error in service.errors(call)),
    ]
