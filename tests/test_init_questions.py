"""`runbutton init` on a terminal: what it asks, what it remembers, and its demo."""

import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.config import read_config
from generator.units.unit import SERVICES
from tests.forked import runbutton
from tests.test_starter import init


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed_on_a_terminal(folder: Path, *lines: str) -> str:
    """What `init --lang ja` says on a terminal on which these lines are typed."""
    pty = pytest.importorskip("pty", reason="pseudo-terminals are POSIX's")
    import os

    parent, child = pty.openpty()
    os.write(parent, "".join(f"{line}\n" for line in lines).encode())
    command = runbutton("init", "--lang", "ja")
    done = subprocess.run(command, stdin=child, capture_output=True, encoding="utf-8", cwd=folder, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_on_a_terminal_it_asks_and_asks_again_for_what_is_wrong(folder: Path) -> None:
    address = "https://yourdomain.cybozu.com/k/9/"
    said = typed_on_a_terminal(folder, "2", "none of that", address, "x", "https://trocco.io/job_definitions/7", "")
    assert said.count("エラー: 整数を指定してください（例: 45）。") == 2
    app = read_config(folder / "units.yaml", {}).apps[0]
    assert (app.app, app.units[0].for_page()["definitionId"], app.units[0].label.text("ja")) == (9, 7, "実行")


@pytest.mark.parametrize("choice", ["", "1", "krewdata", "krewData", "krewDataの実行単位", "krewData execution unit"])
def test_a_service_is_chosen_by_its_number_or_any_name_and_the_first_by_enter(folder: Path, choice: str) -> None:
    url = "https://api.krewdata.grapecity.com/trigger/v1/abc"
    said = typed_on_a_terminal(folder, choice, "9", url, "https://yourdomain.cybozu.com/k/123", "[部門名, 入荷日]", "")
    assert "  1. krewDataの実行単位\n  2. TROCCOの転送ジョブ\n  3. TROCCOのワークフロー\n番号 [1]:" in said
    unit = read_config(folder / "units.yaml", {}).apps[0].units[0]
    assert (unit.service, unit.for_page()["record"]) == ("krewdata", ["部門名", "入荷日"])


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize(
    ("app", "settings"),
    [
        (
            "https://team.cybozu.com/k/guest/3/46/",
            {"KINTONE_BASE_URL=https://team.cybozu.com", "KINTONE_GUEST_SPACE_ID=3"},
        ),
        ("https://team.cybozu.com/k/46/", {"KINTONE_BASE_URL=https://team.cybozu.com"}),
        ("４６", {"KINTONE_BASE_URL=https://yourdomain.cybozu.com"}),
        ("46", {"KINTONE_BASE_URL=https://yourdomain.cybozu.com"}),
    ],
)
def test_what_a_pasted_address_says_is_remembered_for_deploy(
    folder: Path, app: str, settings: set[str], lang: str
) -> None:
    assert init("--service=trocco-job", f"--app={app}", "--set=job_definition_id=1", "--lang", lang).exit_code == 0
    lines = (folder / ".env.example").read_text(encoding="utf-8").splitlines()
    assert {line for line in lines if line.startswith(("KINTONE_BASE_URL", "KINTONE_GUEST"))} == settings
    assert read_config(folder / "units.yaml", {}).apps[0].app == 46


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_a_demo_has_a_button_of_each_service_and_asks_nothing(folder: Path, lang: str) -> None:
    assert init("--demo", "--lang", lang).exit_code == 0
    assert [unit.service for unit in read_config(folder / "units.yaml", {}).apps[0].units] == list(SERVICES)
    assert CliRunner().invoke(main, ["build"]).exit_code == 0
    # A comment offers only what check accepts: an address may be pasted at the question, not here.
    assert not re.search(r"URL.*\n +\w+_definition_id", (folder / "units.yaml").read_text(encoding="utf-8"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.parent)
        again = CliRunner().invoke(main, ["init", "elsewhere", "--demo", "--app=4", "--lang", "en"])
    assert again.exit_code == 2
    assert "--demo makes everything up; leave out the other options" in again.stderr


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_notes_for_assistants_name_commands_that_are_there(folder: Path, lang: str) -> None:
    assert init("--demo", "--lang", lang).exit_code == 0
    notes = (folder / "AGENTS.md").read_text(encoding="utf-8")
    assert notes.count("\n") <= 15
    for line in re.findall(r"`runbutton ([^`]+)`", notes):
        name, *options = line.split()
        known = {option for parameter in main.commands[name].params for option in parameter.opts}
        assert {option for option in options if option.startswith("--")} <= known
