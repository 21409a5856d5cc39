"""Earlier deploys from a config's folder to one kintone environment, read from their journals once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from generator.deploy.journal import AppRecord, Command, Journal, PluginRecord, Record, all_journals, new_journal
from generator.deploy.state import SCRIPT_LISTS
from generator.kintone.answers import ListName
from generator.kintone.connection import same_address
from generator.words import Message

STATE_FOLDER = ".runbutton"
KEPT_DEPLOYS = 10
"""The number of deploys of each app and of the plug-in that can be rolled back."""


@dataclass(frozen=True)
class Past:
    """The deploys of one config, with one file of variables, to one kintone environment.

    `deploys`: their journals, newest first. `apps`: the names of the apps that still have something from them, by ID.
    `others`: a description of the folder's other deploys. From all deploys of the folder, because they share kintone:
    `files`, the journal with a list's script, and its SHA-256, by app, revision and list; and `plugins`, the journals
    and records of each plug-in, newest first.
    """

    folder: Path
    kintone: str
    config: str
    env_file: str
    deploys: tuple[Journal, ...]
    apps: Mapping[int, str]
    others: tuple[Message, ...]
    files: Mapping[tuple[int, int, ListName], tuple[Journal, str]]
    plugins: Mapping[str, tuple[tuple[Journal, PluginRecord], ...]]
    next_number: int

    def begin(self, command: Command, started: datetime) -> Journal:
        """A new journal, for a command that begins to change something."""
        record = Record(
            command=command, kintone=self.kintone, config=self.config, env_file=self.env_file, started=started
        )
        return new_journal(self.folder, record, self.next_number)

    def forget(self, app: int) -> None:
        """Records that an app has nothing left from these deploys."""
        for journal in self.deploys:
            record = journal.app(app)
            if record is not None and record.stage != "rolled back":
                record.forgotten = True
                journal.save()
                return


def read_past(folder: Path, config: str, kintone: str, env_file: str = "") -> Past:
    """The past of a config in this folder. DeployError if a journal cannot be read."""
    state = folder / STATE_FOLDER
    found = all_journals(state)
    here = [journal for journal in found if _same_kintone(journal.record.kintone, kintone)]
    deploys = [each for each in here if (each.record.config, each.record.env_file) == (config, env_file)]
    plugins: dict[str, tuple[tuple[Journal, PluginRecord], ...]] = {}
    for journal in here:
        if (plugin := journal.record.plugin) is not None:
            plugins[plugin.id] = (*plugins.get(plugin.id, ()), (journal, plugin))
    return Past(
        folder=state,
        kintone=kintone,
        config=config,
        env_file=env_file,
        deploys=tuple(deploys),
        apps=_apps(record for journal in deploys for record in journal.record.apps),
        others=tuple(dict.fromkeys(_described(journal.record) for journal in found if journal not in deploys)),
        files=_files(here),
        plugins=plugins,
        next_number=max((each.number for each in found), default=0) + 1,
    )


def prune(past: Past) -> None:
    """Deletes each deploy that is more than KEPT_DEPLOYS back for everything that it changed."""
    seen: dict[int | str, int] = {}
    for journal in all_journals(past.folder):
        record = journal.record
        if not _same_kintone(record.kintone, past.kintone):
            continue
        what = [part.key for part in record.parts]
        if any(seen.get(one, 0) < KEPT_DEPLOYS for one in what):
            for one in what:
                seen[one] = seen.get(one, 0) + 1
        else:
            journal.drop()


def _apps(records: Iterable[AppRecord]) -> dict[int, str]:
    """The apps that still have something, from records with the newest first."""
    newest: dict[int, AppRecord] = {}
    for record in records:
        if record.stage != "rolled back":
            newest.setdefault(record.app, record)
    return {
        app: record.name
        for app, record in newest.items()
        # An interrupted removal may have removed nothing.
        if not record.forgotten and (record.plugin or any(record.after.values()) or record.stage == "open")
    }


def _files(journals: Sequence[Journal]) -> dict[tuple[int, int, ListName], tuple[Journal, str]]:
    """From journals with the newest first, which counts: a preview that was started again repeats its revisions."""
    return {
        (record.app, record.revision, SCRIPT_LISTS[device]): (journal, sha256)
        for journal in reversed(journals)
        for record in journal.record.apps
        for device, sha256 in record.after.items()
        if sha256 and record.revision
    }


def _described(record: Record) -> Message:
    config = as_arguments(record.config, record.env_file)
    return Message("record.deployed", config=config, kintone=record.kintone)


def as_arguments(config: str, env_file: str) -> str:
    """A config and its file of variables as a command takes them."""
    return f"{config} --env-file {env_file}" if env_file else config


def _same_kintone(one: str, other: str) -> bool:
    return same_address(
        *(re.sub(r"\.s(\.(?:cybozu|kintone)\.com|\.cybozu\.cn)\b", r"\1", each) for each in (one, other))
    )
