"""What an app's settings are to become: our file put in, replaced or taken out, and everything else left as it is.

Pure: from what kintone has and what is wanted to a Change. read.py reads the one, and send.py carries out the other.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from generator.deploy.journal import AppRecord, Device, Item
from generator.deploy.state import OURS, SCRIPT_LISTS, Goal, Lists, Slot, State
from generator.deploy.words import what_changes, what_to_know
from generator.errors import DeployError
from generator.kintone.answers import Entry, ListName
from generator.kintone.client import LIST_LIMIT


@dataclass(frozen=True)
class Change:
    """What is to be done with an app: `write`, whether its lists are sent; `add_plugin`, whether the plug-in with the
    ID `plugin` is; `publish`, whether its settings are deployed; `revert`, whether what is not published yet is
    discarded instead.

    `devices` are those whose lists are a matter of the change at all. `lines` say it in words, `warnings` what else
    comes of it. `others_pending`: there are unpublished settings that are not ours. `replaces_unknown`: a file that
    Runbutton made, but nobody from here deployed, is replaced or taken out.
    """

    app: int
    title: str
    name: str
    state: State
    devices: tuple[Device, ...]
    lists: Lists
    plugin: str = ""
    write: bool = False
    add_plugin: bool = False
    publish: bool = False
    revert: bool = False
    lines: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    others_pending: bool = False
    replaces_unknown: bool = False

    @property
    def empty(self) -> bool:
        """Whether kintone has everything already."""
        return not (self.write or self.add_plugin or self.publish or self.revert)

    @property
    def publishes_others(self) -> bool:
        """Whether unpublished settings that are not ours go live with ours."""
        return self.publish and self.others_pending

    @property
    def wanted(self) -> dict[Device, list[str]]:
        """By device the SHA-256 of our files that shall be there."""
        return {device: self.state.ours(self.lists[SCRIPT_LISTS[device]]) for device in self.devices}


def change_for(goal: Goal, state: State, last: AppRecord | None = None, known: Collection[str] = ()) -> Change:
    """The change that reaches the goal. `last` is the app's last record, `known` has the SHA-256 of all files that
    were ever deployed from here.

    DeployError where a list has no room for our file.
    """
    lists: dict[ListName, tuple[Slot, ...]] = dict(state.preview.lists)
    devices: list[Device] = []
    unknown = False
    for device, script in goal.scripts.items():
        name = SCRIPT_LISTS[device]
        old = state.ours(lists[name])
        taken = [digest for digest in old if goal.only is None or digest in goal.only]
        # What a run that was cut off took out already may still be live.
        still_live = not old and any(digest in (goal.only or ()) for digest in state.live_ours(name))
        if goal.only is not None and not taken and not still_live:
            continue
        devices.append(device)
        lists[name] = _placed(state, lists[name], script, goal.only)
        unknown = unknown or bool(set(taken) - set(known) - set(state.ours(lists[name])))
        if len(lists[name]) > LIST_LIMIT:
            raise DeployError(
                f"{goal.title}: {name} has {LIST_LIMIT} files and URLs already, the most that kintone allows; "
                "take one out"
            )
    warnings = what_to_know(goal, state, lists)
    if unknown:
        warnings.append(f"the {OURS} there was not deployed from here: it may be another project's or a colleague's")
    return _change(
        Change(goal.app, goal.title, goal.name, state, tuple(devices), lists, goal.plugin, replaces_unknown=unknown),
        [f"{goal.why}: {line}" if goal.why else line for line in what_changes(state, devices, lists)],
        warnings,
        explained=last is not None and _is_explained(last, state, script_arrived=is_as_left(last, state)),
        # Where the script is another goal's matter, so is what waits of it.
        may_revert=bool(goal.scripts),
    )


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
        if state.ours(now) not in ([after] if after else [], old):
            raise DeployError(
                f"{record.title}: its {OURS} for {device} is not the one that this deploy put there; it is left as it "
                "is: deploy what is wanted instead of rolling back"
            )
        foreign = [entry for entry in now if not state.is_ours(entry)]
        if [entry.identity for entry in foreign] == [_identity(item) for item in before if not item.ours]:
            rest = iter(foreign)
            lists[name] = tuple(
                _put_back(state, now, item.sha256, kept) if item.ours else next(rest) for item in before
            )
        else:
            lists[name] = _placed(state, now, kept(old[0]) if old else None, None)
            warnings.append(f"{device}: other scripts were changed since then, and stay as they are now")
    if record.plugin in state.live_plugins:
        warnings.append(f"kintone has no REST API that takes a plug-in out of an app; it stays, see {plugins_page}")
    arrived = lists == state.preview.lists if record.stage == "rolling back" else is_as_left(record, state)
    devices = tuple(record.after)
    return _change(
        Change(record.app, record.title, record.name, state, devices, lists),
        what_changes(state, devices, lists),
        warnings,
        explained=_is_explained(record, state, script_arrived=arrived),
        may_revert=True,
    )


def is_as_left(record: AppRecord, state: State) -> bool:
    """Whether the settings before publishing have what the deploy of the record wanted there."""
    if record.plugin and not record.after:
        return record.plugin in state.plugins
    lists = state.preview.lists
    return all(
        state.ours(lists[SCRIPT_LISTS[device]]) == ([after] if after else []) for device, after in record.after.items()
    )


def is_done(change: Change, state: State) -> bool:
    """Whether the settings before publishing are what the change makes of them."""
    return all(
        [_slot_identity(slot) for slot in slots] == [entry.identity for entry in state.preview.lists[name]]
        and change.state.ours(slots) == state.ours(state.preview.lists[name])
        for name, slots in change.lists.items()
    )


def _change(
    change: Change, lines: Sequence[str], warnings: Sequence[str], *, explained: bool, may_revert: bool
) -> Change:
    """The change with what follows from its lists and plug-in; `explained`: all that waits for publishing is ours."""
    state, lines = change.state, list(lines)
    names = [SCRIPT_LISTS[device] for device in change.devices]
    publish = any(state.live_ours(name) != state.ours(change.lists[name]) for name in names)
    publish = publish or (change.plugin != "" and change.plugin not in state.live_plugins)
    add_plugin = change.plugin != "" and change.plugin not in state.plugins
    # What live has already, and what waits is a cut-off run's alone: then nothing of it is to go live some day.
    revert = may_revert and explained and not publish and not state.as_live
    write = change.lists != state.preview.lists and not revert
    if add_plugin:
        lines.append("the plug-in will be added to the app")
    if revert:
        lines = ["what an earlier run left unpublished will be discarded"]
    if publish and not lines:
        lines.append("is in kintone already, but not live: will be published")
    others_pending = not explained and not state.published
    warnings = list(warnings)
    if publish and others_pending and state.live is None:
        warnings.append("the app was never published: all of its settings go live")
    elif publish and others_pending and state.live is not None:
        warnings.append(
            "settings that somebody else has not published yet go live too "
            f"(revision {state.preview.revision}; live is {state.live.revision})"
        )
    return replace(
        change,
        write=write,
        add_plugin=add_plugin,
        publish=publish,
        revert=revert,
        lines=tuple(lines),
        warnings=tuple(warnings),
        others_pending=others_pending,
    )


def _placed(
    state: State, entries: Sequence[Slot], script: bytes | None, only: Collection[str] | None
) -> tuple[Slot, ...]:
    """The list with our file once, in the place where it is or else at the end; without it for None."""
    slots: list[Slot] = []
    wanted = script
    for entry in entries:
        (digest,) = state.ours([entry]) or [""]
        if not digest or (only is not None and digest not in only):
            slots.append(entry)
        elif wanted is not None:
            slots.append(entry if digest == hashlib.sha256(wanted).hexdigest() else wanted)
            wanted = None
    return (*slots, wanted) if wanted is not None else tuple(slots)


def _put_back(state: State, entries: Sequence[Entry], sha256: str, kept: Callable[[str], bytes]) -> Slot:
    """The entry that has the content already, or the content."""
    return next((entry for entry in entries if state.digests.get(entry.file_key) == sha256), None) or kept(sha256)


def _is_explained(record: AppRecord, state: State, *, script_arrived: bool) -> bool:
    """Whether all that is not published yet comes from the run of the record.

    That knows the last revision that it got an answer with; one more is ours where its last request has arrived.
    """
    arrived = {
        None: False,
        "script": script_arrived,
        "plugin": record.plugin in state.plugins,
        "revert": state.as_live,
    }[record.sending]
    revisions = (record.revision, record.revision + 1) if arrived else (record.revision,)
    return not record.others_pending and state.preview.revision in revisions


def _slot_identity(slot: Slot) -> tuple[str, str]:
    return ("FILE", OURS) if isinstance(slot, bytes) else slot.identity


def _identity(item: Item) -> tuple[str, str]:
    return ("URL", item.url) if item.url else ("FILE", item.name)
