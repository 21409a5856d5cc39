"""Inputs of `runbutton run`: a preview instead of kintone, and a record from kintone, a file or stdin."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import generator.run
from generator.customization import terminal_program
from generator.stub.rest.state import ApiToken
from generator.stub.tenant import Stub
from tests.host import Host
from tests.private_ca import listening, request_head
from tests.running import POSIX, RECORD, make_project, make_time_fly, only_object, preview_of, run


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


# --- --preview


def test_a_preview_needs_no_kintone_and_no_file(address: str, stub: Stub) -> None:
    result = run("orders/recalculate", "--record", "1", "--preview", address, "--json", "--lang", "en")
    assert (result.exit_code, only_object(result.stdout)["outcome"]) == (0, "succeeded")
    sent = next(call for call in stub.proxy.calls if call.call == "run")
    assert json.loads(sent.request.body)["record"].keys() == RECORD.keys()
    assert [call.call for call in stub.proxy.calls][:2] == ["token", "run"]


def test_the_address_of_a_previews_page_is_good_too(address: str) -> None:
    for given in (f"{address}/k/45/show#record=1", f"{address}/", address.replace("127.0.0.1", "localhost")):
        assert run("orders/load", "--preview", given).exit_code == 0


@pytest.mark.parametrize(
    ("call", "how", "code"),
    [
        ("trocco/start", "lost", 5),
        ("trocco/start", "reject", 5),
        ("trocco/start", "reject-html", 5),
        ("trocco/start", "error", 5),
        ("trocco/start", "row-unauthorized", 4),
        ("trocco/start", "html", 5),
    ],
)
def test_a_previews_failing_request_fails_here_too_and_is_in_its_log(
    address: str, stub: Stub, call: str, how: str, code: int
) -> None:
    assert stub.choices is not None
    faults = {
        fault["name"]
        for service in stub.choices.offered()["services"]
        for each in service["calls"]
        if each["name"] == call
        for fault in each["faults"]
    }
    how = how if how in faults else next(name for name in sorted(faults) if name.startswith("row-"))
    stub.choices.choose({"call": call, "how": how, "always": True})
    result = run("orders/load", "--preview", address, "--json")
    assert (result.exit_code, only_object(result.stdout)["exit_code"]) == (code, code)
    assert stub.proxy.calls[0].fault is not None


def test_a_previews_end_and_clock_count_here_too(address: str, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator.run, "terminal_program", terminal_program)
    assert stub.choices is not None
    stub.clock.advance(3600)
    stub.choices.choose({"ends": {"trocco": "error"}, "seconds": 10, "speed": 10})
    told = only_object(run("orders/load", "--preview", address, "--json").stdout)
    assert (told["outcome"], told["exit_code"]) == ("failed", 3)
    ahead = datetime.fromisoformat(told["started_at"]).timestamp() - time.time()
    assert 3500 < ahead < 3900


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "must be the address that `runbutton preview` shows"),
        ("http://[::1", "must be the address"),
        ("http://", "must be the address"),
        ("file:///etc/passwd", "must be the address"),
        ("https://127.0.0.1:8045", "must be the address"),
        ("http://example.com:8045", "must be the address"),
        ("http://kato:pass@localhost:8045", "must be the address"),
        ("http://localhost:99999", "must be the address"),
        ("", "must be the address"),
        ("http://127.0.0.1:9", "no preview at http://127.0.0.1:9; start one with `runbutton preview`"),
    ],
)
def test_a_previews_address_is_checked_before_anything_starts(address: str, words: str) -> None:
    result = run("orders/load", "--preview", address, "--json")
    assert (result.exit_code, words in result.stderr) == (1, True)
    assert words in only_object(result.stdout)["reason"]
    assert "pass@" not in result.output


def test_another_server_is_no_preview() -> None:
    def answer(connection: Any) -> None:
        request_head(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]")

    with listening(answer) as port:
        assert "--preview: no preview at " in run("orders/load", "--preview", f"http://127.0.0.1:{port}").stderr


# --- --record


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not valid JSON at line "),
        ("[" * 5000, "nested too deep"),
        ('{"a":' * 5000, "nested too deep"),
        ('{"a": NaN}', "not valid JSON: it has a number that JSON does not allow"),
        (f'{{"a": {"9" * 5000}}}', "not valid JSON: it has a number that JSON does not allow"),
        ('{"a": 1}', "not a record; must be "),
        ("[]", "not a record; must be "),
        ('{"record": []}', "not a record; must be "),
        ('{"record": {"a": {"type": "X"}}}', "not a record; must be "),
        (b"\xff\xfe", "must be UTF-8; save the file as UTF-8"),
        (b"x" * (8 * 1024 * 1024 + 1), "must be at most 8192 KiB"),
    ],
)
@pytest.mark.parametrize("door", ["file", "-"])
def test_what_is_no_record_is_one_line(project: Path, content: str | bytes, words: str, door: str) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    (project / "odd.json").write_bytes(raw)
    given = "odd.json" if door == "file" else "-"
    result = run("orders/load", "--record", given, "--json", input_text=raw if door == "-" else None)
    assert result.exit_code == 1
    assert words in only_object(result.stdout)["reason"]
    assert not [line for line in result.stderr.splitlines() if "Traceback" in line]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "--record: must not be empty"),
        (" ", "--record: must not be empty"),
        ("0", "0: cannot read"),
        ("9" * 30, "cannot read"),
        ("²", "²: cannot read"),
        ("a\0b", "--record: must be a record ID, a JSON file, or - for standard input"),
        (".", ".: cannot read: Is a directory"),
        pytest.param("/dev/zero", "is a device", marks=POSIX),
    ],
)
def test_what_names_no_record_is_one_line(given: str, words: str) -> None:
    assert words in only_object(run("orders/load", "--record", given, "--json").stdout)["reason"]


@pytest.mark.parametrize("number", ["²", "٣", "1e3", "-1", "0", "9" * 40, "x"])
def test_an_odd_record_id_inside_a_record_is_none(address: str, project: Path, number: str) -> None:
    record = {**RECORD, "$id": {"type": "__ID__", "value": number}}
    (project / "record.json").write_text(json.dumps(record), encoding="utf-8")
    assert run("orders/recalculate", "--record", "record.json", "--preview", address).exit_code == 0


def test_a_record_comes_by_stdin_too(address: str) -> None:
    result = run("orders/recalculate", "--record", "-", "--preview", address, input_text=json.dumps({"record": RECORD}))
    assert result.exit_code == 0, result.output


def test_an_api_token_is_enough_to_read_a_record_and_not_to_deploy(address: str, stub: Stub) -> None:
    stub.rest.api_tokens["fake-token-of-45"] = ApiToken(45)
    env = {"KINTONE_BASE_URL": address, "KINTONE_API_TOKEN": "fake-token-of-45\n"}
    # The service is unreachable on purpose: the test only checks that the record was read.
    env["HTTPS_PROXY"] = "http://127.0.0.1:1"
    told = only_object(run("orders/recalculate", "--record", "1", "--json", "--lang", "en", env=env).stdout)
    assert (told["outcome"], told["reason"]) == ("not started", "Could not connect to krewData.")
    assert [exchange.path for exchange in stub.rest.requests] == ["record.json"]
    wrong = run("orders/recalculate", "--record", "1", env={**env, "KINTONE_API_TOKEN": "fake token"})
    assert "KINTONE_API_TOKEN: has a space" in wrong.stderr
    assert "API tokens cannot change customizations" in run("--rest", "45", command="probe", env=env).stderr
    assert len(stub.rest.requests) == 1
