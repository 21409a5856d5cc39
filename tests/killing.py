"""What test_kills.py kills: scenarios, a kintone and a folder for each case, and the command line in its process."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from generator.config import parse_config
from generator.signing import new_key
from generator.stub.rest import Settings
from generator.units.config import Config
from tests import killed
from tests.conftest import KREWDATA_UNIT
from tests.deploying import FOREIGN, STYLE, URL, Bench, Lists
from tests.loopback import Loopback, environ

KEY = new_key()
ID = KEY.id
THEIRS: Lists = {("desktop", "js"): (URL, FOREIGN), ("mobile", "css"): (STYLE,)}


def config_text(*apps: tuple[int, str, str], label: str = "Run", version: int = 1) -> str:
    """units.yaml with these apps: ID, name and target; each has one unit."""
    shown: dict[str, Any] = {"version": 1, "apps": []}
    for app, name, target in apps:
        unit = dict(KREWDATA_UNIT) | {"label": label, "record": "none"}
        if target == "plugin":
            unit.pop("serial_number")
            shown["plugin"] = {"name": {"en": "Run"}, "version": version, "key": "private.ppk"}
        secrets = {"expose_secrets": True} if target == "script" else {}
        shown["apps"].append({"app": app, "name": name, "target": target, **secrets, "units": [unit]})
    return yaml.safe_dump(shown, allow_unicode=True, sort_keys=False)


BOTH = ((45, "orders", "script"), (46, "stock", "script"))
MIXED = ((45, "orders", "script"), (46, "stock", "plugin"))
PLUGINS = ((45, "orders", "plugin"), (46, "stock", "plugin"))

SCENARIOS: Mapping[str, tuple[str | None, str]] = {
    "two new apps": (None, config_text(*BOTH)),
    "two changed apps": (config_text(*BOTH), config_text(*BOTH, label="Again")),
    "a script and a plug-in": (None, config_text(*MIXED)),
    "a newer plug-in": (config_text(*PLUGINS), config_text(*PLUGINS, version=2)),
    "from script to plug-in": (config_text(*BOTH), config_text(*MIXED)),
}
"""What was deployed before, and what the run that is killed deploys."""


@dataclass
class Case:
    """A kintone and a folder in the state before the run that is killed."""

    loopback: Loopback
    bench: Bench
    config: Config
    files: Mapping[str, bytes]

    def deploy(self) -> list[str]:
        return self.bench.deploy(list(self.config.apps), self.files).lines

    def content(self) -> tuple[Any, ...]:
        """The live and the pending settings of both apps."""
        found: list[Any] = []
        for app in (45, 46):
            current = self.loopback.rest.current_app(app)
            found += [_shown(current.live or Settings()), _shown(current.preview)]
        installed = self.loopback.rest.plugins.get(ID)
        return (*found, installed.version if installed else None)


def _shown(settings: Settings) -> tuple[Any, ...]:
    lists = {place: entries for place, entries in settings.lists.items() if entries}
    return (settings.scope, lists, settings.plugins)


@lru_cache
def parsed(text: str) -> Config:
    return parse_config(text, "units.yaml", {})


def killed_at(case: Case, command: str, at: int, *, answered: bool) -> bool:
    """Runs the command and kills it at its request number `at`, before its answer or after it; whether it got there."""
    process, said = _process(case, command)
    lock = threading.Lock()
    count = 0

    def watch(_method: str, _path: str, answer: Callable[[], None]) -> None:
        nonlocal count
        with lock:
            count += 1
            this = count
        if this == at and not answered:
            process.kill()
        elif this < at or (this == at and answered):
            answer()
        if this == at and answered:
            process.kill()

    case.loopback.watch = watch
    _run_to_its_end(process)
    case.loopback.watch = lambda _method, _path, answer: answer()
    if count < at:
        assert process.exitcode == 0, said.read_text(encoding="utf-8")
    return count >= at


def stopped_at(case: Case, method: str, path: str) -> str:
    """Runs a deploy, ends it by SIGTERM after a request, checks exit code 1, and returns its output."""
    process, said = _process(case, "deploy")
    ended = threading.Event()

    def watch(asked: str, address: str, answer: Callable[[], None]) -> None:
        if asked == method and address.endswith(path):
            process.terminate()
            ended.wait(20)
        else:
            answer()

    case.loopback.watch = watch
    _run_to_its_end(process)
    ended.set()
    case.loopback.watch = lambda _method, _path, answer: answer()
    assert process.exitcode == 1
    return said.read_text(encoding="utf-8")


def _process(case: Case, command: str) -> tuple[Any, Path]:
    variables = {"PATH": os.environ["PATH"], **environ(case.loopback.address)}
    said = case.bench.folder / "said.txt"
    arguments = (str(case.bench.folder), [command, "--yes"], variables, str(said))
    return _forked().Process(target=killed.run, args=arguments), said


def _run_to_its_end(process: Any) -> None:
    process.start()
    process.join(60)
    if process.exitcode is None:
        process.kill()
        raise AssertionError("the command hangs")


@lru_cache
def _forked() -> Any:
    """Processes that have the command line loaded already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killed_server"])
    return context
