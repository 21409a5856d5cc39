"""`runbutton init`: the first files, from pasted answers, checked immediately; existing files are never overwritten."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.config import config_schema, read_config
from generator.units.unit import SERVICES

KREWDATA = [
    "--service=krewdata",
    "--app=https://yourdomain.cybozu.com/k/77/show#record=1",
    "--set=url=https://api.krewdata.grapecity.com/trigger/v1/abc/run",
    "--set=krewdata_app_url=https://yourdomain.cybozu.com/k/123/?view=5",
    "--set=record=部門名、入荷日",
    "--label=再集計",
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments])


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_addresses_are_taken_as_they_are_pasted(folder: Path, lang: str) -> None:
    result = init(*KREWDATA, "--lang", lang)
    assert result.exit_code == 0, result.output
    app = read_config(folder / "units.yaml", {}).apps[0]
    assert app.app == 77
    unit = app.units[0]
    page = {**unit.for_page(), "label": unit.label.text("ja")}
    assert page == {
        "url": "https://api.krewdata.grapecity.com/trigger/v1/abc",
        "record": ["部門名", "入荷日"],
        "label": "再集計",
    }
    assert unit.stored_requests()[0].data["krewdataAppUrl"] == "https://yourdomain.cybozu.com/k/123"


@pytest.mark.parametrize(
    ("service", "key", "pasted", "number"),
    [
        ("trocco-job", "job_definition_id", "https://trocco.io/job_definitions/12/edit?tab=1", 12),
        ("trocco-job", "job_definition_id", "12", 12),
        ("trocco-workflow", "pipeline_definition_id", "https://trocco.io/pipeline_definitions/45", 45),
    ],
)
def test_a_definition_may_be_pasted_as_its_address(
    folder: Path, service: str, key: str, pasted: str, number: int
) -> None:
    assert init("--service", service, "--app", "45", "--set", f"{key}={pasted}").exit_code == 0
    assert read_config(folder / "units.yaml", {}).apps[0].units[0].for_page()["definitionId"] == number


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("a\nb", "must be one line"),
        (" ", "must not be empty"),
        ("a\u200b", "has the invisible character U+200B; remove it"),
    ],
)
def test_a_label_that_check_would_refuse_is_not_written(folder: Path, label: str, problem: str) -> None:
    refused = init(*KREWDATA[:-1], f"--label={label}")
    assert (refused.exit_code, refused.stderr) == (1, f"error: --label: {problem}\n")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("service", list(SERVICES))
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_what_is_written_passes_check_and_build(folder: Path, service: str, lang: str) -> None:
    asked = [f"--set={one.key}={one.example}" for one in SERVICES[service].asked]
    assert init("--service", service, "--app", "45", *asked, "--lang", lang).exit_code == 0
    for command in ("check", "build"):
        result = CliRunner().invoke(main, [command])
        assert result.exit_code == 0, result.output
    assert (folder / "dist" / "plugin" / "plugin.zip").exists()


def test_without_answers_and_without_a_terminal_the_values_are_made_up_and_it_says_so(folder: Path) -> None:
    result = init("--lang", "en")
    assert result.exit_code == 0
    assert "made up" in result.stderr
    assert result.stderr.splitlines()[-1] == "Next: runbutton preview"
    assert {path.name for path in folder.iterdir()} == {
        ".env.example", ".gitignore", "AGENTS.md", "private.ppk", "units.schema.json", "units.yaml",
    }  # fmt: skip
    first = (folder / "units.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=./units.schema.json"
    assert json.loads((folder / "units.schema.json").read_text(encoding="utf-8")) == config_schema("en")


def staged(folder: Path) -> list[str]:
    """The files that `git add -A` stages in a new repository."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True, capture_output=True)
    listed = ["git", "ls-files", "--cached"]
    return subprocess.run(listed, cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()


def test_a_project_made_as_the_guide_says_stages_no_secret(folder: Path) -> None:
    def called(*arguments: str) -> None:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output

    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").write_text("", encoding="utf-8")
    assert init().exit_code == 0
    # First button, working in teams, the probe; and the keys that an administrator makes.
    for name in (".env", ".env.production", "staging.env", ".runbutton/000001/plan.json", "probe/runbutton-probe.zip"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("KINTONE_PASSWORD=x", encoding="utf-8")
    called("keygen", "other.pem")
    called("keygen", "other.ppk")
    called("build")
    called("build", "--env-file", "staging.env", "--out", "dist-staging")
    assert staged(folder) == [".env.example", ".gitignore", "AGENTS.md", "units.schema.json", "units.yaml"]


SCRIPT = """
version: 1
apps:
  - app: 45
    name: orders
    target: script
    expose_secrets: true
    units: [{id: load, service: trocco-job, job_definition_id: 1, api_key: "${TROCCO_API_KEY}"}]
"""


def test_an_output_folder_with_a_secret_ignores_itself_wherever_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROCCO_API_KEY", "tra_FAKE")
    (folder / "units.yaml").write_text(SCRIPT, encoding="utf-8")
    for _ in range(2):
        result = CliRunner().invoke(main, ["build", "--out", "for-production"])
        assert result.exit_code == 0, result.output
    assert b"tra_FAKE" in (folder / "for-production" / "orders" / "runbutton.js").read_bytes()
    assert staged(folder) == ["units.yaml"]
    assert CliRunner().invoke(main, ["build", "--check", "--out", "for-production"]).exit_code == 0
    # A user's own file stays.
    (folder / "for-production" / ".gitignore").write_text("orders/\n", encoding="utf-8")
    assert CliRunner().invoke(main, ["build", "--out", "for-production"]).exit_code == 0
    assert (folder / "for-production" / ".gitignore").read_text(encoding="utf-8") == "orders/\n"


def test_an_output_folder_without_a_secret_gets_no_gitignore(folder: Path) -> None:
    assert init().exit_code == 0
    assert CliRunner().invoke(main, ["build", "--out", "built"]).exit_code == 0
    assert not (folder / "built" / ".gitignore").exists()


def test_keygen_warns_of_a_key_that_git_would_take(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warning = "warning: Git does not ignore"
    assert warning not in CliRunner().invoke(main, ["keygen", "outside.key"]).stderr
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / ".gitignore").write_text("*.ppk\n", encoding="utf-8")
    (folder / "keys").mkdir()
    for name, warned in {"a.ppk": False, "a.key": True, "keys/b.ppk": False, "keys/b.key": True}.items():
        result = CliRunner().invoke(main, ["keygen", name])
        assert result.exit_code == 0
        assert (f"{warning} {Path(name)}; add it to .gitignore before you commit" in result.stderr) == warned
    # Git is not installed everywhere.
    monkeypatch.setenv("PATH", "")
    assert warning not in CliRunner().invoke(main, ["keygen", "c.key"]).stderr


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--service=krewdatta"], '--service: unknown service "krewdatta"; did you mean "krewdata"?'),
        (["--service=krewdata"], "missing --app: App ID or URL of the kintone app with the button"),
        (["--service=krewdata", "--app=abc"], "--app: must be a whole number"),
        (["--service=krewdata", f"--app={'1' * 5000}"], "--app: must be a whole number"),
        (["--service=krewdata", "--app=²"], "--app: must be a whole number"),
        (
            ["--service=krewdata", "--app=https://a\nKINTONE_PROXY=b.cybozu.com/k/4/"],
            "--app: must be a whole number",
        ),
        (["--service=trocco-job", "--app=4", "--set=app=5"], "--set app: given twice; remove one"),
        (
            ["--service=trocco-job", "--app=4", "--set=job_definition_id=1", "--set=job_definition_id=2"],
            "--set job_definition_id: given twice; remove one",
        ),
        (["--service=trocco-job", "--app=4"], "missing --set job_definition_id=…: "),
        (
            ["--service=trocco-job", "--app=4", "--set=job_definition_id=x"],
            "--set job_definition_id=…: must be a whole",
        ),
        (["--service=trocco-job", "--app=4", "--set=url=x"], "--set url: not used for trocco-job; allowed: job_"),
        ([*KREWDATA[:2], "--set=url=http://x"], "--set url=…: must start with https://, "),
    ],
)
def test_what_is_wrong_is_one_line_at_once_and_nothing_is_written(
    folder: Path, arguments: list[str], line: str
) -> None:
    result = init(*arguments, "--lang", "en")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"error: {line}")
    assert result.stderr.count("\n") == 1
    assert list(folder.iterdir()) == []


def test_nothing_is_overwritten(folder: Path) -> None:
    (folder / ".gitignore").write_text("mine", encoding="utf-8")
    (folder / "private.ppk").write_text("my key", encoding="utf-8")
    assert init("--lang", "ja").exit_code == 0
    assert (folder / ".gitignore").read_text(encoding="utf-8") == "mine"
    assert (folder / "private.ppk").read_text(encoding="utf-8") == "my key"
    again = init("--lang", "ja")
    assert again.exit_code == 1
    assert again.stderr.startswith("エラー: units.yaml")
