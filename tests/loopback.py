"""The stub's REST side alone, served on the loopback address, with clients whose time does not pass by itself."""

import ssl
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from generator.kintone.client import Kintone
from generator.kintone.connection import read_connection
from generator.stub.rest import Rest, RestApp, Settings, add_rest
from generator.stub.sample_apps import StubApp
from generator.stub.server import serve_web
from generator.stub.web.answers import new_flask
from generator.stub.wire import Clock

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

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
        self.apps = {app: StubApp(app, f"app-{app}") for app in apps}
        self.rest = Rest(self.apps, self.clock)
        self.pauses: list[float] = []
        self.said: list[str] = []
        self.watch: Callable[[str, str, Callable[[], None]], None] = lambda _method, _path, answer: answer()
        """Stands around every request: gets its method and path, and is to call what answers it."""
        flask = new_flask("rest")
        add_rest(flask, self.rest)
        self._flask = flask.wsgi_app
        self._serving = serve_web(self._watched)

    def __enter__(self) -> Self:
        self.address = self._serving.__enter__().replace("127.0.0.1", "localhost")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._serving.__exit__(kind, error, traceback)

    def add(self, app: StubApp, live: Settings) -> None:
        """Adds an app with these settings."""
        self.apps[app.id] = app
        self.rest.apps[app.id] = RestApp(live=live)

    def before(self, method: str, path: str, act: Callable[[], object], *, skip: int = 0) -> None:
        """Has `act` done once, before a request whose method and path end so is answered, after `skip` of them."""
        left = [skip]

        def watch(asked: str, address: str, answer: Callable[[], None]) -> None:
            if asked == method and address.endswith(path):
                left[0] -= 1
                if left[0] == -1:
                    act()
            answer()

        self.watch = watch

    def kintone(self, **settings: str) -> Kintone:
        """A client with the administrator's settings, changed by `settings`."""
        connection = read_connection(environ(self.address) | settings)
        return Kintone(
            connection, lambda text: self.said.append(str(text)), pause=self._pause, clock=lambda: sum(self.pauses)
        )

    def _watched(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answered: list[Iterable[bytes]] = []
        self.watch(
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            lambda: answered.append(self._flask(environ, start_response)),
        )
        if not answered:
            start_response("503 Not answered", [])
        return answered[0] if answered else []

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.clock.advance(seconds)
