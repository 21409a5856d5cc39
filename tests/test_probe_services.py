"""The probe's questions to krewData and TROCCO, against the emulators: the report says how their switches are set."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.config import read_config
from generator.network import Network
from generator.probe.facts import FACTS
from generator.probe.http import Caller, Findings, answer_of
from generator.probe.krewdata import KrewDataProbe
from generator.probe.trocco import TroccoProbe
from generator.running_preview import find_preview
from generator.stub.configured import stub_for
from generator.stub.server import serve
from generator.stub.services.krewdata import STAND_IN as SERIAL
from generator.stub.services.trocco import STAND_IN as KEY
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock
from generator.units.krewdata import KrewDataUnit

UNITS = """version: 1
plugin: {name: Test, version: 1, key: private.ppk}
apps:
  - app: 45
    name: orders
    units:
      - id: test
        service: krewdata
        url: https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn
        krewdata_app_url: https://secret-domain.cybozu.com/k/123
        record: none
      - {id: load, service: trocco-job, job_definition_id: 7731}
"""
# The probe's sleeps move the emulator's clock.
TURNED: dict[str, dict[str, Any]] = {
    "krewdata": {
        "http_status": "200",
        "checks": "licence first",
        "burn_token_on_error": True,
        "conflict": "134",
        "status_token": "own",
        "strict_app_id": True,
    },
    "trocco": {
        "unknown_definition": "403",
        "skipped_in_answer": True,
        "started_at_while_running": False,
        "body_parameters": False,
    },
}
# Their observation is too costly for the probe, or another one prevents it.
UNSEEN = {"krewdata.status_token_expires", "krewdata.rate", "trocco.unreadable"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "units.yaml"
    path.write_text(UNITS, encoding="utf-8")
    return path


@contextmanager
def services(config: Path) -> Iterator[tuple[Stub, Caller, str]]:
    stub = stub_for(read_config(config, {}), lambda _: Script(), Clock())
    with serve(stub) as address, closing(Caller(Network(), find_preview(address))) as caller:
        yield stub, caller, address
    assert stub.unknown == []


def krewdata(stub: Stub, caller: Caller, config: Path, **allowed: bool) -> Findings:
    unit = read_config(config, {}).apps[0].units[0]
    assert isinstance(unit, KrewDataUnit)
    asked = KrewDataProbe(unit, 45, SERIAL, caller, sleep=stub.clock.advance)
    return asked.look(**{"allow_run": False, "allow_disable": False, **allowed})


def trocco(stub: Stub, caller: Caller, _: Path, **allowed: bool) -> Findings:
    return TroccoProbe("https://trocco.io", KEY, 7731, caller, sleep=stub.clock.advance).look(
        **{"allow_run": False, **allowed}
    )


PROBES: dict[str, Callable[..., Findings]] = {"krewdata": krewdata, "trocco": trocco}


def set_in(stub: Stub, service: str) -> dict[str, str]:
    return {
        fact.name: fact.set_in(stub)
        for fact in FACTS
        if fact.part == service and fact.switch and fact.name not in UNSEEN
    }


def turn(stub: Stub, service: str, turned: dict[str, Any]) -> None:
    emulator: Any = stub.services[service]
    for name, value in turned.items():
        assert getattr(emulator.switches, name) != value
        setattr(emulator.switches, name, value)


@pytest.mark.parametrize("service", PROBES)
@pytest.mark.parametrize("turns", [False, True])
def test_the_report_says_how_the_switches_are_set(config: Path, service: str, turns: bool) -> None:
    with services(config) as (stub, caller, address):
        if turns:
            turn(stub, service, TURNED[service])
        found = PROBES[service](stub, caller, config, allow_run=True)
        known = set_in(stub, service)
        assert {name: found.facts.get(name) for name in known} == known
        text = json.dumps([found.facts, found.observations])
        words = {SERIAL, KEY, "secret-domain", "abcdefghijklmn", "7731", address, "127.0.0.1", "krewdata.grapecity"}
        assert [word for word in words if word in text] == []


def test_a_conflict_without_task_id_is_told_apart(config: Path) -> None:
    with services(config) as (stub, caller, _):
        turn(stub, "krewdata", {"conflict": "409-without-task-id"})
        found = krewdata(stub, caller, config, allow_run=True)
        assert found.facts["krewdata.conflict"] == "409-without-task-id"


@pytest.mark.parametrize("unreadable", ["403", "401"])
def test_a_key_that_may_start_only_is_told(config: Path, unreadable: Any) -> None:
    with services(config) as (stub, caller, _):
        emulator: Any = stub.services["trocco"]
        emulator.japan.switches.unreadable = unreadable
        emulator.japan.api_keys[KEY].may_read = False
        assert trocco(stub, caller, config, allow_run=True).facts["trocco.unreadable"] == unreadable


@pytest.mark.parametrize("rate", ["429", "failure"])
def test_the_sixth_run_is_tried_only_where_it_is_allowed(config: Path, rate: Any) -> None:
    with services(config) as (stub, caller, _):
        emulator: Any = stub.services["krewdata"]
        emulator.switches.rate = rate
        emulator.units["abcdefghijklmn"].flows[0].seconds = emulator.units["abcdefghijklmn"].flows[1].seconds = 1
        assert "krewdata.rate" not in krewdata(stub, caller, config).facts
        assert krewdata(stub, caller, config, allow_disable=True).facts["krewdata.rate"] == rate


@pytest.mark.parametrize("service", PROBES)
def test_without_leave_nothing_runs(config: Path, service: str) -> None:
    with services(config) as (stub, caller, _):
        PROBES[service](stub, caller, config)
        emulator: Any = stub.services[service]
        assert (emulator.runs if service == "krewdata" else emulator.japan.jobs) == []


@pytest.mark.parametrize(("service", "unit"), [("krewdata", "orders/test"), ("trocco", "orders/load")])
def test_the_command_prints_a_report_that_compare_reads(config: Path, tmp_path: Path, service: str, unit: str) -> None:
    with services(config) as (_, _, address):
        asked = ["--direct", service, "--unit", unit, "--config", str(config), "--preview", address]
        done = CliRunner().invoke(main, ["probe", *asked])
    assert done.exit_code == 0
    report = tmp_path / "report.json"
    report.write_text(done.stdout, encoding="utf-8")
    compared = CliRunner().invoke(main, ["probe", "--compare", str(report)])
    assert (compared.exit_code, compared.stdout) == (0, "")
    assert "0 of" in compared.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--direct", "krewdata"], "needs --unit"),
        (["--direct", "trocco"], "needs --unit"),
        (["--direct", "krewdata", "--unit", "orders/load"], "must be krewdata"),
        (["--direct", "trocco", "--unit", "orders/test"], "must be trocco-job"),
        (["--direct", "trocco", "--unit", "orders/none"], "no such button"),
        (["--direct", "trocco", "--unit", "orders/load"], "TROCCO_API_KEY: is not set"),
        (["--direct", "trocco", "--unit", "orders/load", "--preview", "http://127.0.0.1:1"], "no preview at "),
    ],
)
def test_what_is_missing_is_said_in_a_line(
    config: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], words: str
) -> None:
    monkeypatch.delenv("TROCCO_API_KEY", raising=False)
    done = CliRunner().invoke(main, ["probe", *options, "--config", str(config)])
    assert done.exit_code == 1
    assert words in done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("content", [b"<html>", b"[" * 100_000, b"\xff"])
def test_an_answer_that_is_no_json_has_no_body(content: bytes) -> None:
    assert answer_of(httpx.Response(502, content=content), 0).shape() | {"ms": 0} == {
        "status": 502,
        "keys": "NoneType",
        "ms": 0,
    }
