"""The command line: exit codes, one line a problem on stderr, nothing but data on stdout."""

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from generator import __version__
from generator.cli import main
from tests.conftest import KREWDATA_UNIT
from tests.forked import runbutton


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def config_text(**changes: Any) -> str:
    app = {"app": 45, "name": "orders", "target": "script", "expose_secrets": True}
    unit = {**KREWDATA_UNIT, **changes}
    return yaml.safe_dump({"version": 1, "apps": [{**app, "units": [unit]}]}, sort_keys=False, allow_unicode=True)


@pytest.fixture
def config(folder: Path) -> Path:
    path = folder / "units.yaml"
    path.write_text(config_text(), encoding="utf-8")
    return path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    # Anything but an exit is a bug that a user would see as a traceback.
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("command", [(sys.executable, "-m", "generator")])
def test_the_package_runs_as_a_module_and_says_its_version(command: Sequence[str]) -> None:
    root = Path(__file__).parent.parent
    done = subprocess.run([*command, "--version"], capture_output=True, encoding="utf-8", check=True, cwd=root)
    assert __version__ in done.stdout
    assert done.stderr == ""


def test_help_names_every_command_and_reads_nothing() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("check", "build", "preview"):
        assert command in result.stdout


@pytest.mark.parametrize("arguments", [[], ["--lang", "en"], ["--lang", "ja"]], ids=" ".join)
def test_without_a_command_it_shows_its_help(arguments: list[str]) -> None:
    shown = run(*arguments)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == run(*arguments, "--help").stdout


@pytest.mark.parametrize("arguments", [["nonsense"], ["build", "--nonsense"], ["check", "a.yaml", "b.yaml"]])
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr


@pytest.mark.usefixtures("config")
def test_check_judges_a_good_config_and_warns_of_exposed_secrets(folder: Path) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "warning" in result.stderr
    assert "orders" in result.stderr
    assert KREWDATA_UNIT["serial_number"] not in result.stderr
    assert [path.name for path in folder.iterdir()] == ["units.yaml"]


BAD: dict[str, tuple[str, list[str]]] = {
    "one": (config_text(record="al"), ["units.yaml:13:5: apps[0].units[0].record: "]),
    "two": (
        config_text(record="al", timeout="soon"),
        ["units.yaml:13:5: apps[0].units[0].record: ", "units.yaml:17:5: apps[0].units[0].timeout: "],
    ),
    "not YAML": ("apps: [", ["units.yaml:"]),
    "empty": ("", ["units.yaml:1:1: "]),
}


@pytest.mark.parametrize("command", [["check"], ["build"], ["build", "--check"], ["preview"]], ids=" ".join)
@pytest.mark.parametrize(("text", "starts"), BAD.values(), ids=BAD)
def test_a_bad_config_is_a_line_for_each_problem_and_writes_nothing(
    folder: Path, command: list[str], text: str, starts: list[str]
) -> None:
    (folder / "units.yaml").write_text(text, encoding="utf-8")
    result = run(*command)
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    if command == ["check"]:
        counted = "1 problem" if len(starts) == 1 else f"{len(starts)} problems"
        assert lines.pop() == f"✗ units.yaml: {counted}"
    assert len(lines) == len(starts)
    for line, start in zip(lines, starts, strict=True):
        assert line.startswith(start)
    assert [path.name for path in folder.iterdir()] == ["units.yaml"]


@pytest.mark.parametrize("command", ["check", "build", "preview"])
def test_a_config_that_is_not_there_is_one_line(command: str) -> None:
    result = run(command, "nowhere.yaml")
    assert result.exit_code == 1
    first, *rest = result.stderr.splitlines()
    assert first.startswith("nowhere.yaml:")
    assert rest == (["✗ nowhere.yaml: 1 problem"] if command == "check" else [])


# As for a folder that the user may not see, Path.exists raises for this name.
LONG = "x" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--env-file", LONG],
        ["preview", "--env-file", LONG],
        ["run", "orders/recalculate", "--env-file", LONG],
        ["build", "--out", LONG],
        ["build", "--check", "--out", LONG],
        ["deploy", "--out", LONG],
        ["init", LONG],
        ["probe", "--out", LONG],
    ],
    ids=lambda arguments: " ".join(arguments[:-1]),
)
@pytest.mark.usefixtures("config")
def test_a_path_that_cannot_be_looked_at_is_one_line(arguments: list[str]) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert [line for line in refused.stderr.splitlines() if LONG in line and "cannot" in line] != []


