"""What a deploy will do, computed from kintone's state before anything is changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from generator.build import PLUGIN, script_path
from generator.deploy.diff import Change, change_for
from generator.deploy.form import form_warnings, log_apps, log_warnings, named_by
from generator.deploy.package import Package, built_package
from generator.deploy.parallel import in_parallel
from generator.deploy.past import Past
from generator.deploy.read import Reader
from generator.deploy.state import SCRIPT_LISTS, Goal, meant
from generator.deploy.words import MOST_APPS, by_app
from generator.kintone.client import Kintone
from generator.origin import Origin
from generator.units.config import App
from generator.words import Message, Text, counted, of, titled


@dataclass(frozen=True)
class Plan:
    """What a command will do. `apps`: the names of its apps, by ID. `reader` has the states that were read for it.
    `notes`: messages to show first."""

    command: Literal["deploy", "remove", "rollback"]
    changes: tuple[Change, ...]
    package: Package | None
    apps: Mapping[int, str]
    reader: Reader
    notes: Sequence[Message]

    @property
    def missing(self) -> dict[int, str]:
        """The apps that do not exist in kintone."""
        there = {change.app for change in self.changes}
        return {app: name for app, name in self.apps.items() if app not in there}

    @property
    def empty(self) -> bool:
        """Whether kintone is up to date."""
        sends = self.package is not None and self.package.send
        return not sends and all(change.empty for change in self.changes)

    @property
    def questions(self) -> list[Message]:
        """The most important warnings before the user agrees, as sentences."""
        package = self.package.questions if self.package is not None else ()
        found = [*package, *(question for change in self.changes for question in change.questions)]
        if self.missing and self.command == "deploy":
            found.append(Message("ask.missing"))
        found = list(dict.fromkeys(found))
        more = Message("ask.more", number=len(found) - MOST_APPS)
        return found if len(found) <= MOST_APPS else [*found[:MOST_APPS], more]

    @property
    def lines(self) -> list[Message]:
        """The changes by app, one line each; a change that many apps share appears once."""
        missing = [of(titled(*app), Message("plan.noApp")) for app in self.missing.items()]
        found = [*self.notes, *(Message("text.warning", text=line) for line in missing)]
        if self.package is not None:
            found += [of(self.package.title, line) for line in self.package.lines]
        lines: list[tuple[Text, Message]] = []
        for change in self.changes:
            lines += [(change.title, line) for line in change.lines or (Message("plan.nothing"),)]
            lines += [(change.title, Message("text.warning", text=line)) for line in change.warnings]
        return found + by_app(lines)

    @property
    def what_changes(self) -> Message:
        """The number of changes for a summary: 1 plug-in and 2 apps."""
        apps = counted(sum(not change.empty for change in self.changes), "app")
        if self.package is None or not self.package.send:
            return apps
        plugin = counted(1, "plugin")
        return plugin if all(each.empty for each in self.changes) else Message("counts.both", one=plugin, other=apps)

    @property
    def json(self) -> dict[str, Any]:
        """The same, machine-readable."""
        apps = [
            {
                "app": change.app,
                "name": change.name,
                "changes": not change.empty,
                "lines": list(map(str, change.lines)),
                "warnings": list(map(str, change.warnings)),
            }
            for change in self.changes
        ]
        package = self.package
        return {
            "command": self.command,
            "changes": not self.empty,
            "notes": list(map(str, self.notes)),
            "questions": list(map(str, self.questions)),
            "plugin": package
            and {
                "id": package.id,
                "version": package.record.version,
                "installed": package.record.before,
                "changes": package.send,
                "lines": list(map(str, package.lines)),
            },
            "apps": apps,
            "missing": [{"app": app, "name": name} for app, name in self.missing.items()],
        }


@dataclass(frozen=True)
class Built:
    """A built config: its apps, and the files of dist/ by path."""

    apps: Sequence[App]
    files: Mapping[str, bytes]


def plan_deploy(
    kintone: Kintone, built: Built, past: Past, *, only: str | None = None, ask_forms: bool = False
) -> Plan:
    """The plan that brings the apps to the built state. Reads from kintone and changes nothing.

    `only` selects one app of the config by name or ID. Checks the forms of apps that change, with `ask_forms` those of
    all apps. Waits while kintone publishes one of these apps. KintoneError if kintone refuses, DeployError if the build
    cannot be deployed.
    """
    chosen = meant(only, built.apps)
    package = None
    if any(app.target == "plugin" for app in chosen):
        sharing = [app for app in built.apps if app.target == "plugin"]
        package = built_package(kintone, built.files[PLUGIN], sharing, {app.app for app in chosen}, past)
    goals = _goals(kintone, chosen, built, past.config, package.id if package else "")
    reader = Reader(kintone, past)
    names = {goal.app: goal.origin.name for goal in goals}
    states = reader.states(names, {goal.app for goal in goals if goal.plugin})
    changes = [change_for(goal, states[goal.app]) for goal in goals if goal.app in states]
    changes = [_with_second_plugin(change, package) for change in changes]
    asked = [change.app for change in changes if ask_forms or not change.empty]
    changes = _with_forms(kintone, changes, asked, built.apps)
    logs = log_apps(app for app in built.apps if app.app in asked)
    lacking = [line for lines in in_parallel(lambda app: log_warnings(kintone, app), logs) for line in lines]
    notes = [*not_named(kintone, past, built.apps), *(Message("text.warning", text=line) for line in lacking)]
    return Plan("deploy", tuple(changes), package, names, reader, notes)


def _goals(kintone: Kintone, chosen: Sequence[App], built: Built, config: str, plugin_id: str) -> list[Goal]:
    """One goal for each kintone app: script target and plug-in target of an app are deployed together."""
    goals: dict[int, Goal] = {}
    for app in chosen:
        goal = goals.get(app.app, Goal(Origin(config, app.app, app.name), {}))
        if app.target == "plugin":
            goal = replace(goal, plugin=plugin_id)
        else:
            used = {device for unit in app.units for device in unit.devices}
            content = built.files[script_path(app)]
            goal = replace(
                goal,
                origin=Origin(config, app.app, app.name),
                scripts={device: content if device in used else None for device in SCRIPT_LISTS},
                hosts=frozenset(_host(request.url) for unit in app.units for request in unit.stored_requests()),
            )
        goals[app.app] = goal
    with_script = {app.app for app in built.apps if app.target == "script"}
    # If a plug-in replaces the script, the script and its secret are removed.
    scripts = dict.fromkeys(SCRIPT_LISTS)
    return [
        goal
        if goal.app in with_script
        else replace(goal, scripts=scripts, only_own=True, removal=_removal(kintone, goal.app))
        for goal in goals.values()
    ]


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _removal(kintone: Kintone, app: int) -> str:
    return kintone.connection.command("remove", f"--app {app}")


def not_named(kintone: Kintone, past: Past, apps: Sequence[App]) -> list[Message]:
    """A line for each app that was deployed before and is no longer in the config."""
    named = {app.app for app in apps}
    return [
        of(
            titled(app, name),
            Message("plan.notNamed", config=past.config, command=_removal(kintone, app)),
        )
        for app, name in past.apps.items()
        if app not in named
    ]


def _with_second_plugin(change: Change, package: Package | None) -> Change:
    """The change, with a question if the app has another plug-in with the same name."""
    plugins = {**change.state.plugins, **change.state.live_plugins}
    second = [
        each
        for each, plugin in plugins.items()
        if package and each != package.id and plugin.name in package.names.values()
    ]
    if not second or not change.plugin:
        return change
    warning = Message("plan.secondPlugin", ids=second)
    question = Message("ask.secondPlugin", title=change.title)
    return replace(
        change,
        warnings=(*change.warnings, warning),
        questions=(*change.questions, question) if change.add_plugin else change.questions,
    )


def _with_forms(
    kintone: Kintone, changes: Sequence[Change], asked: Collection[int], apps: Sequence[App]
) -> list[Change]:
    """The changes; if checked, with warnings about fields and elements that are missing from the form."""
    named = {app: named_by([each for each in apps if each.app == app]) for app in asked}
    warnings = dict(
        zip(asked, in_parallel(lambda app: form_warnings(kintone, app, named[app]), list(asked)), strict=True)
    )
    return [replace(each, warnings=(*each.warnings, *warnings.get(each.app, ()))) for each in changes]
