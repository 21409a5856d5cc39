"""`runbutton run` and its network: an unsent request ran nothing; only a sent one has an unknown result."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.behind_a_proxy import KEY, RECALCULATE, Trocco, behind_a_proxy, end_of, forget_names
from tests.private_ca import connect_proxy, listening
from tests.running import TROCCO_UNIT, make_project, make_time_fly, run

NOTHING_RAN = {"outcome": "not started", "exit_code": 4, "started": False}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path, monkeypatch, RECALCULATE, TROCCO_UNIT)
    make_time_fly(monkeypatch)
    return tmp_path


@pytest.fixture
def no_names(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_names(monkeypatch)


@pytest.mark.usefixtures("no_names")
@pytest.mark.parametrize("unit", ["load", "recalculate"])
@pytest.mark.parametrize(
    ("env", "own"),
    [
        ({}, "Name or service not known"),
        ({"NO_PROXY": "localhost,127.0.0.1,fe80::/10"}, "Name or service not known"),
        ({"NO_PROXY": "localhost,127.0.0.1,::1,[::1]"}, "Name or service not known"),
        ({"HTTPS_PROXY": "http://127.0.0.1:1"}, "through the proxy of HTTPS_PROXY (127.0.0.1:1): "),
        ({"https_proxy": "127.0.0.1:1"}, "through the proxy of HTTPS_PROXY (127.0.0.1:1): "),
        ({"HTTPS_PROXY": "http://u:p%23w@proxy.invalid"}, "through the proxy of HTTPS_PROXY (proxy.invalid): Name or"),
        ({"HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "*"}, "Name or service not known"),
        ({"ALL_PROXY": "http://127.0.0.1:1"}, "through the proxy of ALL_PROXY (127.0.0.1:1): "),
    ],
)
def test_without_a_way_out_nothing_was_run(unit: str, env: dict[str, str], own: str) -> None:
    end = end_of(unit, env)
    assert end.items() >= NOTHING_RAN.items()
    assert own in end["own"]
    assert end["reason"] in {"Could not connect to TROCCO.", "Could not connect to krewData."}
    assert "p#w" not in json.dumps(end)


@pytest.mark.parametrize(
    ("env", "line"),
    [
        ({"ALL_PROXY": "socks5://127.0.0.1:1"}, "ALL_PROXY: SOCKS proxies are not supported"),
        ({"HTTPS_PROXY": "socks5h://127.0.0.1:1"}, "HTTPS_PROXY: SOCKS proxies are not supported"),
        ({"SSL_CERT_FILE": "/no/such/file.pem"}, "SSL_CERT_FILE: /no/such/file.pem: cannot read"),
        ({"HTTPS_PROXY": "http://user:12#34@127.0.0.1:9103"}, "HTTPS_PROXY: the user name or password has a reserved"),
    ],
)
@pytest.mark.parametrize("command", ["run", "probe"])
def test_a_setting_that_cannot_be_used_is_one_line(command: str, env: dict[str, str], line: str) -> None:
    more = ["orders/load"] if command == "run" else ["--direct", "trocco", "--unit", "orders/load"]
    result = run(*more, env=env, command=command)
    assert result.exit_code == 1
    assert [
        each.startswith(f"error: {line}") for each in result.stderr.splitlines() if not each.startswith("warning: ")
    ] == [True]
    assert not [part for part in ("user:", "12#", "34@") if part in result.output]


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
        assert "its certificate is not trusted here; set SSL_CERT_FILE to your company's certificate" in end["own"]
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
