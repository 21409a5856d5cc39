"""The way back: what was there before the last deploy that is not rolled back, as its journal keeps it."""

from dataclasses import dataclass

from generator.deploy.apply import how_far
from generator.deploy.diff import change_back
from generator.deploy.history import History, Step
from generator.deploy.package import old_package, send_package
from generator.deploy.plan import Plan
from generator.deploy.read import Asked, Reader
from generator.deploy.send import carry_out, tasks_of
from generator.kintone.client import Kintone


@dataclass(frozen=True)
class Rollback:
    """A plan together with the step that it takes back."""

    plan: Plan
    step: Step


def plan_rollback(kintone: Kintone, history: History, *, only: str | None = None) -> Rollback:
    """What puts back what was there before the last deploy of the config that is not rolled back. Changes nothing.

    `only` is the name of the one app that is meant; without it the plug-in goes back too, which is the whole domain's.
    DeployError where there is nothing to put back, or where somebody else's deploy would be lost.
    """
    step = history.to_take_back(only)
    reader = Reader(kintone, history)
    states = reader.states([Asked(record.app, record.title, bool(record.plugin)) for record in step.records])
    changes = [
        change_back(record, step.journal.kept, state, f"{kintone.connection.address}/admin/app/{record.app}/plugin/")
        for record, state in zip(step.records, states, strict=True)
    ]
    package = old_package(kintone, step.plugin, history) if step.plugin is not None else None
    which = f"takes back the deploy of {step.journal.record.started:%Y-%m-%d %H:%M:%S} UTC"
    notes = [which]
    if step.further:
        notes.append("warning: a later deploy is rolled back already; this goes one further back")
    return Rollback(Plan("rollback", tuple(changes), package, reader, tuple(notes)), step)


def roll_back(kintone: Kintone, rollback: Rollback, history: History) -> None:
    """Carries out a rollback. DeployError where it does not come to its end, with how far each app came."""
    step, plan = rollback.step, rollback.plan
    tasks = tasks_of(step.journal, plan.changes)
    for task in tasks:
        task.record.stage, task.record.sending = "rolling back", None
        task.record.revision = task.change.state.preview.revision
        task.record.others_pending = task.change.others_pending
    step.journal.save()
    with how_far(tasks, plan.command):
        if step.plugin is not None:
            if plan.package is not None and plan.package.send:
                send_package(kintone, plan.package)
            step.plugin.stage = "rolled back"
            step.journal.save()
        carry_out(kintone, plan.reader, tasks, step.journal, middle="rolling back", end="rolled back")
    history.prune()
