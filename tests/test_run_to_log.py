"""`runbutton run` writes the same log as the pages, and takes the same lock: against a preview's records."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.stub.people import person
from generator.stub.rest import Actor, Addition, ApiToken, Records
from generator.stub.tenant import Stub
from tests.host import Host
from tests.running import TROCCO_UNIT, make_project, make_time_fly, preview_of, run

LOG = 90


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_time_fly(monkeypatch)
    for name in ("KINTONE_BASE_URL", "KINTONE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    exclusive = {**TROCCO_UNIT, "id": "alone", "at_once": "one"}
    make_project(tmp_path, monkeypatch, TROCCO_UNIT, exclusive, log={"app": LOG})
    return tmp_path


@pytest.fixture
def stub(project: Path) -> Stub:
    return preview_of(project)


@pytest.fixture
def address(stub: Stub, host: Host) -> Iterator[str]:
    with host.serve(stub) as served:
        yield served
    assert stub.unknown == []


def rows(stub: Stub) -> list[dict[str, Any]]:
    return [{code: cell["value"] for code, cell in record.items()} for record in stub.apps[LOG].records.values()]


def hold(stub: Stub, lock: str, started_at: str) -> None:
    """Kato's page has begun a run at this time."""
    values = {
        "run_key": "katos", "lock": lock, "unit": "alone", "label": "Load", "service": "TROCCO", "app_id": "45",
        "state": "running", "started_at": started_at,
    }  # fmt: skip
    cells = {code: {"value": value} for code, value in values.items()}
    Records(stub.rest, LOG, Actor(person("kato"))).put([Addition(cells)], lambda _: "record")
    (record,) = stub.apps[LOG].records.values()
    record["作成日時"]["value"] = started_at


@pytest.mark.parametrize(("unit", "record"), [("load", None), ("load", "1"), ("alone", "1")])
def test_a_run_in_the_terminal_is_a_record_too(address: str, stub: Stub, unit: str, record: str | None) -> None:
    where = ["--record", record] if record else []
    assert run(f"orders/{unit}", *where, "--preview", address, "--lang", "en").exit_code == 0
    [row] = rows(stub)
    assert (row["state"], row["lock"], row["unit"], row["record_id"]) == ("succeeded", "", unit, record or "")
    assert row["record"] == f"{address}/k/45/" + (f"show#record={record}" if record else "")
    assert row["作成者"]["code"] == "admin"
    assert row["message"].startswith("Done (")


def test_a_run_that_a_person_has_begun_keeps_cron_out(address: str, stub: Stub) -> None:
    hold(stub, "45:alone#1", stub.clock.now().strftime("%Y-%m-%dT%H:%M:00Z"))
    result = run("orders/alone", "--preview", address, "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["outcome"], stub.requests) == (4, "not started", [])
    assert told["reason"].startswith("加藤 美咲 started it at ")
    assert len(rows(stub)) == 1


def test_a_lock_that_has_expired_does_not(address: str, stub: Stub) -> None:
    hold(stub, "45:alone#1", "2026-01-01T00:00:00Z")
    assert run("orders/alone", "--preview", address).exit_code == 0
    assert [(row["state"], row["lock"]) for row in rows(stub)] == [("running", "45:alone#1"), ("succeeded", "")]


def test_a_start_that_is_refused_gives_the_lock_back(address: str, stub: Stub) -> None:
    assert stub.choices is not None
    stub.choices.choose({"call": "trocco/start", "how": "row-unauthorized", "always": True})
    assert run("orders/alone", "--preview", address).exit_code == 4
    assert [(row["state"], row["lock"]) for row in rows(stub)] == [("failed", "")]


@pytest.mark.parametrize(("unit", "code", "words"), [
    ("load", 0, "実行記録を保存できませんでした"),
    ("alone", 4, "ほかの人の実行を確認できないため、開始しませんでした。"),
])  # fmt: skip
def test_without_rights_in_the_log_app_only_exclusive_runs_do_not_start(
    address: str, stub: Stub, unit: str, code: int, words: str
) -> None:
    stub.rest.apps[LOG].live = None
    result = run(f"orders/{unit}", "--preview", address, "--lang", "ja")
    assert (result.exit_code, words in result.output) == (code, True)


def test_an_api_token_of_the_log_app_is_enough(address: str, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    stub.rest.api_tokens["fake-token"] = ApiToken(LOG, frozenset({"view", "add", "edit"}))
    settings = {"KINTONE_BASE_URL": address, "KINTONE_API_TOKEN": "fake-token"}
    monkeypatch.setattr("generator.running_preview.RunningPreview.settings", settings)
    result = run("orders/alone", "--preview", address)
    assert result.exit_code == 0
    [row] = rows(stub)
    assert (row["state"], row["lock"], row["作成者"]["code"]) == ("succeeded", "", "Administrator")
    assert "fake-token" not in result.output


def test_without_kintones_address_a_run_goes_on_and_says_what_is_missing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.running_preview.RunningPreview.settings", {})
    result = run("orders/load", "--preview", address, "--lang", "en")
    assert result.exit_code == 0
    assert "The run could not be recorded" in result.output
    assert "KINTONE_BASE_URL" in result.output


MONTH = {"name": "month", "label": {"ja": "対象月", "en": "Month"}, "type": "text"}
ASKING = {**TROCCO_UNIT, "ask": [MONTH], "custom_variables": [{"name": "$month$", "ask": "month"}]}


@pytest.mark.parametrize("values", [True, False])
def test_typed_values_are_recorded_only_if_the_config_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: Host, values: bool
) -> None:
    make_time_fly(monkeypatch)
    make_project(tmp_path, monkeypatch, ASKING, log={"app": LOG, "values": values})
    stub = preview_of(tmp_path)
    with host.serve(stub) as address:
        result = run("orders/load", "--set", "month=2026-11", "--preview", address, "--lang", "ja")
    assert result.exit_code == 0, result.output
    [row] = rows(stub)
    assert row["values"] == ("対象月：2026-11" if values else "")
