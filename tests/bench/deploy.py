"""deploy of many apps with 80 ms latency, against `cli-kintone customize apply`: `python -m tests.bench.deploy`."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from generator.build import make, write
from generator.deploy.apply import apply
from generator.deploy.past import read_past
from generator.deploy.plan import Built, plan_deploy
from generator.kintone.client import Kintone
from generator.kintone.connection import read_connection
from generator.units.config import Config
from tests.conftest import KREWDATA_UNIT, config_from
from tests.loopback import Loopback, environ
from tests.node import program

APPS = 50
LATENCY = 0.08  # seconds
COMPARED = 3  # apps that cli-kintone is timed over


def config(label: str) -> Config:
    """Fifty apps with one unit each."""
    unit = dict(KREWDATA_UNIT) | {"label": label}
    apps = [
        {"app": app, "name": f"app-{app}", "target": "script", "expose_secrets": True, "units": [unit]}
        for app in range(1, APPS + 1)
    ]
    return config_from({"version": 1, "apps": apps})


class Bench:
    """A kintone with late answers, and a log of its requests."""

    def __init__(self, loopback: Loopback, folder: Path) -> None:
        self.loopback = loopback
        self.folder = folder
        loopback.watch = self._late

    def _late(self, _method: str, _path: str, answer: Callable[[], None]) -> None:
        time.sleep(LATENCY)
        answer()

    def timed(self, what: str, act: Callable[[], object], *, times: float = 1) -> None:
        """Prints how long it took and how many requests, both multiplied by `times`."""
        self.loopback.rest.requests.clear()
        start = time.perf_counter()
        act()
        took = time.perf_counter() - start
        requests = len(self.loopback.rest.requests)
        sys.stdout.write(f"| {what} | {took * times:.1f} s | {requests * times:.0f} |\n")
        sys.stdout.flush()

    def deploy(self, built: Built, folder: str = "here", only: str | None = None) -> None:
        """A whole deploy with the pauses that it really makes."""
        with Kintone(read_connection(environ(self.loopback.address)), lambda _: None) as kintone:
            past = read_past(self.folder / folder, "units.yaml", kintone.connection.address)
            plan = plan_deploy(kintone, built, past, only=only)
            apply(kintone, plan, past, datetime.now(UTC))

    def cli_kintone(self, dist: Path) -> None:
        """The official tool over a few apps, one after the other, as it has to be called."""
        for app in range(1, COMPARED + 1):
            manifest = str(dist / f"app-{app}" / "customize-manifest.json")
            command = [program("cli-kintone"), "customize", "apply", "--input", manifest, "--app", str(app), "--yes"]
            subprocess.run(command, check=True, capture_output=True, env=os.environ | environ(self.loopback.address))


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as name, Loopback(*range(1, APPS + 1)) as loopback:
        folder = Path(name)
        bench = Bench(loopback, folder)
        first, second = (Built(each.apps, make(each)) for each in (config("Run"), config("Again")))
        write(first.files, folder / "dist")
        sys.stdout.write(f"| {APPS} apps, {LATENCY * 1000:.0f} ms latency | time | requests |\n|---|---|---|\n")
        bench.timed(f"{APPS} apps, first deploy", lambda: bench.deploy(first))
        bench.timed(f"{APPS} apps, nothing changed", lambda: bench.deploy(first))
        bench.timed(f"{APPS} apps, nothing changed, without a journal", lambda: bench.deploy(first, "elsewhere"))
        bench.timed(f"{APPS} apps, all changed", lambda: bench.deploy(second))
        bench.timed("1 app, nothing changed", lambda: bench.deploy(second, only="app-1"))
        bench.timed(
            "1 app, nothing changed, without a journal", lambda: bench.deploy(second, "elsewhere", only="app-1")
        )
        bench.timed(f"{APPS} apps, all changed, without a journal", lambda: bench.deploy(first, "elsewhere"))
        what = f"{APPS} apps, cli-kintone customize apply ({COMPARED} apps × {APPS / COMPARED:.1f})"
        bench.timed(what, lambda: bench.cli_kintone(folder / "dist"), times=APPS / COMPARED)


if __name__ == "__main__":
    main()
