"""A build that is killed as it moves a folder of dist/: `python -m tests.killed_write OUT NAME before|after`."""

import os
import sys
from pathlib import Path

from generator.build import write

_move = Path.rename


def _killed(self: Path, target: Path) -> Path:
    if self.name == NAME and WHEN == "before":
        os._exit(9)
    moved = _move(self, target)
    if self.name == NAME:
        os._exit(9)
    return moved


if __name__ == "__main__":
    OUT, NAME, WHEN = sys.argv[1:]
    Path.rename = _killed  # type: ignore[method-assign]
    write({"orders/runbutton.js": b"2", "build.json": b'{"files": []}'}, Path(OUT))
