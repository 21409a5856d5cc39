"""The deploys of a config's folder to one kintone, as their journals tell: what is ours there, and what it was."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from generator.deploy.journal import AppRecord, Journal, PluginRecord, Record, all_journals, new_journal
from generator.deploy.state import SCRIPT_LISTS
from generator.errors import DeployError
from generator.kintone.answers import ListName
from generator.kintone.connection import same_address

STATE_FOLDER = ".runbutton"
KEPT_DEPLOYS = 10
"""Of each app and of the plug-in: as many can be rolled back."""

_LEFT: dict[str, str] = {
    "planned": "before its new settings are known to have arrived",
    "written": "after its new settings arrived and before they were live",
    "rolling back": "in the middle of a rollback",
}


@dataclass(frozen=True)
class KnownFile:
    """A file of ours that a deploy from here left in a list: its SHA-256, and the journal that keeps its bytes."""

    sha256: str
    journal: Journal


@dataclass
class History:
    """The journals for one kintone, the newest first, and which config is asked for.

    Several configs may lie in one folder and lead to one kintone: what is in the apps concerns them all, what is to be
    taken back concerns the one that did it.
    """

    folder: Path
    config: str
    kintone: str
    journals: list[Journal] = field(default_factory=list)
    elsewhere: frozenset[str] = frozenset()
    _next: int = 1

    def last(self, app: int) -> AppRecord | None:
        """The record of the app's last deploy."""
        return next(self._records(app), None)

    def cut_off(self, app: int) -> AppRecord | None:
        """The record of the app's last deploy or rollback, if that did not come to its end."""
        last = self.last(app)
        return last if last is not None and last.unfinished else None

    def unfinished(self, chosen: Iterable[int]) -> list[str]:
        """What earlier runs left, in words, when these apps are to be deployed."""
        found = []
        for app in dict.fromkeys(record.app for journal in self.journals for record in journal.record.apps):
            record = self.cut_off(app)
            if record is not None:
                goes_on = "this one goes on from there" if app in chosen else f"go on with --app {record.name}"
                found.append(f"{record.title}: an earlier run was cut off {_LEFT[record.stage]}; {goes_on}")
        return found

    def deployed(self) -> frozenset[str]:
        """The SHA-256 of every file that was ever deployed from here, or was there when that was agreed to."""
        records = [record for journal in self.journals for record in journal.record.apps]
        after = {digest for record in records for digest in record.after.values() if digest}
        before = {item.sha256 for record in records for items in record.before.values() for item in items if item.ours}
        return frozenset(after | before)

    def files_at(self, app: int, revision: int) -> Mapping[ListName, KnownFile]:
        """Our file in each list at this revision of the app's settings, where that is known and there is just one."""
        for journal in self.journals:
            record = journal.app(app)
            if record is None or record.revision != revision or record.sending is not None:
                continue
            if record.stage in ("written", "done"):
                return {SCRIPT_LISTS[device]: KnownFile(sha, journal) for device, sha in record.after.items() if sha}
            if record.stage == "rolled back":
                old = {name: [item.sha256 for item in items if item.ours] for name, items in record.before.items()}
                return {name: KnownFile(digests[0], journal) for name, digests in old.items() if len(digests) == 1}
        return {}

    def names(self) -> dict[int, str]:
        """The apps that a deploy of this config has put something into, which is still there as far as is known."""
        found: dict[int, str] = {}
        gone: set[int] = set()
        for journal in self._of_config():
            for record in journal.record.apps:
                if record.stage == "rolled back" or record.app in gone or record.app in found:
                    continue
                if record.plugin or any(record.after.values()):
                    found[record.app] = record.name
                # A removal that was cut off may have removed nothing yet.
                elif record.after and record.stage == "done":
                    gone.add(record.app)
        return found

    def plugin_ids(self) -> frozenset[str]:
        """The plug-ins that deploys from here have put into apps."""
        return frozenset(record.plugin for each in self.journals for record in each.record.apps if record.plugin)

    def units(self, app: int) -> list[str] | None:
        """The IDs of the units that the app had at this config's last deploy."""
        return next((each.record.units[app] for each in self._of_config() if app in each.record.units), None)

    def last_package(self, plugin_id: str) -> PluginRecord | None:
        """The record of the plug-in's last deploy that was not rolled back."""
        records = (journal.record.plugin for journal in self.journals)
        return next(
            (each for each in records if each is not None and each.id == plugin_id and each.stage != "rolled back"),
            None,
        )

    def to_take_back(self, only: str | None) -> "Step":
        """The last deploy of this config that is not rolled back yet; of the app with the name `only`, or of all apps
        and of the plug-in. DeployError where there is none.
        """
        names = {record.name for journal in self._of_config() for record in journal.record.apps}
        if only is not None and names and only not in names:
            raise DeployError(f"--app {only}: no such app was deployed from here; there is {', '.join(sorted(names))}")
        further = False
        for journal in self._of_config():
            plugin = journal.record.plugin if only is None else None
            records = [record for record in journal.record.apps if only in (None, record.name)]
            further = further or any(record.stage == "rolled back" for record in records)
            further = further or (plugin is not None and plugin.stage == "rolled back")
            plugin = None if plugin is not None and plugin.stage == "rolled back" else plugin
            records = [record for record in records if record.stage not in ("continued", "rolled back")]
            if plugin is not None or records:
                return Step(journal, records, plugin, further)
        others = f"; there are deploys to {', '.join(sorted(self.elsewhere))}" if self.elsewhere else ""
        raise DeployError(
            f"{self.folder / STATE_FOLDER}: has no deploy of {self.config} to {self.kintone} to take back{others}"
        )

    def new(self, started: datetime, units: Mapping[int, list[str]]) -> Journal:
        """A journal for a deploy that begins."""
        record = Record(kintone=self.kintone, config=self.config, started=started, units=dict(units))
        return new_journal(self.folder / STATE_FOLDER, record, self._next)

    def prune(self) -> None:
        """Drops the deploys that are more than KEPT_DEPLOYS back for all that they changed."""
        seen: dict[object, int] = {}
        for journal in all_journals(self.folder / STATE_FOLDER):
            record = journal.record
            if not same_address(record.kintone, self.kintone):
                continue
            what: list[object] = [each.app for each in record.apps]
            what += [record.plugin.id] if record.plugin is not None else []
            if any(each.unfinished for each in record.apps) or any(seen.get(one, 0) < KEPT_DEPLOYS for one in what):
                for one in what:
                    seen[one] = seen.get(one, 0) + 1
            else:
                journal.drop()

    def _records(self, app: int) -> Iterator[AppRecord]:
        return (record for journal in self.journals if (record := journal.app(app)) is not None)

    def _of_config(self) -> Iterator[Journal]:
        return (journal for journal in self.journals if journal.record.config == self.config)


@dataclass(frozen=True)
class Step:
    """What one rollback takes back. `further`: a later deploy was rolled back already."""

    journal: Journal
    records: list[AppRecord]
    plugin: PluginRecord | None
    further: bool


def read_history(folder: Path, config: str, kintone: str) -> History:
    """The history of a config of this folder with a kintone. DeployError where a journal cannot be read."""
    found = all_journals(folder / STATE_FOLDER)
    here = [journal for journal in found if same_address(journal.record.kintone, kintone)]
    elsewhere = frozenset(journal.record.kintone for journal in found if journal not in here)
    return History(folder, config, kintone, here, elsewhere, max((each.number for each in found), default=0) + 1)
