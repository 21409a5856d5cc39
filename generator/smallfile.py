"""Files that people name, read with bounds: what they name may be no file at all, or one without an end."""

import errno
import stat
from pathlib import Path

LIMIT = 256 * 1024
"""Bytes; far above what a key or a .env needs."""


def read_small(path: Path) -> bytes:
    """The content of a file, or of a pipe such as a shell's `<(…)`. OSError for a device, and for more than LIMIT."""
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "is a device, and no file")
    # A directory fails as the system says it.
    with path.open("rb") as file:
        content = file.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise OSError(errno.EFBIG, f"is larger than {LIMIT // 1024} KiB, the most that is read")
    return content
