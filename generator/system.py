"""Errors of the operating system in the user's language: its own are always English."""

import errno
import os
from collections.abc import Mapping
from pathlib import Path

from generator.words import Message, Text

_REASONS: Mapping[int, str] = {
    errno.ENOENT: "system.noFile",
    errno.EACCES: "system.permission",
    errno.EPERM: "system.permission",
    errno.EISDIR: "system.folder",
    errno.ENOTDIR: "system.notFolder",
    errno.ENOSPC: "system.full",
    errno.EROFS: "system.readOnly",
    errno.EADDRINUSE: "system.portInUse",
    errno.ECONNREFUSED: "system.refused",
    errno.ECONNRESET: "system.reset",
    errno.ETIMEDOUT: "system.timeout",
    errno.ENETUNREACH: "system.unreachable",
    errno.EHOSTUNREACH: "system.unreachable",
}


class UnsuitableFileError(OSError):
    """A file that is not a regular file, or too large; the message says which."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def reason_of(error: BaseException) -> Text:
    """The reason of the error; in the system's own words if it is not a usual one."""
    if isinstance(error, UnsuitableFileError):
        return error.message
    import socket  # noqa: PLC0415 - every command imports this module, and few use the network.

    if isinstance(error, UnicodeDecodeError):
        return Message("env.encoding")
    if isinstance(error, socket.gaierror):
        return Message("system.unknownHost")
    key = _REASONS.get(getattr(error, "errno", None) or 0)
    return Message(key) if key else str(getattr(error, "strerror", None) or error)


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; False if that cannot be seen, where Path.is_dir raises."""
    return os.path.isdir(path)  # noqa: PTH112
