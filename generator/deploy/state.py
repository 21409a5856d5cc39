"""What kintone has of an app, and what the app shall have."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar

from generator.deploy.journal import Device, Item
from generator.kintone.answers import LISTS, AppPlugin, Customization, Entry, ListName
from generator.origin import Origin, origin_of
from generator.words import Message, titled

OURS = "runbutton.js"

SCRIPT_LISTS: Mapping[Device, ListName] = {"desktop": "desktop.js", "mobile": "mobile.js"}

Slot: TypeAlias = "Entry | bytes"
"""A place in a list: an entry that kintone has, or the content of our file, still to be uploaded."""
Lists: TypeAlias = Mapping[ListName, tuple[Slot, ...]]


@dataclass(frozen=True)
class Goal:
    """What an app shall have: our file's content by device, None for none; no device that the command does not touch.

    `origin` is what scripts of this config say in this app; its name is "" where the config does not name the app.
    `plugin` is the ID of the plug-in that shall be in the app, or "". `only_own`: scripts of other origins stay as
    they are. `hosts` are those that the script connects to.
    """

    origin: Origin
    scripts: Mapping[Device, bytes | None]
    plugin: str = ""
    only_own: bool = False
    hosts: frozenset[str] = frozenset()

    @property
    def app(self) -> int:
        """The app's ID."""
        return self.origin.app

    @property
    def title(self) -> Message:
        """The app as messages call it."""
        return titled(self.app, self.origin.name)

    def owns(self, origin: Origin | None) -> bool:
        """Whether a script with this origin is this config's own in the app."""
        own = self.origin
        if origin is None or (origin.config, origin.app) != (own.config, own.app):
            return False
        return own.name in ("", origin.name)


class _Named(Protocol):
    @property
    def app(self) -> int: ...
    @property
    def name(self) -> str: ...


_App = TypeVar("_App", bound=_Named)


def meant(wanted: str | None, apps: Iterable[_App]) -> list[_App]:
    """Those of the apps that `--app` means: by their name, or else by their ID; all without it."""
    given = list(apps)
    named = [app for app in given if wanted in (None, app.name)]
    return named or [app for app in given if wanted == str(app.app)]


@dataclass(frozen=True)
class Script:
    """A file in kintone that Runbutton made; `origin` is None where its first line says none."""

    sha256: str
    origin: Origin | None

    @classmethod
    def of(cls, content: bytes) -> "Script":
        """The script with this content."""
        return cls(hashlib.sha256(content).hexdigest(), origin_of(content))


@dataclass(frozen=True)
class State:
    """What kintone has of an app. `live` is None where [Update app] was never used.

    `scripts` has, by file key, every file that Runbutton made; of the live lists only where their revision is another
    one. The plug-ins are empty where nobody asked for them.
    """

    preview: Customization
    live: Customization | None
    scripts: Mapping[str, Script] = field(default_factory=dict)
    plugins: Mapping[str, AppPlugin] = field(default_factory=dict)
    live_plugins: Mapping[str, AppPlugin] = field(default_factory=dict)

    @property
    def published(self) -> bool:
        """Whether no change is pending: a write raises the revision of the pending settings alone."""
        return self.live is not None and self.live.revision == self.preview.revision

    def others_pending(self, plugin: str) -> bool:
        """Whether pending changes may be another person's; `plugin` is the ID of the plug-in that may be Runbutton's.

        Each write raises the revision by 1. So the pending changes are Runbutton's own if its script and its plug-in
        are all that differs, and if the revision says that nothing else was written.
        """
        if self.live is None or self.published:
            return self.live is None
        preview, live = (self._shown(settings) for settings in (self.preview, self.live))
        plugins = self.plugins.keys() ^ self.live_plugins.keys()
        writes = (preview != live) + len(plugins)
        return (
            _foreign(preview) != _foreign(live)
            or bool(plugins - {plugin})
            or self.preview.scope != self.live.scope
            or self.preview.revision - self.live.revision != writes
        )

    def script(self, slot: Slot) -> Script | None:
        """What Runbutton made of a slot's content; None for other people's."""
        return Script.of(slot) if isinstance(slot, bytes) else self.scripts.get(slot.file_key)

    def sha256(self, slot: Slot) -> str:
        """The SHA-256 of our file in a slot; "" for other people's."""
        script = self.script(slot)
        return script.sha256 if script else ""

    def ours(self, slots: Sequence[Slot]) -> list[str]:
        """The SHA-256 of our files among the slots."""
        return [sha256 for slot in slots if (sha256 := self.sha256(slot))]

    def live_ours(self, devices: Iterable[Device]) -> dict[Device, list[str]]:
        """By device the SHA-256 of our files that are live."""
        settings = self.preview if self.published else self.live
        return {device: self.ours(settings.lists[SCRIPT_LISTS[device]]) if settings else [] for device in devices}

    def _shown(self, settings: Customization) -> list[tuple[str, ...]]:
        """The entries of all lists, each ending with the SHA-256 of our file or with ""."""
        return [
            (name, *entry.identity, str(entry.size), self.sha256(entry))
            for name in LISTS
            for entry in settings.lists[name]
        ]


def _foreign(shown: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [entry for entry in shown if not entry[-1]]


def items(state: State, settings: Customization, name: ListName) -> list[Item]:
    """A list of these settings as the journal keeps it."""
    return [Item(url=entry.url, name=entry.name, sha256=state.sha256(entry)) for entry in settings.lists[name]]
