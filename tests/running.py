"""Shared by the tests of `runbutton run`: a project, the command in this process, and a fast clock."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from click.testing import CliRunner, Result

import generator.run
from generator.cli import main
from generator.config import read_config
from generator.customization import terminal_program
from generator.stub.configured import configure, stub_for, with_stand_ins
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock
from tests.conftest import KREWDATA_UNIT

TROCCO_UNIT = {"id": "load", "service": "trocco-job", "job_definition_id": 123, "api_key": "fake-api-key-123"}
WORKFLOW = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45, "api_key": "fake-api-key-123"}
RECORD = {"部門名": {"type": "SINGLE_LINE_TEXT", "value": "営業"}, "入荷日": {"type": "DATE", "value": "2026-11-01"}}

KEYS = [
    *("app", "unit", "outcome", "exit_code", "reason", "started_at", "ended_at", "seconds"),
    *("state", "started", "line", "steps", "words", "own", "link"),
]
"""The keys of the object that `--json` prints."""

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="these signals and this shell are POSIX's")

T = TypeVar("T")

# Waits end immediately, one after the other, except the timeout of a call, 3 minutes.
TIME_FLIES = """
(() => {
  const later = setTimeout;
  const waits = [];
  let now = Date.now();
  Date.now = () => now;
  globalThis.setTimeout = (call, delay) => {
    if (delay < 150000) {
      waits.push({ due: now + delay, call });
      later(() => {
        const next = waits.sort((a, b) => a.due - b.due).shift();
        now = Math.max(now, next.due);
        next.call();
      }, 1);
    }
  };
})();
"""


class Hurrying(Clock):
    """The services' clock: each read adds one second."""

    def now(self) -> datetime:
        self.advance(1)
        return super().now()


def make_project(folder: Path, monkeypatch: pytest.MonkeyPatch, *units: dict[str, Any], **app_keys: Any) -> None:
    """A units.yaml with these units of app 45, `orders`, and a record.json, in the folder that becomes the current one.
    `app_keys` are more keys of the app.

    Starts are counted in it too, not in the folder of the user who runs the tests.
    """
    app = {"app": 45, "name": "orders", "target": "script", "expose_secrets": True, **app_keys}
    content = {"version": 1, "apps": [{**app, "units": [*(units or (dict(KREWDATA_UNIT), TROCCO_UNIT, WORKFLOW))]}]}
    (folder / "units.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    (folder / "record.json").write_text(json.dumps({"record": RECORD}), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: folder / "state")
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "KINTONE_USERNAME", "KINTONE_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def preview_of(project: Path) -> Stub:
    """What a preview of the project serves, with the services' clock in a hurry."""
    stub = stub_for(None, lambda _: Script(), Hurrying(), panel=True)
    configure(stub, with_stand_ins(read_config(project / "units.yaml", {}), stub.services))
    return stub


def make_time_fly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the engine's waits be over at once."""
    program = terminal_program
    monkeypatch.setattr(generator.run, "terminal_program", lambda *args, **more: TIME_FLIES + program(*args, **more))


def run(
    *arguments: str, env: dict[str, str] | None = None, input_text: str | bytes | None = None, command: str = "run"
) -> Result:
    """`runbutton run`, or another command, with these arguments."""
    return in_thread(lambda: CliRunner().invoke(main, [command, *arguments], env=env, input=input_text))


def only_object(text: str) -> dict[str, Any]:
    """The one object that `--json` prints, in one line, with all its keys."""
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1
    told: dict[str, Any] = json.loads(text)
    assert list(told) == KEYS
    began, ended = (datetime.fromisoformat(told[key]) for key in ("started_at", "ended_at"))
    assert began.tzinfo is not None
    assert told["seconds"] == pytest.approx((ended - began).total_seconds(), abs=0.002)
    assert isinstance(told["reason"], str)
    return told


def in_thread(work: Callable[[], T]) -> T:
    """If a browser was started in this process, the main thread already has an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
