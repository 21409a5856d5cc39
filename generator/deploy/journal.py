"""What a deploy changed and the state before it, kept under .runbutton/ for `rollback`.

Each deploy has a folder: journal.json, and Runbutton's old and new files, named by SHA-256. Only their owner may read
them, because a script of an app with expose_secrets contains secrets. Sign-in data is never written.
"""

import hashlib
import os
import shutil
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ValidationError, model_validator

from generator.errors import DeployError
from generator.kintone.answers import LISTS, ListName
from generator.system import reason_of
from generator.units.unit import Device
from generator.words import Message, of

Stage = Literal["open", "done", "rolled back", "left"]

Command = Literal["deploy", "remove"]

_JOURNAL = "journal.json"


class Item(BaseModel):
    """An entry of a list: a URL, or a file; a file made by Runbutton has the SHA-256 of its content."""

    url: str = ""
    name: str = ""
    sha256: str = ""

    @property
    def is_own(self) -> bool:
        """Whether Runbutton made it."""
        return self.sha256 != ""


class _Part(BaseModel):
    """A part of a deploy: "open" until it is done; "rolled back", or "left" if a rollback could not restore the state
    before it."""

    stage: Stage = "open"

    @property
    def can_go_back(self) -> bool:
        """Whether no rollback has included it yet."""
        return self.stage in ("open", "done")


class AppRecord(_Part):
    """An app in a deploy, done once its new settings are live.

    before: the old lists. after: the SHA-256 of Runbutton's file by changed device, None for no file. plugin: the ID of
    the plug-in that the app got. revision: of the settings with these changes, once they are live. forgotten: nothing
    of the deploy is left in the app.
    """

    app: int
    name: str
    before: dict[ListName, list[Item]]
    after: dict[Device, str | None] = {}
    plugin: str = ""
    revision: int = 0
    forgotten: bool = False

    @property
    def key(self) -> int:
        """The app's ID."""
        return self.app

    @model_validator(mode="after")
    def _has_all_lists(self) -> Self:
        if set(self.before) != set(LISTS):
            raise ValueError
        return self


class PluginRecord(_Part):
    """The plug-in in a deploy: SHA-256 and version of its package and of the one installed before; the SHA-256 before
    is "" if no deploy record has it. units: digests of the package's units by app and ID."""

    id: str
    version: str
    sha256: str
    before: str | None
    before_sha256: str
    units: dict[int, dict[str, str]]

    @property
    def key(self) -> str:
        """The plug-in's ID."""
        return self.id


Part: TypeAlias = AppRecord | PluginRecord


def _an_address(text: str) -> str:
    # Raises ValueError for an address that cannot be compared.
    _ = urlsplit(text).port
    return text


class Record(BaseModel):
    """All of journal.json. `kintone` is the address of the pages, a guest space's path with it. `config` and `env_file`
    are the names of the files that the deploy was started with."""

    format: Literal[3] = 3
    command: Command
    kintone: Annotated[str, AfterValidator(_an_address)]
    config: str
    env_file: str
    started: datetime
    apps: list[AppRecord] = []
    plugin: PluginRecord | None = None

    @property
    def parts(self) -> list[Part]:
        """The apps and the plug-in."""
        return [*self.apps, *([self.plugin] if self.plugin is not None else [])]


class Journal:
    """The folder of one deploy. Several threads may keep and save."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder = folder
        self.record = record
        self._lock = threading.Lock()

    @property
    def number(self) -> int:
        """Its place in the order of deploys; the times are no order, because a clock may have been set back."""
        number, _, _ = self.folder.name.partition("-")
        return int(number) if number.isdecimal() else 0

    def save(self) -> None:
        """Writes journal.json atomically: an interrupted run leaves the old or the new one."""
        with self._lock:
            _write(self.folder / _JOURNAL, self.record.model_dump_json(indent=1).encode())

    def keep(self, content: bytes) -> str:
        """Saves a file's bytes, and returns their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        with self._lock:
            if not (self.folder / digest).exists():
                _write(self.folder / digest, content)
        return digest

    def holds(self, sha256: str) -> bool:
        """Whether a file is saved; it may still be damaged, which only reading shows."""
        return (self.folder / sha256).is_file()

    def kept(self, sha256: str) -> bytes:
        """The saved bytes. DeployError if they are missing or damaged."""
        path = self.folder / sha256
        try:
            content = path.read_bytes()
        except OSError as error:
            raise DeployError(of(str(path), Message("record.unreadable", error=reason_of(error)))) from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DeployError(of(str(path), Message("record.damagedFile")))
        return content

    def app(self, app: int) -> AppRecord | None:
        """The record of an app."""
        return next((record for record in self.record.apps if record.app == app), None)

    def drop(self) -> None:
        """Deletes the deploy's files. Files that cannot be deleted now stay until the next time."""
        # journal.json first: without it the folder no longer counts, even if other files stay.
        with suppress(OSError):
            (self.folder / _JOURNAL).unlink()
            shutil.rmtree(self.folder)


def new_journal(state: Path, record: Record, number: int) -> Journal:
    """A journal in a new folder under `state` (.runbutton); DeployError if that cannot be made.

    The first save() writes journal.json; without it the folder does not count as a deploy.
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
        raise DeployError(of(str(state), Message("record.needed", error=reason_of(error)))) from error
    return Journal(folder, record)


def all_journals(state: Path) -> list[Journal]:
    """All journals, newest first. DeployError if one cannot be read."""
    try:
        folders = [folder for folder in state.iterdir() if folder.is_dir()] if state.is_dir() else []
        read = [Journal(folder, record) for folder in folders if (record := _read(folder / _JOURNAL)) is not None]
    except OSError as error:
        why = Message("file.cannotRead", error=reason_of(error))
        raise DeployError(of(str(error.filename or state), why)) from error
    return sorted(read, key=lambda journal: (journal.number, journal.folder.name), reverse=True)


def _read(path: Path) -> Record | None:
    """The record; None if it is not written yet, or another run is deleting it."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError:
        raise DeployError(of(str(path), Message("record.damaged"))) from None


def _write(path: Path, content: bytes) -> None:
    """Writes a file atomically, readable by its owner only."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise DeployError(of(str(path), Message("file.cannotWrite", error=reason_of(error)))) from error
