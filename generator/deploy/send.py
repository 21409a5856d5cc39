"""Sends changes, publishes them, and checks that they are live."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from generator.deploy.diff import Change, is_done
from generator.deploy.parallel import in_parallel
from generator.deploy.read import Reader, naming
from generator.deploy.state import SCRIPT_LISTS, Slot
from generator.deploy.wait import FIRST_PAUSE, once_more_after_others, wait_for_end
from generator.deploy.words import by_app, listed
from generator.errors import DeployError, KintoneError
from generator.kintone.answers import ConflictError, Customization, Entry, ListName, RefusedError
from generator.kintone.client import DEPLOY_LIMIT, Kintone
from generator.origin import SCRIPT_NAME
from generator.words import Message, Text, of

_UNKNOWN_FILE = "GAIA_BL01"


@dataclass
class Task:
    """A change in progress. `note` records that it is live, and at which revision.

    `begun`: kintone may have a part of it. `sent`: it has all of it. `revision`: of the pending settings.
    """

    change: Change
    note: Callable[[int], None]
    begun: bool = False
    sent: bool = False
    done: bool = False

    def __post_init__(self) -> None:
        self.revision = self.change.state.preview.revision

    def finish(self) -> None:
        """Records that the app is up to date."""
        self.done = True
        self.note(self.revision)


def apply_changes(kintone: Kintone, reader: Reader, tasks: Sequence[Task]) -> None:
    """Sends and publishes all changes; each task is finished as soon as its settings are seen live."""
    sender = _Sender(kintone, reader)
    writing = [task.change.title for task in tasks if task.change.write or task.change.add_plugin]
    if writing:
        kintone.say(Message("apply.sending", apps=listed(writing)))

    def send(task: Task) -> None:
        with naming(task.change.title):
            sender.send(task)
        if not task.change.publish:
            task.finish()

    in_parallel(send, tasks)
    for act, chosen in (
        (sender.revert, [task for task in tasks if task.change.revert]),
        (sender.publish, [task for task in tasks if task.change.publish]),
    ):
        for start in range(0, len(chosen), DEPLOY_LIMIT):
            act(chosen[start : start + DEPLOY_LIMIT])


@dataclass(frozen=True)
class _Sender:
    kintone: Kintone
    reader: Reader

    def send(self, task: Task) -> None:
        """Sends the unpublished changes: the lists, and the plug-in."""
        change, titles = task.change, {task.change.app: task.change.title}
        wrote = task.begun
        try:
            if change.write:
                task.begun = True
                task.revision = once_more_after_others(self.kintone, titles, lambda: self._put(change))
                wrote = True
            if change.add_plugin:
                task.begun = True
                revision = task.revision
                task.revision = once_more_after_others(self.kintone, titles, lambda: self._add_plugin(change, revision))
            task.sent = True
        except (ConflictError, RefusedError, DeployError):
            # kintone refused it, so pending changes in the app belong to another person.
            task.begun = wrote
            raise

    def revert(self, tasks: Sequence[Task]) -> None:
        """Discards the apps' pending changes, each at its revision, and waits."""
        self.kintone.say(Message("apply.discarding", apps=listed(task.change.title for task in tasks)))
        self._deploy(tasks, revert=True)
        for task in tasks:
            # The revision after a revert is not documented; one more than that is another person's change.
            now = self.kintone.customization(task.change.app)
            if now.revision > task.revision + 1:
                raise _conflict(task.change, task.revision, now)
            task.revision = now.revision

    def publish(self, tasks: Sequence[Task]) -> None:
        """Publishes the apps' settings, each at its revision; waits, and checks them."""
        self.kintone.say(Message("apply.publishing", apps=listed(task.change.title for task in tasks)))
        self._deploy(tasks, revert=False)

        def look(task: Task) -> None:
            with naming(task.change.title):
                self._look(task)
            task.finish()

        in_parallel(look, tasks)
        for line in by_app([(task.change.title, _end(task.change)) for task in tasks]):
            self.kintone.say(Message("apply.ended", line=line))

    def _deploy(self, tasks: Sequence[Task], *, revert: bool) -> None:
        titles = {task.change.app: task.change.title for task in tasks}
        revisions = {task.change.app: task.revision for task in tasks}
        for task in tasks:
            task.begun = True
        try:
            once_more_after_others(self.kintone, titles, lambda: self.kintone.deploy(revisions, revert=revert))
        except ConflictError as error:
            raise self._changed_before_publishing(revisions, titles) from error
        self.kintone.say(Message("apply.waiting"))
        # A status read too early would be that of the previous deploy.
        self.kintone.pause(FIRST_PAUSE)
        ends = wait_for_end(self.kintone, titles)
        if any(each != "SUCCESS" for each in ends.values()):
            raise _not_published(ends, titles)

    def _put(self, change: Change) -> int:
        """Uploads Runbutton's file and sends the lists; returns the new revision."""
        before = change.state.preview
        try:
            return self.kintone.put_customization(
                change.app, before.scope, self._uploaded(change, once=True), before.revision
            )
        except ConflictError as error:
            refusal: KintoneError = error
        except RefusedError as error:
            # After a lost answer, this may also mean that the upload was used.
            if error.code != _UNKNOWN_FILE:
                raise
            refusal = error
        now = self.reader.state(change.app, change.title, plugins=False)
        if now.preview.revision == before.revision + 1 and is_done(change, now):
            return now.preview.revision
        if now.preview.revision != before.revision:
            raise _conflict(change, before.revision, now.preview) from refusal
        # Whether one upload can be used in two lists is not documented.
        return self.kintone.put_customization(
            change.app, before.scope, self._uploaded(change, once=False), before.revision
        )

    def _uploaded(self, change: Change, *, once: bool) -> dict[ListName, list[Entry]]:
        """The lists with the uploaded file: uploaded once for all places with the same content, or once for each."""
        keys: dict[bytes, str] = {}

        def entry(slot: Slot) -> Entry:
            if not isinstance(slot, bytes):
                return slot
            if not once or slot not in keys:
                keys[slot] = self.kintone.upload(SCRIPT_NAME, slot, "text/javascript")
            return Entry(file_key=keys[slot], name=SCRIPT_NAME, size=len(slot))

        return {name: [entry(slot) for slot in slots] for name, slots in change.lists.items()}

    def _add_plugin(self, change: Change, revision: int) -> int:
        try:
            return self.kintone.add_app_plugin(change.app, change.plugin, revision)
        except ConflictError as error:
            now = self.kintone.app_plugins(change.app)
            if now.revision == revision + 1 and change.plugin in now.plugins:
                return now.revision
            raise _conflict(change, revision, self.kintone.customization(change.app)) from error

    def _look(self, task: Task) -> None:
        """Reads the live settings back: kintone's SUCCESS does not prove them. DeployError if they differ."""
        change = task.change
        # At the sent revision they must equal what was sent; at a later one, by another person, contain the file.
        if self.kintone.customization(change.app, live=True).revision == task.revision:
            return
        state = self.reader.state(change.app, change.title, plugins=bool(change.plugin))
        if state.live_own(change.devices) != change.wanted or change.plugin not in ("", *state.live_plugins):
            live = state.live.revision if state.live is not None else Message("package.none")
            raise DeployError(of(change.title, Message("apply.notLive", live=live, revision=task.revision)))

    def _changed_before_publishing(self, revisions: Mapping[int, int], titles: Mapping[int, Text]) -> DeployError:
        found = {app: self.kintone.customization(app).revision for app in revisions}
        changed = [titles[app] for app, revision in found.items() if revision != revisions[app]]
        return DeployError(Message("apply.changedBefore", apps=changed or list(titles.values())))


def _end(change: Change) -> Message:
    return Message(
        "apply.live" if change.plugin or any(change.wanted.values()) else "apply.liveWithout", file=SCRIPT_NAME
    )


def _not_published(ends: Mapping[int, str], titles: Mapping[int, Text]) -> DeployError:
    reasons = {"SUCCESS": "apply.endLive", "FAIL": "apply.endFailed", "CANCEL": "apply.endCanceled"}
    if len(ends) > 1:
        reasons["CANCEL"] = "apply.endCanceledByOther"
    lines = by_app(
        [(titles[app], Message("apply.end", end=end, reason=Message(reasons[end]))) for app, end in ends.items()]
    )
    return DeployError(*lines, Message("apply.noReason"))


def _conflict(change: Change, revision: int, now: Customization) -> DeployError:
    lists = [
        of(name, tuple(entry.url or entry.name for entry in now.lists[name]) or Message("package.none"))
        for name in SCRIPT_LISTS.values()
    ]
    why = Message("apply.conflict", revision=revision, now=now.revision, lists=lists)
    return DeployError(of(change.title, why))
