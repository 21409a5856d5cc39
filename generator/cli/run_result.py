"""What `runbutton run --json` prints: one object in every case, documented in the guide."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.run import View


@dataclass
class RunResult:
    """What `--json` prints at the end, for any outcome."""

    app: str
    unit: str
    began: datetime
    outcome: str = "error"
    exit_code: int = RunbuttonError.exit_code
    reason: str = ""
    view: "View | None" = None
    now: Callable[[], float] = time.time
    may_have_started: Callable[[], bool] = field(default=lambda: False)

    def as_json(self) -> str:
        """The object, in one line."""
        view = self.view
        began = as_time(view.startedAt / 1000) if view and view.startedAt else self.began
        ended = as_time(view.endedAt / 1000 if view and view.endedAt else self.now())
        told = {
            "app": self.app,
            "unit": self.unit,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "reason": self.reason,
            "started_at": began.isoformat(timespec="milliseconds"),
            "ended_at": ended.isoformat(timespec="milliseconds"),
            "seconds": round(max((ended - began).total_seconds(), 0), 3),
            "state": view.state if view else "idle",
            "started": view.started if view else False,
            "line": view.line if view else "",
            "steps": [vars(step) for step in view.steps] if view else [],
            "words": list(view.words) if view else [],
            "own": view.own if view else "",
            "link": view.link if view else "",
        }
        return json.dumps(told, ensure_ascii=False)


def as_time(seconds: float) -> datetime:
    """A time in seconds since 1970, in this computer's zone."""
    return datetime.fromtimestamp(seconds).astimezone()


def result_of(which: str) -> RunResult:
    """The result before APP/UNIT is read."""
    app, _, unit = which.partition("/")
    return RunResult(app, unit, as_time(time.time()))
