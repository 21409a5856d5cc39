"""Serves the stubbed kintone on the loopback address."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

from generator.stub.tenant import Stub
from generator.stub.web import web_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def serve(stub: Stub, port: int = 0) -> Iterator[str]:
    """Serves the stub on the loopback address only, and yields its base URL. Port 0 takes any free port.

    Raises:
        OSError: the port is taken.
    """
    stub.closing.clear()
    with serve_web(web_of(stub), port) as address:
        try:
            yield address
        finally:
            stub.closing.set()


@contextmanager
def serve_web(web: "WSGIApplication", port: int = 0) -> Iterator[str]:
    """The same for any web application. Port 0 takes any free port; OSError if the port is taken."""
    # Bound here, because werkzeug would print and exit if the port is taken.
    with socket.create_server(("127.0.0.1", port)) as bound:
        server = make_server("127.0.0.1", 0, web, threaded=True, request_handler=_QuietHandler, fd=bound.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _QuietHandler(WSGIRequestHandler):
    # A body without a length goes in chunks, so that a client sees where it was cut off.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: ANN401 - werkzeug's signature.
        """Prints nothing: the terminal belongs to the command."""