def test_check_reports_a_missing_file_of_variables_to_programs_too() -> None:
    (problem,) = json.loads(run("check", "--json", "--env-file", "none.env").stdout)["problems"]
    assert (problem["file"], problem["message"]) == ("none.env", "no such file; check --env-file")


@pytest.mark.usefixtures("config")
def test_build_writes_dist_and_says_what_it_wrote(folder: Path) -> None:
    result = run("build")
    assert result.exit_code == 0
    assert result.stdout == ""
    built = tree(folder / "dist")
    assert sorted(built) == [".gitignore", "build.json", "orders/customize-manifest.json", "orders/runbutton.js"]
    for path in built.keys() - {".gitignore"}:
        assert str(Path("dist", path)) in result.stderr


@pytest.mark.usefixtures("config")
def test_build_check_writes_nothing_and_tells_whether_dist_is_up_to_date(folder: Path) -> None:
    missing = run("build", "--check")
    assert missing.exit_code == 1
    assert "dist/orders/runbutton.js: missing" in missing.stderr
    assert not (folder / "dist").exists()

    assert run("build").exit_code == 0
    assert run("build", "--check").exit_code == 0

    (folder / "dist" / "orders" / "runbutton.js").write_text("edited", encoding="utf-8")
    before = tree(folder / "dist")
    changed = run("build", "--check")
    assert changed.exit_code == 1
    assert "dist/orders/runbutton.js" in changed.stderr
    assert "customize-manifest.json" not in changed.stderr
    assert tree(folder / "dist") == before


def test_of_many_files_build_says_how_many(config: Path) -> None:
    def apps(number: int, name: str) -> None:
        app = {"target": "script", "expose_secrets": True, "units": [KREWDATA_UNIT]}
        content = [{"app": n, "name": f"{name}-{n}", **app} for n in range(1, number + 1)]
        config.write_text(yaml.safe_dump({"version": 1, "apps": content}, allow_unicode=True), encoding="utf-8")

    apps(30, "many")
    *warnings, wrote = run("build").stderr.splitlines()
    assert len(warnings) == 2
    assert all(each.startswith("warning: units.yaml: 30 apps (many-1, many-2, many-3, …): ") for each in warnings)
    # Two files for each app, and build.json.
    assert wrote == "✓ wrote 61 files for 30 apps to dist"

    apps(9, "few")
    _, _, *differences, more, _ = run("build", "--check").stderr.splitlines()
    assert len(differences) == 20
    # 60 removed files, 18 new ones, and build.json.
    assert more == "and 59 more differences"
    _, _, removed, *wrote_each = run("build").stderr.splitlines()
    assert removed == "removed 60 files from dist that are no longer built"
    assert len(wrote_each) == 19


def test_a_failing_build_leaves_dist_as_it_was(folder: Path, config: Path) -> None:
    assert run("build").exit_code == 0
    before = tree(folder / "dist")
    config.write_text(config_text(url="http://not-encrypted.example/"), encoding="utf-8")
    assert run("build").exit_code == 1
    assert tree(folder / "dist") == before


def test_build_takes_another_config_and_another_folder(folder: Path) -> None:
    (folder / "other.yaml").write_text(config_text(id="other"), encoding="utf-8")
    assert run("build", "other.yaml", "--out", "a/b").exit_code == 0
    report = json.loads((folder / "a" / "b" / "build.json").read_text(encoding="utf-8"))
    assert [entry["units"] for entry in report["files"] if "units" in entry] == [["other"]]


@pytest.mark.usefixtures("config")
def test_a_folder_that_is_not_ours_is_refused_in_one_line(folder: Path) -> None:
    (folder / "dist").mkdir()
    (folder / "dist" / "photo.jpg").write_bytes(b"precious")
    result = run("build")
    assert result.exit_code == 1
    assert "build.json" in result.stderr.splitlines()[-1]
    assert tree(folder / "dist") == {"photo.jpg": b"precious"}


