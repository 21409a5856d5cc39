"""What a change means, in words for the person who is asked to agree to it."""

from collections.abc import Sequence

from generator.deploy.journal import Device
from generator.deploy.state import OURS, SCRIPT_LISTS, Goal, Lists, State


def what_changes(state: State, devices: Sequence[Device], lists: Lists) -> list[str]:
    """A line for each device whose list changes."""
    found = []
    for device in devices:
        name = SCRIPT_LISTS[device]
        now = state.preview.lists[name]
        new = [slot for slot in lists[name] if state.is_ours(slot)]
        sizes = " and ".join(f"{len(slot) if isinstance(slot, bytes) else slot.size:,} bytes" for slot in new)
        others = len(lists[name]) - len(new)
        if new and not state.ours(now):
            found.append(f"{device}: {OURS} will be added ({sizes}; others in the list: {others})")
        elif state.ours(now) and not new:
            found.append(f"{device}: {OURS} will be taken out (others in the list: {others})")
        elif lists[name] != now:
            found.append(f"{device}: {OURS} will be replaced in its place ({sizes}; others in the list: {others})")
    return found


def what_to_know(goal: Goal, state: State, lists: Lists) -> list[str]:
    """What a person would want to know though it stops nothing."""
    found = []
    if any(goal.scripts.values()) and state.preview.scope != "ALL":
        who = {"NONE": "nobody", "ADMIN": "only administrators of the app"}.get(state.preview.scope, "not everybody")
        found.append(f"{who} will see the buttons: JavaScript and CSS are set to {state.preview.scope} in this app")
    if goal.plugin and state.plugins.get(goal.plugin) is False:
        found.append("the plug-in is switched off in this app: nobody sees the buttons")
    beside = any(state.ours(lists[name]) for name in SCRIPT_LISTS.values())
    if goal.plugin and goal.scripts and not any(goal.scripts.values()) and beside:
        found.append(
            f"has a {OURS} that was not deployed from here besides the plug-in, so that a button may be there twice; "
            f"`runbutton remove --app {goal.name}` takes it out"
        )
    copies = {
        entry.name
        for name in SCRIPT_LISTS.values()
        for entry in lists[name]
        if not isinstance(entry, bytes) and _may_be_a_copy(entry.name)
    }
    found += [f"{copy} may be a copy of {OURS} that was uploaded by hand, with the same buttons" for copy in copies]
    return found


def _may_be_a_copy(name: str) -> bool:
    return name != OURS and name.lower().startswith("runbutton") and name.lower().endswith(".js")
