"""What the tests cost that `pytest` runs by default, in CPU of all their processes: Unix alone counts it."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.table import Row


def rows() -> Iterator[Row]:
    """One row; raises subprocess.CalledProcessError where a test fails."""
    before = _cpu()
    root = Path(__file__).parents[2]
    # The table alone goes to stdout.
    subprocess.run([sys.executable, "-m", "pytest", "-q"], check=True, stdout=sys.stderr, cwd=root)
    yield Row("the default test run, CPU", _cpu() - before, "s", 240)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
