"""Starts are counted for all processes of a user, and no clock or file makes anybody wait for ever."""

import subprocess
import sys
from pathlib import Path

import pytest

from generator.starts import Starts

UNIT, MINUTE = "/trigger/v1/abc", 60_000


def test_four_starts_a_minute_and_the_fifth_waits_until_the_first_is_a_minute_old(tmp_path: Path) -> None:
    starts = Starts(tmp_path / "deep" / "starts")
    assert [starts.take(UNIT, 4, MINUTE, now) for now in (0, 1000, 2000, 3000)] == [0, 0, 0, 0]
    assert starts.take(UNIT, 4, MINUTE, 10_000) == 50_000
    assert starts.take("/trigger/v1/other", 4, MINUTE, 10_000) == 0
    assert starts.take(UNIT, 4, MINUTE, 60_000) == 0
    assert starts.take(UNIT, 4, MINUTE, 60_000) == 1000


def test_a_previews_starts_are_its_own(tmp_path: Path) -> None:
    for scope in ("", "http://localhost:8045"):
        starts = Starts(tmp_path / "starts", scope)
        assert [starts.take(UNIT, 1, MINUTE, now) for now in (0, 1)] == [0, 59_999]


def test_a_clock_that_is_set_back_makes_nobody_wait_longer_than_two_limits(tmp_path: Path) -> None:
    starts = Starts(tmp_path / "starts")
    for _ in range(4):
        starts.take(UNIT, 4, MINUTE, 10_000_000)
    assert starts.take(UNIT, 4, MINUTE, 10_000_000 - 30_000) == 90_000
    assert starts.take(UNIT, 4, MINUTE, 5_000_000) == 0


def test_a_file_that_is_none_is_made_anew_and_one_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "starts").write_bytes(b"no database at all" * 100)
    starts = Starts(tmp_path / "starts")
    assert [starts.take(UNIT, 1, MINUTE, now) for now in (0, 1)] == [0, 59_999]
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "folder", tmp_path / "file" / "starts"):
        with pytest.raises(OSError, match=r"folder|file"):
            Starts(path).take(UNIT, 1, MINUTE, 0)


def test_processes_that_start_at_once_share_the_limit(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from generator.starts import Starts; "
        f"print(Starts(Path(sys.argv[1])).take({UNIT!r}, 4, {MINUTE}, 0))"
    )
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", program, str(tmp_path / "starts")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(6)]
    waits = sorted(float(process.communicate()[0]) for process in running)
    assert waits == [0, 0, 0, 0, MINUTE, MINUTE]
