"""The stub's REST side alone, served on the loopback address, with clients whose time does not pass by itself."""

import ssl
import threading
from types import TracebackType
from typing import Self

from flask import Flask
from werkzeug.serving import make_server

from generator.kintone.client import Kintone
from generator.kintone.connection import read_connection
from generator.stub.kintone import StubApp
from generator.stub.rest import Rest, add_rest
from generator.stub.wire import Clock

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For httpx clients of a loopback server: loading the world's certificates would take 31 ms for each."""


def environ(address: str, **more: str) -> dict[str, str]:
    """The settings for an address, signing in as the stub's administrator."""
    return {"KINTONE_BASE_URL": address, "KINTONE_USERNAME": "admin", "KINTONE_PASSWORD": "admin", **more}


class Loopback:
    """A served Rest with these apps. Pauses of its clients move the stub's clock and are recorded, in seconds;
    `said` has what they say of repetitions."""

    def __init__(self, *apps: int) -> None:
        self.clock = Clock()
        self.rest = Rest({app: StubApp(app, f"app-{app}") for app in apps}, self.clock)
        self.pauses: list[float] = []
        self.said: list[str] = []
        flask = Flask("rest")
        add_rest(flask, self.rest)
        self._server = make_server("127.0.0.1", 0, flask, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.address = f"http://localhost:{self._server.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def kintone(self, **settings: str) -> Kintone:
        """A client with the administrator's settings, changed by `settings`."""
        connection = read_connection(environ(self.address) | settings)
        return Kintone(connection, self.said.append, pause=self._pause, clock=lambda: sum(self.pauses))

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.advance(seconds)
