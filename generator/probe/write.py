"""Makes probe/: a script and a plug-in that observe kintone from one throwaway app, and the steps for the person."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from generator import __version__
from generator.assets import TEMPLATES
from generator.customization import script_of, style_sheet
from generator.errors import BuildError
from generator.plugin import pack
from generator.signing import Key, new_key
from generator.system import reason_of
from generator.units.values import Json
from generator.words import Message, by_language, of

_SOURCES = TEMPLATES / "probe"
PATIENCE, CAP, PAUSE = 8_000, 180_000, 300


def probe_files(*, patience: int = PATIENCE, cap: int = CAP, pause: int = PAUSE) -> dict[str, bytes]:
    """All files of probe/ by name. The plug-in is never updated, so its key is temporary.

    `patience`: ms after which a save of settings counts as failed; `cap`: the longest wait for an answer in ms;
    `pause`: ms between two saves if they need it.
    """
    key = new_key()
    config: dict[str, Json] = {
        "pluginId": key.id,
        "version": __version__,
        "patience": patience,
        "cap": cap,
        "pause": pause,
    }
    page = {**config, "style": style_sheet(_SOURCES / "panel.css")}
    return {
        "README.md": b"\n".join((_SOURCES / f"README.{language}.md").read_bytes() for language in ("ja", "en")),
        "probe.js": script_of(_SOURCES / "page-entry.js", page).encode("ascii"),
        "probe-plugin.zip": pack(_plugin_files(config), key),
    }


def plugin_package(key: Key, version: int) -> bytes:
    """The plug-in with another key and version, to be installed and uninstalled again."""
    return pack(_plugin_files({"pluginId": key.id, "patience": PATIENCE, "pause": PAUSE}, version), key)


def write_probe(folder: Path, files: dict[str, bytes]) -> None:
    """Writes the files into a new folder, all or none. BuildError if the name exists already."""
    if os.path.lexists(folder):
        raise BuildError(of(str(folder), Message("test.exists")))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Made next to the folder, so that one rename moves it into place.
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, content in files.items():
                (made / name).write_bytes(content)
            made.chmod(0o755)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise BuildError(of(str(folder), Message("file.cannotWrite", error=reason_of(error)))) from error


def _plugin_files(config: dict[str, Json], version: int = 1) -> dict[str, bytes]:
    manifest = {
        "manifest_version": 1,
        "version": version,
        "type": "APP",
        "name": by_language("probe.title"),
        "icon": "icon.png",
        "desktop": {"js": ["marker.js"]},
        # The probe observes whether a plug-in runs before these are saved.
        "config": {"html": "config.html", "js": ["config.js"], "css": ["config.css"], "required_params": ["saved"]},
    }
    return {
        "marker.js": script_of(_SOURCES / "marker-entry.js", {}).encode("ascii"),
        "config.js": script_of(_SOURCES / "settings-entry.js", config).encode("ascii"),
        "config.css": (_SOURCES / "config.css").read_bytes(),
        "config.html": (_SOURCES / "config.html").read_bytes(),
        "manifest.json": json.dumps(manifest, ensure_ascii=False).encode(),
        "icon.png": (TEMPLATES / "plugin" / "icon.png").read_bytes(),
    }
