"""One run at a time in a folder."""

import json
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.deploy.lock import locked
from generator.errors import DeployError

posix = pytest.mark.skipif(os.name != "posix", reason="whether a process is alive is asked on POSIX alone")


STARTED = f"{datetime(2026, 11, 22, 22, 33, tzinfo=UTC).astimezone():%Y-%m-%d %H:%M}"


def held(folder: Path, *, process: int, host: str = "", age: float = 0) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "lock"
    content = {"host": host or socket.gethostname(), "process": process, "started": "2026-11-22T22:33:00+00:00"}
    path.write_text(json.dumps(content), encoding="utf-8")
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def test_a_lock_is_there_while_it_is_held_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / ".runbutton"
    said: list[str] = []
    with locked(folder, lambda text: said.append(str(text))):
        assert json.loads((folder / "lock").read_text(encoding="utf-8"))["process"] == os.getpid()
        ours = rf"another deploy from this folder is running: process {os.getpid()} on .*, since 20"
        with pytest.raises(DeployError, match=ours), locked(folder, lambda text: said.append(str(text))):
            raise AssertionError
    assert not folder.exists()
    assert said == []


@posix
def test_a_second_run_is_told_who_holds_it(tmp_path: Path) -> None:
    path = held(tmp_path, process=os.getppid(), age=90_000)
    with pytest.raises(DeployError) as caught, locked(tmp_path, print):
        raise AssertionError
    assert str(caught.value) == (
        f"{path}: another deploy from this folder is running: process {os.getppid()} on {socket.gethostname()}, since "
        f"{STARTED}; wait until it ends, or delete this file if it has ended"
    )
    assert path.exists()


@posix
def test_a_lock_whose_process_is_gone_is_explained_and_taken_over(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    path = held(tmp_path, process=int(gone.stdout))
    said: list[str] = []
    with locked(tmp_path, lambda text: said.append(str(text))):
        assert path.exists()
    assert said == [
        f"warning: {path}: process {int(gone.stdout)} on {socket.gethostname()}, since {STARTED} was "
        "interrupted (the process has ended); continuing"
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_of_a_container_whose_processes_have_the_same_numbers_each_time_is_taken_over(
    tmp_path: Path,
) -> None:
    held(tmp_path, process=os.getpid(), age=3700)
    said: list[str] = []
    with locked(tmp_path, lambda text: said.append(str(text))):
        pass
    assert "(older than 1 hour)" in said[0]


@pytest.mark.parametrize(("age", "stale"), [(3500, False), (3700, True)])
def test_a_lock_of_another_host_is_stale_after_an_hour(tmp_path: Path, age: float, stale: bool) -> None:
    held(tmp_path, process=1, host="elsewhere", age=age)
    said: list[str] = []
    if stale:
        with locked(tmp_path, lambda text: said.append(str(text))):
            pass
        assert "process 1 on elsewhere, since" in said[0]
        assert "(older than 1 hour)" in said[0]
    else:
        with (
            pytest.raises(DeployError, match="process 1 on elsewhere"),
            locked(tmp_path, lambda text: said.append(str(text))),
        ):
            raise AssertionError


@pytest.mark.parametrize("text", ["", "{", "[]", '{"host": 1}'])
def test_a_lock_that_says_nothing_is_held(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock").write_text(text, encoding="utf-8")
    with (
        pytest.raises(DeployError, match="folder is running: an unknown process"),
        locked(tmp_path, print),
    ):
        raise AssertionError


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="needs a folder that may not be written")
def test_a_folder_that_may_not_be_written_holds_up_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with locked(tmp_path / ".runbutton", print):
        pass


def test_a_path_that_cannot_be_a_folder_holds_up_nothing(tmp_path: Path) -> None:
    (tmp_path / ".runbutton").write_text("a file", encoding="utf-8")
    with locked(tmp_path / ".runbutton", print):
        pass
