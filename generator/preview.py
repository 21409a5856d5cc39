"""What `runbutton preview` shows: scripts and plug-in, built in memory, and again when their sources change."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator import customization
from generator.assets import TEMPLATES
from generator.config import read_config
from generator.errors import RunbuttonError, SigningError
from generator.stub.tenant import Script
from generator.units.config import Config, Plugin, SharedPlugin

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


class Preview:
    """The scripts of a config as it stands on disk at each page load; nothing is written."""

    def __init__(self, path: Path, environ: Mapping[str, str]) -> None:
        self._path = path
        self._environ = environ
        self._stamp: object = None
        self._config: Config | None = None
        self._plugin: bytes | None = None
        self._problems = ""

    def script(self, app_id: int) -> Script:
        """The app's script; or, where the config or the browser sources have problems, these in words."""
        self._refresh()
        if self._problems or self._config is None:
            return Script(problems=self._problems)
        apps = [app for app in self._config.apps if app.app == app_id and app.target == "script"]
        try:
            return Script(js="".join(map(customization.script, apps)))
        except RunbuttonError as error:
            return Script(problems=str(error))

    def plugins(self, app_id: int) -> list[bytes]:
        """The plugin.zip that the app gets its buttons by, if it does."""
        self._refresh()
        shared = self._config.shared_plugin if self._config else None
        if shared is None or all(app.app != app_id for app in shared.apps):
            return []
        if self._plugin is None:
            self._plugin = self._pack(shared)
        return [self._plugin]

    def _refresh(self) -> None:
        """Reads and compiles again, but only after a change: a page load costs a few file dates."""
        sources = [path for part in ("runtime", "plugin") for path in (TEMPLATES / part).rglob("*.*")]
        stamp = _dates([self._path, TEMPLATES / "entry.js.j2", *sources])
        if stamp == self._stamp:
            return
        self._stamp = stamp
        self._plugin = None
        customization.compile_again()
        try:
            self._config, self._problems = read_config(self._path, self._environ), ""
        except RunbuttonError as error:
            self._problems = str(error)

    def _pack(self, shared: SharedPlugin) -> bytes:
        from generator.plugin import pack, plugin_files  # noqa: PLC0415

        return pack(plugin_files(shared), self._key(shared.plugin))

    def _key(self, plugin: Plugin) -> "RSAPrivateKey":
        """The config's key; where there is none yet, one that is gone with the preview."""
        from generator.signing import load_key  # noqa: PLC0415

        try:
            return load_key(plugin.key.get_secret_value(), self._path.parent)
        except SigningError:
            pass
        return self._passing_key

    @cached_property
    def _passing_key(self) -> "RSAPrivateKey":
        from generator.signing import new_key  # noqa: PLC0415

        return new_key()


def _dates(paths: list[Path]) -> object:
    return tuple((path, path.stat().st_mtime_ns) for path in sorted(paths) if path.exists())
