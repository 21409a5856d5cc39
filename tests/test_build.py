"""dist/: everything or nothing, the same bytes each time, and only what builds wrote is replaced."""

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from generator import __version__, customization
from generator.assets import TEMPLATES
from generator.build import differences, make, write
from generator.config import read_config
from generator.customization import script
from generator.errors import BuildError
from generator.signing import new_key, plugin_id, write_key
from generator.units.config import Config
from tests.conftest import KREWDATA_UNIT, config_from, config_of

# Where the paths of a plug-in's key start; there is none here.
HERE = Path()

FILES = {"orders/runbutton.js": b"1\n", "orders/customize-manifest.json": b"{}\n"}


@pytest.fixture
def config(krewdata_unit: dict[str, Any]) -> Config:
    return config_of(krewdata_unit)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what is made


def test_an_app_gives_its_script_and_the_manifest_for_kintones_own_tools(config: Config) -> None:
    files = make(config, HERE)
    assert sorted(files) == ["build.json", "orders/customize-manifest.json", "orders/runbutton.js"]
    assert files["orders/runbutton.js"].decode("ascii") == script(config.apps[0])
    assert json.loads(files["orders/customize-manifest.json"]) == {
        "app": "45",
        "scope": "ALL",
        "desktop": {"js": ["runbutton.js"], "css": []},
        "mobile": {"js": ["runbutton.js"], "css": []},
    }


@pytest.mark.parametrize(("devices", "desktop", "mobile"), [(["desktop"], 1, 0), (["mobile"], 0, 1)])
def test_the_manifest_has_the_script_on_its_units_devices_alone(
    krewdata_unit: dict[str, Any], devices: list[str], desktop: int, mobile: int
) -> None:
    manifest = json.loads(
        make(config_of({**krewdata_unit, "devices": devices}), HERE)["orders/customize-manifest.json"]
    )
    assert len(manifest["desktop"]["js"]) == desktop
    assert len(manifest["mobile"]["js"]) == mobile


def test_the_report_has_each_file_with_its_sizes_sum_and_units(krewdata_unit: dict[str, Any]) -> None:
    files = make(config_of(krewdata_unit, {**krewdata_unit, "id": "second"}), HERE)
    report = json.loads(files.pop("build.json"))
    assert __version__ in report["generator"]
    assert [entry["path"] for entry in report["files"]] == sorted(files)
    for entry in report["files"]:
        content = files[entry["path"]]
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert abs(entry["gzip"] - len(gzip.compress(content))) < 100
        if entry["path"] == "orders/runbutton.js":
            assert entry["units"] == ["recalculate", "second"]


def test_neither_a_secret_nor_a_place_is_in_the_report_or_the_manifest(config: Config) -> None:
    files = make(config, HERE)
    secret = KREWDATA_UNIT["serial_number"]
    encoded = "YWJjZGVmLWprbG1uby1wcXJzdHUteHl6MTIzLTQ1Njc4OQ=="
    assert encoded in files["orders/runbutton.js"].decode()
    for path in ("build.json", "orders/customize-manifest.json"):
        text = files[path].decode()
        for hidden in (secret, encoded, str(Path.cwd()), str(Path.home())):
            assert hidden not in text


def test_building_twice_gives_the_same_bytes(config: Config) -> None:
    first = make(config, HERE)
    customization.compile_again()
    assert make(config, HERE) == first


# --- what is written


def test_a_build_is_written_and_is_then_up_to_date(tmp_path: Path, config: Config) -> None:
    files = make(config, HERE)
    out = tmp_path / "deep" / "dist"
    write(files, out)
    assert tree(out) == files
    assert differences(files, out) == []
    assert [path.name for path in out.parent.iterdir()] == ["dist"]
    write(files, out)
    assert tree(out) == files


