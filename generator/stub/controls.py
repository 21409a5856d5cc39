"""What a person at the preview can choose: how long a run takes, how it ends, and which call fails how."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from generator.stub import krewdata as krewdata_api
from generator.stub import trocco as trocco_api
from generator.stub.krewdata import KrewData
from generator.stub.proxy import Call, Fault, Faults, invalid_input
from generator.stub.trocco import Definition, Trocco
from generator.stub.wire import Clock, Response

SECONDS = (2, 10, 60, 600)
KrewDataEnd = Literal["Success", "Failure"]
TroccoEnd = Literal["succeeded", "error", "canceled", "skipped"]
HTML = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_SLOW_SECONDS = 8


@dataclass(frozen=True)
class Choices:
    """What is chosen. `call` "" means that nothing fails; `how` is a name of `ways(call)`."""

    seconds: float = 10
    krewdata: KrewDataEnd = "Success"
    trocco: TroccoEnd = "succeeded"
    call: str = ""
    how: str = ""
    always: bool = False


class Controls:
    """Applies what is chosen to the emulated services."""

    def __init__(self, clock: Clock, krewdata: KrewData, troccos: Sequence[Trocco], faults: Faults) -> None:
        self.choices = Choices()
        self._clock = clock
        self._krewdata = krewdata
        self._troccos = troccos
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
        offered = self.offered()
        ways = {call: [way["name"] for way in ways] for call, ways in offered["ways"].items()}
        if (
            choices.seconds not in offered["seconds"]
            or choices.krewdata not in get_args(KrewDataEnd)
            or choices.trocco not in get_args(TroccoEnd)
            or (choices.call and choices.how not in ways.get(choices.call, ()))
        ):
            raise ValueError("not among the choices")
        self._apply(choices)

    def reset(self) -> None:
        """As freshly started: nothing runs any more, no unit is disabled, nothing fails."""
        # Runs end, tokens grow old and rate limits start anew by time alone.
        self._clock.advance(24 * 3600)
        for unit in self._krewdata.units.values():
            unit.enabled = True
        self._apply(Choices())

    def offered(self) -> dict[str, Any]:
        """The choices there are, for the page."""
        calls = [call for call in get_args(Call) if call != "any"]
        return {
            "chosen": asdict(self.choices),
            "seconds": SECONDS,
            "krewdata": get_args(KrewDataEnd),
            "trocco": get_args(TroccoEnd),
            "ways": {call: [{"name": name, "label": label} for name, label, _ in self._ways(call)] for call in calls},
        }

    def _apply(self, choices: Choices) -> None:
        self.choices = choices
        for unit in self._krewdata.units.values():
            for flow in unit.flows:
                flow.seconds = choices.seconds / len(unit.flows)
                flow.outcome = "Success"
            unit.flows[-1].outcome = choices.krewdata
        for definition in self._definitions():
            definition.seconds = choices.seconds
            definition.outcome = choices.trocco
        self._faults.clear()
        for call in get_args(Call):
            if call == choices.call:
                fault = next(fault for name, _, fault in self._ways(call) if name == choices.how)
                fault.times = None if choices.always else 1
                self._faults.add(fault)

    def _definitions(self) -> Iterable[Definition]:
        for trocco in self._troccos:
            yield from trocco.job_definitions.values()
            yield from trocco.pipeline_definitions.values()

    def _ways(self, call: Call) -> list[tuple[str, str, Fault]]:
        """What can go wrong with a call: a name, the words for it, and the fault."""
        general = [
            ("lost", "answer lost", Fault(call, "lost")),
            (
                "reject",
                "proxy rejects: JSON",
                Fault(call, "reject", text=invalid_input("入力内容が不正です。")),
            ),
            ("reject-empty", "proxy rejects: nothing", Fault(call, "reject")),
            ("reject-html", "proxy rejects: HTML", Fault(call, "reject", text=HTML)),
            ("html", "502 HTML", Fault(call, "answer", status=502, body=HTML)),
            ("error", "500 empty", Fault(call, "answer", status=500)),
            ("empty", "200 empty", Fault(call, "answer")),
            ("slow", f"{_SLOW_SECONDS} s late", Fault(call, "slow", seconds=_SLOW_SECONDS)),
        ]
        if call in krewdata_api.ERRORS:
            rows = [
                (
                    row.name,
                    f"{row.code} {row.description}",
                    _answer(call, self._krewdata.error_response(call, row.name)),
                )
                for row in krewdata_api.ERRORS[call]
            ]
        else:
            rows = [
                (f"row-{name}", f"{response.status} {name}", _answer(call, response))
                for name, response in trocco_api.ERRORS.items()
            ]
        return general + rows


def _answer(call: Call, response: Response) -> Fault:
    return Fault(call, "answer", status=response.status, body=response.body, headers=response.headers)
