"""The commands of the README and the guide, typed in their order, from an empty folder, in both languages."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.guide import FOLDER
from tests import node
from tests.fenced import blocks
from tests.forked import runbutton
from tests.running import in_thread

ROOT = Path(__file__).parent.parent
# Both have the same blocks (test_guide.py): what differs is the language of the command line.
LANGUAGES = ["en", pytest.param("ja", marks=pytest.mark.exhaustive)]
# Files that the pages assume, in addition to earlier commands; pages without commands are not here.
SESSION = ["first-button.md", "terminal-and-ci.md", "from-cli-kintone.md", "deploy.md", "log.md", "probe.md"]

SCRIPT = """
version: 1
apps:
  - app: 45
    name: orders
    target: script
    expose_secrets: true
    units: [{id: load, service: trocco-job, job_definition_id: 123, api_key: fake-api-key-123}]
"""
PROBED = """
version: 1
plugin: {name: Run buttons, key: private.ppk}
apps:
  - app: 123
    name: orders
    units:
      - {id: load, service: trocco-job, job_definition_id: 123}
      - id: test
        service: krewdata
        url: https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn
        krewdata_app_url: https://yourdomain.cybozu.com/k/123
        record: none
"""

_PREVIEW = "http://localhost:8045"


def blocks_of(path: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a document: language and content."""
    return blocks(path.read_text(encoding="utf-8"))


