"""A test's own TROCCO behind a company's proxy, and assertions for every end of a run."""

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
from tests.running import run

KEY = "fake-api-key-123"
RECALCULATE = {**KREWDATA_UNIT, "record": "none"}


def forget_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without a name server: only addresses lead anywhere."""
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
