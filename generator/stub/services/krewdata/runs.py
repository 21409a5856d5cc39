"""krewData's execution units and their runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Literal

# The documents give times without a zone; krewData is run in Japan for Japan.
_JST = timezone(timedelta(hours=9))


@dataclass
class Flow:
    """A data editing flow: how long it takes, and how it ends."""

    name: str
    seconds: float = 10
    outcome: Literal["Success", "Failure"] = "Success"
    error_code: str = "33"
    error_message: str = "The data editing flow settings are incorrect. Correct the error in the data editing flow."


@dataclass
class ExecutionUnit:
    """An execution unit as in the krewData plug-in's Real Time Execution tab; changes apply from the next request, and
    not to runs in progress."""

    id: str
    url: str  # whole, as the plug-in shows it and configs have it: it ends with the id
    krewdata_app_url: str
    serial_number: str  # plain; it travels in Base64
    source_app: str | None = None  # app ID; None: any app may call
    enabled: bool = True
    method: Literal["API", "Webhook"] = "API"
    concurrent: bool = False  # whether it may run several times at once
    flows: list[Flow] = field(default_factory=lambda: [Flow("Flow1")])
    queue_seconds: float = 0


@dataclass(frozen=True)
class Step:
    """A flow of one run with its times, which are set when the run begins."""

    key: str
    flow: Flow
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Run:
    """An accepted /run. `not_executed` is the error code and message of one whose flows were never started."""

    unit: str
    user: str
    app_id: str
    record: Mapping[str, object] | None
    task_id: str
    token: str
    started: datetime
    steps: tuple[Step, ...]
    not_executed: tuple[str, str] | None = None

    def ended(self, now: datetime) -> bool:
        """Whether its task is at Success or Failure."""
        return self.not_executed is not None or self._failure(now) is not None or now >= self.steps[-1].end

    def report(self, now: datetime) -> dict[str, object]:
        """The /status answer without code and status: taskStatus, the error if it failed, and flowInfo."""
        error = self.not_executed or self._failure(now)
        if error:
            task = {"taskStatus": "Failure", "errorCode": error[0], "errorMessage": error[1]}
        elif self.ended(now):
            task = {"taskStatus": "Success"}
        else:
            task = {"taskStatus": "Running" if now >= self.steps[0].start else "Queuing"}
        return {**task, "flowInfo": self._flow_info(now)}

    def _failure(self, now: datetime) -> tuple[str, str] | None:
        for step in self.steps:
            if step.flow.outcome == "Failure":
                return (step.flow.error_code, step.flow.error_message) if now >= step.end else None
        return None

    def _flow_info(self, now: datetime) -> list[dict[str, str]]:
        info = []
        canceled = self.not_executed is not None
        for step in self.steps:
            known = {"flowExecUniqueKey": step.key, "flowName": step.flow.name}
            start, end = _japan_time(step.start), _japan_time(step.end)
            # The keys of the times are as in the reference's examples: none if a flow has not begun or never will,
            # an empty endTime while it runs.
            if canceled:
                info.append({**known, "status": "Cancel"})
            elif now < step.start:
                info.append({**known, "status": "Queuing"})
            elif now < step.end:
                info.append({**known, "status": "Running", "startTime": start, "endTime": ""})
            else:
                info.append({**known, "status": step.flow.outcome, "startTime": start, "endTime": end})
                canceled = step.flow.outcome == "Failure"
        return info


def _japan_time(moment: datetime) -> str:
    return moment.astimezone(_JST).strftime("%Y-%m-%d %H:%M:%S")
