"""Reads what kintone has of apps: as little as shows whether something differs, and several apps at a time."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from generator.deploy.parallel import in_parallel
from generator.deploy.past import Past
from generator.deploy.state import OURS, SCRIPT_LISTS, Script, State
from generator.deploy.wait import wait_for_others
from generator.errors import DeployError, KintoneError
from generator.kintone.answers import Customization, Entry, ListName, RefusedError
from generator.kintone.client import Kintone
from generator.origin import is_made_by_runbutton
from generator.words import Text, titled


@dataclass
class Reader:
    """Reads states of apps, and has the bytes of our files that it found on the way."""

    kintone: Kintone
    past: Past
    _contents: dict[str, bytes] = field(default_factory=dict)

    def states(self, names: Mapping[int, str], with_plugins: Collection[int]) -> dict[int, State]:
        """The states of these apps, without those that do not exist. Waits while kintone publishes one of them.

        `names` are theirs by ID; `with_plugins` are those whose plug-ins are read too. KintoneError names the app that
        cannot be read; where kintone refuses several, DeployError names them all.
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
        # Only where changes are pending can a deploy that is under way change what was read.
        pending = [app for app, state in found.items() if state is not None and not state.published]
        if pending:
            # A deploy may also have ended since, which only a read after that question shows.
            wait_for_others(self.kintone, {app: titles[app] for app in pending})
            found |= zip(pending, in_parallel(read, pending), strict=True)
        return {app: state for app, state in found.items() if state is not None}

    def state(self, app: int, title: Text, *, plugins: bool) -> State:
        """The state of one app."""
        with naming(title):
            # The older revision of what is read goes with every change, so that nothing read before is overwritten.
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
                # They tell whose the pending changes are; who signed in by OAuth may not read them.
                if plugins:
                    raise
                pending, there = {}, {}
            return State(preview, live, scripts, pending, there)

    def content(self, sha256: str) -> bytes:
        """The bytes of a file of ours that a state has."""
        return self._contents[sha256]

    def _live(self, app: int) -> Customization | None:
        try:
            return self.kintone.customization(app, live=True)
        except RefusedError as error:
            # An app that was never published has pending settings alone.
            if error.status == 404:
                return None
            raise

    def _scripts(self, app: int, settings: Customization) -> dict[str, Script]:
        """The files that Runbutton made, by file key."""
        found: dict[str, Script] = {}
        for name in SCRIPT_LISTS.values():
            entries = [entry for entry in settings.lists[name] if entry.name == OURS]
            for entry in entries:
                known = self._kept(app, settings.revision, name, entry) if len(entries) == 1 else None
                content = known or self.kintone.download(entry)
                if is_made_by_runbutton(content):
                    script = Script.of(content)
                    found[entry.file_key] = script
                    self._contents[script.sha256] = content
        return found

    def _kept(self, app: int, revision: int, name: ListName, entry: Entry) -> bytes | None:
        """The file as it was sent from here for this very revision, which saves its download."""
        journal, sha256 = self.past.files.get((app, revision, name), (None, ""))
        if journal is None:
            return None
        with suppress(DeployError):
            content = journal.kept(sha256)
            return content if len(content) == entry.size else None
        return None


@contextmanager
def naming(title: Text) -> Iterator[None]:
    """Lets an error of kintone's begin with the app that it is about."""
    try:
        yield
    except KintoneError as error:
        if error.title != title:
            error.begin_with(title)
        raise
