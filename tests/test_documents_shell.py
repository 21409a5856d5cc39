"""What README and guide have for a shell: the installation, the first command, a script for cron, completion."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from generator.guide import FOLDER
from tests.test_documents import ROOT, blocks_of


@pytest.mark.exhaustive
def test_an_installation_as_the_guide_has_it(tmp_path: Path) -> None:
    (text,) = [
        text for kind, text in blocks_of(FOLDER / "en" / "first-button.md") if "pip install" in text and kind == "sh"
    ]
    script = (
        text.replace("PATH-OF-THE-CHECKOUT", shlex.quote(str(ROOT))) + "runbutton --version\nkintone-runbutton --help\n"
    )
    done = subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    assert b"runbutton" in done.stdout


@pytest.mark.exhaustive
@pytest.mark.timeout(300)
def test_the_readmes_first_command_serves_a_page_with_a_button(tmp_path: Path) -> None:
    command = next(text for kind, text in blocks_of(ROOT / "README.md") if "preview" in text and kind == "sh")
    checkout = tmp_path / "checkout"
    ignored = shutil.ignore_patterns(".venv", "node_modules", ".git", "test-results", ".*_cache")
    shutil.copytree(ROOT, checkout, ignore=ignored)
    typed = f"{command.strip()} --port 0"
    with subprocess.Popen(
        ["bash", "-e", "-c", f"exec bash -c {shlex.quote(typed)}"],
        cwd=checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            address = next(
                found[0] for line in process.stdout if (found := re.search(r"http://[0-9.]+:[0-9]+/k/\S+", line))
            )
            assert "runbutton.js" in httpx.get(address).text
        finally:
            os.killpg(process.pid, signal.SIGTERM)


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_script_for_business_days_runs_on_these_alone(tmp_path: Path) -> None:
    (script,) = [text for _, text in blocks_of(FOLDER / "en" / "terminal-and-ci.md") if text.startswith("#!/bin/sh")]
    command = tmp_path / "bin" / "runbutton"
    command.parent.mkdir()
    command.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environ = {**os.environ, "PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}"}
    runs = tmp_path / "runs.jsonl"
    today = subprocess.run(["date", "+%F"], capture_output=True, encoding="utf-8", check=True).stdout
    for holidays, expected in ((today, ""), ("2000-01-01\n", "run orders/nightly --json\n")):
        (tmp_path / "holidays.txt").write_text(holidays, encoding="utf-8")
        typed = ["sh", "-c", script.replace("/path/of/the/project", shlex.quote(str(tmp_path)))]
        assert subprocess.run(typed, env=environ, check=False).returncode == 0
        assert (runs.read_text(encoding="utf-8") if runs.exists() else "") == expected


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_the_command_as_the_guide_says() -> None:
    (line,) = [text for _, text in blocks_of(FOLDER / "en" / "terminal-and-ci.md") if text.startswith("eval ")]
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    typed = ["bash", "-c", f"{line}complete -p runbutton"]
    done = subprocess.run(typed, env=environ, capture_output=True, encoding="utf-8", check=False)
    assert "_runbutton_completion runbutton" in done.stdout, done.stderr
