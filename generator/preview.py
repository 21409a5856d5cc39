"""What `runbutton preview` serves: a stub that shows a config as it stands on disk whenever a page is loaded."""

import hashlib
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator import customization
from generator.assets import TEMPLATES
from generator.config import read_config
from generator.errors import RunbuttonError, SigningError
from generator.probe.facts import like
from generator.stub.configured import configure, stub_for, with_stand_ins
from generator.stub.tenant import Script, Stub
from generator.units.config import Config, SharedPlugin

if TYPE_CHECKING:
    from generator.signing import Key

_SOURCES = ("runtime", "words", "plugin", "stub")


class Preview:
    """`stub` has the apps of the config at `path`, its scripts and plug-in, and services that take what it says.

    What depends on files is made again after one of them has changed: the config, the file that variables come from,
    the sources of pages. Secrets do not get into it: the emulated services take stand-ins. Nothing is written.
    """

    def __init__(
        self,
        path: Path,
        environ: Callable[[], Mapping[str, str]],
        env_file: Path,
        *,
        empty: bool = False,
        told: Mapping[str, str] | None = None,
        language: str = "en",
    ) -> None:
        """`environ` reads the variables anew; `empty`: the apps have no customizations; `told`: what a report of the
        probe says of the tenant that the stub is to be like; `language` is that of the config's problems.

        RunbuttonError where the config has problems from the start.
        """
        self._path = path
        self._environ = environ
        self._env_file = env_file
        self._language = language
        self._empty = empty
        self._lock = threading.Lock()
        self._building = threading.Lock()
        self._plugin: bytes | None = None
        self._problems = ""
        self.stub = stub_for(None, self._script, plugins=self._plugins, panel=True)
        like(told or {}, self.stub)
        self._told = told or {}
        self.config = self._read()
        self._state = self._now()
        configure(self.stub, self.config)
        self.stub.follow = self._follow
        self.stub.state = self._now
        self.stub.twin = self._twin

    def _read(self) -> Config:
        return with_stand_ins(read_config(self._path, self._environ()), self.stub.services)

    def _twin(self) -> Stub:
        """Another stub of the config, with scripts in all apps: a scene has no settings page to type secrets into."""
        config = with_stand_ins(self.config, self.stub.services, everywhere=True)

        def script(app_id: int) -> Script:
            return self._script_of(config, app_id)

        twin = stub_for(config, script, panel=True)
        like(self._told, twin)
        return twin

    def _follow(self) -> str:
        """Reads and compiles again after a change, and gives the config's problems; else it only reads file dates."""
        with self._lock:
            state = self._now()
            if state != self._state:
                self._state = state
                self._plugin = None
                customization.compile_again()
                try:
                    self.config = self._read()
                except RunbuttonError as error:
                    self._problems = error.text(self._language)
                else:
                    self._problems = ""
                    configure(self.stub, self.config)
            return self._problems

    def _now(self) -> str:
        sources = [path for part in _SOURCES for path in (TEMPLATES / part).rglob("*.*")]
        key = self.config.plugin.key_file(self._path.parent) if self.config.plugin else None
        watched = [self._path, self._env_file, TEMPLATES / "entry.js.j2", *sources, *([key] if key else [])]
        return hashlib.sha256(repr([_date(path) for path in sorted(watched)]).encode()).hexdigest()[:16]

    def _script(self, app_id: int) -> Script:
        """The app's script; or, where the config or the browser sources have problems, these in words."""
        return self._script_of(self.config, app_id)

    def _script_of(self, config: Config, app_id: int) -> Script:
        if self._problems or self._empty:
            return Script(problems=self._problems)
        apps = [app for app in config.apps if app.app == app_id and app.target == "script"]
        try:
            # One at a time: the frames of a gallery ask at once, and the first one's program is everybody's.
            with self._building:
                return Script(js="".join(map(customization.script, apps)))
        except RunbuttonError as error:
            return Script(problems=error.text(self._language))

    def _plugins(self, app_id: int) -> list[bytes]:
        """The plugin.zip that the app gets its buttons by, if it does."""
        shared = self.config.shared_plugin
        if self._empty or shared is None or all(app.app != app_id for app in shared.apps):
            return []
        with self._building:
            if self._plugin is None:
                self._plugin = self._pack(shared)
            return [self._plugin]

    def _pack(self, shared: SharedPlugin) -> bytes:
        from generator.plugin import pack, plugin_files  # noqa: PLC0415
        from generator.signing import load_key  # noqa: PLC0415

        try:
            key = load_key(shared.plugin, self._path.parent)
        except SigningError:
            key = self._passing_key
        return pack(plugin_files(shared), key)

    @cached_property
    def _passing_key(self) -> "Key":
        """For a config whose key is not there yet: one that is gone with the preview."""
        from generator.signing import new_key  # noqa: PLC0415

        return new_key()


def _date(path: Path) -> object:
    try:
        stat = path.stat()
    except OSError:
        return str(path), None
    return str(path), stat.st_mtime_ns, stat.st_size
