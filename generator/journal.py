"""What a deploy changed and what was there before, kept under .runbutton/: for `rollback`, and for the run after one
that was cut off.

One folder a deploy: journal.json, and the old files' bytes by their SHA-256. Only their owner may read them: a script
of an app with expose_secrets holds its secrets here as it does in kintone. Nothing that signs in is ever written.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from generator.errors import DeployError
from generator.kintone.answers import ListName

Device = Literal["desktop", "mobile"]
Stage = Literal["planned", "written", "done", "continued", "rolling back", "rolled back"]

_JOURNAL = "journal.json"


class Item(BaseModel):
    """An entry of a list: a URL, or a file with the SHA-256 of its content; `ours`: Runbutton made it."""

    url: str = ""
    name: str = ""
    sha256: str = ""
    ours: bool = False


class AppRecord(BaseModel):
    """An app in a deploy.

    stage: "planned" until its new settings are in kintone, "written" until they are published, then "done";
    "continued" where a later deploy went on with it, "rolling back" and "rolled back" as its old settings come back.
    after: the SHA-256 of our file by device, None where there shall be none; empty for an app that only gets a plug-in.
    plugin: the ID of the plug-in that it got. revision: the last that is known as ours; asked: the request for the next
    one, from before it is sent until its answer is in. clean: nobody else had unpublished settings before.
    """

    app: int
    name: str
    stage: Stage = "planned"
    scope: str = ""
    before: dict[ListName, list[Item]] = {}
    after: dict[Device, str | None] = {}
    revision: int
    asked: Literal["", "script", "plugin"] = ""
    clean: bool
    plugin: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether a run was cut off, or failed, between the first change and the end."""
        return self.stage in ("planned", "written", "rolling back")


class PluginRecord(BaseModel):
    """The plug-in in a deploy: its package by SHA-256, its version, and the version that was installed before."""

    id: str
    sha256: str
    version: str
    before: str | None
    stage: Literal["planned", "done", "rolled back"] = "planned"


class Record(BaseModel):
    """All of journal.json. `kintone` is the address of the pages, a guest space's path with it."""

    format: Literal[1] = 1
    kintone: str
    started: datetime
    apps: list[AppRecord] = []
    plugin: PluginRecord | None = None


class Journal:
    """The folder of one deploy."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder = folder
        self.record = record

    def save(self) -> None:
        """Writes journal.json as a whole, so that a run that is cut off leaves the old one or the new one."""
        _write(self.folder / _JOURNAL, self.record.model_dump_json(indent=1).encode())

    def keep(self, content: bytes) -> str:
        """Keeps a file's bytes, and gives their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        if not (self.folder / digest).exists():
            _write(self.folder / digest, content)
        return digest

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


def new_journal(state: Path, record: Record) -> Journal:
    """A journal in a new folder under `state` (.runbutton), named by its time; DeployError where that cannot be made.

    journal.json is there after the first save() only: what was kept until then does not count as a deploy.
    """
    name = record.started.strftime("%Y%m%dT%H%M%S%fZ")
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


def journals(state: Path, kintone: str) -> Iterator[Journal]:
    """The journals of this kintone, the newest first. DeployError for one that cannot be read."""
    if not state.is_dir():
        return
    for folder in sorted(state.iterdir(), reverse=True):
        path = folder / _JOURNAL
        if not path.is_file():
            continue
        try:
            record = Record.model_validate_json(path.read_bytes())
        except (OSError, ValidationError):
            text = f"{path}: cannot be read as the journal of a deploy; move the folder away if it is not needed"
            raise DeployError(text) from None
        if record.kintone == kintone:
            yield Journal(folder, record)


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
