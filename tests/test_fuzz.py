"""Thousands of broken inputs, and every command with planted secrets: no traceback, and no secret in any output."""

import base64
import json
import random
import socket
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from generator.cli.run_inputs import read_record
from generator.environment import read_env_text
from generator.errors import RunbuttonError
from generator.kintone.client import Kintone
from generator.kintone.connection import read_connection
from generator.network import read_network
from tests.private_ca import listening, request_head
from tests.running import RECORD, TROCCO_UNIT, make_project, make_time_fly, run

# The secrets that are searched for afterwards. Nothing else contains them.
PLANTED = "PLANT"
ODD = "\n\r\t\0\"'`#$%{}()[]<>\\/@:;,.=+-&|~ \u3000\xa0\u200b\u202e\ufeff\ud800é秘😀abcXYZ019"

ENV = f"""# settings
export KINTONE_USERNAME=kato
KINTONE_PASSWORD='!{PLANTED}ed-password'
TROCCO_API_KEY="tra_!{PLANTED}ed\\n"
RUNBUTTON_KEY="-----BEGIN RSA PRIVATE KEY-----
!{PLANTED}ed+key/lines
-----END RSA PRIVATE KEY-----"
HTTPS_PROXY=http://kato:!{PLANTED}ed%23@proxy.example.com:8080 # the way out
"""
ENVIRON = {
    "KINTONE_BASE_URL": "http://localhost:8045",
    "KINTONE_USERNAME": "kato",
    "KINTONE_PASSWORD": f"!{PLANTED}ed-password",
    "KINTONE_OAUTH_TOKEN": "",
    "KINTONE_API_TOKEN": "",
    "KINTONE_BASIC_AUTH_USERNAME": "basic",
    "KINTONE_BASIC_AUTH_PASSWORD": f"!{PLANTED}ed-basic",
    "KINTONE_GUEST_SPACE_ID": "3",
    "HTTPS_PROXY": f"http://kato:!{PLANTED}ed@proxy.example.com:8080",
    "NO_PROXY": "localhost,10.0.0.0/8,[::1]:443,.example.com",
    "SSL_CERT_FILE": "",
    "LANG": "ja_JP.UTF-8",
}
URLS = ("https://trocco.io/api", "https://10.1.2.3", "https://[::1]", "http://localhost:8045")


def mutated(text: str, chance: random.Random) -> str:
    """The text with one to four things done to it."""
    for _ in range(chance.randint(1, 4)):
        at, to = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
        match chance.randrange(5):
            case 0:
                text = text[:at] + "".join(chance.choices(ODD, k=chance.randint(1, 3))) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 3) :]
            case 2:
                text = text[:at] + text[to:]
            case 3:
                text = text[:to] + text[at:to] + text[to:]
            case _:
                text = text[:at] + chance.choice(ODD) + text[at + 1 :]
    return text


def told(work: Callable[[], object]) -> str:
    """What comes of it, in words, as a person would get it."""
    try:
        shown = work()
    except RunbuttonError as error:
        # A traceback would show the causes too.
        return "".join(traceback.format_exception_only(error)) + repr(error.__cause__ or "")
    return repr(shown)


def test_two_thousand_broken_env_files() -> None:
    chance = random.Random(1)  # noqa: S311 - no secret depends on it.

    def read(text: str) -> None:
        read_env_text(text, ".env")

    for _ in range(2000):
        text = mutated(ENV, chance)
        assert PLANTED not in told(lambda text=text: read(text)), text


def test_two_thousand_broken_environments() -> None:
    chance = random.Random(2)  # noqa: S311
    for _ in range(2000):
        environ = dict(ENVIRON)
        for name in chance.sample(sorted(environ), k=chance.randint(1, 4)):
            environ[name] = mutated(environ[name], chance)

        def connect(environ: dict[str, str] = environ) -> object:
            return read_connection(environ, to_read_records=chance.random() < 0.5)

        def go_out(environ: dict[str, str] = environ) -> object:
            network = read_network(environ)
            return network, [network.proxy_for(url) for url in URLS]

        assert PLANTED not in told(connect), environ
        assert PLANTED not in told(go_out), environ


def test_a_thousand_broken_records() -> None:
    chance = random.Random(3)  # noqa: S311
    text = json.dumps({"record": {**RECORD, "$id": {"type": "__ID__", "value": "12"}}}, ensure_ascii=False)
    good = 0
    for _ in range(1000):
        content = mutated(text, chance).encode(errors="surrogatepass")
        said = told(lambda content=content: read_record(content, "record.json"))
        good += said.startswith("(")
        assert len(said) < 1000
    assert 10 < good < 900


# --- whole commands


