"""One server for all tests of a process, each with a stub of its own behind it.

To start a server, to make its web application, and to send every page the same modules anew costs more than most tests.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from werkzeug.local import LocalProxy

from generator.stub.server import serve, serve_web
from generator.stub.tenant import Stub
from generator.stub.web import web_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ASSETS = "/k/stub/assets/"

_ASKED: ContextVar[Any] = ContextVar("the stub that the request of this thread is for")


class Host:
    """The server. Modules of the stub's pages may be kept by the browser; nothing else may."""

    def __init__(self, stack: ExitStack) -> None:
        self._stub: Stub | None = None
        self._web = _web_of_whichever_is_asked()
        self._address = stack.enter_context(serve_web(self._answer))

    @contextmanager
    def serve(self, stub: Stub) -> Iterator[str]:
        """Serves the stub and gives its base URL. One with a panel, and a second one at the same time, get a server of
        their own."""
        if self._stub is not None or stub.choices is not None:
            with serve(stub) as address:
                yield address
            return
        self._stub = stub
        try:
            yield self._address
        finally:
            self._stub = None

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if self._stub is None:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        # Each connection has its own thread, so a request continues with the stub that it was sent to.
        _ASKED.set(self._stub)
        return self._web(environ, _kept(start_response) if environ["PATH_INFO"].startswith(_ASSETS) else start_response)


def _web_of_whichever_is_asked() -> "WSGIApplication":
    # All that is read of a stub while its application is made.
    _ASKED.set(SimpleNamespace(rest=LocalProxy(_ASKED, "rest"), choices=None))
    return web_of(cast("Stub", LocalProxy(_ASKED)))


def _kept(start_response: "StartResponse") -> Callable[..., Any]:
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        others = [(name, value) for name, value in headers if name != "Cache-Control"]
        return start_response(status, [*others, ("Cache-Control", "max-age=3600")], *more)

    return start
