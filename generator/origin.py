"""A script's origin: its first line names the config and the app that it was built for; `deploy` reads it back from
kintone."""

import json
import re
from dataclasses import dataclass, field

MADE_BY = "// Made by Runbutton"
"""How every script of Runbutton begins."""

SCRIPT_NAME = "runbutton.js"
"""The file name of every script, in dist/ and in kintone."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE = re.compile(
    MADE_BY + r' \S+ from (?P<config>"(?:[^"\\]|\\.)*") for app (?P<app>\d{1,18}) \((?P<name>[\w-]+)\)'
    r", units: (?P<units>[\w, -]*)\."
)


@dataclass(frozen=True)
class Origin:
    """The origin of a script: the config's file name without its folder, and the app's ID and name in the config. It is
    the same in every checkout and on every machine, and does not depend on the units.
    """

    config: str
    app: int
    name: str
    units: tuple[str, ...] = field(default=(), compare=False)

    @property
    def subject(self) -> str:
        """The script's first line; ASCII, as the whole script."""
        return f"from {json.dumps(self.config)} for app {self.app} ({self.name}), units: {', '.join(self.units)}"

    def __str__(self) -> str:
        return f"{self.config}, {self.name} (app {self.app})"


def is_made_by_runbutton(content: bytes) -> bool:
    """Whether Runbutton made the script, whatever its origin."""
    return content.removeprefix(_BYTE_ORDER_MARK).startswith(MADE_BY.encode())


def origin_of(content: bytes) -> Origin | None:
    """The origin in the first line; None if it has none."""
    line = content.removeprefix(_BYTE_ORDER_MARK).partition(b"\n")[0].decode("utf-8", errors="replace")
    found = _LINE.match(line)
    if found is None:
        return None
    try:
        config = str(json.loads(found["config"]))
    except ValueError:
        return None
    return Origin(config, int(found["app"]), found["name"], tuple(filter(None, found["units"].split(", "))))
