"""The way back: what was there before deploys that are not rolled back yet, as their journals keep it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from generator.deploy.apply import apply_plan
from generator.deploy.diff import change_back
from generator.deploy.journal import AppRecord, Journal, Part, PluginRecord, Stage
from generator.deploy.package import old_package
from generator.deploy.past import Past, prune
from generator.deploy.plan import Plan
from generator.deploy.read import Reader
from generator.deploy.send import Task
from generator.deploy.state import meant, titled
from generator.deploy.words import listed
from generator.errors import DeployError
from generator.kintone.client import Kintone

_STAGES: Mapping[Stage, str] = {
    "open": "interrupted",
    "rolled back": "rolled back",
    "left": "could not be rolled back",
}


@dataclass(frozen=True)
class Rollback:
    """A plan together with the deploys that it undoes, the newest first; `records` and `plugins` are what it undoes of
    them. `further`: a later deploy was rolled back already."""

    plan: Plan
    journals: tuple[Journal, ...]
    records: dict[int, list[AppRecord]]
    plugins: list[PluginRecord]
    further: bool


def plan_rollback(kintone: Kintone, past: Past, *, only: str | None = None, to: int | None = None) -> Rollback:
    """What restores the state before the last deploy that is not rolled back; with `to` the state that the deploy of
    this number left, 0 for before all of them. Changes nothing.

    `only` is the name or the ID of the one app that is meant; without it the plug-in goes back too, which all apps
    share. DeployError where there is nothing to restore, or where another person's deploy would be lost.
    """
    journals, records, plugins, further = _chosen(past, only, to)
    titles = {app: titled(app, parts[0].name) for app, parts in records.items()}
    reader = Reader(kintone, past)
    states = reader.states(titles, [app for app, parts in records.items() if any(part.plugin for part in parts)])

    def kept(sha256: str) -> bytes:
        holder = next((journal for journal in journals if journal.holds(sha256)), journals[0])
        return holder.kept(sha256)

    changes = [
        change_back(records[app], kept, state, f"{kintone.connection.address}/admin/app/{app}/plugin/")
        for app, state in states.items()
    ]
    package = None
    if plugins:
        oldest = plugins[-1]
        target = plugins[0].model_copy(update={"before": oldest.before, "before_sha256": oldest.before_sha256})
        package = old_package(kintone, target, past)
    notes = [f"undoes {each}" for each in map(described, journals)]
    if further:
        notes.append("warning: a later deploy is rolled back already; this goes back further")
    missing = {app: parts[0].name for app, parts in records.items() if app not in states}
    notes += [f"{titles[app]}: does not exist in this kintone environment: nothing to restore" for app in missing]
    plan = Plan("rollback", tuple(changes), package, reader, tuple(notes), missing)
    return Rollback(plan, journals, records, plugins, further)


def roll_back(kintone: Kintone, rollback: Rollback, past: Past) -> None:
    """Applies a rollback. DeployError where it does not come to its end, with how far each app came."""
    plan = rollback.plan

    def save() -> None:
        for journal in rollback.journals:
            journal.save()

    def noted(app: int) -> Callable[[int], None]:
        def note(_revision: int) -> None:
            for record in rollback.records[app]:
                record.stage = "rolled back"
            save()

        return note

    def installed() -> None:
        for record in rollback.plugins:
            record.stage = "left" if plan.package is not None and plan.package.left else "rolled back"
        for app in plan.missing:
            for each in rollback.records[app]:
                each.stage = "left"
        save()

    apply_plan(kintone, plan, [Task(change, noted(change.app)) for change in plan.changes], installed)
    prune(past)


def described(journal: Journal) -> str:
    """A deploy in a line: its number, when it began, what it changed, and what became of it."""
    record = journal.record
    what = [titled(each.app, each.name) for each in record.apps]
    more = [f"plug-in version {record.plugin.version}"] if record.plugin is not None else []
    parts: list[Part] = [*record.apps, *([record.plugin] if record.plugin is not None else [])]
    stages = list(dict.fromkeys(_STAGES[part.stage] for part in parts if part.stage in _STAGES))
    end = f" ({', '.join(stages)})" if stages else ""
    about = ", ".join([*([listed(what)] if what else []), *more])
    return f"deploy {journal.number} of {record.started:%Y-%m-%d %H:%M:%S} UTC: {about}{end}"


_Chosen: TypeAlias = tuple[tuple[Journal, ...], dict[int, list[AppRecord]], list[PluginRecord], bool]


def _chosen(past: Past, only: str | None, to: int | None) -> _Chosen:
    """The deploys to undo, their records by app and of the plug-in, the newest first, and whether a later one is rolled
    back already."""
    every = [record for journal in past.deploys for record in journal.record.apps]
    apps = {record.app for record in meant(only, every)}
    if only is not None and every and not apps:
        names = ", ".join(sorted({record.name for record in every}))
        raise DeployError(f"--app {only}: no such app was deployed from here; allowed: an app's ID, {names}")
    if to is not None and to != 0 and to not in {journal.number for journal in past.deploys}:
        raise DeployError(f"--to {to}: there is no such deploy; `runbutton rollback --list` shows them")
    journals: list[Journal] = []
    records: dict[int, list[AppRecord]] = {}
    plugins: list[PluginRecord] = []
    newer: set[int | str] = set()
    further = False
    for journal in past.deploys:
        if to is not None and journal.number <= to:
            break
        parts = [record for record in journal.record.apps if record.app in apps]
        plugin = journal.record.plugin
        if only is not None and plugin is not None and plugin.can_go_back and not parts and apps & plugin.units.keys():
            raise DeployError(
                f"--app {only}: the last deploy there was the plug-in's, version {plugin.version}, which its apps "
                "share; `runbutton rollback` without --app undoes it"
            )
        plugin = plugin if only is None else None
        further = further or any(not part.can_go_back for part in (*parts, *filter(None, [plugin])))
        # What an interrupted deploy left is a later one's, once there is one.
        back = [part for part in parts if part.can_go_back and not (part.stage == "open" and part.app in newer)]
        newer |= {part.app for part in parts}
        for part in back:
            records.setdefault(part.app, []).append(part)
        if plugin is not None:
            goes = plugin.can_go_back and not (plugin.stage == "open" and plugin.id in newer)
            newer.add(plugin.id)
            plugin = plugin if goes else None
        plugins += [plugin] if plugin is not None else []
        journals += [journal] if back or plugin is not None else []
        if journals and to is None:
            break
    if not journals:
        others = f"; other deploys: {'; '.join(past.others)}" if past.others else ""
        variables = f" with {past.env_file}" if past.env_file else ""
        raise DeployError(
            f"{past.folder}: has no deploy of {past.config}{variables} to {past.kintone} to roll back{others}"
        )
    return tuple(journals), records, plugins, further and to is None
