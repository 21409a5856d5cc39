"""The CPU time of pytest's default run, of all processes, Chromium's too; only Linux counts all of them."""

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.table import Row

# prctl(2): a process whose parent has ended becomes a child of this one.
_PR_SET_CHILD_SUBREAPER = 36


def rows() -> Iterator[Row]:
    """One row; raises subprocess.CalledProcessError if a test fails."""
    root = Path(__file__).parents[2]
    # As on anybody's machine, Python keeps its compiled modules.
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "pytest", "-q"]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # The table alone goes to stdout.
    subprocess.run([*command, "--collect-only"], check=True, stdout=subprocess.DEVNULL, cwd=root, env=environ)
    before = _cpu()
    subprocess.run(command, check=True, stdout=sys.stderr, cwd=root, env=environ)
    yield Row("the default test run, CPU", _cpu() - before, "s", 240)


def _cpu() -> float:
    """Seconds of all child processes that have ended."""
    try:
        # Chromium's renderers end after their parent, and count when they are waited for.
        while True:
            os.wait()
    except ChildProcessError:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
