"""What `runbutton preview` shows: each app's script, built in memory and built again when its sources change."""

from collections.abc import Mapping
from pathlib import Path

from generator import customization
from generator.assets import TEMPLATES
from generator.config import read_config
from generator.errors import RunbuttonError
from generator.stub.server import Script
from generator.units import Config


class Preview:
    """The scripts of a config as it stands on disk at each page load; nothing is written."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self._path = path
        self._environ = environ
        self._stamp: object = None
        self._config: Config | None = None
        self._problems = ""

    def script(self, app_id: int) -> Script:
        """The app's script; or, where the config or the browser sources have problems, these in words."""
        self._refresh()
        if self._problems:
            return Script(problems=self._problems)
        apps = [app for app in self._config.apps if app.app == app_id] if self._config else []
        try:
            return Script(js="".join(customization.script(app) for app in apps))
        except RunbuttonError as error:
            return Script(problems=str(error))

    def _refresh(self) -> None:
        """Reads and compiles again, but only after a change: a page load costs a few file dates."""
        stamp = _dates([self._path, *TEMPLATES.glob("entry.js.j2"), *(TEMPLATES / "runtime").rglob("*.js*")])
        if stamp == self._stamp:
            return
        self._stamp = stamp
        customization.compile_again()
        try:
            self._config, self._problems = read_config(self._path, self._environ), ""
        except RunbuttonError as error:
            self._problems = str(error)


def _dates(paths: list[Path]) -> object:
    return tuple((path, path.stat().st_mtime_ns) for path in sorted(paths) if path.exists())
