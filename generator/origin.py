"""Whose script is this? A script's first line says which config built it, and for which app; `deploy` reads it back
from kintone, so that it never has to infer the answer."""

import json
import re
from dataclasses import dataclass, field

MADE_BY = "// Made by Runbutton"
"""How every script of Runbutton begins."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE = re.compile(
    MADE_BY + r' \S+ from (?P<config>"(?:[^"\\]|\\.)*") for app (?P<app>\d{1,18}) \((?P<name>[\w-]+)\)'
    r", units: (?P<units>[\w, -]*)\."
)


@dataclass(frozen=True)
class Origin:
    """Where a script comes from: the config's file name without its folder, and the app that it was built for by ID and
    by its name in the config. So it is the same in every checkout and on every machine. The units are no part of it.
    """

    config: str
    app: int
    name: str
    units: tuple[str, ...] = field(default=(), compare=False)

    @property
    def subject(self) -> str:
        """The origin as the first line says it; ASCII, since a script is."""
        return f"from {json.dumps(self.config)} for app {self.app} ({self.name}), units: {', '.join(self.units)}"

    def __str__(self) -> str:
        return f"{self.config}, {self.name} (app {self.app})"


def is_made_by_runbutton(content: bytes) -> bool:
    """Whether Runbutton made the script, whatever its origin."""
    return content.removeprefix(_BYTE_ORDER_MARK).startswith(MADE_BY.encode())


def origin_of(content: bytes) -> Origin | None:
    """The origin that the first line says; None where it says none."""
    line = content.removeprefix(_BYTE_ORDER_MARK).partition(b"\n")[0].decode("utf-8", errors="replace")
    found = _LINE.match(line)
    if found is None:
        return None
    try:
        config = str(json.loads(found["config"]))
    except ValueError:
        return None
    return Origin(config, int(found["app"]), found["name"], tuple(filter(None, found["units"].split(", "))))
