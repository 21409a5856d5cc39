"""One server for all tests of a process, each with a stub of its own behind it: starting one, and sending every page
the same two dozen modules anew, took a fifth of the suite's time."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from generator.stub.server import serve, serve_web
from generator.stub.tenant import Stub
from generator.stub.web import web_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_ASSETS = "/k/stub/assets/"


class Host:
    """The server. Modules of the stub's pages may be kept by the browser; nothing else may."""

    def __init__(self, stack: ExitStack) -> None:
        self._web: WSGIApplication | None = None
        self._address = stack.enter_context(serve_web(self._answer))

    @contextmanager
    def serve(self, stub: Stub) -> Iterator[str]:
        """Serves the stub and gives its base URL; a second one at the same time gets a server of its own."""
        if self._web is not None:
            with serve(stub) as address:
                yield address
            return
        self._web = web_of(stub)
        try:
            yield self._address
        finally:
            self._web = None

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        web = self._web
        if web is None:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        return web(environ, _kept(start_response) if environ["PATH_INFO"].startswith(_ASSETS) else start_response)


def _kept(start_response: "StartResponse") -> Callable[..., Any]:
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        others = [(name, value) for name, value in headers if name != "Cache-Control"]
        return start_response(status, [*others, ("Cache-Control", "max-age=3600")], *more)

    return start
