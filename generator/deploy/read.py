"""Reads what kintone has of apps: as little as tells whether something differs, and several apps at a time."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from generator.deploy.history import History, KnownFile
from generator.deploy.journal import Journal
from generator.deploy.parallel import in_parallel
from generator.deploy.state import OURS, SCRIPT_LISTS, State
from generator.deploy.wait import wait_for_others
from generator.errors import DeployError, KintoneError
from generator.kintone.answers import Customization, Entry, RefusedError
from generator.kintone.client import Kintone

_FIRST_WORDS = b"// Made by Runbutton"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Asked:
    """An app to read; `plugins`: those of the app too, which are questions of their own."""

    app: int
    title: str
    plugins: bool


@dataclass
class Reader:
    """Reads states of apps, and has the bytes of our files that it found on the way."""

    kintone: Kintone
    history: History
    _contents: dict[str, bytes] = field(default_factory=dict)
    _kept: dict[str, Journal] = field(default_factory=dict)

    def states(self, asked: Sequence[Asked]) -> list[State]:
        """The states of apps. Waits where somebody else's deploy, or that of a run that was cut off, is under way.

        KintoneError names the app that cannot be read; where kintone refuses several, DeployError names them all.
        """
        states = in_parallel(self.state, asked, despite=(RefusedError,))
        # Only where something is unpublished can a deploy under way change what was read.
        pending = [each for each, state in zip(asked, states, strict=True) if not state.published]
        if pending:
            # A deploy may also have ended since, which only what is read after that question shows.
            wait_for_others(self.kintone, {each.app: each.title for each in pending})
            again = dict(zip([each.app for each in pending], in_parallel(self.state, pending), strict=True))
            states = [again.get(each.app, state) for each, state in zip(asked, states, strict=True)]
        return states

    def state(self, asked: Asked) -> State:
        """The state of one app."""
        with naming(asked.title):
            # The older revision of what is read goes with every change, so that nothing read before is overwritten.
            preview = self.kintone.customization(asked.app)
            live = self._live(asked.app)
            published = live is not None and live.revision == preview.revision
            digests = self._digests(asked.app, preview)
            if live is not None and not published:
                digests |= self._digests(asked.app, live)
            if not asked.plugins:
                return State(preview, live, digests)
            plugins = self.kintone.app_plugins(asked.app).enabled
            if published:
                return State(preview, live, digests, plugins, plugins)
            live_plugins = self.kintone.app_plugins(asked.app, live=True).enabled if live is not None else {}
            return State(preview, live, digests, plugins, live_plugins)

    def content(self, sha256: str) -> bytes:
        """The bytes of a file of ours that a state has."""
        if sha256 in self._contents:
            return self._contents[sha256]
        return self._kept[sha256].kept(sha256)

    def _live(self, app: int) -> Customization | None:
        try:
            return self.kintone.customization(app, live=True)
        except RefusedError as error:
            # An app that was never published is there before publishing alone.
            if error.status == 404:
                return None
            raise

    def _digests(self, app: int, settings: Customization) -> dict[str, str]:
        """By file key the SHA-256 of the files that Runbutton made, downloaded only where no journal knows them."""
        known = self.history.files_at(app, settings.revision)
        found: dict[str, str] = {}
        for name in SCRIPT_LISTS.values():
            entries = [entry for entry in settings.lists[name] if entry.name == OURS]
            for entry in entries:
                digest = self._known(known.get(name), entry) if len(entries) == 1 else ""
                if digest := digest or self._downloaded(entry):
                    found[entry.file_key] = digest
        return found

    def _known(self, file: KnownFile | None, entry: Entry) -> str:
        if file is None or not file.journal.holds(file.sha256, entry.size):
            return ""
        # A file that is damaged would be put back some day.
        with suppress(DeployError):
            file.journal.kept(file.sha256)
            self._kept[file.sha256] = file.journal
            return file.sha256
        return ""

    def _downloaded(self, entry: Entry) -> str:
        content = self.kintone.download(entry)
        if not content.removeprefix(_BYTE_ORDER_MARK).startswith(_FIRST_WORDS):
            return ""
        digest = hashlib.sha256(content).hexdigest()
        self._contents[digest] = content
        return digest


@contextmanager
def naming(title: str) -> Iterator[None]:
    """Lets an error of kintone's begin with the app that it is about."""
    try:
        yield
    except KintoneError as error:
        if not str(error).startswith(title):
            error.args = (f"{title}: {error}",)
        raise
