"""Config → dist/, all or nothing.

Everything is made in memory first, so that a config that cannot be built changes nothing. Then a whole new folder is
written beside dist/ and takes its place.
"""

import hashlib
import json
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from generator import __version__
from generator.customization import script
from generator.errors import BuildError
from generator.units.config import App, Config, SharedPlugin
from generator.units.values import Json

REPORT = "build.json"
PLUGIN = "plugin/plugin.zip"

# zlib's window size with the sign for gzip's frame; level 6 is gzip's own default, and a third of the time of 9.
_GZIP = 31


def make(config: Config, folder: Path) -> dict[str, bytes]:
    """All files of dist/ by their path in it, build.json included. The same config gives the same bytes.

    `folder` is the config's, where a relative path of the plug-in's key starts. Raises BuildError where the browser
    sources do not link or compile, and SigningError for a key that cannot be used.
    """
    files: dict[str, bytes] = {}
    units: dict[str, list[str]] = {}
    for app in sorted(config.apps, key=lambda app: app.name):
        if app.target == "script":
            path = script_path(app)
            files[path] = script(app).encode("ascii")
            files[f"{app.name}/customize-manifest.json"] = _json(_customize_manifest(app))
            units[path] = [unit.id for unit in app.units]
    plugin: Json = None
    if shared := config.shared_plugin:
        files[PLUGIN], plugin = _plugin(shared, folder)
        units[PLUGIN] = [f"{app.name}/{unit.id}" for app in shared.apps for unit in app.units]
    files[REPORT] = _json(_report(files, units, plugin))
    return files


def script_path(app: App) -> str:
    """Where in dist/ the script of an app with target script is."""
    return f"{app.name}/runbutton.js"


def _plugin(shared: SharedPlugin, folder: Path) -> tuple[bytes, Json]:
    """The signed plug-in, and what build.json says of it."""
    # Apps with scripts alone should not pay for loading the cryptography behind these.
    from generator.plugin import pack, plugin_files  # noqa: PLC0415
    from generator.signing import load_key, plugin_id  # noqa: PLC0415

    key = load_key(shared.plugin.key.get_secret_value(), folder)
    return pack(plugin_files(shared), key), {"id": plugin_id(key), "version": shared.plugin.version}


def write(files: Mapping[str, bytes], out: Path) -> None:
    """Puts `files` in the place of the folder `out`. What others put there stays; what the last build wrote goes.

    Raises BuildError, with `out` as it was, where that is not possible or `out` is no folder of ours.
    """
    out = out.resolve()
    foreign = _foreign_files(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{out.name}-", dir=out.parent, ignore_cleanup_errors=True
        ) as temporary:
            fresh, old = Path(temporary, "new"), Path(temporary, "old")
            for path, content in files.items():
                target = fresh / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            for path in foreign:
                if path not in files:
                    (fresh / path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(out / path, fresh / path)
            if out.exists():
                out.rename(old)
            try:
                fresh.rename(out)
            except OSError:
                if old.exists():
                    old.rename(out)
                raise
    except OSError as error:
        raise BuildError(f"{out}: cannot write: {error.strerror or error}") from error


def differences(files: Mapping[str, bytes], out: Path) -> list[str]:
    """What a build would change in `out`, a line for each file; empty where it is up to date."""
    found = []
    for path, content in files.items():
        target = out / path
        if not target.is_file():
            found.append(f"{path}: is missing")
        elif target.read_bytes() != content:
            found.append(f"{path}: is not what the config builds to")
    found += [
        f"{path}: is no longer built" for path in _built_before(out) if path not in files and (out / path).exists()
    ]
    return sorted(found)


def _customize_manifest(app: App) -> Json:
    """For kintone's official tools: `cli-kintone customize apply`, and customize-uploader, which wants `app` inside."""
    devices = {device for unit in app.units for device in unit.devices}
    return {
        "app": str(app.app),
        "scope": "ALL",
        "desktop": {"js": ["runbutton.js"] if "desktop" in devices else [], "css": []},
        "mobile": {"js": ["runbutton.js"] if "mobile" in devices else [], "css": []},
    }


def _report(files: Mapping[str, bytes], units: Mapping[str, list[str]], plugin: Json) -> Json:
    """Only what follows from the config: no time, no absolute path, no secret."""
    # zlib lets go of Python's lock, so that a thousand apps keep all cores busy.
    with ThreadPoolExecutor() as pool:
        packed = list(pool.map(lambda path: len(zlib.compress(files[path], 6, _GZIP)), sorted(files)))
    return {
        "generator": f"runbutton {__version__}",
        **({"plugin": plugin} if plugin else {}),
        "files": [
            {
                "path": path,
                "bytes": len(files[path]),
                "gzip": gzip,
                "sha256": hashlib.sha256(files[path]).hexdigest(),
                **({"units": list(units[path])} if path in units else {}),
            }
            for path, gzip in zip(sorted(files), packed, strict=True)
        ],
    }


def _json(value: Json) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _foreign_files(out: Path) -> list[str]:
    """The files in `out` that no build wrote. Raises BuildError for a folder that does not look like a dist/ at all."""
    if not out.exists():
        return []
    if not out.is_dir():
        raise BuildError(f"{out}: is a file; name a folder for the build's output with --out")
    present = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    if present and REPORT not in present:
        raise BuildError(
            f"{out}: holds files but no {REPORT}, so no build made it; name a new or empty folder with --out"
        )
    return sorted(present - _built_before(out))


def _built_before(out: Path) -> set[str]:
    try:
        report = json.loads((out / REPORT).read_text(encoding="utf-8"))
        return {REPORT, *(str(entry["path"]) for entry in report["files"])}
    except FileNotFoundError:
        return set()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(
            f"{out / REPORT}: cannot be read as the report of a build; delete it or name another folder"
        ) from error
