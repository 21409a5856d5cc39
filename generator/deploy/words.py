"""Describes a change for the user who must confirm it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from generator.deploy.state import SCRIPT_LISTS, Goal, Lists, Script, State
from generator.origin import SCRIPT_NAME, Origin
from generator.units.unit import Device
from generator.words import Message, Text, counted, of, titled

MOST_APPS = 10
"""Messages name up to so many apps; more are only counted."""


def listed(titles: Iterable[Text]) -> object:
    """Titles in one line, as a value of a message."""
    named = tuple(titles)
    return named if len(named) <= MOST_APPS else counted(len(named), "app")


def by_app(lines: Sequence[tuple[Text, Message]]) -> list[Message]:
    """A line for each title and text; beyond MOST_APPS, lines that differ only in details are counted."""
    if len({title for title, _ in lines}) <= MOST_APPS:
        return [of(title, text) for title, text in lines]
    kinds: dict[Message, list[Text]] = {}
    for title, text in lines:
        kinds.setdefault(_without_detail(text), []).append(title)
    return [Message("text.of", title=listed(titles), text=kind) for kind, titles in kinds.items()]


def detailed(text: Message, detail: Message) -> Message:
    """A text with a detail in brackets, which is omitted if many apps have the same text."""
    return Message("text.detailed", text=text, detail=detail)


def _without_detail(message: Message) -> Message:
    if message.key == "text.warning":
        inner = message.value("text")
        return Message("text.warning", text=_without_detail(inner)) if isinstance(inner, Message) else message
    inner = message.value("text") if message.key == "text.detailed" else message
    return inner if isinstance(inner, Message) else message


def what_changes(state: State, devices: Sequence[Device], lists: Lists) -> list[Message]:
    """A line for each device whose list changes."""
    found = []
    for device in devices:
        name = SCRIPT_LISTS[device]
        now = state.preview.lists[name]
        new = [slot for slot in lists[name] if state.script(slot)]
        sizes = [len(slot) if isinstance(slot, bytes) else slot.size for slot in new]
        others = len(lists[name]) - len(new)
        about = {"file": SCRIPT_NAME, "device": Message(_DEVICES[device])}
        shown = [Message("counts.bytes", number=f"{size:,}") for size in sizes]
        detail = Message("plan.sizes" if new else "plan.others", sizes=shown, others=others)
        if new and not state.own(now):
            found.append(detailed(Message("plan.added", **about), detail))
        elif state.own(now) and not new:
            found.append(detailed(Message("plan.removed", **about), detail))
        elif lists[name] != now:
            found.append(detailed(Message("plan.replaced", **about), detail))
    return found


def what_goes(goal: Goal, state: State, lists: Lists) -> tuple[list[Message], list[Message]]:
    """Lines about removed buttons of an app that keeps a script, and questions about scripts of other origins."""
    gone = _gone(state, lists)
    there = _units(_scripts(state, lists))
    own = _units(script for script in gone if goal.owns(script.origin))
    lines = [no_longer(goal.origin.config, sorted(own - there))] if there and own - there else []
    foreign = dict.fromkeys(_whose(script, goal) for script in gone if not goal.owns(script.origin))
    return lines, [Message("ask.otherConfig", file=SCRIPT_NAME, title=goal.title, config=config) for config in foreign]


def _whose(script: Script, goal: Goal) -> Text:
    origin = script.origin
    return origin.config if origin and origin.config != goal.origin.config else whose(origin)


def whose(origin: Origin | None) -> Text:
    """A script's origin in messages."""
    if origin is None:
        return Message("plan.unknownConfig")
    return Message("plan.origin", config=origin.config, app=titled(origin.app, origin.name))


def no_longer(config: str, units: Sequence[str]) -> Message:
    """A line about buttons that are removed because their units are no longer in the config."""
    return Message("plan.noLonger", config=config, units=units)


_SCOPES = {"NONE": "plan.scopeNone", "ADMIN": "plan.scopeAdmin"}
_DEVICES: Mapping[Device, str] = {"desktop": "plan.desktop", "mobile": "plan.mobile"}


def what_to_know(goal: Goal, state: State, lists: Lists) -> Iterator[Message]:
    """Warnings, which stop nothing."""
    has_script = any(goal.scripts.values())
    scope = state.preview.scope
    if has_script and scope != "ALL":
        yield Message(_SCOPES.get(scope, "plan.scopeOther"), scope=scope)
    if goal.plugin in state.plugins and not state.plugins[goal.plugin].enabled:
        yield Message("plan.pluginOff")
    if has_script and state.preview.allowed_hosts:
        blocked = sorted(host for host in goal.hosts if not _allows(state.preview.allowed_hosts, host))
        if blocked:
            yield Message("plan.hosts", hosts=blocked)
    for origin in dict.fromkeys(script.origin for script in _gone(state, lists) if not goal.owns(script.origin)):
        own = Message("plan.origin", config=goal.origin.config, app=goal.title)
        yield Message("plan.otherConfig", file=SCRIPT_NAME, origin=whose(origin), own=own)
    for script in _scripts(state, lists) if goal.plugin and goal.only_own else ():
        yield Message("plan.twice", file=SCRIPT_NAME, origin=whose(script.origin), command=goal.removal)
    copies = {
        entry.name
        for name in SCRIPT_LISTS.values()
        for entry in lists[name]
        if not isinstance(entry, bytes) and _may_be_a_copy(entry.name)
    }
    for copy in sorted(copies):
        yield Message("plan.copy", copy=copy, file=SCRIPT_NAME)


def _scripts(state: State, lists: Lists) -> list[Script]:
    """Runbutton's scripts in the lists, each once."""
    slots = [slot for name in SCRIPT_LISTS.values() for slot in lists[name]]
    return list(dict.fromkeys(script for slot in slots if (script := state.script(slot))))


def _gone(state: State, lists: Lists) -> list[Script]:
    """The Runbutton scripts that are no longer in the lists."""
    there = _scripts(state, lists)
    return [script for script in _scripts(state, state.preview.lists) if script not in there]


def _units(scripts: Iterable[Script]) -> set[str]:
    return {unit for script in scripts if script.origin is not None for unit in script.origin.units}


def _allows(hosts: Sequence[str], host: str) -> bool:
    """Whether a sandbox's list has a host, each such as https://api.example.com or https://*.example.com."""
    return any(host == each or fnmatchcase(host, each.replace("[", "[[]")) for each in hosts)


def _may_be_a_copy(name: str) -> bool:
    return name != SCRIPT_NAME and name.lower().startswith("runbutton") and name.lower().endswith(".js")
