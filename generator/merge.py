"""What an app's settings are to become: our file put in, replaced or taken out, and everything else left as it is.

Pure: from what kintone has and what is wanted to a Change. deploy.py reads the one and carries out the other.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from generator.errors import DeployError
from generator.journal import AppRecord, Device, Item
from generator.kintone.answers import Customization, Entry, ListName
from generator.kintone.client import LIST_LIMIT

OURS = "runbutton.js"
_FIRST_WORDS = b"// Made by Runbutton"

SCRIPT_LISTS: Mapping[Device, ListName] = {"desktop": "desktop.js", "mobile": "mobile.js"}

Slot: TypeAlias = "Entry | bytes"
"""A place in a list: an entry that kintone has, or the content of our file, still to be uploaded."""
Lists: TypeAlias = Mapping[ListName, tuple[Slot, ...]]


@dataclass(frozen=True)
class Wish:
    """What an app shall have: our file's content by device, None for none; no device where it has no script target.

    `plugin` is the ID of the plug-in that shall be in the app, or "".
    """

    app: int
    name: str
    scripts: Mapping[Device, bytes | None]
    plugin: str = ""


@dataclass(frozen=True)
class State:
    """What kintone has of an app. `live` is None where it was never published.

    `contents` has, by file key, the content of every file that is called as ours; of the live lists only where their
    revision is another one.
    """

    preview: Customization
    live: Customization | None
    contents: Mapping[str, bytes]
    plugins: frozenset[str] = frozenset()
    live_plugins: frozenset[str] = frozenset()

    @property
    def published(self) -> bool:
        """Whether nothing waits for being published: preview writes raise the preview's revision alone."""
        return self.live is not None and self.live.revision == self.preview.revision

    def is_ours(self, slot: Slot) -> bool:
        """Whether Runbutton made the file: by its name and its first line."""
        return isinstance(slot, bytes) or self.contents.get(slot.file_key, b"").startswith(_FIRST_WORDS)

    def ours(self, slots: Sequence[Slot]) -> list[bytes]:
        """The contents of our files among the slots."""
        mine = filter(self.is_ours, slots)
        return [slot if isinstance(slot, bytes) else self.contents[slot.file_key] for slot in mine]

    def live_ours(self, name: ListName) -> list[bytes]:
        """The contents of our files in a live list."""
        if self.live is None:
            return []
        return self.ours((self.preview if self.published else self.live).lists[name])


@dataclass(frozen=True)
class Change:
    """What is to be done with an app: `write`, whether its lists are sent; `plugin`, the ID of one to add, or "";
    `publish`, whether its settings are deployed. `devices` are those whose lists are a matter of the change at all.

    `lines` say it in words, `warnings` what else comes of it. `others`: unpublished settings that are not ours go live
    with ours.
    """

    app: int
    name: str
    state: State
    devices: tuple[Device, ...]
    lists: Lists
    plugin: str
    write: bool
    publish: bool
    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    others: bool

    @property
    def title(self) -> str:
        """The app as messages call it."""
        return f"{self.name} (app {self.app})"


def change_for(wish: Wish, state: State, mine: AppRecord | None = None) -> Change:
    """The change that fulfils the wish. `mine` is the record of a deploy of this app that was cut off.

    DeployError where a list has no room for our file.
    """
    lists: dict[ListName, tuple[Slot, ...]] = dict(state.preview.lists)
    for device, script in wish.scripts.items():
        name = SCRIPT_LISTS[device]
        lists[name] = _placed(state, state.preview.lists[name], script)
        if len(lists[name]) > LIST_LIMIT:
            raise DeployError(
                f"{wish.name} (app {wish.app}): {name} has {LIST_LIMIT} files and URLs already, the most that kintone "
                "allows; take one out"
            )
    warnings = []
    if not wish.scripts and any(state.ours(state.preview.lists[name]) for name in SCRIPT_LISTS.values()):
        warnings.append(f"has {OURS} as a script besides the plug-in, so that every button is there twice; take it out")
    explained = mine is not None and _is_explained(mine, state, script_arrived=is_as_left(mine, state))
    return _change(wish, state, wish.scripts, lists, plugin=wish.plugin, warnings=warnings, explained=explained)


def change_back(record: AppRecord, kept: Callable[[str], bytes], state: State, plugins_page: str) -> Change:
    """The change that puts back what was there before the deploy of the record. `kept` gives old files by SHA-256.

    What others did to the lists since then stays. DeployError where our file is neither the one that the deploy put
    there nor the old one: taking back another deploy than this one would lose it.
    """
    lists: dict[ListName, tuple[Slot, ...]] = dict(state.preview.lists)
    warnings = []
    for device, after in record.after.items():
        name = SCRIPT_LISTS[device]
        now, before = state.preview.lists[name], record.before[name]
        old = [item.sha256 for item in before if item.ours]
        if _digests(state, now) not in ([after] if after else [], old):
            raise DeployError(
                f"{record.name} (app {record.app}): its {OURS} for {device} is not the one that this deploy put there; "
                "it is left as it is: deploy what is wanted instead of rolling back"
            )
        foreign = [entry for entry in now if not state.is_ours(entry)]
        if [entry.identity for entry in foreign] == [_identity(item) for item in before if not item.ours]:
            rest = iter(foreign)
            lists[name] = tuple(_reused(state, now, kept(item.sha256)) if item.ours else next(rest) for item in before)
        else:
            lists[name] = _placed(state, now, kept(old[0]) if old else None)
            warnings.append(f"{device}: other scripts were changed since then, and stay as they are now")
    if record.plugin:
        warnings.append(f"kintone has no REST API that takes a plug-in out of an app; it stays, see {plugins_page}")
    arrived = lists == state.preview.lists if record.stage == "rolling back" else is_as_left(record, state)
    explained = _is_explained(record, state, script_arrived=arrived)
    return _change(record, state, record.after, lists, plugin="", warnings=warnings, explained=explained)


