"""One server for all tests of a process, each with a stub of its own behind it.

To start a server, to make its web application, and to send every page the same modules anew costs more than most tests.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import Context, ContextVar
from functools import cache
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
        self._address = stack.enter_context(serve_web(self._answer))

    @contextmanager
    def serve(self, stub: Stub) -> Iterator[str]:
        """Serves the stub and gives its base URL. A second one at the same time gets a server of its own."""
        if self._stub is not None:
            with serve(stub) as address:
                yield address
            return
        self._stub = stub
        try:
            yield self._address
        finally:
            self._stub = None
            stub.closing.set()

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        stub = self._stub
        if stub is None:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        # Each connection has its own thread, so a request continues with the stub that it was sent to.
        _ASKED.set(stub)
        web = _web_of_whichever_is_asked(panel=stub.choices is not None)
        return web(environ, _kept(start_response) if environ["PATH_INFO"].startswith(_ASSETS) else start_response)


@cache
def _web_of_whichever_is_asked(*, panel: bool) -> "WSGIApplication":
    # All that is read of a stub while its application is made.
    choices = LocalProxy(_ASKED, "choices") if panel else None
    made = Context()
    made.run(_ASKED.set, SimpleNamespace(rest=LocalProxy(_ASKED, "rest"), choices=choices))
    return made.run(web_of, cast("Stub", LocalProxy(_ASKED)))


def _kept(start_response: "StartResponse") -> Callable[..., Any]:
    def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        others = [(name, value) for name, value in headers if name != "Cache-Control"]
        return start_response(status, [*others, ("Cache-Control", "max-age=3600")], *more)

    return start
