"""An app's new settings: Runbutton's file added, replaced or removed, and everything else unchanged.

Pure: from a state (read.py) and a goal to a Change (send.py).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from generator.deploy.journal import AppRecord, Item
from generator.deploy.state import SCRIPT_LISTS, Goal, Lists, Slot, State
from generator.deploy.words import detailed, what_changes, what_goes, what_to_know
from generator.errors import DeployError
from generator.kintone.answers import Entry, ListName
from generator.kintone.client import LIST_LIMIT
from generator.origin import SCRIPT_NAME
from generator.units.unit import Device
from generator.words import Message, of, titled


@dataclass(frozen=True)
class Change:
    """What to change in an app: its new `lists`, the `devices` whose lists the command changes, the ID of the `plugin`
    that it needs, or "". With `revert`, pending changes are discarded instead.

    `lines` describe the change, `warnings` its other effects; `questions` need the user's explicit consent.
    """

    app: int
    name: str
    state: State
    devices: tuple[Device, ...]
    lists: Lists
    plugin: str = ""
    revert: bool = False
    lines: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    questions: tuple[Message, ...] = ()

    @property
    def title(self) -> Message:
        """The app's name in messages."""
        return titled(self.app, self.name)

    @property
    def write(self) -> bool:
        """Whether the lists are sent."""
        return not self.revert and self.lists != self.state.preview.lists

    @property
    def add_plugin(self) -> bool:
        """Whether the plug-in is added."""
        return self.plugin != "" and self.plugin not in self.state.plugins

    @property
    def publish(self) -> bool:
        """Whether the app's settings are published."""
        live = self.state.live_own(self.devices) == self.wanted and self.plugin in ("", *self.state.live_plugins)
        return self.write or self.revert or not live

    @property
    def empty(self) -> bool:
        """Whether kintone is up to date."""
        return not (self.publish or self.add_plugin)

    @property
    def wanted(self) -> dict[Device, list[str]]:
        """The SHA-256 of Runbutton's new files by device."""
        return {device: self.state.own(self.lists[SCRIPT_LISTS[device]]) for device in self.devices}


def change_for(goal: Goal, state: State) -> Change:
    """The change that reaches the goal. DeployError if a list has no room for the file."""
    lists: dict[ListName, tuple[Slot, ...]] = dict(state.preview.lists)
    devices: list[Device] = []
    for device, script in goal.scripts.items():
        name = SCRIPT_LISTS[device]
        live = state.live.lists[name] if state.live is not None else ()
        if goal.only_own and not any(_goes(goal, state, entry) for entry in (*lists[name], *live)):
            continue
        devices.append(device)
        lists[name] = _placed(lists[name], script, state, lambda slot: _goes(goal, state, slot))
        if len(lists[name]) > LIST_LIMIT:
            raise DeployError(of(goal.title, Message("plan.full", list=name, limit=LIST_LIMIT)))
    change = Change(goal.app, goal.origin.name, state, tuple(devices), lists, goal.plugin)
    gone, questions = what_goes(goal, state, lists)
    return _finished(
        replace(change, warnings=tuple(what_to_know(goal, state, lists)), questions=tuple(questions)),
        [*what_changes(state, devices, lists), *gone],
        others_pending=state.others_pending(goal.plugin),
    )


