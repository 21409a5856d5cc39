"""A config's plug-in: its manifest and files, and plugin.zip, signed.

The format is that of kintone's own packers (cybozu.dev "kintone プラグイン開発手順", `cli-kintone plugin pack`).
"""

import io
import json
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from generator import signing
from generator.assets import TEMPLATES
from generator.customization import plugin_script, settings_script
from generator.errors import BuildError
from generator.units.config import App, Plugin, SharedPlugin

_MANIFEST = "manifest.json"
_SCRIPT = "runbutton.js"

# The limits of kintone's manifest schema, which `cli-kintone plugin pack` applies.
_TEXT_LIMITS = {"name": 64, "description": 200}  # characters
_FILE_LIMIT = 20 * 1024 * 1024  # bytes, each script, style sheet and icon
_CONFIG_HTML_LIMIT = 65_535  # bytes
_LIST_LIMIT = 30  # entries
_VERSION = re.compile(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){0,2}")

_LISTS = [(place, kind) for place in ("desktop", "mobile", "config") for kind in ("js", "css")]


def plugin_files(shared: SharedPlugin) -> dict[str, bytes]:
    """All files of the plug-in by their path in the package: the units of all its apps.

    BuildError with a line for each problem when kintone would refuse the plug-in, or where the scripts do not compile.
    """
    plugin, apps = shared
    script = plugin_script(apps).encode("ascii")
    files = {
        _SCRIPT: script,
        "config.js": settings_script(apps).encode("ascii"),
        **{name: (TEMPLATES / "plugin" / name).read_bytes() for name in ("config.html", "config.css", "icon.png")},
    }
    manifest = _manifest(plugin, apps)
    files[_MANIFEST] = (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()
    if problems := check_manifest(manifest, files):
        raise BuildError("\n".join(problems))
    return files


def _manifest(plugin: Plugin, apps: Sequence[App]) -> dict[str, Any]:
    """Manifest version 1."""
    devices = {device for app in apps for unit in app.units for device in unit.devices}
    scripts: dict[str, Any] = {device: {"js": [_SCRIPT]} for device in ("desktop", "mobile") if device in devices}
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


def check_manifest(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """What kintone would refuse about a plug-in; empty when nothing. `files`: path in the package → content."""
    return [f"{_MANIFEST}: {problem}" for problem in _problems(manifest, files)]


def pack(files: Mapping[str, bytes], key: RSAPrivateKey) -> bytes:
    """The plugin.zip of `files` (path in the package → content), which hold a manifest.json.

    Only what the manifest names goes in. The same files and key give the same bytes, as far as the same zlib packs
    them: zlib and zlib-ng deflate differently, and the signature follows the deflated bytes. BuildError with a line
    for each problem when kintone would refuse the plug-in; SigningError as signing.sign has it.
    """
    manifest = json.loads(files[_MANIFEST])
    problems = check_manifest(manifest, files)
    if problems:
        raise BuildError("\n".join(problems))
    contents = _zip({name: files[name] for name in _order(manifest)})
    return _zip(
        {
            "contents.zip": contents,
            "PUBKEY": signing.public_key_der(key),
            "SIGNATURE": signing.sign(key, contents),
        }
    )


def _problems(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[str]:
    version = manifest.get("version")
    if not _VERSION.fullmatch(str(version)) or not isinstance(version, int | str):
        yield f'version: {version!r} is none; use a whole number, or "1", "1.2" or "1.2.3" without leading zeros'
    for text, limit in _TEXT_LIMITS.items():
        yield from _text_problems(text, manifest.get(text), limit, required=text == "name")
    for place, kind in _LISTS:
        entries = manifest.get(place, {}).get(kind, [])
        if len(entries) > _LIST_LIMIT:
            yield f"{place}.{kind}: {len(entries)} entries; kintone allows {_LIST_LIMIT}"
        for entry in entries:
            if entry.startswith("http://"):
                yield f"{place}.{kind}: {entry}: kintone takes https:// alone"
            elif not _is_url(entry):
                yield from _file_problems(f"{place}.{kind}", entry, files, _FILE_LIMIT)
    if "html" in manifest.get("config", {}):
        yield from _file_problems("config.html", manifest["config"]["html"], files, _CONFIG_HTML_LIMIT)
    if "icon" in manifest:
        yield from _file_problems("icon", manifest["icon"], files, _FILE_LIMIT)
    else:
        yield "icon: missing; name a PNG, JPEG, GIF or BMP file"


def _text_problems(where: str, texts: Mapping[str, str] | None, limit: int, *, required: bool) -> Iterator[str]:
    if texts is None and not required:
        return
    texts = texts or {}
    if "en" not in texts:
        yield f"{where}: has no English text; kintone requires `en`"
    for language, text in texts.items():
        # kintone's schema counts code points, and so does len.
        if not 1 <= len(text) <= limit:
            yield f"{where}.{language}: {len(text)} characters; kintone allows 1 to {limit}"


def _file_problems(where: str, name: str, files: Mapping[str, bytes], limit: int) -> Iterator[str]:
    if name not in files:
        yield f"{where}: {name}: there is no such file"
    elif len(files[name]) > limit:
        yield f"{where}: {name}: {len(files[name]):,} bytes; kintone allows {limit:,}"


def _order(manifest: Mapping[str, Any]) -> list[str]:
    """The paths that go in, each once, in the order of kintone's own packers."""
    listed = [entry for place, kind in _LISTS for entry in manifest.get(place, {}).get(kind, []) if not _is_url(entry)]
    html = manifest.get("config", {}).get("html")
    return list(dict.fromkeys([*listed, *([html] if html else []), _MANIFEST, manifest["icon"]]))


def _is_url(entry: str) -> bool:
    return entry.startswith(("https://", "http://"))


def _zip(files: Mapping[str, bytes]) -> bytes:
    """A zip of `files` in their order that tells nothing of when, where and by whom it was made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # Unix, on Windows too
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            # Deflate even where storing were smaller: no kintone document says that it reads stored entries.
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
    return packed.getvalue()
