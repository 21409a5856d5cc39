"""One run at a time in a folder: two would mix up their deploy records."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from generator.errors import DeployError

_NAME = "lock"
# No deploy takes so long; whether a process of another machine is alive, this one cannot see.
_STALE = timedelta(hours=1)


@contextmanager
def locked(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Holds the lock of a .runbutton folder. DeployError where another run has it; a line where a dead one left it."""
    path = folder / _NAME
    made = not folder.exists()
    own = json.dumps({"host": socket.gethostname(), "process": os.getpid(), "started": datetime.now(UTC).isoformat()})
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _take(path, own, say)
    except OSError:
        # Where nothing can be written, nothing will be deployed; a run with nothing to change may still say so.
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_text(encoding="utf-8") == own:
                path.unlink()
            if made:
                folder.rmdir()


def _take(path: Path, own: str, say: Callable[[str], None]) -> None:
    for _ in range(2):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(own)
            return
        except FileExistsError:
            with suppress(FileNotFoundError):
                found = path.read_text(encoding="utf-8", errors="replace")
                holder, why = _holder(found, path)
                if not why:
                    raise DeployError(
                        f"{path}: another run is under way: {holder}; wait for it, or delete this file if it is over"
                    ) from None
                say(f"warning: {path}: {holder} was interrupted ({why}); this run takes over")
                # Of two that find it, one removes it; the other must not remove the winner's.
                mine = path.with_name(f"{_NAME}-{os.getpid()}")
                path.rename(mine)
                if mine.read_text(encoding="utf-8", errors="replace") != found:
                    mine.rename(path)
                else:
                    mine.unlink()
    raise DeployError(f"{path}: another run has just begun here; try again")


def _holder(text: str, path: Path) -> tuple[str, str]:
    """Who holds the lock, and why that is over, or ""."""
    age = datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    try:
        content = json.loads(text)
        host, process, started = str(content["host"]), int(content["process"]), str(content["started"])
    except (ValueError, LookupError, TypeError):
        # It is written right after it is made.
        return "a run of which nothing is known", "older than an hour" if age > _STALE else ""
    holder = f"process {process} on {host}, since {started}"
    if host == socket.gethostname() and os.name == "posix":
        return holder, "" if _is_alive(process) else "its process is gone"
    return holder, "older than an hour" if age > _STALE else ""


def _is_alive(process: int) -> bool:
    # Not on Windows, where this would end it.
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
