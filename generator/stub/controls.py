"""What a person at the preview can choose: how long a run takes, how it ends, and which call fails how."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from generator.stub.proxy import Fault, Faults, kintone_error
from generator.stub.services import Service, Words
from generator.stub.wire import Clock

SECONDS = (2, 10, 60, 600)
SPEEDS = (1, 10)
LEAPS = (3600,)
HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_SLOW_SECONDS = 8
_NEVER = 24 * 3600


@dataclass(frozen=True)
class Choices:
    """What is chosen. `ends` has a service's end where it is not the usual one; `call` is a service and its call, as
    krewdata/run, "" where nothing fails; `how` is the name of a way that the call can fail; time goes by at `speed`."""

    seconds: float = 10
    speed: float = 1
    ends: Mapping[str, str] = field(default_factory=dict)
    call: str = ""
    how: str = ""
    always: bool = False


@dataclass(frozen=True)
class Way:
    """A way that a call can fail, in words, and what the proxy does then."""

    name: str
    words: Words
    fault: Fault


class Controls:
    """Applies what is chosen to the emulated services."""

    def __init__(self, services: Mapping[str, Service], faults: Faults, clock: Clock) -> None:
        self.choices = Choices()
        self._clock = clock
        self._services = services
        self._faults = faults

    def choose(self, given: Any) -> None:  # noqa: ANN401 - JSON from the page, judged here.
        """Takes all choices at once.

        Raises:
            ValueError: they are not what the page offers.
        """
        try:
            choices = Choices(**given)
        except TypeError as error:
            raise ValueError(str(error)) from None
        known = choices.seconds in SECONDS and choices.speed in SPEEDS
        if not known or not self._has(choices.ends) or not self._can_fail(choices):
            raise ValueError("not among the choices")
        self.apply(choices)

    def reset(self) -> None:
        """As freshly started: nothing runs any more, no unit is disabled, nothing fails."""
        for service in self._services.values():
            service.reset()
        self.apply(Choices())

    def leap(self, seconds: Any) -> None:  # noqa: ANN401 - as above.
        """Moves the time ahead by one of LEAPS; ValueError where it is another."""
        if seconds not in LEAPS:
            raise ValueError("not among the choices")
        self._clock.advance(seconds)

    def offered(self) -> dict[str, Any]:
        """The choices there are, for the page; `now` is the emulated time in milliseconds."""
        return {
            "chosen": asdict(self.choices),
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
                            "ways": [
                                {"name": way.name, "words": way.words} for way in ways_to_fail(name, service, call)
                            ],
                        }
                        for call, words in service.calls.items()
                    ],
                }
                for name, service in self._services.items()
            ],
        }

    def apply(self, choices: Choices) -> None:
        """Puts into effect what the page offers; again, where the units have changed meanwhile."""
        self.choices = choices
        if self._clock.speed != choices.speed:
            self._clock.speed = choices.speed
        for name, service in self._services.items():
            service.choose(choices.seconds, choices.ends.get(name, next(iter(service.ends))))
        self._faults.clear()
        fault = self._fault(choices)
        if fault is not None:
            fault.times = None if choices.always else 1
            self._faults.add(fault)

    def _has(self, ends: Any) -> bool:  # noqa: ANN401 - as above.
        return isinstance(ends, dict) and all(
            name in self._services and end in list(self._services[name].ends) for name, end in ends.items()
        )

    def _can_fail(self, choices: Choices) -> bool:
        return not choices.call or self._fault(choices) is not None

    def _fault(self, choices: Choices) -> Fault | None:
        name, _, call = str(choices.call).partition("/")
        service = self._services.get(name)
        if service is None or call not in service.calls:
            return None
        way = next((way for way in ways_to_fail(name, service, call) if way.name == choices.how), None)
        return replace(way.fault, words=way.words) if way else None


def ways_to_fail(name: str, service: Service, call: str) -> Sequence[Way]:
    """What can go wrong with a call: on the way to any service, and in this one's own answers."""

    def fault(kind: Any, **more: Any) -> Fault:  # noqa: ANN401 - Fault's own.
        return Fault(call, kind, service=name, **more)

    return [
        Way(
            "lost",
            {"ja": "届いたが、応答が失われる", "en": "It arrives, but the answer is lost"},
            fault("lost"),
        ),
        Way(
            "reject",
            {"ja": "kintoneのプロキシが断る（JSON）", "en": "kintone's proxy refuses it (JSON)"},
            fault("reject", text=kintone_error("入力内容が不正です。")),
        ),
        Way(
            "reject-empty",
            {"ja": "kintoneのプロキシが断る（理由なし）", "en": "kintone's proxy refuses it (without a word)"},
            fault("reject"),
        ),
        Way(
            "reject-html",
            {"ja": "kintoneのプロキシが断る（HTML）", "en": "kintone's proxy refuses it (HTML)"},
            fault("reject", text=HTML),
        ),
        Way("html", {"ja": "502とHTMLが返る", "en": "502 with HTML"}, fault("answer", status=502, body=HTML)),
        Way("error", {"ja": "500が本文なしで返る", "en": "500 with nothing in it"}, fault("answer", status=500)),
        Way("empty", {"ja": "200が本文なしで返る", "en": "200 with nothing in it"}, fault("answer")),
        Way(
            "slow",
            {"ja": f"応答が{_SLOW_SECONDS}秒遅れる", "en": f"The answer comes {_SLOW_SECONDS} s late"},
            fault("slow", seconds=_SLOW_SECONDS),
        ),
        Way("never", {"ja": "応答がいつまでも来ない", "en": "No answer ever comes"}, fault("slow", seconds=_NEVER)),
        *(
            Way(
                f"row-{error.name}",
                error.words,
                fault(
                    "answer",
                    status=error.response.status,
                    body=error.response.body,
                    headers=error.response.headers,
                ),
            )
            for error in service.errors(call)
        ),
    ]
