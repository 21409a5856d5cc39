"""dist/ → kintone, and back: read, merge, keep the old state, upload, publish, wait.

A deploy follows from what kintone has at its beginning and can be cut off anywhere: the next one reads again and does
what is left. The journal adds what kintone cannot tell: what was there before, and which unpublished settings are ours.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from generator.build import PLUGIN, script_path
from generator.errors import DeployError, KintoneError
from generator.journal import AppRecord, Device, Journal, PluginRecord, Record, Stage, journals, new_journal
from generator.kintone.answers import LISTS, ConflictError, Customization, Entry, ListName, RefusedError
from generator.kintone.client import DEPLOY_LIMIT, Kintone
from generator.merge import (
    OURS,
    SCRIPT_LISTS,
    Change,
    Slot,
    State,
    Wish,
    change_back,
    change_for,
    is_as_left,
    is_done,
    items,
)
from generator.signing import id_of_public_key
from generator.units.config import App

STATE_FOLDER = ".runbutton"

Say = Callable[[str], None]

# kintone publishes one setting within seconds, and large apps within some tens of them.
_DEADLINE = 600  # seconds
_FIRST_PAUSE, _LONGEST_PAUSE = 1, 5  # seconds

_UNKNOWN_FILE = "GAIA_BL01"
_ENDS = {
    "SUCCESS": "live",
    "FAIL": "it failed",
    "CANCEL": "canceled, since another app of this deploy failed",
}
_STAGES: Mapping[Stage, str] = {
    "planned": "before its new settings are known to have arrived",
    "written": "after its new settings arrived and before they were live",
    "rolling back": "in the middle of a rollback",
}
_FAR: Mapping[Stage, str] = {
    "planned": "nothing is known to have changed",
    "written": "its new settings are in kintone, but not live",
    "done": "done",
    "rolling back": "its old settings may be back, but not live",
    "rolled back": "rolled back",
}


@dataclass(frozen=True)
class Package:
    """A plug-in that is to be installed, and what kintone has of it: the version, or None."""

    id: str
    version: str
    content: bytes
    installed: str | None
    send: bool
    line: str


@dataclass(frozen=True)
class Plan:
    """What a deploy or a rollback will do. `unfinished`: what earlier ones left, in words."""

    changes: tuple[Change, ...]
    package: Package | None
    unfinished: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether kintone has everything already."""
        sends = self.package is not None and self.package.send
        return not sends and not any(change.write or change.plugin or change.publish for change in self.changes)

    @property
    def others(self) -> bool:
        """Whether unpublished settings of others go live with it, which a person should know before agreeing."""
        return any(change.others for change in self.changes)

    @property
    def lines(self) -> list[str]:
        """What changes, app by app, a line for each thing."""
        found = list(self.unfinished)
        if self.package is not None:
            found.append(f"plug-in {self.package.id}: {self.package.line}")
        for change in self.changes:
            found += [f"{change.title}: {line}" for line in change.lines or ("nothing to change",)]
            found += [f"{change.title}: warning: {line}" for line in change.warnings]
        return found


@dataclass(frozen=True)
class SettingsPage:
    """A plug-in's settings page in an app, where an administrator types the secrets. `new`: nobody can have, so far."""

    app: int
    name: str
    address: str
    new: bool


@dataclass(frozen=True)
class Rollback:
    """A plan together with the journal of the deploy that it takes back."""

    plan: Plan
    journal: Journal
    with_plugin: bool


# --- deploy