class Terminal:
    """A folder in which lines are typed as a reader types them.

    Nothing leaves this computer: `runbutton run` and `probe --direct` work against a preview of the folder's config,
    and the kintone to deploy to is a `preview --empty`. What serves is a process of its own; the other commands run in
    this one, where all that they load is loaded once.
    """

    def __init__(self, folder: Path, language: str, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.preview = self.kintone = ""
        self.typed: list[str] = []
        self._has_used_kintones_own = False
        self._stack = stack
        for name in [name for name in os.environ if name.startswith(("KINTONE_", "RUNBUTTON_"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("RUNBUTTON_LANG", language)
        monkeypatch.setenv("BROWSER", "true")
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / ".state"))
        monkeypatch.setenv("KREWDATA_SERIAL_NUMBER", "abcdef-jklmno-pqrstu-xyz123-456789")
        monkeypatch.setenv("TROCCO_API_KEY", "fake-api-key-123")
        monkeypatch.chdir(folder)

    def run(self, text: str) -> None:
        """Types each line of a block."""
        for line in text.splitlines():
            if words := shlex.split(line, comments=True):
                self.type(words)

    def type(self, words: list[str]) -> str:
        """Types a line; the program must succeed. Returns its output."""
        self.typed.append(shlex.join(words))
        program, *arguments = [word.replace(_PREVIEW, self.preview) for word in words]
        if program == "cli-kintone":
            return self._kintones_own(arguments)
        assert program == "runbutton", words
        command, *rest = arguments
        target = self.folder / rest.pop() if rest[-2:-1] == [">"] else None
        rest = rest[:-1] if target else rest
        if command in {"preview", "guide"}:
            self.serve(command, *rest)
            return ""
        if (command == "run" or "--direct" in rest) and "--preview" not in rest:
            rest += ["--preview", self.preview]
        # A browser test may have left an event loop in this thread, and V8 needs a thread without one.
        call = in_thread if command == "run" else (lambda work: work())
        done = call(lambda: CliRunner().invoke(main, [command, *rest], input="y\n"))
        assert done.exit_code == 0, (words, done.output)
        if target:
            target.write_bytes(done.stdout_bytes)
        return done.output

    def serve(self, command: str, *arguments: str) -> None:
        """Starts what serves until the end of the session; another preview takes the place of the last."""
        process = subprocess.Popen(
            runbutton(command, *arguments, "--port", "0"),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        self._stack.enter_context(process)
        self._stack.callback(process.terminate)
        assert process.stdout is not None
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://127\.0\.0\.1:[0-9]+", line)))
        if "--empty" in arguments:
            # As the guide writes it; kintone's own tool takes no other address without TLS.
            self.kintone = address.replace("127.0.0.1", "localhost")
        elif command == "preview":
            self.preview = address

    def sign_in(self, file: str = ".env") -> None:
        """Fills in the kintone to deploy to; .env as a copy of .env.example."""
        if not self.kintone:
            self.serve("preview", "--empty")
        if not (self.folder / file).exists():
            shutil.copy(self.folder / ".env.example", self.folder / file)
        text = (self.folder / file).read_text(encoding="utf-8")
        for name, value in (("BASE_URL", self.kintone), ("USERNAME", "admin"), ("PASSWORD", "admin")):
            text, changed = re.subn(rf"(?m)^KINTONE_{name}=.*$", f"KINTONE_{name}={value}", text)
            assert changed == 1, name
        (self.folder / file).write_text(text, encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def _kintones_own(self, arguments: list[str]) -> str:
        manifest = self.folder / arguments[arguments.index("-i") + 1]
        assert manifest.is_file()
        # Once is enough: the next lines have the same form.
        if node.installed() and not self._has_used_kintones_own:
            self._has_used_kintones_own = True
            signed_in = {"KINTONE_BASE_URL": self.kintone, "KINTONE_USERNAME": "admin", "KINTONE_PASSWORD": "admin"}
            tool = [node.program("cli-kintone"), *arguments, "--yes"]
            subprocess.run(tool, cwd=self.folder, env={**os.environ, **signed_in}, check=True, timeout=60)
        return ""


@pytest.fixture
def terminal(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    with ExitStack() as stack:
        yield Terminal(tmp_path, request.node.callspec.params["language"], stack, monkeypatch)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readmes_five_commands_make_a_button_and_its_config_is_complete(terminal: Terminal, language: str) -> None:
    readme = ROOT / "README.md" if language == "en" else FOLDER / "ja" / "README.md"
    (own,) = [text for kind, text in blocks_of(readme) if kind == "sh" and text.startswith("runbutton ")]
    *lines, last = own.splitlines()
    assert [shlex.split(line)[1] for line in (*lines, last)] == ["init", "preview", "check", "build", "deploy"]
    for line in lines:
        terminal.run(line)
    terminal.sign_in()
    terminal.run(last)
    (config,) = [text for kind, text in blocks_of(readme) if kind == "yaml"]
    terminal.write("units.yaml", config)
    for command in ("check", "build", "deploy"):
        terminal.type(["runbutton", command])
    assert "orders" in terminal.type(["runbutton", "deploy"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guides_commands_work_one_after_the_other(terminal: Terminal, language: str) -> None:
    for name in SESSION:
        PREPARED.get(name, lambda _: None)(terminal)
        for kind, text in blocks_of(FOLDER / language / name):
            if kind == "yaml":
                terminal.write("units.yaml", text)
            elif kind == "sh" and not is_for_a_shell(text):
                if "runbutton deploy" in text:
                    terminal.sign_in()
                terminal.run(text)
    typed = {line.split()[1] for line in terminal.typed}
    assert typed >= {"init", "check", "build", "preview", "deploy", "run", "schema", "probe", "log-app", "customize"}


def is_for_a_shell(text: str) -> bool:
    """Whether a block is no list of commands: an installation, a script, a file of variables, a shell's own words."""
    return bool(re.match(r"python3 -m venv|#!/bin/sh|eval|[A-Z_]+=", text))


def _with_a_script(terminal: Terminal) -> None:
    # kintone's own tool applies scripts; a plug-in it would upload.
    terminal.write("units.yaml", SCRIPT)
    terminal.type(["runbutton", "build"])
    terminal.sign_in()


def _with_units_made_for_the_probe(terminal: Terminal) -> None:
    terminal.write("units.yaml", PROBED)
    terminal.serve("preview")
    terminal.kintone = ""
    terminal.sign_in()
    # "Copy the JSON into a file": of the page's own end, which tests/browser/test_probe.py reaches.
    terminal.write("report.json", '{"probe": 1, "facts": {"header_case": "lower"}}')


PREPARED = {
    "terminal-and-ci.md": lambda terminal: terminal.serve("preview"),
    "from-cli-kintone.md": _with_a_script,
    "deploy.md": _with_a_script,
    "log.md": Terminal.sign_in,
    "probe.md": _with_units_made_for_the_probe,
}
