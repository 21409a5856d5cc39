"""What a deploy changed and what was there before, kept under .runbutton/: for `rollback`, and for the run after one
that was cut off.

One folder a deploy: journal.json, and our own files' bytes by their SHA-256, old and new. Only their owner may read
them: a script of an app with expose_secrets holds its secrets here as it does in kintone. Nothing that signs in is ever
written.
"""

import hashlib
import os
import shutil
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from generator.errors import DeployError
from generator.kintone.answers import ListName

Device = Literal["desktop", "mobile"]
Stage = Literal["planned", "written", "done", "continued", "rolling back", "rolled back"]
Request = Literal["script", "plugin", "revert"]

_JOURNAL = "journal.json"


class Item(BaseModel):
    """An entry of a list: a URL, or a file; one that Runbutton made has the SHA-256 of its content."""

    url: str = ""
    name: str = ""
    sha256: str = ""

    @property
    def ours(self) -> bool:
        """Whether Runbutton made it."""
        return self.sha256 != ""


class AppRecord(BaseModel):
    """An app in a deploy.

    stage: "planned" until its new settings are in kintone, "written" until they are published, then "done";
    "continued" where a later deploy went on with it, "rolling back" and "rolled back" as its old settings come back.
    before: the lists as they were. after: the SHA-256 of our file by device, None where there shall be none; without
    the devices that are no matter of the deploy. plugin: the ID of the plug-in that it got.
    revision: of the settings before publishing, the last that is known as ours. sending: the request for the next one,
    from before it is sent until its answer is in. others_pending: somebody else had unpublished settings before.
    """

    app: int
    name: str
    stage: Stage = "planned"
    before: dict[ListName, list[Item]] = {}
    after: dict[Device, str | None] = {}
    plugin: str = ""
    revision: int
    sending: Request | None = None
    others_pending: bool

    @property
    def unfinished(self) -> bool:
        """Whether a run was cut off, or failed, between the first change and the end."""
        return self.stage in ("planned", "written", "rolling back")

    @property
    def title(self) -> str:
        """The app as messages call it."""
        return f"{self.name} (app {self.app})"


class PluginRecord(BaseModel):
    """The plug-in in a deploy: its package by SHA-256, its version, and the version that was installed before."""

    id: str
    sha256: str
    version: str
    before: str | None
    stage: Literal["planned", "done", "rolled back"] = "planned"


class Record(BaseModel):
    """All of journal.json. `kintone` is the address of the pages, a guest space's path with it; `config` the name of
    the config's file; `units` the IDs of the units that the config had then, by app."""

    format: Literal[2] = 2
    kintone: str
    config: str
    started: datetime
    units: dict[int, list[str]] = {}
    apps: list[AppRecord] = []
    plugin: PluginRecord | None = None


class Journal:
    """The folder of one deploy. Several threads may keep and save."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder = folder
        self.record = record
        self._lock = threading.Lock()

    @property
    def number(self) -> int:
        """Its place in the order of deploys; a clock may have been set back meanwhile."""
        number, _, _ = self.folder.name.partition("-")
        return int(number) if number.isdecimal() else 0

    def save(self) -> None:
        """Writes journal.json as a whole, so that a run that is cut off leaves the old one or the new one."""
        with self._lock:
            _write(self.folder / _JOURNAL, self.record.model_dump_json(indent=1).encode())

    def keep(self, content: bytes) -> str:
        """Keeps a file's bytes, and gives their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        with self._lock:
            if not (self.folder / digest).exists():
                _write(self.folder / digest, content)
        return digest

    def holds(self, sha256: str, size: int) -> bool:
        """Whether a file of this size is kept; only reading it would tell whether it is damaged."""
        try:
            return (self.folder / sha256).stat().st_size == size
        except OSError:
            return False

    def kept(self, sha256: str) -> bytes:
        """The bytes that were kept. DeployError where they are gone or damaged."""
        path = self.folder / sha256
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DeployError(
                f"{path}: cannot be read, so the old file cannot be put back: {error.strerror}"
            ) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DeployError(f"{path}: is damaged, so the old file cannot be put back")
        return content

    def app(self, app: int) -> AppRecord | None:
        """The record of an app."""
        return next((record for record in self.record.apps if record.app == app), None)

    def drop(self) -> None:
        """Forgets the deploy: its files go. What cannot go now stays for the next time."""
        # Without this one the folder does not count any more, whatever becomes of the others.
        with suppress(OSError):
            (self.folder / _JOURNAL).unlink()
            shutil.rmtree(self.folder)


def new_journal(state: Path, record: Record, number: int) -> Journal:
    """A journal in a new folder under `state` (.runbutton); DeployError where that cannot be made.

    journal.json is there after the first save() only: what was kept until then does not count as a deploy.
    """
    name = f"{number:06}-{record.started:%Y%m%dT%H%M%S%fZ}"
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        ignore = state / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8", newline="\n")
        folder = state / name
        folder.mkdir(mode=0o700)
    except OSError as error:
        text = f"{state}: cannot be written, and nothing is deployed without it: {error.strerror}"
        raise DeployError(text) from error
    return Journal(folder, record)


def all_journals(state: Path) -> list[Journal]:
    """Every journal, the newest first. DeployError where one cannot be read."""
    try:
        folders = list(state.iterdir()) if state.is_dir() else []
        found = [Journal(folder, _read(folder / _JOURNAL)) for folder in folders if (folder / _JOURNAL).is_file()]
    except OSError as error:
        raise DeployError(f"{error.filename or state}: cannot be read: {error.strerror}") from error
    return sorted(found, key=lambda journal: (journal.number, journal.folder.name), reverse=True)


def _read(path: Path) -> Record:
    try:
        return Record.model_validate_json(path.read_bytes())
    except ValidationError:
        raise DeployError(
            f"{path}: cannot be read as the journal of a deploy by this version of Runbutton; move its folder away to "
            "go on: that deploy cannot be rolled back then"
        ) from None


def _write(path: Path, content: bytes) -> None:
    """A file that is its owner's alone, there as a whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise DeployError(f"{path}: cannot be written: {error.strerror}") from error