def test_a_secret_comes_from_the_environment_and_is_never_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "units.yaml").write_text(config_text(serial_number="${SERIAL}"), encoding="utf-8")
    unset = run("build")
    assert unset.exit_code == 1
    assert "SERIAL" in unset.stderr
    monkeypatch.setenv("SERIAL", "fake-serial-number-1")
    done = run("build")
    assert done.exit_code == 0
    assert "fake-serial-number-1" not in done.stderr
    monkeypatch.setenv("SERIAL", "fake serial-number-1")
    bad = run("build")
    assert bad.exit_code == 1
    assert "fake-serial-number-1" not in bad.stderr


@pytest.mark.usefixtures("config")
def test_a_port_that_is_taken_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("preview", "--port", str(port))
    assert result.exit_code == 1
    assert str(port) in result.stderr.splitlines()[-1]
    assert "--port" in result.stderr.splitlines()[-1]


def test_an_argument_has_the_name_of_the_usage() -> None:
    assert run("log-app", "x").stderr.splitlines()[-1] == "error: APP must be a whole number, 1 or larger"
    assert run("run").stderr.splitlines()[-1] == "error: missing argument APP/UNIT"


SHELL = pytest.mark.skipif(os.name == "nt", reason="no such shell there")


@SHELL
@pytest.mark.usefixtures("config")
@pytest.mark.parametrize(
    ("command", "code"),
    [("check 2>&-", 0), ("check >&-", 0), ("check >&- 2>&-", 0), ("schema >&-", 0), ("build --out / 2>&1", 1)],
)
def test_closed_streams_and_odd_folders_give_no_traceback(command: str, code: int) -> None:
    done = shell(command)
    assert done.returncode == code
    assert "Traceback" not in done.stdout + done.stderr


@SHELL
@pytest.mark.usefixtures("config")
def test_a_python_that_starts_without_streams_gives_no_traceback() -> None:
    done = shell("check >&- 2>&-", of_its_own=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@SHELL
def test_a_closed_stdin_is_an_empty_one(folder: Path) -> None:
    started = shell("init new --service krewdata <&-", of_its_own=True)
    assert (started.returncode, started.stderr.count("\n")) == (1, 1)
    assert started.stderr.startswith("error: missing --app")
    assert shell("init new <&-", of_its_own=True).returncode == 0
    (folder / "new" / ".env").write_text("KREWDATA_SERIAL_NUMBER=\n", encoding="utf-8")
    secret = shell("run app-45/first-button --config new/units.yaml <&- | cat", of_its_own=True)
    # Without a terminal, Python's own way to ask for a password warns with its file and line.
    assert "Traceback" not in secret.stderr
    assert "getpass" not in secret.stderr


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


@SHELL
@FULL
@pytest.mark.parametrize("command", ["schema", "--version", "--help", "check --help"])
def test_a_full_disk_is_one_line(command: str) -> None:
    done = shell(f"{command} >/dev/full")
    assert done.returncode == 1
    assert done.stderr == "error: cannot write: No space left on device\n"


@SHELL
@pytest.mark.parametrize("stdout", ["| true", pytest.param(">/dev/full", marks=FULL)])
def test_what_went_wrong_is_said_even_if_the_result_cannot_be_printed(stdout: str) -> None:
    done = shell(f"deploy none.yaml --json {stdout}")
    assert done.stderr.splitlines()[-1].startswith("none.yaml:1:1: no such file")


@pytest.mark.parametrize("command", [["log-app", "5"], ["rollback"]])
def test_a_file_of_variables_that_cannot_be_looked_at_is_one_line(command: list[str]) -> None:
    name = "x" * 5000
    done = CliRunner().invoke(main, [*command, "--env-file", name])
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{name}:1:1: cannot read: ")
    assert done.stderr.count("\n") == 1


def shell(command: str, *, of_its_own: bool = False) -> "subprocess.CompletedProcess[str]":
    """Has a shell run it; in a Python of its own, if it is wanted that one sees how it begins."""
    program = [sys.executable, "-m", "generator"] if of_its_own else runbutton()
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    line = f"{shlex.join(program)} {command}"
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, encoding="utf-8", check=False, env=environ)


def test_check_speaks_japanese_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNBUTTON_LANG", "ja")
    missing = CliRunner().invoke(main, ["check", str(tmp_path / "units.yaml")])
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "ファイルがありません。「runbutton init」で作成できます。" in missing.stderr
