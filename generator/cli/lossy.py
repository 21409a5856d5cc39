"""Output that may be lost without changing a command's result: its reader can close at any time."""

import os
import sys
from contextlib import suppress
from typing import Any

import click

from generator.system import reason_of
from generator.words import Message, Text


class Lossy:
    """stdout or stderr as a stream to which writing never fails; what cannot be written is dropped."""

    CLOSED = Message("system.readerGone")

    def __init__(self, *, err: bool = False) -> None:
        self._stream = sys.stderr if err else sys.stdout
        self.lost: Text = ""
        """Why output was dropped; empty if none was."""

    def say(self, text: str) -> None:
        """Writes a line, at once."""
        click.echo(text, file=self)  # type: ignore[arg-type]

    def write(self, text: str) -> int:
        """As a stream's."""
        try:
            # None if the parent process has closed it.
            if self._stream is not None and not self.lost:
                self._stream.write(text)
        except (OSError, ValueError) as error:
            self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """As a stream's."""
        try:
            if self._stream is not None and not self.lost:
                self._stream.flush()
        except (OSError, ValueError) as error:
            self._give_up(error)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the stream has it.
        return getattr(self._stream, name)

    def _give_up(self, error: OSError | ValueError) -> None:
        gone = isinstance(error, BrokenPipeError | ValueError)
        self.lost = self.CLOSED if gone else reason_of(error)
        # What is left in the stream's buffer would fail again when Python exits, with Python's own exit code.
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
