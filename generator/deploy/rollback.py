"""Rollback: restores the state before deploys from their journals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from generator.deploy.apply import apply_plan
from generator.deploy.diff import change_back
from generator.deploy.journal import AppRecord, Journal, Part, PluginRecord, Stage
from generator.deploy.package import Package, old_package
from generator.deploy.past import Past, as_arguments, prune
from generator.deploy.plan import Plan
from generator.deploy.read import Reader
from generator.deploy.send import Task
from generator.deploy.state import meant
from generator.deploy.words import detailed, listed
from generator.errors import DeployError
from generator.kintone.client import Kintone
from generator.words import Message, local_time, of, titled


@dataclass(frozen=True)
class Rollback:
    """A plan and the parts of deploys that it undoes, newest first. `further`: a later deploy is already rolled back,
    and the user did not give a number."""

    plan: Plan
    journals: Sequence[Journal]
    parts: Sequence[Part]
    further: bool


def plan_rollback(kintone: Kintone, past: Past, *, only: str | None = None, to: int | None = None) -> Rollback:
    """The rollback to the state before the last deploy that is not rolled back; with `to`, to the state after the
    deploy with this number, 0 for before all of them. Changes nothing.

    `only` selects one app by name or ID; without it, the plug-in that all apps share is rolled back too. DeployError if
    there is nothing to restore, or if another person's deploy would be lost.
    """
    journals, parts, further = _chosen(past, only, to)
    records: dict[int, list[AppRecord]] = {}
    for part in parts:
        if isinstance(part, AppRecord):
            records.setdefault(part.app, []).append(part)
    names = {app: each[0].name for app, each in records.items()}
    reader = Reader(kintone, past)
    states = reader.states(names, [app for app, each in records.items() if any(record.plugin for record in each)])

    def kept(sha256: str) -> bytes:
        return next((journal for journal in journals if journal.holds(sha256)), journals[0]).kept(sha256)

    changes = [
        change_back(records[app], kept, state, f"{kintone.connection.address}/admin/app/{app}/plugin/")
        for app, state in states.items()
    ]
    notes = [Message("record.undoes", deploy=described(journal)) for journal in journals]
    if further:
        notes.append(Message("text.warning", text=Message("record.further")))
    plan = Plan("rollback", tuple(changes), _package(kintone, parts, past), names, reader, notes)
    return Rollback(plan, journals, parts, further)


def roll_back(kintone: Kintone, rollback: Rollback, past: Past) -> None:
    """Applies a rollback. DeployError if it does not finish, with how far each app got."""
    plan = rollback.plan

    def note(stage: Stage, about: Callable[[Part], bool]) -> None:
        for part in filter(about, rollback.parts):
            part.stage = stage
        for journal in rollback.journals:
            journal.save()

    def noted(app: int) -> Callable[[int], None]:
        return lambda _revision: note("rolled back", lambda part: part.key == app)

    def installed() -> None:
        left = plan.package is not None and plan.package.left
        note("left" if left else "rolled back", lambda part: isinstance(part, PluginRecord))
        note("left", lambda part: part.key in plan.missing)

    apply_plan(kintone, plan, [Task(change, noted(change.app)) for change in plan.changes], installed)
    prune(past)


def described(journal: Journal) -> Message:
    """A deploy in a line: its number, start time, changes and result."""
    record = journal.record
    what = [listed(titled(each.app, each.name) for each in record.apps)] if record.apps else []
    what += [Message("record.plugin", version=record.plugin.version)] if record.plugin is not None else []
    stages = _result({part.stage for part in record.parts})
    line = Message(
        "record.line", command=record.command, number=journal.number, time=local_time(record.started), what=what
    )
    return detailed(line, Message("text.is", text=tuple(map(Message, stages)))) if stages else line


def _result(stages: set[Stage]) -> list[str]:
    """What became of the parts of a deploy, in the words of the list; none for one that is done."""
    interrupted = ["record.interrupted"] if "open" in stages else []
    if "rolled back" in stages:
        return [*interrupted, "record.rolledBack" if len(stages) == 1 else "record.notCompletely"]
    return [*interrupted, *(["record.notRolledBack"] if "left" in stages else [])]


def _package(kintone: Kintone, parts: Sequence[Part], past: Past) -> Package | None:
    """The plug-in before the oldest of the parts, to replace that of the newest."""
    plugins = [part for part in parts if isinstance(part, PluginRecord)]
    if not plugins:
        return None
    newest, oldest = plugins[0], plugins[-1]
    if newest.id != oldest.id:
        raise DeployError(Message("record.keyChanged"))
    update = {"before": oldest.before, "before_sha256": oldest.before_sha256}
    return old_package(kintone, newest.model_copy(update=update), past)


def _chosen(past: Past, only: str | None, to: int | None) -> tuple[list[Journal], list[Part], bool]:
    """The deploys to undo with their parts, newest first; and whether a later one is already rolled back."""
    every = [record for journal in past.deploys for record in journal.record.apps]
    apps = {record.app for record in meant(only, every)}
    if only is not None and every and not apps:
        names = sorted({record.name for record in every})
        raise DeployError(of(f"--app {only}", Message("record.unknownApp", allowed=names)))
    if to is not None and to != 0 and to not in {journal.number for journal in past.deploys}:
        raise DeployError(of(f"--to {to}", Message("record.unknownDeploy")))
    journals: list[Journal] = []
    chosen: list[Part] = []
    newer: set[int | str] = set()
    further = False
    for journal in past.deploys:
        if (to is None and chosen) or (to is not None and journal.number <= to):
            break
        parts = [part for part in journal.record.parts if only is None or part.key in apps]
        plugin = journal.record.plugin
        if only is not None and plugin is not None and plugin.can_go_back and not parts and apps & plugin.units.keys():
            raise DeployError(of(f"--app {only}", Message("record.sharedPlugin", version=plugin.version)))
        further = further or any(not part.can_go_back for part in parts)
        # If a later deploy exists, it includes what an interrupted one left.
        back = [part for part in parts if part.can_go_back and not (part.stage == "open" and part.key in newer)]
        newer |= {part.key for part in parts}
        chosen += back
        journals += [journal] if back else []
    if not chosen:
        config = as_arguments(past.config, past.env_file)
        key = "record.nothingButOthers" if past.others else "record.nothing"
        none = Message(key, config=config, kintone=past.kintone, others=past.others)
        raise DeployError(of(str(past.folder), none))
    return journals, chosen, further and to is None
