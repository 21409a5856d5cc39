"""What kintone has of an app, and what the app shall have."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from generator.deploy.journal import Device, Item
from generator.kintone.answers import LISTS, Customization, Entry, ListName

OURS = "runbutton.js"

SCRIPT_LISTS: Mapping[Device, ListName] = {"desktop": "desktop.js", "mobile": "mobile.js"}

Slot: TypeAlias = "Entry | bytes"
"""A place in a list: an entry that kintone has, or the content of our file, still to be uploaded."""
Lists: TypeAlias = Mapping[ListName, tuple[Slot, ...]]


@dataclass(frozen=True)
class Goal:
    """What an app shall have: our file's content by device, None for none; no device where that is no matter of this.

    `plugin` is the ID of the plug-in that shall be in the app, or "". `only` has the SHA-256 of the files that may be
    replaced or taken out, None for all that Runbutton made: others may be another project's. `why` says why an app that
    nobody asked for is changed.
    """

    app: int
    name: str
    scripts: Mapping[Device, bytes | None]
    plugin: str = ""
    only: frozenset[str] | None = None
    why: str = ""

    @property
    def title(self) -> str:
        """The app as messages call it."""
        return f"{self.name} (app {self.app})"


@dataclass(frozen=True)
class State:
    """What kintone has of an app. `live` is None where it was never published.

    `digests` has, by file key, the SHA-256 of every file that Runbutton made; of the live lists only where their
    revision is another one. The plug-ins are those before publishing and the live ones, with whether each is switched
    on; both are empty where nobody asked for them.
    """

    preview: Customization
    live: Customization | None
    digests: Mapping[str, str] = field(default_factory=dict)
    plugins: Mapping[str, bool] = field(default_factory=dict)
    live_plugins: Mapping[str, bool] = field(default_factory=dict)

    @property
    def published(self) -> bool:
        """Whether nothing waits for being published: writes raise the revision before publishing alone."""
        return self.live is not None and self.live.revision == self.preview.revision

    @property
    def as_live(self) -> bool:
        """Whether publishing would change nothing, as far as JavaScript, CSS and the plug-ins go."""
        return self.published or (
            self.live is not None
            and all(self._shown(self.preview, name) == self._shown(self.live, name) for name in LISTS)
            and self.preview.scope == self.live.scope
            and set(self.plugins) == set(self.live_plugins)
        )

    def is_ours(self, slot: Slot) -> bool:
        """Whether Runbutton made the file."""
        return isinstance(slot, bytes) or slot.file_key in self.digests

    def ours(self, slots: Sequence[Slot]) -> list[str]:
        """The SHA-256 of our files among the slots."""
        return [self._digest(slot) for slot in slots if self.is_ours(slot)]

    def live_ours(self, name: ListName) -> list[str]:
        """The SHA-256 of our files in a live list."""
        if self.live is None:
            return []
        return self.ours((self.preview if self.published else self.live).lists[name])

    def _digest(self, slot: Slot) -> str:
        return hashlib.sha256(slot).hexdigest() if isinstance(slot, bytes) else self.digests.get(slot.file_key, "")

    def _shown(self, settings: Customization, name: ListName) -> list[tuple[str, ...]]:
        return [(*entry.identity, str(entry.size), self._digest(entry)) for entry in settings.lists[name]]


def items(state: State, name: ListName) -> list[Item]:
    """A list before publishing as the journal keeps it."""
    entries = state.preview.lists[name]
    return [
        Item(url=entry.url, name=entry.name, sha256=state.digests.get(entry.file_key, "") if entry.file_key else "")
        for entry in entries
    ]
