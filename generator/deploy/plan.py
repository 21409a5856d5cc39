"""What a deploy or a removal will do, worked out from what kintone has and before anything is changed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from generator.build import PLUGIN, script_path
from generator.deploy.diff import Change, change_for
from generator.deploy.form import form_warnings, named_by
from generator.deploy.history import History
from generator.deploy.journal import Device
from generator.deploy.package import Package, built_package
from generator.deploy.parallel import in_parallel
from generator.deploy.read import Asked, Reader
from generator.deploy.state import SCRIPT_LISTS, Goal, State
from generator.errors import DeployError
from generator.kintone.answers import RefusedError
from generator.kintone.client import Kintone
from generator.units.config import App


@dataclass(frozen=True)
class Plan:
    """What a command will do. `notes`: what is told before, such as what earlier runs left. `units`: those of the
    config, by app. `reader` has what was read to find it out."""

    command: Literal["deploy", "remove", "rollback"]
    changes: tuple[Change, ...]
    package: Package | None
    reader: Reader
    notes: tuple[str, ...] = ()
    units: Mapping[int, list[str]] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether kintone has everything already."""
        sends = self.package is not None and self.package.send
        return not sends and all(change.empty for change in self.changes)

    @property
    def doubts(self) -> list[str]:
        """What a person should know above all before agreeing, in sentences."""
        found = []
        if any(change.publishes_others for change in self.changes):
            found.append("Other people's unpublished settings go live with this.")
        if any(change.replaces_unknown for change in self.changes):
            found.append("A script that was not deployed from here is replaced or taken out.")
        if self.package is not None and self.package.downgrade:
            found.append("An older plug-in takes the place of a newer one, in the whole domain.")
        return found

    @property
    def lines(self) -> list[str]:
        """What changes, app by app, a line for each thing."""
        found = list(self.notes)
        if self.package is not None:
            found.append(f"plug-in {self.package.id}: {self.package.line}")
        for change in self.changes:
            found += [f"{change.title}: {line}" for line in change.lines or ("nothing to change",)]
            found += [f"{change.title}: warning: {line}" for line in change.warnings]
        return found


@dataclass(frozen=True)
class Built:
    """What was built of a config: its apps, and dist/ by path."""

    apps: Sequence[App]
    files: Mapping[str, bytes]


def plan_deploy(
    kintone: Kintone, built: Built, history: History, *, only: str | None = None, ask_forms: bool = False
) -> Plan:
    """What has to be done so that the apps have what was built. Reads from kintone and changes nothing.

    `only` is the name of the one app of the config that is meant. The forms of apps that change are asked for what
    their units name, with `ask_forms` those of all. Waits for a deploy that is under way in these apps. KintoneError
    where kintone refuses, DeployError where what was built cannot go in.
    """
    chosen = [app for app in built.apps if only in (None, app.name)]
    needs_plugin = any(app.target == "plugin" for app in chosen)
    package = built_package(kintone, built.files[PLUGIN], history) if needs_plugin else None
    goals = _goals(chosen, built, package.id if package else "", history.deployed())
    reader = Reader(kintone, history)
    states = reader.states([Asked(goal.app, goal.title, bool(goal.plugin)) for goal in goals])
    known = history.deployed()
    changes = [
        change_for(goal, state, history.last(goal.app), known) for goal, state in zip(goals, states, strict=True)
    ]
    asked = [change.app for change in changes if ask_forms or not change.empty]
    changes = _with_forms(kintone, changes, asked, built.apps)
    left, notes = (
        _left(kintone, reader, history, built.apps) if only is None else ([], _left_notes(history, built.apps))
    )
    units = _units(chosen)
    unfinished = history.unfinished([change.app for change in [*changes, *left]])
    notes = [*unfinished, *notes, *_gone_units(history, units, changes, package)]
    return Plan("deploy", (*changes, *left), package, reader, tuple(notes), units)


def plan_removal(
    kintone: Kintone,
    apps: Sequence[App],
    history: History,
    *,
    only: str | None = None,
    plugin_ids: Collection[str] = (),
) -> Plan:
    """What takes everything that Runbutton made out of the config's apps, those that left the config included.

    `plugin_ids` are the plug-ins that may be there; no REST API takes them out of an app, so they are told. DeployError
    for a name that neither the config nor a journal knows.
    """
    names = {**history.names(), **{app.app: app.name for app in apps}}
    wanted = {app.name: app.app for app in apps} | {name: app for app, name in history.names().items()}
    if only is not None and only not in wanted:
        raise DeployError(f"--app {only}: no such app; there is {', '.join(sorted(wanted))}")
    chosen = {app: name for app, name in names.items() if only is None or wanted[only] == app}
    goals = [Goal(app, name, dict.fromkeys(SCRIPT_LISTS)) for app, name in chosen.items()]
    reader = Reader(kintone, history)
    ids = {*plugin_ids, *history.plugin_ids()}
    states = reader.states([Asked(goal.app, goal.title, bool(ids)) for goal in goals])
    known = history.deployed()
    changes, stays = [], False
    for goal, state in zip(goals, states, strict=True):
        change = change_for(goal, state, history.last(goal.app), known)
        staying = tuple(_staying(kintone, goal, state, ids))
        changes.append(replace(change, warnings=(*change.warnings, *staying)))
        stays = stays or bool(staying)
    notes = history.unfinished(chosen)
    if stays and only is None:
        page = f"{kintone.connection.base_url}/k/admin/system/plugin/"
        notes.append(f"the plug-in stays installed; uninstalling it takes the secrets of all apps with it: {page}")
    return Plan("remove", tuple(changes), None, reader, tuple(notes))


