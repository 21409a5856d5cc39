"""Carries out a plan, after keeping what was there before; tells how far it came where it is stopped."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from generator.deploy.diff import Change, is_as_left
from generator.deploy.history import History
from generator.deploy.journal import AppRecord, Journal, PluginRecord, Stage
from generator.deploy.package import send_package
from generator.deploy.plan import Plan
from generator.deploy.read import Reader
from generator.deploy.send import Task, carry_out, tasks_of
from generator.deploy.state import SCRIPT_LISTS, items
from generator.errors import DeployError, KintoneError
from generator.kintone.answers import LISTS
from generator.kintone.client import Kintone

_FAR: dict[Stage, str] = {
    "planned": "nothing is known to have changed",
    "written": "its new settings are in kintone, but not live",
    "done": "done",
    "rolling back": "its old settings may be back, but not live",
    "rolled back": "rolled back",
}


@dataclass(frozen=True)
class SettingsPage:
    """A plug-in's settings page in an app, where an administrator types the secrets. `new`: nobody can have, so far."""

    app: int
    name: str
    address: str
    new: bool


def apply(kintone: Kintone, plan: Plan, history: History, now: datetime) -> None:
    """Carries out a deploy's plan, after keeping the old state in a new folder of .runbutton/.

    DeployError where it does not come to its end: with what kintone said, and with how far each app came.
    """
    changes = [change for change in plan.changes if not change.empty]
    if plan.empty:
        _close(history, plan.changes, changes)
        return
    journal = history.new(now, plan.units)
    kintone.say(f"keeping the old settings in {journal.folder}")
    journal.record.apps += [_record(change, journal, plan.reader, history) for change in changes]
    package = plan.package if plan.package is not None and plan.package.send else None
    if package is not None:
        sha256 = journal.keep(package.content)
        journal.record.plugin = PluginRecord(
            id=package.id, sha256=sha256, version=package.version, before=package.installed
        )
    journal.save()
    _close(history, plan.changes, changes)
    tasks = tasks_of(journal, changes)
    with how_far(tasks, plan.command):
        if package is not None and journal.record.plugin is not None:
            send_package(kintone, package)
            journal.record.plugin.stage = "done"
            journal.save()
        carry_out(kintone, plan.reader, tasks, journal, middle="written", end="done")
    history.prune()


def settings_pages(kintone: Kintone, plan: Plan) -> list[SettingsPage]:
    """Where administrators have something to type or to save after this deploy: no REST API takes a plug-in's secrets
    (setProxyConfig is its settings page's alone). What is typed there counts once the app is published again."""
    package = plan.package
    if package is None:
        return []
    return [
        SettingsPage(
            change.app,
            change.name,
            f"{kintone.connection.address}/admin/app/{change.app}/plugin/config?pluginId={package.id}",
            new=package.id not in change.state.live_plugins,
        )
        for change in plan.changes
        if change.plugin and (package.send or package.id not in change.state.live_plugins)
    ]


@contextmanager
def how_far(tasks: Sequence[Task], command: str) -> Iterator[None]:
    """Adds to an error, and to being stopped, how far each app came."""
    try:
        yield
    except (KintoneError, DeployError, KeyboardInterrupt) as error:
        lines = ["stopped" if isinstance(error, KeyboardInterrupt) else str(error)]
        lines += [f"{task.change.title}: {_FAR[task.record.stage]}" for task in tasks]
        hint = f"`runbutton {command}` again goes on from here"
        # A refused request has changed nothing, and there is nothing to take back.
        changed = any(task.record.stage != "planned" or task.record.sending for task in tasks)
        lines.append(f"{hint}; `runbutton rollback` takes it back" if changed and command != "rollback" else hint)
        raise DeployError("\n".join(lines)) from error


def _record(change: Change, journal: Journal, reader: Reader, history: History) -> AppRecord:
    """The app's record for the journal, with the bytes of our files kept, the old and the new.

    Where a deploy that was cut off has brought our file already, what was there before is what was there before that.
    """
    state, cut_off = change.state, history.cut_off(change.app)
    if cut_off is not None and cut_off.stage != "rolling back" and is_as_left(cut_off, state):
        source = next(each for each in history.journals if each.app(change.app) is cut_off)
        lists = cut_off.before
        for sha256 in {item.sha256 for entries in lists.values() for item in entries if item.ours}:
            journal.keep(source.kept(sha256))
    else:
        lists = {name: items(state, name) for name in LISTS}
        for sha256 in {item.sha256 for entries in lists.values() for item in entries if item.ours}:
            journal.keep(reader.content(sha256))
    for device in change.devices:
        for slot in change.lists[SCRIPT_LISTS[device]]:
            if isinstance(slot, bytes):
                journal.keep(slot)
            elif state.is_ours(slot):
                journal.keep(reader.content(state.digests[slot.file_key]))
    return AppRecord(
        app=change.app,
        name=change.name,
        before=lists,
        after={device: digests[0] if digests else None for device, digests in change.wanted.items()},
        plugin=change.plugin if change.plugin not in state.live_plugins else "",
        revision=state.preview.revision,
        others_pending=change.others_pending,
    )


def _close(history: History, planned: Sequence[Change], begun: Sequence[Change]) -> None:
    """Ends the records of runs that were cut off: a new one takes their place, or kintone shows how they ended."""
    for journal in history.journals:
        for change in planned:
            record = journal.app(change.app)
            if record is None or not record.unfinished:
                continue
            if change in begun:
                record.stage = "continued"
            else:
                record.stage = "done" if is_as_left(record, change.state) else "rolled back"
            journal.save()
