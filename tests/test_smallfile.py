"""Files that users name are read with limits."""

import os
import threading
from pathlib import Path

import pytest

from generator.smallfile import LIMIT, read_small
from generator.system import is_folder


def test_a_file_is_read_up_to_the_limit_and_no_further(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * LIMIT)
    assert read_small(path) == b"x" * LIMIT
    path.write_bytes(b"x" * (LIMIT + 1))
    with pytest.raises(OSError, match="must be at most 256 KiB"):
        read_small(path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no devices among its files")
def test_a_device_is_no_file_and_a_pipe_is_one(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="is a device"):
        read_small(Path("/dev/zero"))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"A=1\n",))
    writer.start()
    assert read_small(pipe) == b"A=1\n"
    writer.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes among its files")
def test_a_pipe_that_nobody_writes_into_is_not_waited_for_without_an_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="is a pipe without data for "):
        read_small(tmp_path / "pipe", patience=0.01)


def test_a_path_that_cannot_be_looked_at_is_no_folder(tmp_path: Path) -> None:
    assert is_folder(tmp_path)
    assert not is_folder(tmp_path / ("x" * 300) / "y")
