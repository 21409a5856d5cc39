"""Applies a plan after saving the old state; if it is stopped, reports how far it got."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from generator.deploy.diff import Change
from generator.deploy.journal import AppRecord, Journal
from generator.deploy.package import send_package
from generator.deploy.past import Past, prune
from generator.deploy.plan import Plan
from generator.deploy.read import Reader
from generator.deploy.send import Task, apply_changes
from generator.deploy.state import SCRIPT_LISTS, items
from generator.deploy.words import by_app
from generator.errors import DeployError, KintoneError
from generator.kintone.answers import LISTS
from generator.kintone.client import Kintone
from generator.words import Message, titled


@dataclass(frozen=True)
class SettingsPage:
    """A plug-in's settings page in an app, where an administrator types the secrets. `new`: it is new in the app."""

    title: Message
    address: str
    new: bool


def apply(kintone: Kintone, plan: Plan, past: Past, now: datetime) -> None:
    """Applies the plan of a deploy or a removal, after saving the old state in a new folder of .runbutton/.

    DeployError if it does not finish, with kintone's message and how far each app got.
    """
    changes = [change for change in plan.changes if not change.empty]
    if plan.command == "remove":
        for app in (*plan.missing, *(each.app for each in plan.changes if each.empty and not each.warnings)):
            past.forget(app)
    if plan.empty or plan.command == "rollback":
        return
    journal = past.begin(plan.command, now)
    kintone.say(Message("apply.keeping", folder=journal.folder))
    package = plan.package if plan.package is not None and plan.package.send else None
    if package is not None:
        journal.keep(package.content)
        journal.record.plugin = package.record
    journal.record.apps += [_record(change, journal, plan.reader) for change in changes]
    journal.save()

    def noted(record: AppRecord) -> Callable[[int], None]:
        def note(revision: int) -> None:
            record.stage, record.revision = "done", revision
            journal.save()

        return note

    def installed() -> None:
        if package is not None:
            package.record.stage = "done"
            journal.save()

    tasks = [Task(change, noted(record)) for change, record in zip(changes, journal.record.apps, strict=True)]
    apply_plan(kintone, plan, tasks, installed)
    prune(past)


def apply_plan(kintone: Kintone, plan: Plan, tasks: Sequence[Task], installed: Callable[[], None]) -> None:
    """Sends the plan's plug-in, calls `installed`, and does the tasks. DeployError as in apply."""
    with _how_far(tasks, kintone.connection.command("rollback") if plan.command != "rollback" else ""):
        if plan.package is not None and plan.package.send:
            send_package(kintone, plan.package)
        installed()
        apply_changes(kintone, plan.reader, tasks)


def settings_pages(kintone: Kintone, plan: Plan) -> list[SettingsPage]:
    """The settings pages on which administrators must type or save something after this deploy: no REST API accepts a
    plug-in's secrets (only its settings page has setProxyConfig). They take effect when the app is published again."""
    package = plan.package
    if package is None:
        return []
    changes = [
        change
        for change in plan.changes
        if change.plugin and (package.send or package.id not in change.state.live_plugins)
    ]
    apps = {change.app: (change.title, package.id not in change.state.live_plugins) for change in changes}
    apps |= {app: (titled(app, name), False) for app, name in package.others.items()}
    page = f"{kintone.connection.address}/admin/app/{{}}/plugin/config?pluginId={package.id}"
    return [SettingsPage(title, page.format(app), new) for app, (title, new) in apps.items()]


@contextmanager
def _how_far(tasks: Sequence[Task], undo: str) -> Iterator[None]:
    """Adds to an error, or to an interruption, how far each app got; and the command to `undo` it, if there is one."""
    try:
        yield
    except (KintoneError, DeployError, KeyboardInterrupt) as error:
        stopped = (Message("answers.interrupted"),)
        lines = stopped if isinstance(error, KeyboardInterrupt) else error.lines
        apps = by_app([(task.change.title, _progress_of(task)) for task in tasks])
        # A refused request has changed nothing, so nothing has to be undone.
        changed = any(task.begun or task.done for task in tasks)
        hint = Message("apply.continueOrUndo", undo=undo) if undo and changed else Message("apply.continue")
        raise DeployError(*lines, *apps, hint) from error


def _progress_of(task: Task) -> Message:
    if task.done:
        return Message("apply.done")
    return Message("apply.pending" if task.sent else "apply.notChanged")


def _record(change: Change, journal: Journal, reader: Reader) -> AppRecord:
    """The app's record for the journal; saves the bytes of Runbutton's old and new files."""
    state = change.state
    # Pending changes of an interrupted run were never live, so the state before is the live one.
    left = not (state.published or state.others_pending(change.plugin))
    settings = state.live if left and state.live is not None else state.preview
    lists = {name: items(state, settings, name) for name in LISTS}
    for sha256 in {item.sha256 for entries in lists.values() for item in entries if item.is_own}:
        journal.keep(reader.content(sha256))
    for device in change.devices:
        for slot in change.lists[SCRIPT_LISTS[device]]:
            if script := state.script(slot):
                journal.keep(slot if isinstance(slot, bytes) else reader.content(script.sha256))
    return AppRecord(
        app=change.app,
        name=change.name,
        before=lists,
        after={device: digests[0] if digests else None for device, digests in change.wanted.items()},
        plugin=change.plugin if change.plugin not in state.live_plugins else "",
    )
