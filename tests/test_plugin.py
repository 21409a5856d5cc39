import io
import json
import os
import shutil
import stat
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest

from generator.errors import BuildError
from generator.plugin import check_manifest, pack
from generator.signing import new_key, plugin_id, public_key_der, write_key
from tests.node import program

KEY = new_key()
IN_ORDER = [
    "js/desktop.js",
    "js/shared.js",
    "css/desktop.css",
    "js/mobile.js",
    "css/mobile.css",
    "js/config.js",
    "css/config.css",
    "html/config.html",
    "manifest.json",
    "image/icon.png",
]


def valid_manifest() -> dict[str, Any]:
    return {
        "manifest_version": 1,
        "version": 1,
        "type": "APP",
        "name": {"en": "Run buttons", "ja": "実行ボタン"},
        "description": {"en": "Starts jobs.", "ja": "ジョブを実行します。"},
        "icon": "image/icon.png",
        "desktop": {"js": ["https://example.com/lib.js", "js/desktop.js", "js/shared.js"], "css": ["css/desktop.css"]},
        "mobile": {"js": ["js/shared.js", "js/mobile.js"], "css": ["css/mobile.css"]},
        "config": {"html": "html/config.html", "js": ["js/config.js"], "css": ["css/config.css"]},
    }


def files_for(manifest: dict[str, Any]) -> dict[str, bytes]:
    """A file for all that is in IN_ORDER, and one that the manifest does not name; in no useful order."""
    files = {name: f"content of {name}\n".encode() * 20 for name in sorted([*IN_ORDER, "notes.txt"])}
    return files | {"manifest.json": json.dumps(manifest, ensure_ascii=False).encode()}


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def entries(data: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.infolist()


# --- the package ---


def test_a_package_has_contents_public_key_and_signature_in_this_order() -> None:
    package = pack(files_for(valid_manifest()), KEY)
    assert [entry.filename for entry in entries(package)] == ["contents.zip", "PUBKEY", "SIGNATURE"]
    assert unzip(package)["PUBKEY"] == public_key_der(KEY)


def test_the_contents_are_what_the_manifest_names_once_each_in_the_order_of_the_official_packers() -> None:
    files = files_for(valid_manifest())
    contents = unzip(unzip(pack(files, KEY))["contents.zip"])
    assert list(contents) == IN_ORDER
    assert contents == {name: files[name] for name in IN_ORDER}


def test_openssl_verifies_the_signature_over_the_bytes_of_contents_zip(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have the openssl executable on PATH")
        pytest.skip("there is no openssl executable on PATH")
    for name, content in unzip(pack(files_for(valid_manifest()), KEY)).items():
        (tmp_path / name).write_bytes(content)

    to_pem = ["rsa", "-pubin", "-inform", "DER", "-in", "PUBKEY", "-out", "public.pem"]
    verify = ["dgst", "-sha1", "-verify", "public.pem", "-signature", "SIGNATURE", "contents.zip"]
    subprocess.run([openssl, *to_pem], cwd=tmp_path, check=True, capture_output=True)
    verified = subprocess.run([openssl, *verify], cwd=tmp_path, check=False, capture_output=True)

    assert verified.stdout == b"Verified OK\n", verified.stderr.decode()


def test_packing_twice_gives_the_same_bytes_whatever_the_order_of_the_files() -> None:
    files = files_for(valid_manifest())
    assert pack(files, KEY) == pack(dict(reversed(files.items())), KEY)


def test_every_entry_is_deflated_and_has_a_fixed_time_mode_and_system() -> None:
    package = pack(files_for(valid_manifest()), KEY)
    for entry in [*entries(package), *entries(unzip(package)["contents.zip"])]:
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.external_attr >> 16 == stat.S_IFREG | 0o644
        assert entry.create_system == 3
        assert entry.compress_type == zipfile.ZIP_DEFLATED


def test_files_are_deflated_at_level_9() -> None:
    script = "".join(f"f({n * n % 1009}, {n % 7});\n" for n in range(5000)).encode()
    contents = unzip(pack(files_for(valid_manifest()) | {"js/desktop.js": script}, KEY))["contents.zip"]
    smallest, usual = (zlib.compressobj(level, wbits=-15) for level in (9, 6))
    size = len(smallest.compress(script) + smallest.flush())
    assert size < len(usual.compress(script) + usual.flush())
    assert entries(contents)[0].compress_size == size


def test_a_file_with_a_japanese_name_is_marked_as_utf8() -> None:
    manifest = valid_manifest()
    manifest["desktop"]["js"] = ["js/実行.js"]
    contents = unzip(pack(files_for(manifest) | {"js/実行.js": b"//"}, KEY))["contents.zip"]
    (entry,) = [entry for entry in entries(contents) if entry.filename == "js/実行.js"]
    assert entry.flag_bits & 0x800


def test_a_plugin_of_an_icon_and_one_script_is_packed() -> None:
    manifest = {"version": "1.2.3", "name": {"en": "n"}, "icon": "image/icon.png", "desktop": {"js": ["js/desktop.js"]}}
    contents = unzip(unzip(pack(files_for(manifest), KEY))["contents.zip"])
    assert list(contents) == ["js/desktop.js", "manifest.json", "image/icon.png"]


def test_a_plugin_that_kintone_would_refuse_is_not_packed_and_all_that_is_wrong_is_said() -> None:
    manifest = valid_manifest() | {"version": "1.02", "icon": "image/none.png"}
    with pytest.raises(BuildError) as raised:
        pack(files_for(manifest), KEY)
    assert str(raised.value).splitlines() == check_manifest(manifest, files_for(manifest))
    assert len(check_manifest(manifest, files_for(manifest))) == 2


# --- the manifest ---


def problems_with(changes: dict[str, Any], more_files: dict[str, bytes] | None = None) -> list[str]:
    manifest = valid_manifest() | changes
    return check_manifest(manifest, files_for(manifest) | (more_files or {}))


@pytest.mark.parametrize("version", [0, 1, 20, "0", "1", "1.0", "10.20.30"])
def test_a_version_kintone_knows_is_accepted(version: object) -> None:
    assert problems_with({"version": version}) == []


@pytest.mark.parametrize("version", [-1, 1.5, True, None, "", "v1", "01", "1.02", "1.2.3.4", "1.", "1.2\n", "１"])
def test_a_version_kintone_does_not_know_is_a_problem(version: object) -> None:
    (problem,) = problems_with({"version": version})
    assert problem.startswith(f"manifest.json: version: {version!r} is none; use a whole number")


MB20 = 20 * 1024 * 1024
LISTS = [(place, kind) for place in ("desktop", "mobile", "config") for kind in ("js", "css")]


@pytest.mark.parametrize(
    ("changes", "files"),
    [
        pytest.param({"name": {"en": "x" * 64, "ja": "実" * 64}}, {}, id="name of 64 characters"),
        pytest.param({"name": {"en": "🏃" * 64}}, {}, id="name of 64 characters outside the BMP"),
        pytest.param({"description": {"en": "x" * 200}}, {}, id="description of 200 characters"),
        pytest.param({}, {"html/config.html": b"x" * 65535}, id="settings page of 65,535 bytes"),
        pytest.param({}, {"js/desktop.js": bytes(MB20)}, id="script of 20 MB"),
        pytest.param({"mobile": {"js": ["js/mobile.js"] * 30}}, {}, id="30 scripts"),
        pytest.param({"desktop": {}, "mobile": {}, "config": {}}, {}, id="nothing in it"),
    ],
)
def test_what_is_at_its_limit_is_accepted(changes: dict[str, Any], files: dict[str, bytes]) -> None:
    assert problems_with(changes, files) == []


@pytest.mark.parametrize(
    ("changes", "files", "problem"),
    [
        ({"name": {"en": "x" * 65}}, {}, "name.en: 65 characters; kintone allows 1 to 64"),
        ({"name": {"en": "x", "ja": ""}}, {}, "name.ja: 0 characters; kintone allows 1 to 64"),
        ({"name": {"ja": "実行"}}, {}, "name: has no English text; kintone requires `en`"),
        ({"name": None}, {}, "name: has no English text; kintone requires `en`"),
        ({"description": {"en": "x", "ja": "実" * 201}}, {}, "description.ja: 201 characters; kintone allows 1 to 200"),
        ({"description": {"ja": "実行"}}, {}, "description: has no English text; kintone requires `en`"),
        ({}, {"html/config.html": b"x" * 65536}, "config.html: html/config.html: 65,536 bytes; kintone allows 65,535"),
        ({"config": {"html": "no.html"}}, {}, "config.html: no.html: there is no such file"),
        ({}, {"image/icon.png": bytes(MB20 + 1)}, "icon: image/icon.png: 20,971,521 bytes; kintone allows 20,971,520"),
        ({"icon": "no.png"}, {}, "icon: no.png: there is no such file"),
        *[({p: {k: ["big"]}}, {"big": bytes(MB20 + 1)}, f"{p}.{k}: big: 20,971,521 bytes; kintone allows 20,971,520")
          for p, k in LISTS],
        *[({p: {k: ["js/mobile.js"] * 31}}, {}, f"{p}.{k}: 31 entries; kintone allows 30") for p, k in LISTS],
        *[({p: {k: ["no.txt"]}}, {}, f"{p}.{k}: no.txt: there is no such file") for p, k in LISTS],
        ({"mobile": {"js": ["http://example.com/a.js"]}}, {},
         "mobile.js: http://example.com/a.js: kintone takes https:// alone"),
    ],
)  # fmt: skip
def test_what_kintone_would_refuse_is_a_problem_with_its_place_and_limit(
    changes: dict[str, Any], files: dict[str, bytes], problem: str
) -> None:
    assert problems_with(changes, files) == [f"manifest.json: {problem}"]


def test_a_manifest_without_an_icon_is_a_problem() -> None:
    manifest = valid_manifest()
    del manifest["icon"]
    (problem,) = check_manifest(manifest, files_for(manifest))
    assert problem.startswith("manifest.json: icon: missing")


# --- beside kintone's own packer ---


@pytest.mark.node
def test_cli_kintone_reads_our_package_and_packs_the_same(tmp_path: Path) -> None:
    def cli(*arguments: object) -> str:
        command = [program("cli-kintone"), "plugin", *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    files = files_for(valid_manifest())
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    write_key(KEY, tmp_path / "private.ppk")
    ours, theirs = tmp_path / "ours.zip", tmp_path / "theirs.zip"

    ours.write_bytes(pack(files, KEY))
    cli("pack", "-i", tmp_path / "manifest.json", "-o", theirs, "--private-key", tmp_path / "private.ppk")

    assert json.loads(cli("info", "-i", ours, "--format", "json"))["id"] == plugin_id(KEY)
    mine, official = unzip(ours.read_bytes()), unzip(theirs.read_bytes())
    assert list(mine) == list(official)
    assert mine["PUBKEY"] == official["PUBKEY"]
    assert list(unzip(mine["contents.zip"]).items()) == list(unzip(official["contents.zip"]).items())