def plan_deploy(kintone: Kintone, apps: Sequence[App], files: Mapping[str, bytes], folder: Path, say: Say) -> Plan:
    """What has to be done so that the apps have what was built. Reads from kintone and changes nothing.

    `files` is dist/ by path; `folder` is where .runbutton/ is. Waits for a deploy that is under way in these apps.
    KintoneError where kintone refuses, DeployError where what was built cannot go in.
    """
    package = _package(kintone, files, folder) if any(app.target == "plugin" for app in apps) else None
    wishes = _wishes(apps, files, package.id if package else "")
    older = list(journals(folder / STATE_FOLDER, kintone.connection.address))
    _wait_for_others(kintone, [wish.app for wish in wishes], say)
    changes = []
    for wish in wishes:
        state = _read(kintone, wish.app, with_plugins=bool(wish.plugin))
        changes.append(change_for(wish, state, _cut_off(older, wish.app)))
    return Plan(tuple(changes), package, tuple(_unfinished(older, [wish.app for wish in wishes])))


def deploy(kintone: Kintone, plan: Plan, folder: Path, now: datetime, say: Say) -> None:
    """Carries out a plan, after keeping the old state in a new folder of .runbutton/.

    DeployError where it does not come to its end: with what kintone said, and with how far each app came.
    """
    state = folder / STATE_FOLDER
    older = list(journals(state, kintone.connection.address))
    changes = [change for change in plan.changes if change.write or change.plugin or change.publish]
    if not plan.empty:
        journal = new_journal(state, Record(kintone=kintone.connection.address, started=now))
        for change in changes:
            say(f"{change.title}: keeping the old settings in {journal.folder}")
            journal.record.apps.append(_record(kintone, change, journal, older))
        if plan.package is not None and plan.package.send:
            sha256 = journal.keep(plan.package.content)
            journal.record.plugin = PluginRecord(
                id=plan.package.id, sha256=sha256, version=plan.package.version, before=plan.package.installed
            )
        journal.save()
    for change in plan.changes:
        _close(older, change, continued=change in changes)
    if not plan.empty:
        with _how_far(journal, changes, "deploy"):
            if plan.package is not None and journal.record.plugin is not None:
                _send_package(kintone, plan.package, say)
                journal.record.plugin.stage = "done"
                journal.save()
            _carry_out(kintone, changes, journal, say, middle="written", end="done")


def settings_pages(kintone: Kintone, plan: Plan) -> list[SettingsPage]:
    """Where administrators type the secrets: no REST API takes them (the plug-in's setProxyConfig is its page's alone).

    What is typed there counts once the app is published again.
    """
    if plan.package is None:
        return []
    return [
        SettingsPage(
            change.app,
            change.name,
            f"{kintone.connection.address}/admin/app/{change.app}/plugin/config?pluginId={plan.package.id}",
            new=plan.package.id not in change.state.live_plugins,
        )
        for change in plan.changes
        if change.plugin or plan.package.id in change.state.plugins
    ]


def _wishes(apps: Sequence[App], files: Mapping[str, bytes], plugin_id: str) -> list[Wish]:
    """One for each kintone app: a script target and a plug-in target of the same app are one deploy's matter."""
    wishes: dict[int, Wish] = {}
    for app in apps:
        wish = wishes.get(app.app, Wish(app.app, app.name, {}))
        if app.target == "script":
            used = {device for unit in app.units for device in unit.devices}
            content = files[script_path(app)]
            scripts: dict[Device, bytes | None] = {
                device: content if device in used else None for device in SCRIPT_LISTS
            }
            wishes[app.app] = replace(wish, scripts=scripts)
        else:
            wishes[app.app] = replace(wish, plugin=plugin_id)
    return list(wishes.values())


def _read(kintone: Kintone, app: int, *, with_plugins: bool) -> State:
    # The oldest revision of all that is read goes with every change, so that nothing read before is overwritten.
    preview = kintone.customization(app)
    live = _live(kintone, app)
    seen = [preview, live] if live is not None and live.revision != preview.revision else [preview]
    called_ours = [
        entry
        for settings in seen
        for name in SCRIPT_LISTS.values()
        for entry in settings.lists[name]
        if entry.name == OURS
    ]
    contents = {entry.file_key: kintone.download(entry) for entry in called_ours}
    if not with_plugins:
        return State(preview, live, contents)
    live_plugins = frozenset(kintone.app_plugins(app, live=True).enabled) if live is not None else frozenset[str]()
    return State(preview, live, contents, frozenset(kintone.app_plugins(app).enabled), live_plugins)


