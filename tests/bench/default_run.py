"""The CPU time of pytest's default run, of all processes; only Unix measures it."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.table import Row


def rows() -> Iterator[Row]:
    """One row; raises subprocess.CalledProcessError if a test fails."""
    root = Path(__file__).parents[2]
    # As on anybody's machine, Python keeps its compiled modules.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", "-q"]
    # The table alone goes to stdout.
    subprocess.run([*command, "--collect-only"], check=True, stdout=subprocess.DEVNULL, cwd=root, env=environ)
    before = _cpu()
    subprocess.run(command, check=True, stdout=sys.stderr, cwd=root, env=environ)
    yield Row("the default test run, CPU", _cpu() - before, "s", 240)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
