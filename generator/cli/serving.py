"""Serving pages from this machine until Ctrl+C: what `preview` and `guide` have in common."""

import threading
import webbrowser
from collections.abc import Callable

from generator.cli.terminal import say
from generator.errors import RunbuttonError
from generator.stub.server import serve
from generator.stub.tenant import Stub
from generator.system import reason_of
from generator.words import Message


def serve_until_interrupt(
    stub: Stub, port: int, page: str, words: Callable[[str], Message], *, open_browser: bool
) -> None:
    """Serves the stub, says the `words` for its address, and may open its `page` in the browser.

    Raises:
        RunbuttonError: the port is taken.
    """
    try:
        with serve(stub, port) as home:
            say(words(home))
            if open_browser and not webbrowser.open(home + page):
                say(Message("serving.noBrowser"))
            threading.Event().wait()
    except KeyboardInterrupt:
        say("")
    except OSError as error:
        reason = reason_of(error)
        raise RunbuttonError(Message("serving.port", port=port, reason=reason)) from error
