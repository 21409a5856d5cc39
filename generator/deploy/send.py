"""Carries out changes: sends the settings, publishes them, and looks whether they are live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generator.deploy.diff import Change, is_done
from generator.deploy.journal import AppRecord, Journal, Stage
from generator.deploy.parallel import in_parallel
from generator.deploy.read import Asked, Reader, naming
from generator.deploy.state import OURS, SCRIPT_LISTS, Slot
from generator.deploy.wait import FIRST_PAUSE, once_more_after_others, wait_for_end
from generator.errors import DeployError, KintoneError
from generator.kintone.answers import ConflictError, Customization, Entry, ListName, RefusedError
from generator.kintone.client import DEPLOY_LIMIT, Kintone

_UNKNOWN_FILE = "GAIA_BL01"


@dataclass(frozen=True)
class Task:
    """A change together with the record that the journal has of it."""

    record: AppRecord
    change: Change


def tasks_of(journal: Journal, changes: Sequence[Change]) -> list[Task]:
    """The changes with their records."""
    records = {record.app: record for record in journal.record.apps}
    return [Task(records[change.app], change) for change in changes]


def carry_out(
    kintone: Kintone, reader: Reader, tasks: Sequence[Task], journal: Journal, *, middle: Stage, end: Stage
) -> None:
    """Sends and publishes all changes. The records' stages go to `middle` when an app's settings are sent, and to `end`
    when they are live; the journal is saved at every step."""
    sender = _Sender(kintone, reader, journal, middle)

    def send(task: Task) -> None:
        with naming(task.change.title):
            sender.send(task)
        task.record.stage = middle if task.change.publish or task.change.revert else end
        journal.save()

    in_parallel(send, tasks)
    for revert in (True, False):
        chosen = [task for task in tasks if (task.change.revert if revert else task.change.publish)]
        for start in range(0, len(chosen), DEPLOY_LIMIT):
            sender.publish(chosen[start : start + DEPLOY_LIMIT], revert=revert, end=end)


@dataclass(frozen=True)
class _Sender:
    kintone: Kintone
    reader: Reader
    journal: Journal
    middle: Stage

    def send(self, task: Task) -> None:
        """Sends what changes before publishing: the lists, and the plug-in."""
        try:
            self._send(task.change, task.record)
        except (ConflictError, RefusedError, DeployError):
            # Refused is not sent: what may be unpublished in the app is somebody else's.
            task.record.sending = None
            self.journal.save()
            raise

    def _send(self, change: Change, record: AppRecord) -> None:
        titles = {change.app: change.title}
        if change.write:
            self.kintone.say(f"{change.title}: sending the settings")
            record.sending = "script"
            self.journal.save()
            record.revision = once_more_after_others(self.kintone, titles, lambda: self._put(change))
            record.stage = self.middle
        if change.add_plugin:
            self.kintone.say(f"{change.title}: adding the plug-in")
            record.sending = "plugin"
            self.journal.save()
            revision = record.revision
            record.revision = once_more_after_others(self.kintone, titles, lambda: self._add_plugin(change, revision))
        record.sending = None

    def publish(self, tasks: Sequence[Task], *, revert: bool, end: Stage) -> None:
        """Publishes the apps' settings, each at its revision, or discards what is not published; waits, and looks."""
        titles = {task.change.app: task.change.title for task in tasks}
        revisions = {task.record.app: task.record.revision for task in tasks}
        self.kintone.say(
            f"{'discarding what is unpublished in' if revert else 'publishing'} {', '.join(titles.values())}"
        )
        if revert:
            for task in tasks:
                task.record.sending = "revert"
            self.journal.save()
        try:
            once_more_after_others(self.kintone, titles, lambda: self.kintone.deploy(revisions, revert=revert))
        except ConflictError as error:
            raise self._changed_before_publishing(revisions, titles) from error
        self.kintone.say("waiting for kintone to finish")
        # A status read too early would be that of the deploy before.
        self.kintone.pause(FIRST_PAUSE)
        ends = wait_for_end(self.kintone, titles)
        if any(each != "SUCCESS" for each in ends.values()):
            raise _not_published(ends, titles)

        def look(task: Task) -> None:
            with naming(task.change.title):
                self._look(task, revert=revert)
            task.record.sending = None
            task.record.stage = end
            self.journal.save()
            self.kintone.say(f"{task.change.title}: {'as it was' if revert else 'live'}")

        in_parallel(look, tasks)

    def _put(self, change: Change) -> int:
        """Uploads our file and sends the lists; the new revision."""
        before = change.state.preview
        try:
            return self.kintone.put_customization(
                change.app, before.scope, self._uploaded(change, once=True), before.revision
            )
        except ConflictError as error:
            refusal: KintoneError = error
        except RefusedError as error:
            # After a lost answer it may also be that the upload is gone, having been used.
            if error.code != _UNKNOWN_FILE:
                raise
            refusal = error
        now = self.reader.state(Asked(change.app, change.title, plugins=False))
        if now.preview.revision == before.revision + 1 and is_done(change, now):
            return now.preview.revision
        if now.preview.revision != before.revision:
            raise _conflict(change, before.revision, now.preview) from refusal
        # No document says that one upload is good for two lists.
        return self.kintone.put_customization(
            change.app, before.scope, self._uploaded(change, once=False), before.revision
        )

    def _uploaded(self, change: Change, *, once: bool) -> dict[ListName, list[Entry]]:
        """The lists with our file as uploaded: the same content once for all places, or once for each."""
        keys: dict[bytes, str] = {}

        def entry(slot: Slot) -> Entry:
            if not isinstance(slot, bytes):
                return slot
            if not once or slot not in keys:
                keys[slot] = self.kintone.upload(OURS, slot, "text/javascript")
            return Entry(file_key=keys[slot], name=OURS, size=len(slot))

        return {name: [entry(slot) for slot in slots] for name, slots in change.lists.items()}

    def _add_plugin(self, change: Change, revision: int) -> int:
        try:
            return self.kintone.add_app_plugin(change.app, change.plugin, revision)
        except ConflictError as error:
            now = self.kintone.app_plugins(change.app)
            if now.revision == revision + 1 and change.plugin in now.enabled:
                return now.revision
            raise _conflict(change, revision, self.kintone.customization(change.app)) from error

    def _look(self, task: Task, *, revert: bool) -> None:
        """That what is live is what was sent, and not only that kintone says so: DeployError where it is not."""
        change, record = task.change, task.record
        # At our own revision it is what was sent; at a later one, which is somebody else's, our file has to be in it.
        if not revert and self.kintone.customization(change.app, live=True).revision == record.revision:
            return
        state = self.reader.state(Asked(change.app, change.title, plugins=bool(change.plugin)))
        there = {device: state.live_ours(SCRIPT_LISTS[device]) for device in change.devices}
        if there != change.wanted or (change.plugin and change.plugin not in state.live_plugins):
            live = state.live.revision if state.live is not None else "none"
            raise DeployError(
                f"{change.title}: kintone says that it is done, and live is revision {live} without what was sent as "
                f"revision {record.revision}"
            )
        if revert:
            # No document says which revision that leaves behind.
            record.revision = state.preview.revision

    def _changed_before_publishing(self, revisions: Mapping[int, int], titles: Mapping[int, str]) -> DeployError:
        found = {app: self.kintone.customization(app).revision for app in revisions}
        changed = [titles[app] for app, revision in found.items() if revision != revisions[app]]
        return DeployError(
            f"somebody changed the settings of {', '.join(changed) or 'an app'} before they were published; nothing "
            "was published, and nothing of theirs was overwritten"
        )


def _not_published(ends: Mapping[int, str], titles: Mapping[int, str]) -> DeployError:
    reasons = {"SUCCESS": "live", "FAIL": "it failed", "CANCEL": "it was canceled"}
    if len(ends) > 1:
        reasons["CANCEL"] = "canceled, since another app of this deploy failed"
    lines = [f"{titles[app]}: kintone could not publish it: {end} ({reasons[end]})" for app, end in ends.items()]
    return DeployError(
        "\n".join(
            [*lines, "kintone gives no reason here; the app's settings page may. What is live is as it was before"]
        )
    )


def _conflict(change: Change, revision: int, now: Customization) -> DeployError:
    has = "; ".join(
        f"{name}: {', '.join(entry.url or entry.name for entry in now.lists[name]) or 'nothing'}"
        for name in SCRIPT_LISTS.values()
    )
    return DeployError(
        f"{change.title}: somebody changed its settings meanwhile (revision {revision}, now {now.revision}); nothing "
        f"of theirs was overwritten. It now has {has}"
    )