def _goals(chosen: Sequence[App], built: Built, plugin_id: str, deployed: frozenset[str]) -> list[Goal]:
    """One for each kintone app: a script target and a plug-in target of the same app are one deploy's matter."""
    goals: dict[int, Goal] = {}
    for app in chosen:
        goal = goals.get(app.app, Goal(app.app, app.name, {}))
        if app.target == "plugin":
            goal = replace(goal, plugin=plugin_id)
        else:
            used = {device for unit in app.units for device in unit.devices}
            content = built.files[script_path(app)]
            goal = replace(goal, scripts={device: content if device in used else None for device in SCRIPT_LISTS})
        goals[app.app] = goal
    with_script = {app.app for app in built.apps if app.target == "script"}
    # Where a plug-in took the script's place, the script and the secret in it go.
    return [
        goal if goal.app in with_script else replace(goal, scripts=dict.fromkeys(SCRIPT_LISTS), only=deployed)
        for goal in goals.values()
    ]


def _left(kintone: Kintone, reader: Reader, history: History, apps: Sequence[App]) -> tuple[list[Change], list[str]]:
    """The changes that take our scripts out of the apps that left the config, and what stays there."""
    only, ids = history.deployed(), history.plugin_ids()
    none: dict[Device, bytes | None] = dict.fromkeys(SCRIPT_LISTS)
    why = f"is no longer in {history.config}"
    goals = [Goal(app, name, none, only=only, why=why) for app, name in _gone_apps(history, apps).items()]

    def read(goal: Goal) -> State | RefusedError:
        try:
            return reader.states([Asked(goal.app, goal.title, bool(ids))])[0]
        except RefusedError as error:
            # It may have been deleted since, and the others are to be deployed all the same.
            return error

    changes: list[Change] = []
    notes: list[str] = []
    for goal, state in zip(goals, in_parallel(read, goals), strict=True):
        if isinstance(state, RefusedError):
            notes.append(f"warning: {why}, and cannot be read: {state}")
            continue
        change = change_for(goal, state, history.last(goal.app), only)
        # What a run that was cut off has done to its end is to be noted as that.
        changes += [] if change.empty and history.cut_off(goal.app) is None else [change]
        notes += [f"{goal.title}: warning: {why}: {line}" for line in _staying(kintone, goal, state, ids)]
    return changes, notes


def _left_notes(history: History, apps: Sequence[App]) -> list[str]:
    return [
        f"{name} (app {app}): is no longer in {history.config}; a deploy without --app takes its buttons out, and so "
        f"does `runbutton remove --app {name}`"
        for app, name in _gone_apps(history, apps).items()
    ]


def _gone_apps(history: History, apps: Sequence[App]) -> dict[int, str]:
    there = {app.app for app in apps}
    return {app: name for app, name in history.names().items() if app not in there}


def _staying(kintone: Kintone, goal: Goal, state: State, plugin_ids: Collection[str]) -> Iterator[str]:
    if set(plugin_ids) & {*state.plugins, *state.live_plugins}:
        page = f"{kintone.connection.address}/admin/app/{goal.app}/plugin/"
        yield (
            "the plug-in stays in the app, and so do the secrets that were typed into its settings: kintone has no "
            "REST API that takes it out; an app administrator can, after removing the secrets on its settings page, "
            f"since nothing lists them later, at {page}"
        )


def _with_forms(
    kintone: Kintone, changes: Sequence[Change], asked: Collection[int], apps: Sequence[App]
) -> list[Change]:
    """The changes, those asked for with warnings of what their units name and their forms have not."""
    named = {app: named_by([each for each in apps if each.app == app]) for app in asked}
    warnings = dict(
        zip(asked, in_parallel(lambda app: form_warnings(kintone, app, named[app]), list(asked)), strict=True)
    )
    return [replace(each, warnings=(*each.warnings, *warnings.get(each.app, ()))) for each in changes]


def _units(apps: Sequence[App]) -> dict[int, list[str]]:
    units: dict[int, list[str]] = {}
    for app in apps:
        units.setdefault(app.app, []).extend(unit.id for unit in app.units)
    return units


def _gone_units(
    history: History, units: Mapping[int, list[str]], changes: Sequence[Change], package: Package | None
) -> Iterator[str]:
    """The units that left the config, of apps that it still has: their buttons go, being in no script any more."""
    for change in changes:
        before = history.units(change.app) or []
        gone = [unit for unit in before if unit not in units.get(change.app, before)]
        updated = package is not None and package.send and change.plugin != ""
        if gone and (updated or not change.empty):
            yield f"{change.title}: no longer in {history.config}: {', '.join(gone)}; no button any more"
