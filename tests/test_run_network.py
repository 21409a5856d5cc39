"""`runbutton run` and its network: what never left this machine ran nothing, and only what left it is unknown."""

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import KREWDATA_UNIT
from tests.private_ca import PrivateCa, connect_proxy, listening, request_head, with_tls
from tests.running import TROCCO_UNIT, make_project, make_time_fly, run

KEY = "fake-api-key-123"
NOTHING_RAN = {"outcome": "not started", "exit_code": 4, "started": False}
RECALCULATE = {**KREWDATA_UNIT, "record": "none"}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path, monkeypatch, RECALCULATE, TROCCO_UNIT)
    make_time_fly(monkeypatch)
    return tmp_path


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a name server: only addresses lead anywhere."""
    real = socket.getaddrinfo

    def look_up(host: Any, *more: Any, **named: Any) -> Any:
        if str(host) not in {"127.0.0.1", "localhost"}:
            raise socket.gaierror(-2, "Name or service not known")
        return real(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def end_of(unit: str, env: dict[str, str]) -> dict[str, Any]:
    """The object that `--json` prints, after all that holds for each of them."""
    result = run(f"orders/{unit}", "--json", "--lang", "en", env=env)
    assert isinstance(result.exception, SystemExit | None), result.exception
    end: dict[str, Any] = json.loads(result.stdout)
    assert end["exit_code"] == result.exit_code
    assert "Traceback" not in result.output
    assert str(Path(__file__).parent.parent) not in result.output
    for secret in (KEY, KREWDATA_UNIT["serial_number"], "YWJjZGVmLWprbG1uby1w"):
        assert secret not in result.output
    assert "\n" not in end["own"]
    return end


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize("unit", ["load", "recalculate"])
@pytest.mark.parametrize(
    ("env", "own"),
    [
        ({}, "cannot be reached: Name or service not known"),
        ({"NO_PROXY": "localhost,127.0.0.1,fe80::/10"}, "Name or service not known"),
        ({"NO_PROXY": "localhost,127.0.0.1,::1,[::1]"}, "Name or service not known"),
        ({"HTTPS_PROXY": "http://127.0.0.1:1"}, "through the proxy of HTTPS_PROXY (127.0.0.1:1): "),
        ({"https_proxy": "127.0.0.1:1"}, "through the proxy of HTTPS_PROXY (127.0.0.1:1): "),
        ({"HTTPS_PROXY": "http://u:p%23w@proxy.invalid"}, "through the proxy of HTTPS_PROXY (proxy.invalid): Name or"),
        ({"HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "*"}, "cannot be reached: Name or service not known"),
        ({"ALL_PROXY": "http://127.0.0.1:1"}, "through the proxy of ALL_PROXY (127.0.0.1:1): "),
    ],
)
def test_without_a_way_out_nothing_was_run(unit: str, env: dict[str, str], own: str) -> None:
    end = end_of(unit, env)
    assert end.items() >= NOTHING_RAN.items()
    assert own in end["own"]
    assert end["reason"] in {"TROCCO could not be reached.", "krewData could not be reached."}
    assert "p#w" not in json.dumps(end)


@pytest.mark.parametrize(
    ("env", "line"),
    [
        ({"ALL_PROXY": "socks5://127.0.0.1:1"}, "ALL_PROXY: is a SOCKS proxy"),
        ({"HTTPS_PROXY": "socks5h://127.0.0.1:1"}, "HTTPS_PROXY: is a SOCKS proxy"),
        ({"SSL_CERT_FILE": "/no/such/file.pem"}, "SSL_CERT_FILE: /no/such/file.pem: cannot be read"),
        ({"HTTPS_PROXY": "http://user:12#34@127.0.0.1:9103"}, "HTTPS_PROXY: its user name or password has a"),
    ],
)
@pytest.mark.parametrize("command", ["run", "probe"])
def test_a_setting_that_cannot_be_used_is_one_line(command: str, env: dict[str, str], line: str) -> None:
    more = ["orders/load"] if command == "run" else ["--direct", "trocco", "--unit", "orders/load"]
    result = run(*more, env=env, command=command)
    assert result.exit_code == 1
    assert [each.startswith(line) for each in result.stderr.splitlines() if not each.startswith("warning: ")] == [True]
    assert not [part for part in ("user:", "12#", "34@") if part in result.output]


class Trocco:
    """As much of TROCCO as a run takes; `answer` may do something else with the start."""

    def __init__(self) -> None:
        self.starts = 0
        self.answer: Callable[[socket.socket], None] | None = None

    def handle(self, connection: socket.socket) -> None:
        head = request_head(connection)
        length = int(next(iter(re.findall(r"(?i)content-length: (\d+)", head)), 0))
        while length > 0:
            length -= len(connection.recv(length))
        if head.startswith("POST"):
            self.starts += 1
            if self.answer is not None:
                self.answer(connection)
                return
            body = b'{"id": 4711}'
        elif "/jobs?limit=" in head:
            body = b'{"items": []}'
        else:
            body = b'{"status": "succeeded"}'
        connection.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))


@contextmanager
def behind_a_proxy(trocco: Trocco, folder: Path, days: int = 30) -> Iterator[tuple[dict[str, str], list[str]]]:
    """TROCCO with a certificate of a private authority, to be reached through a proxy alone: the variables for it, and
    what the proxy was asked."""
    ca, asked = PrivateCa(folder), []  # type: tuple[PrivateCa, list[str]]
    with ExitStack() as servers:
        plain = servers.enter_context(listening(trocco.handle))
        secure = servers.enter_context(listening(with_tls(ca.context("trocco.io", days=days), plain)))
        proxy = servers.enter_context(listening(connect_proxy(secure, asked)))
        yield {"HTTPS_PROXY": f"http://kato:p%23w@127.0.0.1:{proxy}", "SSL_CERT_FILE": str(ca.file)}, asked


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize("where", ["environment", ".env"])
def test_a_run_goes_through_the_companys_proxy_with_the_companys_certificate(project: Path, where: str) -> None:
    trocco = Trocco()
    with behind_a_proxy(trocco, project) as (env, asked):
        if where == ".env":
            (project / ".env").write_text("".join(f"{name}='{value}'\n" for name, value in env.items()))
        end = end_of("load", env if where == "environment" else {})
    assert (end["outcome"], end["exit_code"], trocco.starts) == ("succeeded", 0, 1)
    assert all(head.startswith("CONNECT trocco.io:443 ") for head in asked)
    assert KEY not in "".join(asked)


@pytest.mark.usefixtures("no_names")
def test_tls_that_fails_has_sent_nothing(project: Path) -> None:
    trocco = Trocco()
    with behind_a_proxy(trocco, project) as (env, _):
        end = end_of("load", {"HTTPS_PROXY": env["HTTPS_PROXY"]})
        assert end.items() >= NOTHING_RAN.items()
        assert "has no certificate that is trusted here; SSL_CERT_FILE can name a company's own" in end["own"]
    with behind_a_proxy(trocco, project, days=-1) as (env, _):
        end = end_of("load", env)
        assert end.items() >= NOTHING_RAN.items()
        assert "its certificate has expired" in end["own"]
    assert trocco.starts == 0


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "502 Bad Gateway", ""])
def test_a_proxy_that_does_not_connect_has_sent_nothing(status: str) -> None:
    with listening(connect_proxy(9, [], status)) as proxy:
        end = end_of("load", {"HTTPS_PROXY": f"http://kato:hidden@127.0.0.1:{proxy}"})
    assert end.items() >= NOTHING_RAN.items()
    assert "the proxy of HTTPS_PROXY" in end["own"]
    assert "hidden" not in json.dumps(end)


def _close(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def _half(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")


def _no_http(connection: socket.socket) -> None:
    connection.sendall(b"hello\r\n\r\n")


def _too_long(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 500 Oops\r\ncontent-length: 99000000\r\n\r\n")
    for _ in range(9):
        connection.sendall(b"x" * 1024 * 1024)


def _broken_gzip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\nhi")


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize("answer", [_close, _half, _no_http, _too_long, _broken_gzip])
def test_what_breaks_after_sending_is_unknown_and_not_sent_again(
    project: Path, answer: Callable[[socket.socket], None]
) -> None:
    trocco = Trocco()
    trocco.answer = answer
    with behind_a_proxy(trocco, project) as (env, _):
        end = end_of("load", env)
    assert (end["outcome"], end["exit_code"], trocco.starts) == ("unknown", 5, 1)
    assert "The run may have started." in end["words"]
    assert len(end["own"]) < 1100


@pytest.mark.usefixtures("no_names")
def test_what_a_service_repeats_of_a_secret_is_hidden_and_cut(project: Path) -> None:
    def echo(connection: socket.socket) -> None:
        body = json.dumps({"error": f"Authorization: Token {KEY}", "x": 1}).encode()
        connection.sendall(b"HTTP/1.1 422 No\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))

    trocco = Trocco()
    trocco.answer = echo
    with behind_a_proxy(trocco, project) as (env, _):
        end = end_of("load", env)
        assert (end["exit_code"], "Token ***" in end["own"]) == (4, True)
        trocco.answer = lambda connection: connection.sendall(
            b"HTTP/1.1 422 No\r\ncontent-length: 50000\r\n\r\n" + b"x" * 50000
        )
        assert len(end_of("load", env)["own"]) < 1100


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
    unit = {key: value for key, value in TROCCO_UNIT.items() if key != "api_key"}
    plugin = "plugin: {name: {en: Run}, key: private.ppk}\napps:\n- {app: 45, name: orders, units: ["
    (project / "units.yaml").write_text(f"version: 1\n{plugin}{json.dumps(unit)}]}}\n")
    env = {"TROCCO_API_KEY": secret} if door == "environment" else {}
    if door == ".env":
        (project / ".env").write_text(f"TROCCO_API_KEY='{secret}'\n", encoding="utf-8")
    # What is typed ends with its line.
    typed = secret.replace("\n", " ") if door == "prompt" else None
    result = run("orders/load", "--json", env=env, input_text=typed and f"{typed}\n")
    assert result.exit_code == 1
    end = json.loads(result.stdout)
    assert end["reason"].startswith(f"TROCCO_API_KEY: {words}")
    assert not [part for part in ("SECRET", "ＳＥＣＲＥＴ", "abcdef-") if part in result.output]


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
        "KINTONE_USERNAME: has an invisible character inside; type it again",
    )
