"""Reads files that users name, with limits: the name may be that of a device or an endless pipe."""

import os
import select
import stat
from pathlib import Path

from generator.system import UnsuitableFileError
from generator.words import Message

LIMIT = 256 * 1024
"""Bytes; far above the size of any key or .env."""


# A pipe without a writer would block forever.
_PATIENCE = 10.0


def read_small(path: Path, limit: int = LIMIT, patience: float = _PATIENCE) -> bytes:
    """The content of a file, or of a pipe such as a shell's `<(…)`.

    OSError for a device, for more than `limit` bytes, and for a pipe into which nothing is written for `patience`
    seconds.
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISDIR(mode)):
        raise UnsuitableFileError(Message("system.device"))
    if stat.S_ISFIFO(mode):
        content = _from_pipe(path, limit, patience)
    else:
        # A directory fails with the system's own error.
        with path.open("rb") as file:
            content = file.read(limit + 1)
    if len(content) > limit:
        raise UnsuitableFileError(Message("system.large", limit=limit // 1024))
    return content


def _from_pipe(path: Path, limit: int, patience: float) -> bytes:
    # Opening it would block, as reading does, until another process writes.
    pipe = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    content = b""
    try:
        while len(content) <= limit:
            if not select.select([pipe], [], [], patience)[0]:
                raise UnsuitableFileError(Message("system.silentPipe", seconds=f"{patience:g}"))
            if not (part := os.read(pipe, 65536)):
                break
            content += part
    finally:
        os.close(pipe)
    return content[: limit + 1]