def _echo(connection: socket.socket) -> None:
    """A kintone that repeats the request that it got, as it came and in other encodings."""
    head = request_head(connection)
    sent = [line.partition(": ")[2] for line in head.splitlines()[1:]]
    words = [word for line in sent for word in line.split()]
    plain = [base64.b64decode(word, validate=True).decode() for word in words if _is_base64(word)]
    heard = " ".join([head, *plain, *map(quote, plain), *map(json.dumps, plain)])
    body = json.dumps(
        {"code": "CB_IL02", "id": "x", "message": heard, "errors": {heard: {"messages": [heard]}}}
    ).encode()
    connection.sendall(
        b"HTTP/1.1 400 No\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b"
        % (len(body), body)
    )


def _is_base64(word: str) -> bool:
    try:
        base64.b64decode(word, validate=True).decode()
    except ValueError:
        return False
    return len(word) > 8


def _close(connection: socket.socket) -> None:
    request_head(connection)


def _html(connection: socket.socket) -> None:
    request_head(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 6\r\n\r\n<html>")


COMMANDS = [
    *(["check"], ["build", "--check"], ["build"], ["deploy", "--dry-run"], ["deploy", "--yes"], ["rollback", "--yes"]),
    *(["remove", "--yes"], ["probe", "--rest", "45", "--yes"], ["run", "orders/load", "--record", "12", "--json"]),
    *(["run", "orders/load", "--lang", "en"], ["run", "plugged/load", "--json"], ["run", "plugged/load"]),
    *(["probe", "--direct", "trocco", "--unit", "plugged/load"], ["run", "orders/load", "--record", "units.yaml"]),
]


def _in_this_thread(*arguments: str, command: str, env: dict[str, str]) -> Result:
    return CliRunner().invoke(main, [command, *arguments], env=env)


BREAKS = {
    "nothing": {},
    "API key": {"TROCCO_API_KEY": f'"tra_!{PLANTED}ed"'},
    "line end": {"TROCCO_API_KEY": f"tra_!{PLANTED}ed\n", "KINTONE_PASSWORD": f"!{PLANTED}ed-password\r\n"},
    "password": {"KINTONE_PASSWORD": f"!{PLANTED}\u200bed"},
    "proxy": {"HTTPS_PROXY": f"http://kato:!{PLANTED}#ed@127.0.0.1:1"},
    "key": {"RUNBUTTON_KEY": f"-----BEGIN RSA PRIVATE KEY-----\n!{PLANTED}ed\n-----END RSA PRIVATE KEY-----"},
}


@pytest.mark.parametrize(
    ("answer", "broken"),
    [*((_echo, broken) for broken in BREAKS), (_close, "nothing"), (_html, "nothing")],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_no_command_shows_a_secret_whatever_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[[socket.socket], None], broken: str
) -> None:
    with listening(answer) as port:
        every_command(tmp_path, monkeypatch, f"http://localhost:{port}", BREAKS[broken])


def every_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kintone: str, broken: dict[str, str]) -> None:
    make_project(tmp_path, monkeypatch)
    make_time_fly(monkeypatch)
    defaults = {**(Kintone.__init__.__kwdefaults__ or {}), "pause": lambda _: None}
    monkeypatch.setattr(Kintone.__init__, "__kwdefaults__", defaults)
    unit = {key: value for key, value in TROCCO_UNIT.items() if key != "api_key"}
    script = {"app": 45, "name": "orders", "target": "script", "expose_secrets": True}
    content = {
        "version": 1,
        "plugin": {"name": {"en": "Run"}, "key": "${RUNBUTTON_KEY}"},
        "apps": [
            {**script, "units": [{**unit, "api_key": "${SECRET:-" + f"tra_!{PLANTED}ed-default" + "}"}]},
            {"app": 46, "name": "plugged", "units": [unit]},
        ],
    }
    (tmp_path / "units.yaml").write_text(json.dumps(content), encoding="utf-8")
    environ = {
        **{name: value for name, value in ENVIRON.items() if not name.startswith(("KINTONE_BASIC", "KINTONE_GUEST"))},
        "KINTONE_BASE_URL": kintone,
        "TROCCO_API_KEY": f"tra_!{PLANTED}ed",
        "RUNBUTTON_KEY": f"!{PLANTED}ed.ppk",
        "HTTPS_PROXY": f"http://kato:!{PLANTED}ed@127.0.0.1:1",
        **broken,
    }
    if broken:
        # A valid key lets more commands get further.
        environ.setdefault("RUNBUTTON_KEY", "private.ppk")
    for command, *arguments in COMMANDS:
        # Signals are handled in the main thread alone, and the engine of `run` wants one without an event loop.
        work = run if command == "run" else _in_this_thread
        result = work(*arguments, command=command, env=environ)
        assert isinstance(result.exception, SystemExit | None), (command, arguments, result.exception)
        shown = result.output.replace(f"!{PLANTED}ed.ppk", "")  # a path, which is no secret
        assert PLANTED not in shown, (command, arguments, shown)
        assert "Traceback" not in shown
        for encoded in (base64.b64encode(f"!{PLANTED}ed".encode()).decode()[:10], quote(f"!{PLANTED}")):
            assert encoded not in shown, (command, arguments, shown)
