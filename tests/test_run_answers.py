"""`runbutton run` of a unit with `ask`: --set, defaults, questions on a terminal, and what is sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.answers import read_answers
from generator.stub.tenant import Stub
from tests.conftest import KREWDATA_UNIT
from tests.host import Host
from tests.running import TROCCO_UNIT, WORKFLOW, in_thread, make_project, make_time_fly, preview_of, run
from tests.sample_units import JOB, unit

ASK: list[dict[str, Any]] = [
    {"name": "month", "label": {"ja": "対象月", "en": "Month"}, "required": True, "pattern": r"\d{4}-\d{2}"},
    {"name": "mode", "label": "Mode", "type": "choice", "choices": ["full", "diff"], "default": "diff"},
    {"name": "day", "label": "Day", "type": "date", "required": True, "default": {"field": "入荷日"}},
    {"name": "rate", "label": "Rate", "type": "number", "max": 100},
]
LOAD = {
    **TROCCO_UNIT,
    "ask": ASK,
    "custom_variables": [{"name": f"${name}$", "ask": name} for name in ("month", "mode", "rate")],
    "context_time": {"ask": "day"},
}
SOURCES = {
    **TROCCO_UNIT,
    "id": "sources",
    "custom_variables": [{"name": "$who$", "user": "code"}, {"name": "$url$", "record": "url"}],
}
LIST = {**TROCCO_UNIT, "id": "list", "pages": "index", "custom_variables": [{"name": "$ids$", "list": "ids"}]}
UNIT = {
    **KREWDATA_UNIT,
    "record": "none",
    "ask": [ASK[0]],
    "values": [{"field": "対象月", "ask": "month"}],
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path, monkeypatch, LOAD, SOURCES, LIST, UNIT, WORKFLOW)
    make_time_fly(monkeypatch)
    return tmp_path


@pytest.fixture
def stub(project: Path) -> Stub:
    return preview_of(project)


@pytest.fixture
def address(stub: Stub, host: Host) -> Iterator[str]:
    with host.serve(stub) as address:
        yield address


def body(stub: Stub, end: str = "job_definition_id=123") -> Any:
    return next(json.loads(sent.request.body) for sent in stub.requests if end in sent.request.url)


def test_given_values_and_defaults_are_sent(address: str, stub: Stub) -> None:
    given = ["--set", "month= 2026-12 ", "--set", "rate=１２．５"]
    result = run("orders/load", "--record", "record.json", "--preview", address, *given)
    assert result.exit_code == 0, result.stderr
    assert body(stub) == {
        "context_time": "2026-11-01 00:00:00",
        "custom_variables": [
            {"name": "$month$", "value": "2026-12"},
            {"name": "$mode$", "value": "diff"},
            {"name": "$rate$", "value": "12.5"},
        ],
    }


def test_krewdata_needs_no_record_for_a_given_value(address: str, stub: Stub) -> None:
    result = run("orders/recalculate", "--preview", address, "--set", "month=2026-12")
    assert result.exit_code == 0, result.stderr
    assert body(stub, "/run")["record"] == {"対象月": {"type": "SINGLE_LINE_TEXT", "value": "2026-12"}}


def test_the_user_and_the_records_address_are_sent(address: str, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINTONE_USERNAME", "kato")
    result = run("orders/sources", "--record", "1", "--preview", address)
    assert result.exit_code == 0, result.stderr
    url = f"{address}/k/45/show#record=1"
    assert [variable["value"] for variable in body(stub)["custom_variables"]] == ["kato", url]


@pytest.mark.parametrize(
    ("unit_id", "given", "expected"),
    [
        ("load", [], ["month: Month is missing; give it with --set month=VALUE"]),
        ("load", ["month=12"], ["--set month: The month is not in the expected format."]),
        ("load", ["month=2026-12", "mode=all"], ["--set mode: must be one of full, diff"]),
        ("load", ["month=2026-12", "day=2026-02-30"], ["--set day: Enter a date for the day."]),
        ("load", ["month=2026-12", "day=2026/11/30"], ["--set day: must be a date in the form YYYY-MM-DD"]),
        ("load", ["rate=101", "month=1"], ["--set month:", "--set rate: The rate must be at most 100."]),
        ("load", ["mnth=2026-12"], ['--set mnth: no such value; did you mean "month"?']),
        ("load", ["xyz=1"], ["--set xyz: no such value; allowed: month, mode, day, rate"]),
        ("load", ["month=2026-12", "month=2026-11"], ["--set month: given twice; remove one"]),
        ("list", [], ["list: sends the list of a record list page, so it cannot be run from a terminal"]),
        ("nightly", ["month=2026-12"], ["--set month: this button asks for no values; remove it"]),
    ],
)
def test_without_a_terminal_it_ends_and_says_what_is_missing_or_wrong(
    address: str, stub: Stub, unit_id: str, given: list[str], expected: list[str]
) -> None:
    options = [word for pair in given for word in ("--set", pair)]
    result = run(f"orders/{unit_id}", "--record", "record.json", "--preview", address, *options)
    assert result.exit_code == 1
    assert [line for line in expected if line not in result.stderr] == []
    assert stub.requests == []


def test_a_pair_without_an_equals_sign_is_wrong_usage() -> None:
    assert run("orders/load", "--set", "month").exit_code == 2


def test_json_says_the_same_and_never_asks(address: str) -> None:
    result = run("orders/load", "--record", "record.json", "--preview", address, "--json", input_text="2026-12\n")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["outcome"]) == (1, "error")
    assert told["reason"] == "month: Month is missing; give it with --set month=VALUE"


def test_on_a_terminal_it_asks_for_what_is_missing_until_it_is_right(
    address: str, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.cli.run_answers._is_terminal", lambda: True)
    result = run("orders/load", "--record", "record.json", "--preview", address, input_text="12\n2026-12\n")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.count("Month") >= 2
    assert "The month is not in the expected format." in result.stderr
    assert body(stub)["custom_variables"][0]["value"] == "2026-12"


RULES: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"type": "text", "pattern": r"[A-Z]{2}\d*|東京"},
        ["", "AB", "AB12", "ab", "AB１", "東京", "東京都", "xAB", "A" * 256],
    ),
    ({"type": "text"}, ["a" * 255, "a" * 256, "😀" * 255, "😀" * 256, "any"]),
    (
        {"type": "number", "min": "-1.5", "max": 10},
        ["-1.5", "-1.6", "10", "10.01", "1e3", "0x1", ".5", "5.", "+5", "--1"],
    ),
    (
        {"type": "date", "min": "2024-02-29", "max": "2026-12-31"},
        ["2024-02-29", "2024-02-28", "2027-01-01", "2025-02-29"],
    ),
    ({"type": "date"}, ["0001-01-01", "0000-01-01", "9999-12-31", "2026-1-1", "20260101", "2026-13-01", "2026-04-31"]),
    ({"type": "choice", "choices": ["a", "b"]}, ["a", "b", "c", "A", ""]),
    ({"type": "text", "required": True}, ["", "x"]),
]


@pytest.mark.parametrize(("rules", "value"), [(rules, value) for rules, values in RULES for value in values])
def test_the_page_and_check_have_the_same_rules(rules: dict[str, Any], value: str) -> None:
    def is_accepted() -> bool:
        try:
            unit({**JOB, "ask": [{**asked, "default": value}], "custom_variables": [{"name": "$a$", "ask": "a"}]})
        except ValueError:
            return False
        return True

    asked = {"name": "a", "label": "A", **rules}
    given = unit({**JOB, "ask": [asked], "custom_variables": [{"name": "$a$", "ask": "a"}]})
    (answer,) = in_thread(lambda: read_answers(given, {"a": value}, {}, "en"))
    assert (answer.mistake == "") is is_accepted()
