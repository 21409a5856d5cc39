"""How often this computer's user has started what a service limits: krewData disables a unit that is run too often."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import platformdirs

_PATIENCE = 10  # seconds that another process may hold the file


class Starts:
    """The last starts by the address that their service counts by, for all processes of this user."""

    def __init__(self, path: Path | None = None, scope: str = "") -> None:
        """`scope` keeps the starts of one preview apart from others and from the service's own."""
        self._scope = scope
        self._path = path or platformdirs.user_state_path("runbutton", appauthor=False) / "starts.sqlite3"

    def take(self, address: str, starts: int, within: float, now: float) -> float:
        """Takes one of the `starts` that are allowed `within` so many milliseconds, and gives 0; or how many
        milliseconds there are until the next is free, and takes none.

        OSError where the file cannot be kept.
        """
        try:
            return self._take(self._scope + address, starts, within, now)
        except sqlite3.OperationalError as error:  # It cannot be opened or written, or is held for too long.
            raise OSError(f"{self._path}: {error}") from None
        except sqlite3.DatabaseError:  # It is none: what it counted is of the last minute anyway.
            self._path.unlink()
            return self._take(self._scope + address, starts, within, now)

    def _take(self, address: str, starts: int, within: float, now: float) -> float:
        with self._held() as database:
            # A start in the future is one of before the clock was set back.
            database.execute("DELETE FROM starts WHERE forgotten <= ? OR at > ?", (now, now + within))
            rows = database.execute("SELECT at FROM starts WHERE address = ? ORDER BY at DESC", (address,)).fetchall()
            if len(rows) >= starts:
                return float(rows[starts - 1][0]) + within - now
            database.execute("INSERT INTO starts VALUES (?, ?, ?)", (address, now, now + within))
            return 0

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        """The file, for one process at a time; what is changed is kept only where nothing fails."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                database.execute("CREATE TABLE IF NOT EXISTS starts (address TEXT, at REAL, forgotten REAL)")
                yield database
                database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    database.execute("ROLLBACK")
                raise
