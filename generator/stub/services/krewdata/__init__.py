"""The stub's krewData: its units come from the config, and the user chooses how their runs go."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from generator.stub.services import ErrorAnswer, Words
from generator.stub.services.krewdata.api import KrewData
from generator.stub.services.krewdata.errors import ERRORS
from generator.stub.services.krewdata.runs import ExecutionUnit, Flow
from generator.stub.wire import Clock, Request
from generator.units.krewdata import KrewDataUnit
from generator.units.unit import Unit
from generator.words import by_language

STAND_IN = "stub-serial-number-not-a-secret"
_NEVER = 7 * 24 * 3600


class Emulator(KrewData):
    """krewData with the units of a config."""

    title: ClassVar[Words] = by_language("stub.krewdata")
    handles: ClassVar[frozenset[str]] = frozenset({"krewdata"})
    calls: ClassVar[Mapping[str, Words]] = {
        "token": by_language("stub.krewdataToken"),
        "run": by_language("stub.krewdataRun"),
        "status": by_language("stub.krewdataStatus"),
    }
    ends: ClassVar[Mapping[str, Words]] = {
        "Success": by_language("stub.krewdataSuccess"),
        "Failure": by_language("stub.krewdataFailure"),
        "Queuing": by_language("stub.krewdataQueuing"),
    }
    stand_in: ClassVar[str] = STAND_IN

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._seconds: float = 10
        self._end = "Success"

    def call_of(self, request: Request) -> str:
        """The last part of the path."""
        call = request.url.partition("?")[0].rpartition("/")[2]
        return call if call in self.calls else ""

    def register(self, app_id: int, unit: Unit, secret: str) -> None:
        """Creates the execution unit that the unit's address names."""
        if not isinstance(unit, KrewDataUnit):
            raise TypeError(unit.service)
        unit_id = unit.url.rpartition("/")[2]
        # A unit belongs to one app; the stub does not check a config that has it in several.
        source_app = None if unit_id in self.units else str(app_id)
        flows = [Flow("抽出"), Flow("集計")]
        self.units[unit_id] = ExecutionUnit(
            unit_id, unit.url, unit.krewdata_app_url, secret, source_app=source_app, flows=flows
        )
        self._apply(self.units[unit_id])

    def forget_units(self) -> None:
        """Removes all units; the status of runs is kept."""
        self.units.clear()

    def choose(self, seconds: float, end: str) -> None:
        """Divides a run's seconds among its flows."""
        self._seconds, self._end = seconds, end
        for unit in self.units.values():
            self._apply(unit)

    def _apply(self, unit: ExecutionUnit) -> None:
        unit.queue_seconds = _NEVER if self._end == "Queuing" else 0
        for flow in unit.flows:
            flow.seconds = self._seconds / len(unit.flows)
            flow.outcome = "Success"
        if self._end == "Failure":
            unit.flows[-1].outcome = "Failure"

    def errors(self, call: str) -> Sequence[ErrorAnswer]:
        """Every row of the reference for the call, in its own words."""
        return [
            ErrorAnswer(
                row.name,
                dict.fromkeys(("ja", "en"), f"{row.code} {row.description}"),
                self.error_response(call, row.name),
            )
            for row in ERRORS[call]
        ]

    def reset(self) -> None:
        """Disabled units are enabled again."""
        self.forget_runs()
        for unit in self.units.values():
            unit.enabled = True