def test_differences_name_what_is_missing_changed_and_no_longer_built(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    write({**FILES, "build.json": b'{"files": [{"path": "old/runbutton.js"}]}', "old/runbutton.js": b"0"}, out)
    (out / "orders" / "runbutton.js").write_bytes(b"edited")
    (out / "orders" / "customize-manifest.json").unlink()
    files = {**FILES, "build.json": (out / "build.json").read_bytes()}
    assert differences(files, out) == [
        "old/runbutton.js: is no longer built",
        "orders/customize-manifest.json: is missing",
        "orders/runbutton.js: is not what the config builds to",
    ]
    assert differences(files, tmp_path / "nowhere") == [f"{path}: is missing" for path in sorted(files)]


def test_an_app_that_left_the_config_leaves_dist_and_other_peoples_files_stay(
    tmp_path: Path, krewdata_unit: dict[str, Any]
) -> None:
    out = tmp_path / "dist"
    write(make(config_of(krewdata_unit, name="before"), HERE), out)
    others = {"README.txt": b"ours", "before/notes.txt": b"by hand", "orders/extra.js": b"by hand", ".hidden": b"x"}
    for path, content in others.items():
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_bytes(content)
    files = make(config_of(krewdata_unit, name="orders"), HERE)
    write(files, out)
    assert tree(out) == {**files, **others}
    write(make(config_of(krewdata_unit, name="after"), HERE), out)
    assert "orders/runbutton.js" not in tree(out)


def test_the_folder_of_an_app_that_left_is_gone_with_it(tmp_path: Path, krewdata_unit: dict[str, Any]) -> None:
    out = tmp_path / "dist"
    write(make(config_of(krewdata_unit, name="before"), HERE), out)
    write(make(config_of(krewdata_unit, name="orders"), HERE), out)
    assert sorted(path.name for path in out.iterdir()) == ["build.json", "orders"]


@pytest.mark.parametrize(
    ("present", "says"),
    [
        ({"photo.jpg": b"precious"}, "no build.json"),
        ({"build.json": b"not JSON"}, "build.json"),
        ({"build.json": b"[]", "a/b.js": b"1"}, "build.json"),
        ({"build.json": b'{"files": [1]}'}, "build.json"),
        ({"build.json": b"\xff\xfe"}, "build.json"),
    ],
    ids=["no report", "no JSON", "a list", "odd entries", "no UTF-8"],
)
def test_a_folder_that_no_build_made_is_refused_and_left_alone(
    tmp_path: Path, present: dict[str, bytes], says: str
) -> None:
    out = tmp_path / "dist"
    for path, content in present.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    with pytest.raises(BuildError, match=says):
        write(FILES, out)
    assert tree(out) == present
    assert list(tmp_path.iterdir()) == [out]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    out.mkdir()
    write(FILES, out)
    assert tree(out) == FILES


def test_a_file_in_the_folders_place_is_refused_and_left_alone(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    out.write_text("a file", encoding="utf-8")
    with pytest.raises(BuildError, match="is a file"):
        write(FILES, out)
    assert out.read_text(encoding="utf-8") == "a file"


def test_a_file_where_a_folder_above_should_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BuildError, match="cannot write") as caught:
        write(FILES, tmp_path / "file" / "dist")
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_may_not_be_written_is_one_line_and_dist_stays(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    write({**FILES, "build.json": b'{"files": []}'}, out)
    before = tree(out)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(BuildError, match="cannot write") as caught:
            write({"other/runbutton.js": b"2"}, out)
    finally:
        tmp_path.chmod(0o700)
    assert "\n" not in str(caught.value)
    assert tree(out) == before


def test_a_write_that_fails_halfway_leaves_dist_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    write({**FILES, "build.json": b'{"files": []}'}, out)
    before = tree(out)
    # No file system takes a name this long.
    with pytest.raises(BuildError, match="cannot write"):
        write({"good/runbutton.js": b"2", f"{'x' * 300}/runbutton.js": b"2"}, out)
    assert tree(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_the_committed_dist_is_what_the_starter_builds_to() -> None:
    starter = TEMPLATES / "starter" / "units.yaml"
    files = make(read_config(starter, {}), starter.parent)
    assert differences(files, Path(__file__).parent.parent / "dist") == []


def test_the_apps_with_target_plugin_share_one_package_and_the_others_have_scripts(tmp_path: Path) -> None:
    key = new_key()
    write_key(key, tmp_path / "private.ppk")
    workflow = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45}
    script_app = {"target": "script", "expose_secrets": True, "units": [KREWDATA_UNIT]}
    apps = [{"app": 46, "name": "b", "units": [workflow]}, {"app": 45, "name": "a", "units": [workflow]}]
    plugin = {"name": "Run", "version": "1.2", "key": "private.ppk"}
    content: dict[str, Any] = {"version": 1, "plugin": plugin, "apps": [*apps, {"app": 45, "name": "c", **script_app}]}

    files = make(config_from(content), tmp_path)

    assert sorted(files) == ["build.json", "c/customize-manifest.json", "c/runbutton.js", "plugin/plugin.zip"]
    report = json.loads(files["build.json"])
    assert report["plugin"] == {"id": plugin_id(key), "version": "1.2"}
    units = {entry["path"]: entry.get("units") for entry in report["files"]}
    assert units["plugin/plugin.zip"] == ["a/nightly", "b/nightly"]
    del content["apps"][:2]
    assert "plugin" not in json.loads(make(config_from(content), tmp_path)["build.json"])
