"""Figures with their budgets and the peers that they are compared with."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """One figure. If a peer is measured, the budget is `limit` times the peer's figure, else `limit` itself."""

    what: str
    ours: float
    unit: str
    limit: float
    peer: str = ""
    theirs: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the figure is within its budget."""
        return self.ours <= self.limit * (1 if self.theirs is None else self.theirs)

    def __str__(self) -> str:
        """A row of a Markdown table."""
        theirs = "" if self.theirs is None else f"{self.peer} {_shown(self.theirs)} {self.unit}"
        budget = f"{_shown(self.limit)} {self.unit}" if self.theirs is None else f"{self.limit:g} × the peer"
        of = self.limit if self.theirs is None else self.theirs
        cells = (self.what, f"{_shown(self.ours)} {self.unit}", theirs, budget, f"{self.ours / of:.2f}")
        return f"| {' | '.join(cells)} | {'yes' if self.kept else '**no**'} |"


HEAD = "| what | ours | peer | budget | ratio | kept |\n|---|---|---|---|---|---|"


def in_turn(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """The median of each measure; they take turns, so that other load on the machine affects all equally."""
    taken = [[measure() for measure in measures] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*taken, strict=True)]


def seconds(command: Sequence[str], folder: Path | None = None) -> float:
    """How long a program runs."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=folder, env=_environ())
    return time.perf_counter() - start


def peak(command: Sequence[str]) -> float:
    """The most memory that a program holds, in MiB."""
    measure = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL); "
    measure += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", measure, *command], check=True, capture_output=True, text=True, env=_environ()
    )
    return int(done.stdout) / (1024 * 1024 if sys.platform == "darwin" else 1024)


def runbutton(*arguments: str) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "generator", *arguments]


def _environ() -> dict[str, str]:
    # As installed: Python keeps its compiled modules from the first run on.
    root = str(Path(__file__).parent.parent.parent)
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "PYTHONPATH": root
    }


def _shown(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