def change_back(records: Sequence[AppRecord], kept: Callable[[str], bytes], state: State, plugins_page: str) -> Change:
    """The change that restores the state before the deploys of these records, newest first. `kept` returns old files by
    SHA-256.

    Later changes to the lists by other people stay. DeployError if Runbutton's file is neither from these deploys nor
    the old one: it belongs to another deploy and would be lost.
    """
    lists: dict[ListName, tuple[Slot, ...]] = dict(state.preview.lists)
    devices = tuple(dict.fromkeys(device for record in records for device in record.after))
    plugin = next((record.plugin for record in records if record.plugin), "")
    change = Change(records[0].app, records[0].name, state, devices, lists)
    warnings = []
    for device in devices:
        name = SCRIPT_LISTS[device]
        now, before = state.preview.lists[name], records[-1].before[name]
        old = [item.sha256 for item in before if item.is_own]
        after = [record.after[device] for record in records if device in record.after]
        if state.own(now) not in [old, *([each] if each else [] for each in after)]:
            raise DeployError(of(change.title, Message("plan.notThisDeploy", file=SCRIPT_NAME, device=device)))
        foreign = [entry for entry in now if not state.script(entry)]
        if [entry.identity for entry in foreign] == [_identity(item) for item in before if not item.is_own]:
            rest = iter(foreign)
            lists[name] = tuple(
                _restored(state, now, item.sha256, kept) if item.is_own else next(rest) for item in before
            )
        else:
            lists[name] = _placed(
                now, kept(old[0]) if old else None, state, lambda slot: state.script(slot) is not None
            )
            warnings.append(of(device, Message("plan.othersChanged")))
    if plugin in state.live_plugins:
        warnings.append(Message("plan.pluginStays", page=plugins_page))
    others_pending = state.others_pending(plugin)
    # Discard what an interrupted run left: publishing would add its plug-in.
    left = not state.published and not others_pending
    change = replace(change, lists=lists, warnings=tuple(warnings))
    revert = left and state.live_own(devices) == change.wanted and plugin not in state.live_plugins
    return _finished(
        replace(change, revert=revert),
        what_changes(state, change.devices, lists),
        others_pending=others_pending,
    )


def is_done(change: Change, state: State) -> bool:
    """Whether the pending settings already include the change."""
    return all(
        [_slot_identity(slot) for slot in slots] == [entry.identity for entry in state.preview.lists[name]]
        and change.state.own(slots) == state.own(state.preview.lists[name])
        for name, slots in change.lists.items()
    )


def _finished(change: Change, lines: Sequence[Message], *, others_pending: bool) -> Change:
    """The change with these lines, and with the effects of publishing it."""
    state, publish = change.state, change.publish
    lines, warnings, questions = list(lines), list(change.warnings), list(change.questions)
    if change.add_plugin:
        lines.append(Message("plan.pluginAdded"))
    if change.revert:
        lines = [Message("plan.discarded")]
    if publish and not lines:
        lines.append(Message("plan.published"))
    if publish and others_pending:
        questions.append(Message("ask.pending", title=change.title))
        pending, live = state.preview.revision, state.live.revision if state.live is not None else 0
        detail = Message("plan.revisions", pending=pending, live=live)
        never = Message("plan.neverLive")
        warnings.append(never if state.live is None else detailed(Message("plan.pending"), detail))
    questions = questions if publish else []
    return replace(change, lines=tuple(lines), warnings=tuple(warnings), questions=tuple(questions))


def _goes(goal: Goal, state: State, slot: Slot) -> bool:
    """Whether the goal replaces or removes the slot's content."""
    script = state.script(slot)
    return script is not None and (not goal.only_own or goal.owns(script.origin))


def _placed(
    entries: Sequence[Slot], content: bytes | None, state: State, goes: Callable[[Slot], bool]
) -> tuple[Slot, ...]:
    """The list with one Runbutton file, in the first replaced slot or at the end; with none if it is None."""
    slots: list[Slot] = []
    wanted = content
    for entry in entries:
        if not goes(entry):
            slots.append(entry)
        elif wanted is not None:
            slots.append(entry if state.sha256(entry) == hashlib.sha256(wanted).hexdigest() else wanted)
            wanted = None
    return (*slots, wanted) if wanted is not None else tuple(slots)


def _restored(state: State, entries: Sequence[Entry], sha256: str, kept: Callable[[str], bytes]) -> Slot:
    """The existing entry with this content, or the content."""
    return next((entry for entry in entries if state.sha256(entry) == sha256), None) or kept(sha256)


def _slot_identity(slot: Slot) -> tuple[str, str]:
    return ("FILE", SCRIPT_NAME) if isinstance(slot, bytes) else slot.identity


def _identity(item: Item) -> tuple[str, str]:
    return ("URL", item.url) if item.url else ("FILE", item.name)
