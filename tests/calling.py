"""A project and a kintone for the tests of the commands that deploy, as a person at a terminal meets them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click.testing
import pytest
import yaml
from click.testing import CliRunner

from generator.cli import main
from generator.kintone.client import Kintone
from tests.conftest import KREWDATA_UNIT
from tests.deploying import Bench
from tests.loopback import Loopback, environ

Called = Callable[..., click.testing.Result]


@contextmanager
def project_bench(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A kintone, and a config in the folder's project/; the folder is the current one."""
    with Loopback(45, 46) as loopback:
        project = folder / "project"
        project.mkdir()
        write_config(project, "orders")
        monkeypatch.chdir(folder)
        monkeypatch.setitem(Kintone.__init__.__kwdefaults__, "pause", loopback.clock.advance)
        yield Bench(loopback, project)


def command_line(bench: Bench) -> Called:
    """Runs the command line with the stub's address."""

    def call(*arguments: str, answer: str = "", **settings: str | None) -> click.testing.Result:
        return CliRunner().invoke(main, arguments, input=answer, env=environ(bench.loopback.address) | settings)

    return call


def write_config(folder: Path, *names: str, label: str = "Run") -> None:
    unit = dict(KREWDATA_UNIT) | {"label": label}
    apps = [
        {"app": 45 + index, "name": name, "target": "script", "expose_secrets": True, "units": [unit]}
        for index, name in enumerate(names)
    ]
    (folder / "units.yaml").write_text(
        yaml.safe_dump({"version": 1, "apps": apps}, allow_unicode=True), encoding="utf-8"
    )


def built(called: Called, *arguments: str) -> None:
    assert called("build", "project/units.yaml", *(arguments or ("--out", "project/dist"))).exit_code == 0


def scripts(bench: Bench) -> list[str]:
    return [entry if isinstance(entry, str) else entry.name for entry in bench.live().get(("desktop", "js"), ())]