def _live(kintone: Kintone, app: int) -> Customization | None:
    try:
        return kintone.customization(app, live=True)
    except RefusedError as error:
        # An app that was never published is there before publishing alone.
        if error.status == 404:
            return None
        raise


def _record(kintone: Kintone, change: Change, journal: Journal, older: Iterable[Journal]) -> AppRecord:
    """The app's record for the journal, with the bytes of all its files kept.

    Where a deploy that was cut off has brought our file already, what was there before is what was there before that.
    """
    before = _cut_off(older, change.app)
    if before is not None and before.stage != "rolling back" and is_as_left(before, change.state):
        source = next(each for each in older if each.app(change.app) is before)
        for sha256 in {item.sha256 for entries in before.before.values() for item in entries if item.sha256}:
            journal.keep(source.kept(sha256))
        lists = before.before
    else:
        digests: dict[str, str] = {}
        for entry in (entry for name in LISTS for entry in change.state.preview.lists[name] if entry.file_key):
            content = change.state.contents.get(entry.file_key)
            digests[entry.file_key] = journal.keep(kintone.download(entry) if content is None else content)
        lists = {name: items(change.state, change.state.preview.lists[name], digests) for name in LISTS}
    after: dict[Device, str | None] = {}
    for device in change.devices:
        ours = change.state.ours(change.lists[SCRIPT_LISTS[device]])
        after[device] = hashlib.sha256(ours[0]).hexdigest() if ours else None
    return AppRecord(
        app=change.app,
        name=change.name,
        scope=change.state.preview.scope,
        before=lists,
        after=after,
        plugin=change.plugin,
        revision=change.state.preview.revision,
        clean=not change.others,
    )


# --- rollback


def plan_rollback(kintone: Kintone, apps: Collection[int], folder: Path, say: Say, *, with_plugin: bool) -> Rollback:
    """What puts back what was there before the last deploy of these apps that is not rolled back. Changes nothing.

    `with_plugin`: the plug-in too, which is the whole domain's. DeployError where there is nothing to put back, or
    where somebody else's deploy would be lost.
    """
    older = list(journals(folder / STATE_FOLDER, kintone.connection.address))
    for journal in older:
        plugin = journal.record.plugin if with_plugin else None
        if plugin is not None and plugin.stage == "rolled back":
            plugin = None
        records = [
            record
            for record in journal.record.apps
            if record.app in apps and record.stage not in ("continued", "rolled back")
        ]
        if plugin is not None or records:
            break
    else:
        raise DeployError(
            f"{folder / STATE_FOLDER}: has no deploy of these apps to {kintone.connection.address} to take back"
        )
    _wait_for_others(kintone, [record.app for record in records], say)
    changes = []
    for record in records:
        state = _read(kintone, record.app, with_plugins=bool(record.plugin))
        page = f"{kintone.connection.address}/admin/app/{record.app}/plugin/"
        changes.append(change_back(record, journal.kept, state, page))
    package = _old_package(kintone, plugin, older) if plugin is not None else None
    words = f"takes back the deploy of {journal.record.started:%Y-%m-%d %H:%M:%S} UTC"
    return Rollback(Plan(tuple(changes), package, (words,)), journal, plugin is not None)


def roll_back(kintone: Kintone, rollback: Rollback, say: Say) -> None:
    """Carries out a rollback. DeployError as deploy has it."""
    journal, changes = rollback.journal, rollback.plan.changes
    for record, change in _with_records(journal, changes):
        record.stage, record.revision, record.clean = "rolling back", change.state.preview.revision, not change.others
    journal.save()
    with _how_far(journal, changes, "rollback"):
        if rollback.with_plugin and journal.record.plugin is not None:
            if rollback.plan.package is not None and rollback.plan.package.send:
                _send_package(kintone, rollback.plan.package, say)
            journal.record.plugin.stage = "rolled back"
            journal.save()
        _carry_out(kintone, changes, journal, say, middle="rolling back", end="rolled back")


