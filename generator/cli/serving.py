"""Serving pages from this machine until Ctrl+C: what `preview` and `guide` have in common."""

import time
import webbrowser
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack

from generator.cli.terminal import say
from generator.errors import RunbuttonError
from generator.system import reason_of
from generator.words import Message

_LOOKS_EVERY = 0.3  # seconds


def serve_until_interrupt(
    server: AbstractContextManager[str],
    port: int,
    page: str,
    words: Callable[[str], Message],
    *,
    open_browser: bool,
    look: Callable[[], None] = lambda: None,
) -> None:
    """Runs the server, which yields its base URL; shows that in `words`, and may open its `page` in the browser.

    It calls `look` several times a second.

    Raises:
        RunbuttonError: the port is taken.
    """
    with ExitStack() as stack:
        try:
            home = stack.enter_context(server)
        except OSError as error:
            raise RunbuttonError(Message("serving.port", port=port, reason=reason_of(error))) from error
        try:
            say(words(home))
            if open_browser and not webbrowser.open(home + page):
                say(Message("serving.noBrowser"))
            while True:
                look()
                time.sleep(_LOOKS_EVERY)
        except KeyboardInterrupt:
            say("")
