"""`runbutton run` as a command: its records, a preview, exit codes, the JSON object, and early ends."""

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.assets import TEMPLATES
from generator.stub.tenant import Stub
from generator.stub.wire import Clock
from tests.forked import runbutton
from tests.host import Host
from tests.running import KEYS, POSIX, Hurrying, make_project, make_time_fly, only_object, preview_of, run

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path, monkeypatch)
    make_time_fly(monkeypatch)
    return tmp_path


@pytest.fixture
def stub(project: Path) -> Stub:
    return preview_of(project)


@pytest.fixture
def address(stub: Stub, host: Host) -> Iterator[str]:
    with host.serve(stub) as address:
        yield address


# --- exit codes and --json


@pytest.mark.parametrize(
    ("end", "outcome", "code"),
    [("succeeded", "succeeded", 0), ("error", "failed", 3), ("canceled", "failed", 3), ("skipped", "not started", 4)],
)
def test_an_exit_code_means_one_thing(address: str, stub: Stub, end: str, outcome: str, code: int) -> None:
    stub.services["trocco"].choose(10, end)
    result = run("orders/load", "--preview", address, "--json", "--lang", "en")
    told = only_object(result.stdout)
    assert (result.exit_code, told["exit_code"], told["outcome"], told["state"] == end or end == "error") == (
        *(code, code),
        outcome,
        True,
    )
    assert bool(told["reason"]) == (code != 0)


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["orders/load", "--config", "none.yaml"], 1, "no such file"),
        (["orders/none"], 1, "no such button; allowed: "),
        (["orders/load", "--env-file", "none.env"], 1, "no such file"),
        (["orders/load", "--lang", "fr"], 2, "--lang must be one of ja, en"),
        (["orders/load", "--nonsense"], 2, "unknown option --nonsense"),
        ([], 2, "missing argument APP/UNIT"),
        (["orders/load", "more"], 2, "unexpected argument more"),
        (["orders/recalculate", "--record", "none.json"], 1, "cannot read: "),
    ],
)
def test_json_is_one_object_where_nothing_was_tried(arguments: list[str], code: int, reason: str) -> None:
    result = run(*arguments, "--json")
    told = only_object(result.stdout)
    assert (result.exit_code, told["exit_code"], told["outcome"], told["started"]) == (code, code, "error", False)
    assert reason.lower() in told["reason"].lower()


def test_the_guide_names_every_key_of_the_object() -> None:
    for language in ("en", "ja"):
        text = (TEMPLATES / "guide" / language / "terminal-and-ci.md").read_text(encoding="utf-8")
        assert re.findall(r"^\| `(\w+)` \|", text, re.M) == KEYS
        codes = re.findall(r"^\| (\d+)(?:, (\d+))? \|", text, re.M)
        assert [code for row in codes for code in row if code] == ["0", "1", "2", "3", "4", "5", "130", "143"]


# --- krewData's limit


def test_the_terminal_keeps_krewdatas_limit_and_says_that_it_waits(
    address: str, stub: Stub, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hurrying, "now", Clock.now)
    stub.services["krewdata"].choose(0, "Success")
    arguments = ["orders/recalculate", "--record", "record.json", "--preview", address, "--lang", "en"]
    for _ in range(4):
        assert run(*arguments, "--no-wait").exit_code == 0
    refused = run(*arguments, "--no-wait", "--json")
    told = only_object(refused.stdout)
    assert (refused.exit_code, told["outcome"]) == (4, "not started")
    assert told["reason"] == "It was run too many times in a short period."
    assert "You can run it again in" in told["words"][-1]
    waited = run(*arguments)
    assert waited.exit_code == 0, waited.output
    lines = [line for line in waited.stderr.splitlines() if "Starting in" in line]
    assert lines[0].startswith("The limit of runs in a short time is reached. Starting in ")
    assert (project / "state" / "starts.sqlite3").is_file()


def test_where_starts_cannot_be_counted_it_is_said_and_the_run_goes_on(address: str, project: Path) -> None:
    (project / "state").touch()
    result = run("orders/recalculate", "--record", "record.json", "--preview", address)
    assert result.exit_code == 0
    assert "warning: starts cannot be counted" in result.stderr


# --- early ends


@pytest.fixture
def following(stub: Stub, address: str) -> Iterator["subprocess.Popen[str]"]:
    """A run in a separate process that was accepted and does not end by itself."""
    for service in stub.services.values():
        service.choose(1_000_000, next(iter(service.ends)))
    command = runbutton("run", "orders/load", "--preview", address, "--lang", "en", "--json")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment()
    ) as process:
        deadline = time.monotonic() + 60
        while not any(call.call == "job" for call in stub.proxy.calls):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
        yield process
        process.kill()


def environment() -> dict[str, str]:
    return {**os.environ, "XDG_STATE_HOME": "state"}


@POSIX
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 143)])
def test_a_signal_says_that_the_run_goes_on(following: "subprocess.Popen[str]", name: str, code: int) -> None:
    following.send_signal(getattr(signal, name))
    out, err = following.communicate(timeout=60)
    told = only_object(out)
    assert (following.returncode, told["exit_code"], told["outcome"]) == (code, code, "interrupted")
    assert (told["started"], told["reason"]) == (True, "Interrupted. The run continues in the service.")
    assert "Interrupted. The run continues in the service." in err
    assert "https://trocco.io/jobs/" in told["link"]
    assert "Traceback" not in err


@POSIX
@pytest.mark.parametrize(
    ("line", "end", "code"),
    [
        ("--json | true", "succeeded", 0),
        ("--json | true", "error", 3),
        ("2>&1 | true", "succeeded", 0),
        ("2>&1 | head -1", "error", 3),
        ("--json >&-", "error", 3),
        ("--json >&- 2>&-", "succeeded", 0),
        ("2>&-", "error", 3),
        pytest.param("--json >/dev/full", "succeeded", 0, marks=FULL),
        pytest.param("2>/dev/full", "error", 3, marks=FULL),
    ],
)
def test_a_reader_that_has_gone_changes_no_exit_code(stub: Stub, address: str, line: str, end: str, code: int) -> None:
    stub.services["trocco"].choose(2, end)
    command = f"{shlex.join(runbutton('run', 'orders/load', '--preview', address))} {{}}; echo $? >code"
    inner, pipe, reader = line.partition(" | ")
    written = f"({command.format(inner)}){pipe}{reader}" if pipe else command.format(line)
    shell = ["/bin/sh", "-c", written]
    done = subprocess.run(shell, capture_output=True, encoding="utf-8", check=False, env=environment())
    assert Path("code").read_text() == f"{code}\n"
    assert "Traceback" not in done.stdout + done.stderr
    assert "Exception ignored" not in done.stdout + done.stderr
    if "/dev/full" in line and "--json" in line:
        assert "error: cannot write the result: No space left on device" in done.stderr
