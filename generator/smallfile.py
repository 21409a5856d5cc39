"""Files that people name, read with bounds: what they name may be no file at all, or one without an end."""

import errno
import os
import select
import stat
from pathlib import Path

LIMIT = 256 * 1024
"""Bytes; far above what a key or a .env needs."""


# A pipe that nobody writes into would be waited for without an end.
_PATIENCE = 10.0


def read_small(path: Path, limit: int = LIMIT, patience: float = _PATIENCE) -> bytes:
    """The content of a file, or of a pipe such as a shell's `<(…)`.

    OSError for a device, for more than `limit` bytes, and for a pipe into which nothing is written for `patience`
    seconds.
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "is a device, and no file")
    if stat.S_ISFIFO(mode):
        content = _from_pipe(path, limit, patience)
    else:
        # A directory fails as the system says it.
        with path.open("rb") as file:
            content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"is larger than {limit // 1024} KiB, the most that is read")
    return content


def _from_pipe(path: Path, limit: int, patience: float) -> bytes:
    # Opening it would block as reading does, until somebody writes.
    pipe = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    content = b""
    try:
        while len(content) <= limit:
            if not select.select([pipe], [], [], patience)[0]:
                raise OSError(errno.ETIMEDOUT, f"is a pipe into which nothing was written for {patience:g} s")
            if not (part := os.read(pipe, 65536)):
                break
            content += part
    finally:
        os.close(pipe)
    return content[: limit + 1]
