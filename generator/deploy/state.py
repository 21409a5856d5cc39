"""The state of an app in kintone, and the goal for it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar

from generator.deploy.journal import Item
from generator.kintone.answers import LISTS, AppPlugin, Customization, Entry, ListName
from generator.origin import Origin, origin_of
from generator.units.unit import Device
from generator.words import Message, titled

SCRIPT_LISTS: Mapping[Device, ListName] = {"desktop": "desktop.js", "mobile": "mobile.js"}

Slot: TypeAlias = "Entry | bytes"
"""A place in a list: an entry in kintone, or the content of a Runbutton script that is not uploaded yet."""
Lists: TypeAlias = Mapping[ListName, tuple[Slot, ...]]


@dataclass(frozen=True)
class Goal:
    """The goal for an app: the content of Runbutton's file by device that the command changes, None for no file.

    `origin` is that of this config's scripts in this app; its name is "" if the app is not in the config. `plugin` is
    the ID of the plug-in that the app needs, or "". `only_own`: scripts of other origins stay unchanged. `hosts` are
    the hosts that the script connects to. `removal` is the command that removes Runbutton's scripts from the app.
    """

    origin: Origin
    scripts: Mapping[Device, bytes | None]
    plugin: str = ""
    only_own: bool = False
    hosts: frozenset[str] = frozenset()
    removal: str = ""

    @property
    def app(self) -> int:
        """The app's ID."""
        return self.origin.app

    @property
    def title(self) -> Message:
        """The app's name in messages."""
        return titled(self.app, self.origin.name)

    def owns(self, origin: Origin | None) -> bool:
        """Whether a script with this origin was built from this config for this app."""
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
    """The apps that `--app` selects: by name, or else by ID; all without it."""
    given = list(apps)
    named = [app for app in given if wanted in (None, app.name)]
    return named or [app for app in given if wanted == str(app.app)]


@dataclass(frozen=True)
class Script:
    """A Runbutton file in kintone; `origin` is None if its first line has none."""

    sha256: str
    origin: Origin | None

    @classmethod
    def of(cls, content: bytes) -> "Script":
        """The script with this content."""
        return cls(hashlib.sha256(content).hexdigest(), origin_of(content))


@dataclass(frozen=True)
class State:
    """The state of an app in kintone. `live` is None if [Update app] was never used.

    `scripts` has Runbutton's files by file key; those of the live lists only if their revision differs. The plug-ins
    are empty if they were not read.
    """

    preview: Customization
    live: Customization | None
    scripts: Mapping[str, Script] = field(default_factory=dict)
    plugins: Mapping[str, AppPlugin] = field(default_factory=dict)
    live_plugins: Mapping[str, AppPlugin] = field(default_factory=dict)

    @property
    def published(self) -> bool:
        """Whether no change is pending: a write raises the revision of the pending settings only."""
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
        """The Runbutton script in a slot; None for other content."""
        return Script.of(slot) if isinstance(slot, bytes) else self.scripts.get(slot.file_key)

    def sha256(self, slot: Slot) -> str:
        """The SHA-256 of the Runbutton script in a slot; "" for other content."""
        script = self.script(slot)
        return script.sha256 if script else ""

    def own(self, slots: Sequence[Slot]) -> list[str]:
        """The SHA-256 of the Runbutton scripts among the slots."""
        return [sha256 for slot in slots if (sha256 := self.sha256(slot))]

    def live_own(self, devices: Iterable[Device]) -> dict[Device, list[str]]:
        """The SHA-256 of the live Runbutton scripts by device."""
        settings = self.preview if self.published else self.live
        return {device: self.own(settings.lists[SCRIPT_LISTS[device]]) if settings else [] for device in devices}

    def _shown(self, settings: Customization) -> list[tuple[str, ...]]:
        """The entries of all lists, each ending with the SHA-256 of a Runbutton script or with ""."""
        return [
            (name, *entry.identity, str(entry.size), self.sha256(entry))
            for name in LISTS
            for entry in settings.lists[name]
        ]


def _foreign(shown: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [entry for entry in shown if not entry[-1]]


def items(state: State, settings: Customization, name: ListName) -> list[Item]:
    """A list of these settings for the journal."""
    return [Item(url=entry.url, name=entry.name, sha256=state.sha256(entry)) for entry in settings.lists[name]]