# --- plug-ins


def _package(kintone: Kintone, files: Mapping[str, bytes], folder: Path) -> Package:
    """The built plug-in, and whether kintone needs it. Its REST API tells the version but not the content."""
    if not kintone.connection.user:
        # "Install Plug-in" lists the ways to sign in; there is no OAuth scope for plug-ins.
        raise DeployError(
            "KINTONE_OAUTH_TOKEN: kintone allows nobody to install plug-ins with OAuth; "
            "set KINTONE_USERNAME and KINTONE_PASSWORD of a kintone system administrator"
        )
    content = files[PLUGIN]
    plugin_id, version = _identify(content)
    installed = kintone.plugin_version(plugin_id)
    if installed is None:
        return Package(plugin_id, version, content, None, True, f"version {version} is installed")
    if installed != version:
        return Package(
            plugin_id, version, content, installed, True, f"is updated from version {installed} to {version}"
        )
    known = _last_package(journals(folder / STATE_FOLDER, kintone.connection.address), plugin_id)
    if known is None:
        line = f"version {version} is installed already; if it was changed since, raise plugin.version to update it"
        return Package(plugin_id, version, content, installed, False, line)
    arrived = known.stage == "done" or (known.stage == "planned" and known.before != version)
    if arrived and known.sha256 == hashlib.sha256(content).hexdigest():
        return Package(plugin_id, version, content, installed, False, f"version {version} is installed already")
    line = f"version {version} is installed again: it has other content than the last one"
    return Package(plugin_id, version, content, installed, True, line)


def _old_package(kintone: Kintone, plugin: PluginRecord, older: Iterable[Journal]) -> Package:
    """The package that was installed before the deploy of the record, if an earlier deploy kept it."""
    installed = kintone.plugin_version(plugin.id)
    nothing = Package(plugin.id, plugin.before or "", b"", installed, False, "")
    if plugin.before is None:
        page = f"{kintone.connection.base_url}/k/admin/system/plugin/"
        return replace(
            nothing,
            line="was not installed before; it stays, since taking it away would lose its settings in every app "
            f"(an administrator can: {page})",
        )
    for journal in older:
        kept = journal.record.plugin
        same = kept is not None and (kept.id, kept.version) == (plugin.id, plugin.before)
        if kept is not None and same and kept is not plugin and kept.stage == "done":
            line = f"is put back from version {installed} to {plugin.before}"
            return Package(plugin.id, plugin.before, journal.kept(kept.sha256), installed, True, line)
    line = f"version {plugin.before} was installed before, and no deploy from here kept it; version {installed} stays"
    return replace(nothing, line=line)


def _send_package(kintone: Kintone, package: Package, say: Say) -> None:
    say(f"sending the plug-in, version {package.version}")
    key = kintone.upload("plugin.zip", package.content, "application/zip", for_domain=True)
    if package.installed is None:
        kintone.install_plugin(package.id, key)
    else:
        kintone.update_plugin(package.id, key, package.installed, package.version)


def _last_package(older: Iterable[Journal], plugin_id: str) -> PluginRecord | None:
    records = (journal.record.plugin for journal in older)
    return next((record for record in records if record is not None and record.id == plugin_id), None)


def _identify(package: bytes) -> tuple[str, str]:
    """The ID and the version of a plugin.zip."""
    with zipfile.ZipFile(io.BytesIO(package)) as outer:
        plugin_id = id_of_public_key(outer.read("PUBKEY"))
        with zipfile.ZipFile(io.BytesIO(outer.read("contents.zip"))) as contents:
            version = str(json.loads(contents.read("manifest.json"))["version"])
    return plugin_id, version


