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
        """Counts one of the `starts` that are allowed `within` so many milliseconds, and returns 0; if none is left,
        returns the milliseconds until the next, and counts none.

        OSError if the file cannot be written.
        """
        try:
            return self._take(self._scope + address, starts, within, now)
        except sqlite3.OperationalError as error:  # The file cannot be opened or written, or is locked for too long.
            raise OSError(f"{self._path}: {error}") from None
        except sqlite3.DatabaseError:  # Not a valid database: it only counted the last minute anyway.
            self._path.unlink()
            return self._take(self._scope + address, starts, within, now)

    def _take(self, address: str, starts: int, within: float, now: float) -> float:
        with self._held() as database:
            # A start in the future was counted before the clock was set back.
            database.execute("DELETE FROM starts WHERE forgotten <= ? OR at > ?", (now, now + within))
            rows = database.execute("SELECT at FROM starts WHERE address = ? ORDER BY at DESC", (address,)).fetchall()
            if len(rows) >= starts:
                return float(rows[starts - 1][0]) + within - now
            database.execute("INSERT INTO starts VALUES (?, ?, ?)", (address, now, now + within))
            return 0

    @contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        """The file, for one process at a time; changes are stored only if nothing fails."""
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
