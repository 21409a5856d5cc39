"""`runbutton run`, against the emulated services on a real server: exit codes, messages, and requests."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import generator.run
from generator.masking import Mask
from generator.network import Network
from generator.run import Way
from generator.running_preview import find_preview
from generator.stub.services.trocco import STAND_IN
from generator.stub.tenant import Stub
from tests.forked import runbutton
from tests.host import Host
from tests.loopback import environ
from tests.running import TROCCO_UNIT, make_project, make_time_fly, preview_of, run
from tests.test_cli_deploy import ctrl_c


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


@pytest.mark.parametrize("unit", ["recalculate", "load", "nightly"])
def test_a_run_that_succeeds_says_so_in_either_language_and_exits_with_0(address: str, unit: str) -> None:
    for lang, words in (("ja", "完了しました"), ("en", "Done")):
        result = run(f"orders/{unit}", "--record", "record.json", "--preview", address, "--lang", lang)
        assert (result.exit_code, result.stdout) == (0, "")
        assert words in result.stderr
        assert "fake-api-key-123" not in result.stderr


@pytest.mark.parametrize(
    ("unit", "service", "end"),
    [
        ("recalculate", "krewdata", "Failure"),
        ("load", "trocco", "error"),
        ("load", "trocco", "canceled"),
        ("nightly", "trocco", "error"),
    ],
)
def test_a_run_that_fails_exits_with_3(stub: Stub, address: str, unit: str, service: str, end: str) -> None:
    stub.services[service].choose(10, end)
    result = run(f"orders/{unit}", "--record", "record.json", "--preview", address, "--json")
    assert result.exit_code == 3, result.output
    told = json.loads(result.stdout)
    assert (told["outcome"], told["app"], told["unit"]) == ("failed", "orders", unit)
    assert told["words"]


def test_a_refused_start_exits_with_4_and_says_that_nothing_was_run(address: str, project: Path) -> None:
    content = (project / "units.yaml").read_text(encoding="utf-8").replace("123\n", "124\n")
    (project / "units.yaml").write_text(content, encoding="utf-8")
    result = run("orders/load", "--preview", address, "--lang", "en", "--json")
    assert result.exit_code == 4
    assert json.loads(result.stdout)["outcome"] == "not started"


def test_a_unit_that_needs_a_record_asks_for_it(address: str) -> None:
    result = run("orders/recalculate", "--preview", address, "--lang", "en")
    assert result.exit_code == 4
    assert "--record" in result.stderr


def test_the_record_is_read_from_kintone(address: str) -> None:
    result = run("orders/recalculate", "--record", "1", "--preview", address, "--json", env=environ(address))
    assert result.exit_code == 0, result.output


def test_the_secret_of_a_plug_ins_unit_comes_from_the_environment_or_is_asked_for(
    address: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = {key: value for key, value in TROCCO_UNIT.items() if key != "api_key"}
    content = {
        "version": 1,
        "plugin": {"name": {"en": "Run"}, "key": "private.ppk"},
        "apps": [{"app": 45, "name": "orders", "units": [unit]}],
    }
    (project / "units.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    lead_to(address, monkeypatch)
    asked = run("orders/load", "--json", input_text=f"{STAND_IN}\n")
    assert asked.exit_code == 0, asked.output
    assert STAND_IN not in asked.output
    assert run("orders/load", env={"TROCCO_API_KEY": STAND_IN}).exit_code == 0
    wrong = run("orders/load", "--json", env={"TROCCO_API_KEY": "not-this-one"})
    assert wrong.exit_code == 4
    assert "not-this-one" not in wrong.output
    with monkeypatch.context() as patched:
        patched.setattr(click, "prompt", ctrl_c)
        assert run("orders/load").exit_code == 130


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["orders/nothing"],
            "orders/nothing: no such button; allowed: orders/recalculate, orders/load, orders/nightly",
        ),
        (["orders/load", "--record", "no.json"], "no.json: cannot read: "),
        (["orders/load", "--record", "units.yaml"], "units.yaml: not valid JSON at line 1, column "),
        (["orders/load", "--env-file", "no.env"], "no.env:1:1: no such file; check --env-file"),
    ],
)
def test_what_was_given_wrong_is_one_line_and_exit_code_1(arguments: list[str], line: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1].removeprefix("error: ").startswith(line)
    assert isinstance(result.exception, SystemExit)


def test_json_that_is_no_record_is_refused(project: Path) -> None:
    (project / "record.json").write_text('{"部門名": "営業"}', encoding="utf-8")
    result = run("orders/load", "--record", "record.json")
    assert result.exit_code == 1
    assert "record.json: not a record; must be " in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C of another process is POSIX's SIGINT")
def test_ctrl_c_stops_following_and_says_that_the_run_goes_on(stub: Stub, address: str) -> None:
    for definition in stub.services["trocco"].japan.pipeline_definitions.values():
        definition.seconds = 1_000_000  # It does not end before the signal comes, however slow the machine is.
    command = runbutton("run", "orders/nightly", "--preview", address, "--lang", "en")
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr is not None
        assert any("Waiting" in line or "Accepted" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "The run continues in the service." in rest
    assert "https://trocco.io/pipeline_jobs/" in rest
    assert "Traceback" not in rest


def lead_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Redirects requests for the services to the emulated ones at this address."""
    preview = find_preview(address)

    def way(network: Network, mask: Mask, leading_to: Any = preview.leading_to, **more: Any) -> Way:
        return Way(network, mask, leading_to, **more)

    monkeypatch.setattr(generator.run, "Way", way)
