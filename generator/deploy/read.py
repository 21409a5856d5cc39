"""Reads the states of apps: only what is needed to find differences, and several apps at a time."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from generator.deploy.parallel import in_parallel
from generator.deploy.past import Past
from generator.deploy.state import SCRIPT_LISTS, Script, State
from generator.deploy.wait import wait_for_others
from generator.errors import DeployError, KintoneError
from generator.kintone.answers import Customization, Entry, ListName, RefusedError
from generator.kintone.client import Kintone
from generator.origin import SCRIPT_NAME, is_made_by_runbutton
from generator.words import Text, titled


@dataclass
class Reader:
    """Reads states of apps, and keeps the bytes of Runbutton's files in them."""

    kintone: Kintone
    past: Past
    _contents: dict[str, bytes] = field(default_factory=dict)

    def states(self, names: Mapping[int, str], with_plugins: Collection[int]) -> dict[int, State]:
        """The states of these apps, without those that do not exist. Waits while kintone publishes one of them.

        `names` are their names by ID; the plug-ins of the apps `with_plugins` are read too. KintoneError names the app
        that cannot be read; if kintone refuses several, DeployError names them all.
        """

        def read(app: int) -> State | None:
            try:
                return self.state(app, titles[app], plugins=app in with_plugins)
            except RefusedError as error:
                if error.no_such_app:
                    return None
                raise

        apps = list(names)
        titles = {app: titled(app, name) for app, name in names.items()}
        found = dict(zip(apps, in_parallel(read, apps, despite=(RefusedError,)), strict=True))
        # A deploy in progress can change what was read only if changes are pending.
        pending = [app for app, state in found.items() if state is not None and not state.published]
        if pending:
            # A deploy may also have ended since the read; only a read after this status check shows that.
            wait_for_others(self.kintone, {app: titles[app] for app in pending})
            found |= zip(pending, in_parallel(read, pending), strict=True)
        return {app: state for app, state in found.items() if state is not None}

    def state(self, app: int, title: Text, *, plugins: bool) -> State:
        """The state of one app."""
        with naming(title):
            # Each change is sent with the older of the read revisions, so that no later change is overwritten.
            preview = self.kintone.customization(app)
            live = self._live(app)
            scripts = self._scripts(app, preview)
            if live is None or live.revision == preview.revision:
                there = self.kintone.app_plugins(app).plugins if plugins else {}
                return State(preview, live, scripts, there, {} if live is None else there)
            scripts |= self._scripts(app, live)
            try:
                pending, there = (self.kintone.app_plugins(app, live=each).plugins for each in (False, True))
            except RefusedError:
                # Plug-ins show whose the pending changes are; OAuth has no right to read them.
                if plugins:
                    raise
                pending, there = {}, {}
            return State(preview, live, scripts, pending, there)

    def content(self, sha256: str) -> bytes:
        """The bytes of a Runbutton file in a state."""
        return self._contents[sha256]

    def _live(self, app: int) -> Customization | None:
        try:
            return self.kintone.customization(app, live=True)
        except RefusedError as error:
            # An app that was never published has only pending settings.
            if error.status == 404:
                return None
            raise

    def _scripts(self, app: int, settings: Customization) -> dict[str, Script]:
        """The files that Runbutton made, by file key."""
        found: dict[str, Script] = {}
        for name in SCRIPT_LISTS.values():
            entries = [entry for entry in settings.lists[name] if entry.name == SCRIPT_NAME]
            for entry in entries:
                known = self._kept(app, settings.revision, name, entry) if len(entries) == 1 else None
                content = known or self.kintone.download(entry)
                if is_made_by_runbutton(content):
                    script = Script.of(content)
                    found[entry.file_key] = script
                    self._contents[script.sha256] = content
        return found

    def _kept(self, app: int, revision: int, name: ListName, entry: Entry) -> bytes | None:
        """The file as it was sent for this revision, which saves the download."""
        journal, sha256 = self.past.files.get((app, revision, name), (None, ""))
        if journal is None:
            return None
        with suppress(DeployError):
            content = journal.kept(sha256)
            return content if len(content) == entry.size else None
        return None


@contextmanager
def naming(title: Text) -> Iterator[None]:
    """Adds the app's name in front of a kintone error."""
    try:
        yield
    except KintoneError as error:
        if error.title != title:
            error.begin_with(title)
        raise