# --- sending and publishing


def _carry_out(
    kintone: Kintone, changes: Sequence[Change], journal: Journal, say: Say, *, middle: Stage, end: Stage
) -> None:
    for record, change in _with_records(journal, changes):
        if change.write:
            say(f"{change.title}: sending the settings")
            record.asked = "script"
            journal.save()
            record.revision = _put(kintone, change)
        if change.plugin:
            say(f"{change.title}: adding the plug-in")
            record.asked = "plugin"
            journal.save()
            record.revision = _add_plugin(kintone, change, record.revision)
        record.asked = ""
        record.stage = middle if change.publish else end
        journal.save()
    live = [(record, change) for record, change in _with_records(journal, changes) if change.publish]
    for start in range(0, len(live), DEPLOY_LIMIT):
        batch = live[start : start + DEPLOY_LIMIT]
        titles = {change.app: change.title for _, change in batch}
        say(f"publishing {', '.join(titles.values())}")
        _publish(kintone, {record.app: record.revision for record, _ in batch}, titles, say)
        for record, _ in batch:
            record.stage = end
        journal.save()


def _put(kintone: Kintone, change: Change) -> int:
    """Uploads our file and sends the lists; the new revision."""
    before = change.state.preview
    try:
        return kintone.put_customization(
            change.app, before.scope, _uploaded(kintone, change, once=True), before.revision
        )
    except ConflictError as error:
        refusal: KintoneError = error
    except RefusedError as error:
        # After a lost answer it may also be that the upload is gone, having been used.
        if error.code != _UNKNOWN_FILE:
            raise
        refusal = error
    now = _read(kintone, change.app, with_plugins=False)
    if now.preview.revision == before.revision + 1 and is_done(change, now):
        return now.preview.revision
    if now.preview.revision != before.revision:
        raise _conflict(change, before.revision, now.preview) from refusal
    # No document says that one upload is good for two lists.
    return kintone.put_customization(change.app, before.scope, _uploaded(kintone, change, once=False), before.revision)


def _uploaded(kintone: Kintone, change: Change, *, once: bool) -> dict[ListName, list[Entry]]:
    """The lists with our file as uploaded: the same content once for all places, or once for each."""
    keys: dict[bytes, str] = {}

    def entry(slot: Slot) -> Entry:
        if not isinstance(slot, bytes):
            return slot
        if not once or slot not in keys:
            keys[slot] = kintone.upload(OURS, slot, "text/javascript")
        return Entry(file_key=keys[slot], name=OURS, size=len(slot))

    return {name: [entry(slot) for slot in slots] for name, slots in change.lists.items()}


def _add_plugin(kintone: Kintone, change: Change, revision: int) -> int:
    try:
        return kintone.add_app_plugin(change.app, change.plugin, revision)
    except ConflictError as error:
        now = kintone.app_plugins(change.app)
        if now.revision == revision + 1 and change.plugin in now.enabled:
            return now.revision
        raise _conflict(change, revision, kintone.customization(change.app)) from error


def _publish(kintone: Kintone, revisions: Mapping[int, int], titles: Mapping[int, str], say: Say) -> None:
    """Publishes the apps' settings, each at its revision, and waits for the end."""
    try:
        kintone.deploy(revisions)
    except ConflictError as error:
        found = {app: kintone.customization(app).revision for app in revisions}
        changed = [titles[app] for app, revision in found.items() if revision != revisions[app]]
        raise DeployError(
            f"somebody changed the settings of {', '.join(changed) or 'an app'} before they were published; nothing "
            "was published, and nothing of theirs was overwritten"
        ) from error
    say("waiting for kintone to finish")
    # A status read too early would be that of the deploy before.
    kintone.pause(_FIRST_PAUSE)
    ends = _ended(kintone, list(revisions), titles)
    if any(end != "SUCCESS" for end in ends.values()):
        raise DeployError(
            "\n".join(
                [
                    *(
                        f"{titles[app]}: kintone could not publish it: {end} ({_ENDS[end]})"
                        for app, end in ends.items()
                    ),
                    "kintone gives no reason here; the app's settings page may. What is live is as it was before",
                ]
            )
        )


