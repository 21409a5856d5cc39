"""TROCCO's definitions and their jobs: which status a job has when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["succeeded", "error", "canceled", "skipped"]

INTERRUPTING = timedelta(seconds=5)  # the emulator's own: how long a job takes to be canceled


@dataclass
class ApiKey:
    """What the holder of a key may do; each permission is a separate checkbox in TROCCO."""

    may_read: bool = True
    may_run: bool = True


@dataclass
class Definition:
    """A transfer setting or a workflow: how long its jobs take, and how they end. Changes count for new jobs."""

    id: int
    name: str
    seconds: float = 10  # in executing
    queue_seconds: float = 1  # in queued, if a slot is free
    setup_seconds: float = 1  # in setting_up
    outcome: Outcome = "succeeded"
    parallel: bool = False  # a job created while another is unfinished: runs at the same time, or is skipped
    retries: int = 0  # workflows only: the number of failed attempts before the one that ends with `outcome`
    retry_seconds: float = 60  # between two attempts


@dataclass(frozen=True)
class Job:
    """A requested job or workflow job, with the times at which it enters each status, set when created."""

    id: int
    definition_id: int
    name: str
    created: datetime
    phases: tuple[tuple[datetime, str], ...]
    context_time: datetime
    time_zone: str
    custom_variables: tuple[tuple[str, str], ...] = ()

    @property
    def started(self) -> datetime | None:
        """When it begins to execute; None if it never does."""
        return next((moment for moment, status in self.phases if status == "executing"), None)

    @property
    def finished(self) -> datetime:
        """When it enters its last status."""
        return self.phases[-1][0]

    def status(self, now: datetime) -> str:
        """TROCCO's word for how it is then; at the moment of its creation it is in its first status, however short."""
        return next((status for moment, status in reversed(self.phases) if moment < now), self.phases[0][1])

    def holds_slot(self, since: datetime, until: datetime) -> bool:
        """Whether it is set up or executed at some time between the two."""
        return self.started is not None and self.phases[1][0] < until and self.finished > since


def phases_from(definition: Definition, start: datetime, retries: int) -> tuple[tuple[datetime, str], ...]:
    phases = []
    moment = start
    for attempt in range(retries + 1):
        phases.append((moment, "setting_up"))
        moment += timedelta(seconds=definition.setup_seconds)
        phases.append((moment, "executing"))
        moment += timedelta(seconds=definition.seconds)
        if attempt < retries:
            phases.append((moment, "retry_waiting"))
            moment += timedelta(seconds=definition.retry_seconds)
    if definition.outcome == "canceled":
        phases.append((moment, "interrupting"))
        moment += INTERRUPTING
    return *phases, (moment, definition.outcome)
