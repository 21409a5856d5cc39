"""What `runbutton preview` serves: a stub that reads the config again whenever a page is loaded."""

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
from generator.probe.facts import apply_report
from generator.stub.configured import configure, stub_for, with_stand_ins
from generator.stub.tenant import Script, Stub
from generator.units.config import Config, SharedPlugin

if TYPE_CHECKING:
    from generator.signing import Key

_SOURCES = ("runtime", "words", "plugin", "stub")


class Preview:
    """`stub` has the apps of the config at `path`, its scripts and plug-in, and services that accept its units.

    It is rebuilt after a file has changed: the config, the file of variables, or the sources of pages. It contains no
    secrets: the emulated services accept stand-ins. Nothing is written.
    """

    def __init__(
        self,
        path: Path,
        environ: Callable[[], Mapping[str, str]],
        env_file: Path,
        *,
        empty: bool = False,
        reported: Mapping[str, str] | None = None,
        language: str = "en",
    ) -> None:
        """`environ` reads the variables anew; `empty`: the apps have no customizations; `reported`: facts from a
        probe's report, applied to the stub; `language` is that of the config's problems.

        RunbuttonError if the config has problems at the start.
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
        apply_report(reported or {}, self.stub)
        self._reported = reported or {}
        self.config = self._read()
        self._state = self._now()
        configure(self.stub, self.config)
        self.stub.follow = self._follow
        self.stub.state = self._now
        self.stub.twin = self._twin

    def _read(self) -> Config:
        return with_stand_ins(read_config(self._path, self._environ()), self.stub.services)

    def _twin(self) -> Stub:
        """Another stub of the config, with scripts in all apps, because a scene has no settings page for secrets."""
        config = with_stand_ins(self.config, self.stub.services, everywhere=True)

        def script(app_id: int) -> Script:
            return self._script_of(config, app_id)

        twin = stub_for(config, script, panel=True)
        apply_report(self._reported, twin)
        return twin

    def _follow(self) -> str:
        """Reads and compiles again after a change, and returns the config's problems; else only reads file dates."""
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
        """The app's script, or the problems of the config or the browser sources as text."""
        return self._script_of(self.config, app_id)

    def _script_of(self, config: Config, app_id: int) -> Script:
        if self._problems or self._empty:
            return Script(problems=self._problems)
        apps = [app for app in config.apps if app.app == app_id and app.target == "script"]
        try:
            # One at a time: all frames of a gallery request it at once, and can share the first one's result.
            with self._building:
                return Script(js="".join(map(customization.script, apps)))
        except RunbuttonError as error:
            return Script(problems=error.text(self._language))

    def _plugins(self, app_id: int) -> list[bytes]:
        """The plugin.zip with the app's buttons, if it has `target: plugin`."""
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
        """A temporary key, for a config whose key does not exist yet."""
        from generator.signing import new_key  # noqa: PLC0415

        return new_key()


def _date(path: Path) -> object:
    try:
        stat = path.stat()
    except OSError:
        return str(path), None
    return str(path), stat.st_mtime_ns, stat.st_size
