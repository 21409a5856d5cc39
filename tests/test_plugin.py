"""plugin.zip: equal to the output of kintone's own packer, signed, and reproducible."""

import io
import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from generator import plugin
from generator.errors import BuildError
from generator.plugin import pack, plugin_files
from generator.signing import new_key, write_key
from generator.units.config import SharedPlugin
from tests.conftest import config_from
from tests.node import program

KEY = new_key()
IN_ORDER = ["runbutton.js", "config.js", "config.css", "config.html", "manifest.json", "icon.png"]
WORKFLOW = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45}


def shared_plugin(*units: dict[str, Any], **section: Any) -> SharedPlugin:
    app = {"app": 45, "name": "orders", "units": list(units) or [WORKFLOW]}
    named = {"name": {"en": "Run buttons", "ja": "実行ボタン"}, "key": "private.ppk", **section}
    shared = config_from({"version": 1, "plugin": named, "apps": [app]}).shared_plugin
    assert shared is not None
    return shared


FILES = plugin_files(shared_plugin())


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def entries(data: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.infolist()


# --- the files


def test_the_manifest_says_what_the_config_says() -> None:
    files = plugin_files(shared_plugin(version="1.2.3", description="Starts jobs."))
    assert list(files) == IN_ORDER
    assert json.loads(files["manifest.json"]) == {
        "manifest_version": 1,
        "version": "1.2.3",
        "type": "APP",
        "name": {"ja": "実行ボタン", "en": "Run buttons"},
        "description": {"ja": "Starts jobs.", "en": "Starts jobs."},
        "icon": "icon.png",
        "desktop": {"js": ["runbutton.js"]},
        "mobile": {"js": ["runbutton.js"]},
        "config": {"html": "config.html", "js": ["config.js"], "css": ["config.css"]},
    }


@pytest.mark.parametrize("device", ["desktop", "mobile"])
def test_a_plugin_runs_on_the_devices_of_its_units_alone(device: str) -> None:
    manifest = json.loads(plugin_files(shared_plugin({**WORKFLOW, "devices": [device]}))["manifest.json"])
    assert {"desktop", "mobile"} & manifest.keys() == {device}


def test_a_file_is_as_large_as_kintone_allows_and_no_larger(monkeypatch: pytest.MonkeyPatch) -> None:
    largest = max(map(len, FILES.values()))
    monkeypatch.setattr(plugin, "_FILE_LIMIT", largest)
    assert plugin_files(shared_plugin()) == FILES
    monkeypatch.setattr(plugin, "_FILE_LIMIT", largest - 1)
    with pytest.raises(BuildError, match=f"^runbutton.js: {largest:,} bytes; kintone allows at most {largest - 1:,}$"):
        plugin_files(shared_plugin())


# --- the package


def test_a_package_has_contents_public_key_and_signature_in_this_order() -> None:
    package = pack(FILES, KEY)
    assert [entry.filename for entry in entries(package)] == ["contents.zip", "PUBKEY", "SIGNATURE"]
    assert unzip(package)["PUBKEY"] == KEY.public_der
    assert list(unzip(unzip(package)["contents.zip"]).items()) == list(FILES.items())


def test_openssl_verifies_the_signature_over_the_bytes_of_contents_zip(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have the openssl executable on PATH")
        pytest.skip("there is no openssl executable on PATH")
    for name, content in unzip(pack(FILES, KEY)).items():
        (tmp_path / name).write_bytes(content)

    to_pem = ["rsa", "-pubin", "-inform", "DER", "-in", "PUBKEY", "-out", "public.pem"]
    verify = ["dgst", "-sha1", "-verify", "public.pem", "-signature", "SIGNATURE", "contents.zip"]
    subprocess.run([openssl, *to_pem], cwd=tmp_path, check=True, capture_output=True)
    verified = subprocess.run([openssl, *verify], cwd=tmp_path, check=False, capture_output=True)

    assert verified.stdout == b"Verified OK\n", verified.stderr.decode()


def test_every_entry_is_deflated_and_has_a_fixed_time_mode_and_system() -> None:
    package = pack(FILES, KEY)
    assert package == pack(plugin_files(shared_plugin()), KEY)
    for entry in [*entries(package), *entries(unzip(package)["contents.zip"])]:
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.external_attr >> 16 == stat.S_IFREG | 0o644
        assert entry.create_system == 3
        assert entry.compress_type == zipfile.ZIP_DEFLATED


@pytest.mark.node
@pytest.mark.parametrize("devices", [["desktop", "mobile"], ["mobile"]])
def test_cli_kintone_reads_our_package_and_packs_the_same(tmp_path: Path, devices: list[str]) -> None:
    def cli(*arguments: object) -> str:
        command = [program("cli-kintone"), "plugin", *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    # The models' limits are kintone's limits.
    texts = {"name": {"en": "🏃" * 64, "ja": "実" * 64}, "description": "x" * 200, "version": "10.0.1"}
    files = plugin_files(shared_plugin({**WORKFLOW, "devices": devices}, **texts))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    write_key(KEY, tmp_path / "private.ppk")
    ours, theirs = tmp_path / "ours.zip", tmp_path / "theirs.zip"

    ours.write_bytes(pack(files, KEY))
    cli("pack", "-i", tmp_path / "manifest.json", "-o", theirs, "--private-key", tmp_path / "private.ppk")

    assert json.loads(cli("info", "-i", ours, "--format", "json"))["id"] == KEY.id
    mine, official = unzip(ours.read_bytes()), unzip(theirs.read_bytes())
    assert list(mine) == list(official)
    assert mine["PUBKEY"] == official["PUBKEY"]
    assert list(unzip(mine["contents.zip"]).items()) == list(unzip(official["contents.zip"]).items())
