"""The table of facts is whole; reports are compared with the stub, and the stub is made like a tenant."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.preview import Preview
from generator.probe.facts import FACTS, Fact, apply_report, differences, read_report, switches
from generator.probe.write import probe_files
from generator.stub.rest import read_plugin
from generator.stub.tenant import Script, Stub
from generator.stub.wire import Clock

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator"
SWITCHED = [fact for fact in FACTS if fact.switch]


def stub() -> Stub:
    return Stub([], lambda _: Script(), Clock())


def report_of(path: Path, **facts: str) -> Path:
    file = path / "report.json"
    file.write_text(json.dumps({"probe": 1, "runbutton": "0", "facts": facts, "observations": {}}), encoding="utf-8")
    return file


def test_every_switch_of_the_stub_has_its_fact() -> None:
    owners = switches(stub())
    assert owners.keys() == {"kintone", "rest", "records", "krewdata", "trocco"}
    known = {f"{name}.{field.name}" for name, owner in owners.items() for field in dataclasses.fields(owner)}
    assert sorted(fact.switch for fact in SWITCHED) == sorted(known)


def test_all_entries_of_the_table_are_read() -> None:
    lines = (PACKAGE / "probe" / "facts.toml").read_text(encoding="utf-8").splitlines()
    heads = [line.strip("[]").replace('"', "") for line in lines if line.startswith("[")]
    assert sorted(f"{fact.observation}.{fact.name}" for fact in FACTS) == sorted(heads)
    assert len({fact.name for fact in FACTS}) == len(FACTS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rests": ""}, "rests"),
        ({"fact": "no sentence"}, "fact"),
        ({"observation": "Z1"}, "observation"),
        ({"swich": "kintone.x"}, "swich"),
        ({"switch": "", "why": None}, "says why"),
        ({"tests": [], "why": None}, "says why"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Fact.model_validate({**SWITCHED[0].model_dump(), **changes})


@pytest.mark.parametrize("fact", SWITCHED, ids=lambda fact: fact.name)
def test_a_switch_is_run_both_ways_or_it_is_said_why_not(fact: Fact) -> None:
    attribute = fact.switch.partition(".")[2]
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in fact.tests]
    assert all(attribute in text for text in texts) or fact.why


@pytest.mark.parametrize("fact", SWITCHED, ids=lambda fact: fact.name)
def test_the_stub_can_be_set_to_each_alternative(fact: Fact) -> None:
    made = stub()
    alternatives = fact.alternatives(made) or ("none", "30")
    assert fact.set_in(made) in alternatives
    for value in alternatives:
        apply_report({fact.name: value}, made)
        assert fact.set_in(made) == value
    assert not fact.turn(made, "something else")
    assert differences({fact.name: "something else"}, made)[0].can_be_set is False


def test_what_a_report_does_not_say_stays() -> None:
    made, other = stub(), stub()
    apply_report({"no such fact": "x", "header_space": "neither"}, made)
    assert [fact.set_in(made) for fact in SWITCHED] == [fact.set_in(other) for fact in SWITCHED]
    assert differences({"header_space": "rebuilt", "no such fact": "x"}, made) == []


def test_compare_says_what_differs_and_what_rests_on_it(tmp_path: Path) -> None:
    report = report_of(tmp_path, header_case="lower", header_space="rebuilt", unknown_host="200", merge_object="no")
    done = CliRunner().invoke(main, ["probe", "--compare", str(report)])
    assert done.exit_code == 0
    assert "header_case: the report says lower, the mock kintone original" in done.stdout
    assert "Depends on it: TROCCO's rate headers" in done.stdout
    assert "unknown_host" in done.stdout
    # Documented behaviour without a switch may also differ.
    assert "merge_object: the report says no, the mock kintone yes" in done.stdout
    assert "The mock kintone cannot reproduce this; please report it." in done.stdout
    assert "header_space" not in done.output
    assert "3 of 4 facts differ" in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not json", "not valid JSON; save the report"),
        (b"\xff\xfe", "not valid JSON; save the report"),
        (b"[" * 200_000, "not valid JSON; save the report"),
        (b"[]", "not a report of the probe"),
        (b'{"probe": 2, "facts": {}}', "not a report of the probe"),
        (b'{"probe": 1, "facts": {"header_case": 1}}', "not a report of the probe"),
        (None, "cannot read: "),
    ],
)
def test_what_is_no_report_is_refused_in_a_line(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "report.json"
    if content is not None:
        file.write_bytes(content)
    for command in (["probe", "--compare"], ["preview", "--port", "0", "--like"]):
        done = CliRunner().invoke(main, [*command, str(file)])
        assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
        assert words in done.stderr


def test_the_preview_is_like_the_tenant_and_so_are_its_scenes(tmp_path: Path) -> None:
    report = read_report(report_of(tmp_path, header_space="reused", **{"krewdata.http_status": "200"}))
    config = ROOT / "templates" / "starter" / "units.yaml"
    shown = Preview(config, dict, tmp_path / ".env", reported=report)
    for made in (shown.stub, shown.stub.twin()):
        assert made.switches.header_space == "reused"
        assert switches(made)["krewdata"].http_status == "200"


def test_probe_writes_a_script_and_a_plugin_that_kintone_takes(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "probe"
    done = CliRunner().invoke(main, ["probe", "--out", str(folder), "--lang", "en"])
    assert done.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "probe-plugin.zip", "probe.js"]
    assert [path.name for path in folder.parent.iterdir()] == ["probe"]
    plugin = read_plugin((folder / "probe-plugin.zip").read_bytes())
    assert plugin.id in (folder / "probe.js").read_text(encoding="ascii")
    again = CliRunner().invoke(main, ["probe", "--out", str(folder)])
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)
    assert "already exists; not overwritten" in again.stderr


def test_each_probe_has_a_key_of_its_own() -> None:
    ids: list[Any] = [read_plugin(probe_files()["probe-plugin.zip"]).id for _ in range(2)]
    assert ids[0] != ids[1]