def _wait_for_others(kintone: Kintone, apps: Sequence[int], say: Say) -> None:
    """Until no deploy is under way that somebody else, or a run that was cut off, has started."""
    busy = [str(app) for app, status in kintone.deploy_status(apps).items() if status == "PROCESSING"]
    if busy:
        say(f"waiting for a deploy that is under way in app {', '.join(busy)}")
        _ended(kintone, apps, {})


def _ended(kintone: Kintone, apps: Sequence[int], titles: Mapping[int, str]) -> dict[int, str]:
    """How the apps' deploys ended; DeployError at the deadline."""
    start, pause = kintone.clock(), float(_FIRST_PAUSE)
    while True:
        found = kintone.deploy_status(apps)
        # A status that nobody knows yet counts as not ended.
        open_apps = [app for app in apps if found.get(app) not in _ENDS]
        if not open_apps:
            return found
        if kintone.clock() - start >= _DEADLINE:
            names = ", ".join(titles.get(app, f"app {app}") for app in open_apps)
            raise DeployError(f"kintone is still publishing {names} after {_DEADLINE // 60} minutes; look again later")
        kintone.pause(pause)
        pause = min(pause * 1.5, _LONGEST_PAUSE)


def _conflict(change: Change, revision: int, now: Customization) -> DeployError:
    has = "; ".join(
        f"{name}: {', '.join(entry.url or entry.name for entry in now.lists[name]) or 'nothing'}"
        for name in SCRIPT_LISTS.values()
    )
    return DeployError(
        f"{change.title}: somebody changed its settings meanwhile (revision {revision}, now {now.revision}); nothing "
        f"of theirs was overwritten. It now has {has}"
    )


# --- what was cut off


def _with_records(journal: Journal, changes: Iterable[Change]) -> list[tuple[AppRecord, Change]]:
    by_app = {record.app: record for record in journal.record.apps}
    return [(by_app[change.app], change) for change in changes]


def _cut_off(older: Iterable[Journal], app: int) -> AppRecord | None:
    """The record of the app's last deploy or rollback, if that did not come to its end."""
    last = next((record for journal in older if (record := journal.app(app)) is not None), None)
    return last if last is not None and last.unfinished else None


def _unfinished(older: Sequence[Journal], chosen: Collection[int]) -> Iterable[str]:
    for app in dict.fromkeys(record.app for journal in older for record in journal.record.apps):
        record = _cut_off(older, app)
        if record is not None:
            goes_on = "this one goes on from there" if app in chosen else f"go on with --app {record.name}"
            yield f"{record.name} (app {app}): an earlier run was cut off {_STAGES[record.stage]}; {goes_on}"


def _close(older: Iterable[Journal], change: Change, *, continued: bool) -> None:
    """Ends the records of runs that were cut off: a new one takes their place, or kintone shows how they ended."""
    for journal in older:
        record = journal.app(change.app)
        if record is None or not record.unfinished:
            continue
        if continued:
            record.stage = "continued"
        elif is_as_left(record, change.state):
            record.stage = "done"
        else:
            record.stage = "rolled back"
        journal.save()


@contextmanager
def _how_far(journal: Journal, changes: Sequence[Change], command: str) -> Iterator[None]:
    """Adds to an error how far each app came."""
    try:
        yield
    except (KintoneError, DeployError) as error:
        lines = [str(error)]
        lines += [f"{change.title}: {_FAR[record.stage]}" for record, change in _with_records(journal, changes)]
        other = "; `runbutton rollback` takes it back" if command == "deploy" else ""
        raise DeployError("\n".join([*lines, f"`runbutton {command}` again goes on from here{other}"])) from error
