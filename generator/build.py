"""Config → dist/, all or nothing.

All files are built in memory first, so a config that cannot be built changes nothing. Then a complete new folder is
written next to dist/ and replaces it.
"""

import errno
import filecmp
import glob
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator import __version__
from generator.customization import script_parts
from generator.errors import BuildError
from generator.origin import SCRIPT_NAME
from generator.system import reason_of
from generator.units.config import App, Config
from generator.units.values import Json
from generator.words import Message, of

if TYPE_CHECKING:
    from generator.signing import Key

REPORT = "build.json"
PLUGIN = "plugin/plugin.zip"
_IGNORE = ".gitignore"

# A younger folder may belong to a build that is still writing, not to one that was killed.
_SURELY_OVER = 3600  # seconds


class Dist(Mapping[str, bytes]):
    """The files of dist/ by their path in it. Scripts share the text of their program until they are read."""

    def __init__(self, parts: Mapping[str, tuple[bytes, ...]]) -> None:
        self._parts = {path: parts[path] for path in sorted(parts)}

    def __getitem__(self, path: str) -> bytes:
        return b"".join(self._parts[path])

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def make(config: Config, key: "Key | None" = None, config_name: str = "units.yaml") -> Dist:
    """All files of dist/, build.json included. The same config and key give the same bytes.

    `key` signs the plug-in; a config without a plug-in needs none. `config_name` is the config's file name, for the
    first line of each script. Raises BuildError if the browser sources do not link or compile, and SigningError if this
    system cannot sign.
    """
    scripts = {script_path(app): script_parts(app, config_name) for app in _script_apps(config)}
    manifests = {f"{app.name}/customize-manifest.json": (_manifest(app),) for app in _script_apps(config)}
    plugin, about_plugin = _plugin(config, key)
    files = scripts | manifests | plugin
    return Dist(files | {REPORT: (_report(Dist(files), _units(config), about_plugin),)})


def script_path(app: App) -> str:
    """The path in dist/ of the script of an app with `target: script`."""
    return f"{app.name}/{SCRIPT_NAME}"


def exposes_secrets(config: Config) -> bool:
    """Whether a script of dist/ holds a secret."""
    return any(app.expose_secrets for app in _script_apps(config))


def write(files: Mapping[str, bytes], out: Path, *, ignored: bool = False) -> list[str]:
    """Replaces the last build's files in the folder `out` with `files`, and keeps files from elsewhere.

    Returns the paths that were removed. Raises BuildError, and leaves `out` unchanged, if that is not possible or
    Runbutton did not make `out`. If a build is killed at any point, the next one first restores `out`.

    `ignored` adds a .gitignore that keeps the folder out of Git, unless it has one.
    """
    out = _resolved(out)
    try:
        for work in _left_by_a_kill(out):
            _finish(work, out)
        built = _built_before(out)
        if not built and out.exists() and any(out.iterdir()):
            raise BuildError(of(str(out), Message("build.foreign", report=REPORT)))
        others = [path for path in (_found(out) if out.exists() else ()) if path not in built and path not in files]
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            _fill(work / "new", files, out, others)
            if ignored and not os.path.lexists(work / "new" / _IGNORE):
                (work / "new" / _IGNORE).write_text("# A script here holds a secret.\n*\n", encoding="utf-8")
            _replace(out, work)
        finally:
            _finish(work, out)
    except OSError as error:
        raise BuildError(of(str(out), Message("file.cannotWrite", error=reason_of(error)))) from error
    return sorted(built - files.keys() - {REPORT})


def differences(files: Mapping[str, bytes], out: Path) -> list[Message]:
    """What a build would change in `out`, a line for each file; empty if it is up to date."""
    out = _resolved(out)
    gone = [path for path in _built_before(out) - files.keys() if (out / path).exists()]
    found = dict.fromkeys(gone, Message("build.noLonger"))
    for path in files:
        try:
            if (out / path).read_bytes() != files[path]:
                found[path] = Message("build.old")
        except (FileNotFoundError, NotADirectoryError):
            found[path] = Message("build.missing")
        except OSError as error:
            found[path] = Message("file.cannotRead", error=reason_of(error))
    return [of(path, found[path]) for path in sorted(found)]


# --- what is made


def _script_apps(config: Config) -> list[App]:
    return [app for app in config.apps if app.target == "script"]


def _plugin(config: Config, key: "Key | None") -> tuple[dict[str, tuple[bytes, ...]], Json]:
    """The signed plug-in and its part of build.json; both empty for a config without a plug-in."""
    shared = config.shared_plugin
    if shared is None:
        return {}, None
    if key is None:
        raise ValueError("a plug-in needs its key")
    # Loaded only here, because cryptography loads slowly and apps with scripts do not need it.
    from generator.plugin import pack, plugin_files  # noqa: PLC0415

    package = pack(plugin_files(shared), key)
    return {PLUGIN: (package,)}, {"id": key.id, "version": shared.plugin.version}


def _manifest(app: App) -> bytes:
    """For kintone's official tools: `cli-kintone customize apply`, and customize-uploader, which needs `app`."""
    devices = {device for unit in app.units for device in unit.devices}
    return _json(
        {
            "app": str(app.app),
            "scope": "ALL",
            "desktop": {"js": [SCRIPT_NAME] if "desktop" in devices else [], "css": []},
            "mobile": {"js": [SCRIPT_NAME] if "mobile" in devices else [], "css": []},
        }
    )


