"""One run at a time in a folder: two would mix up their deploy records."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from generator.errors import DeployError
from generator.words import Message, Text, local_time, of

_NAME = "lock"
# No deploy takes so long; whether a process of another machine is alive, this one cannot see.
_STALE = timedelta(hours=1)


@contextmanager
def locked(folder: Path, say: Callable[[Text], None]) -> Iterator[None]:
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


def _take(path: Path, own: str, say: Callable[[Text], None]) -> None:
    for _ in range(2):
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(own)
            return
        except FileExistsError:
            with suppress(FileNotFoundError):
                found = path.read_text(encoding="utf-8", errors="replace")
                holder, why = _holder(found, path)
                if why is None:
                    raise DeployError(of(str(path), Message("lock.held", holder=holder))) from None
                say(Message("text.warning", text=of(str(path), Message("lock.left", holder=holder, why=why))))
                # Of two that find it, one removes it; the other must not remove the winner's.
                mine = path.with_name(f"{_NAME}-{os.getpid()}")
                path.rename(mine)
                if mine.read_text(encoding="utf-8", errors="replace") != found:
                    mine.rename(path)
                else:
                    mine.unlink()
    raise DeployError(of(str(path), Message("lock.race")))


def _holder(text: str, path: Path) -> tuple[Message, Message | None]:
    """Who holds the lock, and why that is over; None where it is not."""
    holder = Message("lock.unknown")
    # It is written right after it is made.
    with suppress(ValueError, LookupError, TypeError):
        content = json.loads(text)
        process = int(content["process"])
        started = local_time(datetime.fromisoformat(content["started"]))
        holder = Message("lock.holder", process=process, host=content["host"], started=started)
        if content["host"] == socket.gethostname() and os.name == "posix":
            return holder, None if _is_alive(process) else Message("lock.dead")
    age = datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return holder, Message("lock.old") if age > _STALE else None


def _is_alive(process: int) -> bool:
    # Not on Windows, where this would end it.
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        # Another user's, or a number that no process has: not known to be gone.
        pass
    return True