def is_as_left(record: AppRecord, state: State) -> bool:
    """Whether the settings before publishing have what the deploy of the record wanted there."""
    if record.plugin and not record.after:
        return record.plugin in state.plugins
    lists = state.preview.lists
    return all(
        _digests(state, lists[SCRIPT_LISTS[device]]) == ([after] if after else [])
        for device, after in record.after.items()
    )


def is_done(change: Change, state: State) -> bool:
    """Whether the settings before publishing are what the change makes of them."""
    return all(
        [_slot_identity(slot) for slot in slots] == [entry.identity for entry in state.preview.lists[name]]
        and change.state.ours(slots) == state.ours(state.preview.lists[name])
        for name, slots in change.lists.items()
    )


def items(state: State, entries: Sequence[Entry], digests: Mapping[str, str]) -> list[Item]:
    """A list as the journal keeps it; `digests` has the SHA-256 of each file by its key."""
    return [
        Item(url=entry.url, name=entry.name, sha256=digests.get(entry.file_key, ""), ours=state.is_ours(entry))
        for entry in entries
    ]


def _change(
    of: Wish | AppRecord,
    state: State,
    devices: Iterable[Device],
    lists: Lists,
    *,
    plugin: str,
    warnings: Sequence[str],
    explained: bool,
) -> Change:
    devices = tuple(devices)
    names = [SCRIPT_LISTS[device] for device in devices]
    publish = any(state.live_ours(name) != state.ours(lists[name]) for name in names)
    publish = publish or (plugin != "" and plugin not in state.live_plugins)
    if plugin in state.plugins:
        plugin = ""
    write = lists != state.preview.lists
    lines = [line for device in devices for line in _words(device, state, lists)]
    if plugin:
        lines.append("the plug-in is added to the app")
    if publish and not lines:
        lines.append("is in kintone already, but not live: is published")
    others = publish and not explained and not state.published
    warnings = list(warnings)
    if others and state.live is None:
        warnings.append("the app was never published: all of its settings go live")
    elif others and state.live is not None:
        warnings.append(
            "settings that somebody else has not published yet go live too "
            f"(revision {state.preview.revision}; live is {state.live.revision})"
        )
    return Change(of.app, of.name, state, devices, lists, plugin, write, publish, tuple(lines), tuple(warnings), others)


def _placed(state: State, entries: Sequence[Entry], script: bytes | None) -> tuple[Slot, ...]:
    """The list with our file once, in the place where it is or else at the end; without it for None."""
    slots: list[Slot] = []
    wanted = script
    for entry in entries:
        if not state.is_ours(entry):
            slots.append(entry)
        elif wanted is not None:
            slots.append(entry if state.contents[entry.file_key] == wanted else wanted)
            wanted = None
    return (*slots, wanted) if wanted is not None else tuple(slots)


def _reused(state: State, entries: Sequence[Entry], content: bytes) -> Slot:
    """The entry that has the content already, or the content."""
    return next((entry for entry in entries if state.contents.get(entry.file_key) == content), content)


def _is_explained(record: AppRecord, state: State, *, script_arrived: bool) -> bool:
    """Whether all that is not published yet comes from the run of the record, which was cut off.

    That knows the last revision that it got an answer with; one more is ours where its last request has arrived.
    """
    arrived = (
        script_arrived if record.asked == "script" else record.asked == "plugin" and record.plugin in state.plugins
    )
    revisions = (record.revision, record.revision + 1) if arrived else (record.revision,)
    return record.unfinished and record.clean and state.preview.revision in revisions


def _words(device: Device, state: State, lists: Lists) -> Iterable[str]:
    name = SCRIPT_LISTS[device]
    old, new = state.ours(state.preview.lists[name]), state.ours(lists[name])
    sizes = " and ".join(f"{len(content):,} bytes" for content in new)
    others = len(lists[name]) - len(new)
    if new and not old:
        yield f"{device}: {OURS} is added ({sizes}; others in the list: {others})"
    elif old and not new:
        yield f"{device}: {OURS} is taken out (others in the list: {others})"
    elif lists[name] != state.preview.lists[name]:
        yield f"{device}: {OURS} is replaced in its place ({sizes}; others in the list: {others})"


def _slot_identity(slot: Slot) -> tuple[str, str]:
    return ("FILE", OURS) if isinstance(slot, bytes) else slot.identity


def _identity(item: Item) -> tuple[str, str]:
    return ("URL", item.url) if item.url else ("FILE", item.name)


def _digests(state: State, entries: Sequence[Entry]) -> list[str]:
    return [hashlib.sha256(content).hexdigest() for content in state.ours(entries)]
