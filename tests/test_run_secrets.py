"""`runbutton run` and secrets: checked whichever door they came in by, and hidden wherever they come back."""

import json
import os
import re
import socket
import subprocess
from pathlib import Path

import pytest

from tests.behind_a_proxy import KEY, RECALCULATE, Trocco, behind_a_proxy, end_of, forget_names
from tests.forked import runbutton
from tests.running import TROCCO_UNIT, make_project, make_time_fly, run


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path, monkeypatch, RECALCULATE, TROCCO_UNIT)
    make_time_fly(monkeypatch)
    return tmp_path


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_names(monkeypatch)


@pytest.mark.usefixtures("no_names")
def test_what_a_service_repeats_of_a_secret_is_hidden_and_cut(project: Path) -> None:
    def echo(connection: socket.socket) -> None:
        body = json.dumps({"error": f"Authorization: Token {KEY}\n\x1b[2J", "x": 1}).encode()
        connection.sendall(b"HTTP/1.1 422 No\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))

    trocco = Trocco()
    trocco.answer = echo
    with behind_a_proxy(trocco, project) as (env, _):
        end = end_of("load", env)
        assert (end["exit_code"], "Token ***" in end["own"]) == (4, True)
        assert end["own"].isprintable()
        trocco.answer = lambda connection: connection.sendall(
            b"HTTP/1.1 422 No\r\ncontent-length: 50000\r\n\r\n" + b"x" * 50000
        )
        assert len(end_of("load", env)["own"]) < 1100


def write_plugin_config(project: Path) -> None:
    """A config in which the unit's secret is not."""
    unit = {key: value for key, value in TROCCO_UNIT.items() if key != "api_key"}
    plugin = "plugin: {name: {en: Run}, key: private.ppk}\napps:\n- {app: 45, name: orders, units: ["
    (project / "units.yaml").write_text(f"version: 1\n{plugin}{json.dumps(unit)}]}}\n")


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ('"tra_SECRETVAL"', "has quotes around it; remove them"),
        ("tra_ＳＥＣＲＥＴ", "has a space, a full-width or an invisible character inside; copy it again"),
        ("tra_SEC\tRETVAL", "has a space, a full-width or an invisible character inside"),
        ("tra_SEC\nRETVAL", "has a space, a full-width or an invisible character inside"),
        ("$TROCCO_API_KEY", "is a variable's name or a placeholder"),
        ("Token tra_SECRETVAL", 'leave out "Token "'),
        ("abcdef-jklmno-pqrstu-xyz123-456789", "looks like a krewData serial number"),
    ],
)
@pytest.mark.parametrize("door", ["environment", ".env", "prompt"])
def test_a_secret_that_cannot_be_right_is_not_sent_whichever_door_it_came_in_by(
    project: Path, secret: str, words: str, door: str
) -> None:
    write_plugin_config(project)
    env = {"TROCCO_API_KEY": secret} if door == "environment" else {}
    if door == ".env":
        (project / ".env").write_text(f"TROCCO_API_KEY='{secret}'\n", encoding="utf-8")
    # The input ends with its line.
    typed = secret.replace("\n", " ") if door == "prompt" else None
    result = run("orders/load", "--json", env=env, input_text=typed and f"{typed}\n")
    assert result.exit_code == 1
    end = json.loads(result.stdout)
    assert end["reason"].startswith(f"TROCCO_API_KEY: {words}")
    assert not [part for part in ("SECRET", "ＳＥＣＲＥＴ", "abcdef-") if part in result.output]


@pytest.mark.skipif(os.name != "posix", reason="sessions of POSIX")
def test_without_a_terminal_no_secret_is_asked_for_or_taken_from_stdin(project: Path) -> None:
    write_plugin_config(project)
    env = {**os.environ, "XDG_STATE_HOME": "state"}
    # In a session of its own there is no terminal, as in cron and CI.
    done = subprocess.run(
        runbutton("run", "orders/load", "--lang", "en"),
        input=f"{KEY}\n",
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=env,
        start_new_session=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1] == "error: TROCCO_API_KEY is not set, and no terminal can ask for it"
    assert "Warning" not in done.stderr


def test_ctrl_d_at_the_question_for_the_secret_is_not_taken_for_a_missing_terminal(project: Path) -> None:
    write_plugin_config(project)
    # At the end of its input, Python's way to ask for a password raises the same error as for Ctrl+D.
    result = run("orders/load", "--json", input_text="")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["reason"] == "TROCCO_API_KEY: is not set"


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize("around", ["\n", "\r\n", " \t", "\u3000", "\ufeff"])
def test_white_space_around_a_secret_is_not_sent(project: Path, around: str) -> None:
    text = (project / "units.yaml").read_text(encoding="utf-8").replace("fake-api-key-123", "${TROCCO_API_KEY}")
    (project / "units.yaml").write_text(text, encoding="utf-8")
    heads: list[str] = []
    trocco = Trocco()
    handle = trocco.handle

    def peek(connection: socket.socket) -> None:
        heads.append(connection.recv(4096, socket.MSG_PEEK).decode())
        handle(connection)

    trocco.handle = peek  # type: ignore[method-assign]
    with behind_a_proxy(trocco, project) as (env, _):
        assert end_of("load", {**env, "TROCCO_API_KEY": f"{around}{KEY}{around}"})["exit_code"] == 0
    assert re.findall("(?i)authorization: (.*)\r", heads[0]) == [f"Token {KEY}"]


@pytest.mark.usefixtures("no_names")
def test_a_container_whose_user_has_no_name_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 10001")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert end_of("load", {"KINTONE_USERNAME": ""})["exit_code"] == 4
    wrong = run("orders/load", env={"KINTONE_USERNAME": "ka\u200bto"})
    assert (wrong.exit_code, wrong.stderr.splitlines()[-1]) == (
        1,
        "error: KINTONE_USERNAME: has an invisible character inside; type it again",
    )
