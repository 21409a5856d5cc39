"""A third service, of three files, in a copy of the project: if it needs a change in any other file, its tests fail."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILES = Path(__file__).parent / "files"
PROJECT = Path(__file__).parent.parent.parent
EMULATOR = Path("generator", "stub", "services", "courier.py")

UNITS = """\
version: 1
plugin: {name: {en: Run buttons}, key: private.ppk}
apps:
  - app: 45
    name: orders
    units:
      - {id: send, service: courier, parcel: 7, label: Send, confirm: false}
      - {id: wave, service: open-courier, parcel: 8, label: Wave, confirm: false}
"""


class Copy:
    """The project with the third service, and a folder with its units."""

    def __init__(self, folder: Path, *, emulated: bool = True) -> None:
        self.folder = folder
        for name in ("generator", "templates"):
            shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        shutil.copytree(FILES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        if not emulated:
            (folder / EMULATOR).unlink()
        (folder / "units.yaml").write_text(UNITS, encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """The output of a command; fails if the command fails."""
        done = subprocess.run(self._command(*arguments), **self._place(), capture_output=True, check=False)
        said = done.stdout.decode() + done.stderr.decode()
        assert done.returncode == 0, said
        return said

    @contextmanager
    def preview(self) -> Iterator[str]:
        """Its preview; gives the address."""
        with subprocess.Popen(
            self._command("preview", "--port", "0"), **self._place(), stderr=subprocess.PIPE
        ) as server:
            assert server.stderr
            said = ""
            for line in server.stderr:
                said += line.decode()
                if "http://" in said:
                    break
            else:
                raise AssertionError(said)
            try:
                yield "http://" + said.partition("http://")[2].partition("/")[0]
            finally:
                server.terminate()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "generator", *arguments]

    def _place(self) -> dict[str, object]:
        return {"cwd": self.folder, "env": {**os.environ, "PYTHONPATH": str(self.folder), "PYTHONUTF8": "1"}}