def _units(config: Config) -> dict[str, list[str]]:
    """The units in each file, as build.json names them."""
    units = {script_path(app): [unit.id for unit in app.units] for app in _script_apps(config)}
    shared = config.shared_plugin
    return units | {PLUGIN: [f"{app.name}/{unit.id}" for app in (shared.apps if shared else ()) for unit in app.units]}


def _report(files: Dist, units: Mapping[str, list[str]], plugin: Json) -> bytes:
    """build.json: depends on the config alone, and contains no time, absolute path or secret."""

    def entry(path: str) -> Json:
        content = files[path]
        return {
            "path": path,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            **({"units": units[path]} if path in units else {}),
        }

    about = {"plugin": plugin} if plugin else {}
    return _json({"generator": f"runbutton {__version__}", **about, "files": [entry(path) for path in files]})


def _json(value: Json) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


# --- the folder


def _resolved(out: Path) -> Path:
    """`out` with all links resolved. Raises BuildError if a build may not replace it."""
    try:
        resolved = out.resolve()
        is_file = resolved.exists() and not resolved.is_dir()
    except (OSError, RuntimeError) as error:  # RuntimeError: circular links, before Python 3.13
        words = reason_of(error) if isinstance(error, OSError) else Message("build.circle")
        raise BuildError(of(str(out), Message("file.cannotOpen", error=words))) from error
    if is_file:
        raise BuildError(of(str(out), Message("build.file")))
    if not resolved.name:
        raise BuildError(of(str(out), Message("build.root")))
    return resolved


def _built_before(out: Path) -> set[str]:
    """The paths that the last build wrote."""
    try:
        report = json.loads((out / REPORT).read_text(encoding="utf-8"))
        return {REPORT, *(str(entry["path"]) for entry in report["files"])}
    except (FileNotFoundError, NotADirectoryError):
        return set()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(of(str(out / REPORT), Message("build.report"))) from error


def _found(out: Path) -> Iterator[str]:
    """All files, links and empty folders in `out`; links are not followed. OSError if a folder cannot be read."""

    def fail(error: OSError) -> None:
        raise error

    for name, folders, names in os.walk(out, onerror=fail):
        folder = Path(name)
        links = [inner for inner in folders if (folder / inner).is_symlink()]
        for inner in (*names, *links):
            yield (folder / inner).relative_to(out).as_posix()
        if folder != out and not folders and not names:
            yield folder.relative_to(out).as_posix()


def _fill(fresh: Path, files: Mapping[str, bytes], out: Path, others: list[str]) -> None:
    """Writes `files` into the new folder `fresh`, and copies the files in `out` that no build wrote."""
    fresh.mkdir()
    for path in files:
        target = fresh / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # A script may hold a secret, so only its owner may read it (on Windows the folder's rights apply).
        rights = 0o600 if path.endswith(f"/{SCRIPT_NAME}") else 0o666
        with open(target, "xb", opener=lambda name, flags: os.open(name, flags, rights)) as file:  # noqa: B023
            file.write(files[path])
    for path in others:
        source, target = out / path, fresh / path
        try:
            if os.path.lexists(target):
                raise BuildError(of(str(source), Message("build.inTheWay")))
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir() and not source.is_symlink():
                target.mkdir()
            else:
                shutil.copy2(source, target, follow_symlinks=False)
        except (OSError, shutil.Error) as error:
            words = reason_of(error)
            raise BuildError(of(str(source), Message("build.cannotKeep", error=words))) from error


def _replace(out: Path, work: Path) -> None:
    """Moves the old folder to `work`, and the new one from there to its place."""
    try:
        if out.exists():
            out.rename(work / "old")
        (work / "new").rename(out)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY):
            raise
        raise BuildError(of(str(out), Message("build.race"))) from error


def _finish(work: Path, out: Path) -> None:
    """Completes or undoes a build in `work` that was cut off: leaves the whole new folder in place, or the old one."""
    fresh, old = work / "new", work / "old"
    if old.exists() and not out.exists():
        old.rename(out)
    if old.exists() and fresh.exists() and not _is_kept(old, out):
        # Another folder took this name meanwhile, and the old one holds files that exist nowhere else.
        raise BuildError(of(str(out), Message("build.between", old=old, work=work)))
    shutil.rmtree(work, ignore_errors=True)


def _is_kept(old: Path, out: Path) -> bool:
    """Whether `out`, of another build, has all that no build wrote in `old`."""
    others = set(_found(old)) - _built_before(old)
    return all(_is_copy(out / path, old / path) for path in others)


def _is_copy(copy: Path, source: Path) -> bool:
    if source.is_symlink():
        return copy.is_symlink() and copy.readlink() == source.readlink()
    if source.is_dir():
        return copy.is_dir()
    # By their content: a file system may keep times in steps of two seconds.
    return copy.is_file() and filecmp.cmp(source, copy, shallow=False)


def _left_by_a_kill(out: Path) -> list[Path]:
    """The folders of builds of `out` that were cut off."""
    candidates = out.parent.glob(f".{glob.escape(out.name)}-????????")
    return [work for work in candidates if (work / "old").exists() or _is_over(work)]


def _is_over(work: Path) -> bool:
    try:
        inside = {path.name for path in work.iterdir()}
        return inside <= {"new"} and work.stat().st_mtime < time.time() - _SURELY_OVER
    except FileNotFoundError:  # Its build has just ended.
        return False
