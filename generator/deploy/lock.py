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
# Longer than any deploy. This machine cannot see whether a process on another machine is alive.
_STALE = timedelta(hours=1)


@contextmanager
def locked(folder: Path, say: Callable[[Text], None]) -> Iterator[None]:
    """Holds the lock of a .runbutton folder. DeployError if another run has it; a warning if a dead one left it."""
    path = folder / _NAME
    made = not folder.exists()
    own = json.dumps({"host": socket.gethostname(), "process": os.getpid(), "started": datetime.now(UTC).isoformat()})
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _take(path, own, say)
    except OSError:
        # In a read-only folder nothing can be deployed, but a run with nothing to change may still report that.
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
                # If two runs find a stale lock, only one removes it; the other must not remove the new lock.
                mine = path.with_name(f"{_NAME}-{os.getpid()}")
                path.rename(mine)
                if mine.read_text(encoding="utf-8", errors="replace") != found:
                    mine.rename(path)
                else:
                    mine.unlink()
    raise DeployError(of(str(path), Message("lock.race")))


def _holder(text: str, path: Path) -> tuple[Message, Message | None]:
    """Who held the lock, and why it is stale; None if it is not."""
    holder = Message("lock.unknown")
    # The lock's content is written right after the file is created.
    with suppress(ValueError, LookupError, TypeError):
        content = json.loads(text)
        process = int(content["process"])
        started = local_time(datetime.fromisoformat(content["started"]))
        holder = Message("lock.holder", process=process, host=content["host"], started=started)
        # In a container a killed run may have had this run's own number.
        if content["host"] == socket.gethostname() and os.name == "posix" and process != os.getpid():
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
        # Another user's process, or an invalid number: it may still run.
        pass
    return True
