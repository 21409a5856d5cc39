"""What a change means, in words for the person who is asked to agree to it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from generator.deploy.journal import Device
from generator.deploy.state import OURS, SCRIPT_LISTS, Goal, Lists, Script, State

MOST_APPS = 10
"""Messages name each app up to so many, and count them beyond."""


def listed(titles: Iterable[str], noun: str = "apps") -> str:
    """Titles in one line."""
    named = list(titles)
    return ", ".join(named) if len(named) <= MOST_APPS else f"{len(named)} {noun}"


def by_app(lines: Sequence[tuple[str, str]]) -> list[str]:
    """A line for each title and text; beyond MOST_APPS texts of the same kind are counted."""
    if len({title for title, _ in lines}) <= MOST_APPS:
        return [f"{title}: {text}" for title, text in lines]
    kinds: dict[str, list[str]] = {}
    for title, text in lines:
        kinds.setdefault(re.sub(r" \([^()]*\)$", "", text), []).append(title)
    return [f"{listed(titles)}: {kind}" for kind, titles in kinds.items()]


def what_changes(state: State, devices: Sequence[Device], lists: Lists) -> list[str]:
    """A line for each device whose list changes."""
    found = []
    for device in devices:
        name = SCRIPT_LISTS[device]
        now = state.preview.lists[name]
        new = [slot for slot in lists[name] if state.script(slot)]
        sizes = " and ".join(f"{len(slot) if isinstance(slot, bytes) else slot.size:,} bytes" for slot in new)
        others = len(lists[name]) - len(new)
        if new and not state.ours(now):
            found.append(f"{device}: {OURS} will be added ({sizes}; others in the list: {others})")
        elif state.ours(now) and not new:
            found.append(f"{device}: {OURS} will be removed (others in the list: {others})")
        elif lists[name] != now:
            found.append(f"{device}: {OURS} will be replaced in its place ({sizes}; others in the list: {others})")
    return found


def what_goes(goal: Goal, state: State, lists: Lists) -> tuple[list[str], list[str]]:
    """Lines about buttons that go although the app keeps a script, and questions about scripts of other origins."""
    gone = _gone(state, lists)
    there = _units(_scripts(state, lists))
    own = _units(script for script in gone if goal.owns(script.origin))
    lines = [no_longer(goal.origin.config, sorted(own - there))] if there and own - there else []
    foreign = dict.fromkeys(_whose(script, goal) for script in gone if not goal.owns(script.origin))
    return lines, [f"A script from {whose} is replaced or removed." for whose in foreign]


def _whose(script: Script, goal: Goal) -> str:
    origin = script.origin
    if origin is None:
        return "an unknown config"
    return str(origin) if origin.config == goal.origin.config else origin.config


def no_longer(config: str, units: Sequence[str]) -> str:
    """That buttons go, since their units left the config."""
    return f"no longer in {config}: {', '.join(units)}; no button any more"


def what_to_know(goal: Goal, state: State, lists: Lists) -> Iterator[str]:
    """What a person would want to know though it stops nothing."""
    has_script = any(goal.scripts.values())
    if has_script and state.preview.scope != "ALL":
        who = {"NONE": "nobody", "ADMIN": "only administrators of the app"}.get(state.preview.scope, "not everybody")
        yield f"{who} will see the buttons: JavaScript and CSS are set to {state.preview.scope} in this app"
    if goal.plugin in state.plugins and not state.plugins[goal.plugin].enabled:
        yield "the plug-in is switched off in this app: nobody sees the buttons"
    if has_script and state.preview.allowed_hosts:
        blocked = sorted(host for host in goal.hosts if not _allows(state.preview.allowed_hosts, host))
        if blocked:
            yield (
                "the buttons may not work: the scripts of this app may only connect to the hosts in its allowed_hosts; "
                f"add {' and '.join(blocked)} there, in the app's JavaScript and CSS customization"
            )
    for origin in dict.fromkeys(script.origin for script in _gone(state, lists) if not goal.owns(script.origin)):
        yield (
            f"the {OURS} there was built from {origin or 'an unknown config'}, and not from "
            f"{goal.origin.config}, {goal.title}"
        )
    for script in _scripts(state, lists) if goal.plugin and goal.only_own else ():
        yield (
            f"has a {OURS} from {script.origin or 'an unknown config'} besides the plug-in, so that a button may be "
            f"there twice; `runbutton remove {goal.origin.config} --app {goal.app}` removes it"
        )
    copies = {
        entry.name
        for name in SCRIPT_LISTS.values()
        for entry in lists[name]
        if not isinstance(entry, bytes) and _may_be_a_copy(entry.name)
    }
    for copy in sorted(copies):
        yield f"{copy} may be a copy of {OURS} that was uploaded by hand, with the same buttons"


def _scripts(state: State, lists: Lists) -> list[Script]:
    """Runbutton's scripts in the lists, each once."""
    slots = [slot for name in SCRIPT_LISTS.values() for slot in lists[name]]
    return list(dict.fromkeys(script for slot in slots if (script := state.script(slot))))


def _gone(state: State, lists: Lists) -> list[Script]:
    """Runbutton's scripts that the lists have no more."""
    there = _scripts(state, lists)
    return [script for script in _scripts(state, state.preview.lists) if script not in there]


def _units(scripts: Iterable[Script]) -> set[str]:
    return {unit for script in scripts if script.origin is not None for unit in script.origin.units}


def _allows(hosts: Sequence[str], host: str) -> bool:
    """Whether a sandbox's list has a host, each such as https://api.example.com or https://*.example.com."""
    return any(host == each or fnmatchcase(host, each.replace("[", "[[]")) for each in hosts)


def _may_be_a_copy(name: str) -> bool:
    return name != OURS and name.lower().startswith("runbutton") and name.lower().endswith(".js")
