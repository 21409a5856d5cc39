"""A config's plug-in: its manifest and files, and plugin.zip, signed.

The format is that of kintone's own packers (cybozu.dev "kintone プラグイン開発手順", `cli-kintone plugin pack`). The
config's models check the plug-in's name and version.
"""

import io
import json
import stat
import zipfile
from collections.abc import Mapping
from typing import Any

from generator.assets import TEMPLATES
from generator.customization import plugin_script, settings_script
from generator.errors import BuildError
from generator.origin import SCRIPT_NAME
from generator.signing import Key
from generator.units.config import SharedPlugin
from generator.words import Message, of

# The limit of kintone's manifest schema for each script, style sheet and icon, which `cli-kintone plugin pack` applies.
_FILE_LIMIT = 20 * 1024 * 1024  # bytes


def plugin_files(shared: SharedPlugin) -> dict[str, bytes]:
    """All files of the plug-in by their path in the package, in its order: the units of all its apps.

    BuildError with a line for each file that kintone would refuse, or where the scripts do not compile.
    """
    files = {
        # The order of kintone's own packers: as the manifest names them, the manifest itself, the icon.
        SCRIPT_NAME: plugin_script(shared.apps).encode("ascii"),
        "config.js": settings_script(shared.apps).encode("ascii"),
        "config.css": _template("config.css"),
        "config.html": _template("config.html"),
        "manifest.json": (json.dumps(_manifest(shared), ensure_ascii=False, indent=2) + "\n").encode(),
        "icon.png": _template("icon.png"),
    }
    if large := [name for name, content in files.items() if len(content) > _FILE_LIMIT]:
        limit = f"{_FILE_LIMIT:,}"
        raise BuildError(
            *(of(name, Message("build.tooLarge", bytes=f"{len(files[name]):,}", limit=limit)) for name in large)
        )
    return files


def pack(files: Mapping[str, bytes], key: Key) -> bytes:
    """The plugin.zip of `files` (path in the package → content, in the package's order).

    The same files and key give the same bytes, as far as the same zlib packs them: zlib and zlib-ng deflate
    differently, and the signature follows the deflated bytes. SigningError as Key.sign has it.
    """
    contents = _zip(files)
    return _zip({"contents.zip": contents, "PUBKEY": key.public_der, "SIGNATURE": key.sign(contents)})


def _template(name: str) -> bytes:
    return (TEMPLATES / "plugin" / name).read_bytes()


def _manifest(shared: SharedPlugin) -> dict[str, Any]:
    """Manifest version 1."""
    plugin, apps = shared
    devices = {device for app in apps for unit in app.units for device in unit.devices}
    scripts: dict[str, Any] = {device: {"js": [SCRIPT_NAME]} for device in ("desktop", "mobile") if device in devices}
    texts = {"name": plugin.name, "description": plugin.description}
    return {
        "manifest_version": 1,
        "version": plugin.version,
        "type": "APP",
        **{key: text.for_page() for key, text in texts.items() if text},
        "icon": "icon.png",
        **scripts,
        # No required_params: a button whose secret is missing says so itself, and to whom to turn.
        "config": {"html": "config.html", "js": ["config.js"], "css": ["config.css"]},
    }


def _zip(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files` in their order, without time, machine or user."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, on Windows too
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            # Deflate even if storing would be smaller: whether kintone reads stored entries is not documented.
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
