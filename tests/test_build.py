"""dist/: everything or nothing, the same bytes each time, and only what builds wrote is replaced."""

import hashlib
import json
import os
import shutil
import subprocess
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator import __version__, customization
from generator.assets import TEMPLATES
from generator.build import differences, make, write
from generator.config import read_config
from generator.customization import script
from generator.errors import BuildError
from generator.signing import new_key
from generator.units.config import Config
from tests.conftest import KREWDATA_UNIT, config_from, config_of
from tests.forked import python

FILES = {"orders/runbutton.js": b"1\n", "orders/customize-manifest.json": b"{}\n"}


@pytest.fixture
def config(krewdata_unit: dict[str, Any]) -> Config:
    return config_of(krewdata_unit)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- built files


def test_an_app_gives_its_script_and_the_manifest_for_kintones_own_tools(config: Config) -> None:
    files = make(config)
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
    manifest = json.loads(make(config_of({**krewdata_unit, "devices": devices}))["orders/customize-manifest.json"])
    assert len(manifest["desktop"]["js"]) == desktop
    assert len(manifest["mobile"]["js"]) == mobile


def test_the_report_has_each_file_with_its_sizes_sum_and_units(krewdata_unit: dict[str, Any]) -> None:
    files = dict(make(config_of(krewdata_unit, {**krewdata_unit, "id": "second"})))
    report = json.loads(files.pop("build.json"))
    assert __version__ in report["generator"]
    assert [entry["path"] for entry in report["files"]] == sorted(files)
    for entry in report["files"]:
        content = files[entry["path"]]
        assert entry["bytes"] == len(content)
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        if entry["path"] == "orders/runbutton.js":
            assert entry["units"] == ["recalculate", "second"]


def test_neither_a_secret_nor_a_place_is_in_the_report_or_the_manifest(config: Config) -> None:
    files = make(config)
    secret = KREWDATA_UNIT["serial_number"]
    encoded = "YWJjZGVmLWprbG1uby1wcXJzdHUteHl6MTIzLTQ1Njc4OQ=="
    assert encoded in files["orders/runbutton.js"].decode()
    for path in ("build.json", "orders/customize-manifest.json"):
        text = files[path].decode()
        for hidden in (secret, encoded, str(Path.cwd()), str(Path.home())):
            assert hidden not in text


def test_building_twice_gives_the_same_bytes(config: Config) -> None:
    first = make(config)
    customization.compile_again()
    assert make(config) == first


# --- written files


def test_a_build_is_written_and_is_then_up_to_date(tmp_path: Path, config: Config) -> None:
    files = make(config)
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
    assert list(map(str, differences(files, out))) == [
        "old/runbutton.js: no longer built",
        "orders/customize-manifest.json: missing",
        "orders/runbutton.js: out of date",
    ]
    assert list(map(str, differences(files, tmp_path / "nowhere"))) == [f"{path}: missing" for path in sorted(files)]


def test_an_app_that_left_the_config_leaves_dist_and_other_peoples_files_stay(
    tmp_path: Path, krewdata_unit: dict[str, Any]
) -> None:
    out = tmp_path / "dist"
    write(make(config_of(krewdata_unit, name="before")), out)
    others = {"README.txt": b"ours", "before/notes.txt": b"by hand", "orders/extra.js": b"by hand", ".hidden": b"x"}
    for path, content in others.items():
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_bytes(content)
    files = make(config_of(krewdata_unit, name="orders"))
    write(files, out)
    assert tree(out) == {**files, **others}
    write(make(config_of(krewdata_unit, name="after")), out)
    assert "orders/runbutton.js" not in tree(out)


def test_the_folder_of_an_app_that_left_is_gone_with_it(tmp_path: Path, krewdata_unit: dict[str, Any]) -> None:
    out = tmp_path / "dist"
    write(make(config_of(krewdata_unit, name="before")), out)
    write(make(config_of(krewdata_unit, name="orders")), out)
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
    # No file system allows a name this long.
    with pytest.raises(BuildError, match="cannot write"):
        write({"good/runbutton.js": b"2", f"{'x' * 300}/runbutton.js": b"2"}, out)
    assert tree(out) == before
    assert list(tmp_path.iterdir()) == [out]


# --- interrupted builds and unusual folders


class _Killed(BaseException):
    """As KeyboardInterrupt: no Exception."""


def built_with_a_foreign_file(out: Path) -> dict[str, bytes]:
    write({**FILES, "build.json": b'{"files": [{"path": "orders/runbutton.js"}]}'}, out)
    (out / "precious.txt").write_bytes(b"by hand")
    return tree(out)


@pytest.mark.parametrize("at", ["before the old one moves", "between the two", "after the new one moved"])
def test_a_build_that_is_interrupted_leaves_the_old_dist_or_the_new_one_and_what_others_put_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    out = tmp_path / "dist"
    before = built_with_a_foreign_file(out)
    files = {"orders/runbutton.js": b"2\n", "build.json": b'{"files": []}'}
    rename = Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        if (self.name == "new" and at == "between the two") or (self == out and at == "before the old one moves"):
            raise _Killed
        result = rename(self, target)
        if self.name == "new":
            raise _Killed
        return result

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(_Killed):
        write(files, out)
    monkeypatch.undo()
    after = {**files, "precious.txt": b"by hand", "orders/customize-manifest.json": b"{}\n"}
    assert tree(out) == (after if at == "after the new one moved" else before)
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["old", "new"])
@pytest.mark.parametrize("moved", [False, True], ids=["before", "after"])
def test_the_next_build_finishes_what_a_kill_left(tmp_path: Path, name: str, moved: bool) -> None:
    out = tmp_path / "dist"
    before = built_with_a_foreign_file(out)
    at, when = ("new" if name == "new" else out.name, "after" if moved else "before")
    done = subprocess.run(python("tests.killed_write", str(out), at, when), check=False)
    assert done.returncode == 9
    left = [path for path in tmp_path.iterdir() if path != out]
    assert left
    for path in left:
        os.utime(path, (0, 0))  # A folder without an old dist is another build's, unless it has been there for long.
    write({**FILES, "build.json": b'{"files": [{"path": "orders/runbutton.js"}]}'}, out)
    assert tree(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_of_a_build_that_still_writes_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / ".dist-abcd1234"
    (other / "new").mkdir(parents=True)
    write(FILES, tmp_path / "dist")
    assert other.exists()


def test_a_build_that_ends_meanwhile_is_no_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "glob", lambda *_: [tmp_path / ".dist-abcd1234"])
    write(FILES, tmp_path / "dist")
    assert tree(tmp_path / "dist") == FILES


def in_between(monkeypatch: pytest.MonkeyPatch, out: Path, act: Callable[[], object]) -> None:
    """Does `act` right after a build has moved the old folder away."""
    rename = Path.rename

    def meanwhile(self: Path, target: Path) -> Path:
        result = rename(self, target)
        if self == out:
            act()
        return result

    monkeypatch.setattr(Path, "rename", meanwhile)


def test_what_another_program_put_there_in_between_deletes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "dist"
    before = built_with_a_foreign_file(out)

    def create() -> None:
        out.mkdir()
        (out / "theirs.txt").write_bytes(b"theirs")

    in_between(monkeypatch, out, create)
    with pytest.raises(BuildError, match="another program created this folder during a build") as caught:
        write(FILES, out)
    assert tree(out) == {"theirs.txt": b"theirs"}
    (kept,) = tmp_path.glob(".dist-*/old")
    assert str(kept) in str(caught.value)
    assert tree(kept) == before


def test_two_builds_at_once_leave_the_folder_of_one_and_nothing_in_the_way_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder that the slower build had moved away used to stop every later build."""
    out, other = tmp_path / "dist", tmp_path / "other"
    before = built_with_a_foreign_file(out)
    (out / "empty").mkdir()
    if os.name != "nt":
        (out / "link").symlink_to("nowhere")
    shutil.copytree(out, other, symlinks=True)
    in_between(monkeypatch, out, lambda: other.rename(out))
    with pytest.raises(BuildError, match="another build has just written this folder; build again"):
        write(FILES, out)
    assert tree(out) == before
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_of_another_content_with_the_same_size_and_time_is_not_taken_for_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, other = tmp_path / "dist", tmp_path / "other"
    foreign = next(path for path in built_with_a_foreign_file(out) if path not in FILES)
    shutil.copytree(out, other)
    content = (out / foreign).read_bytes()
    (other / foreign).write_bytes(content[::-1])
    for folder in (out, other):
        os.utime(folder / foreign, (0, 0))
    in_between(monkeypatch, out, lambda: other.rename(out))
    with pytest.raises(BuildError, match="another program created this folder"):
        write(FILES, out)
    (kept,) = tmp_path.glob(".dist-*/old")
    assert (kept / foreign).read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="links take rights there")
def test_links_and_empty_folders_of_others_stay_what_they_are(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    built_with_a_foreign_file(out)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_bytes(b"far")
    (out / "empty" / "deep").mkdir(parents=True)
    links = {"folder": "../elsewhere", "file": "../elsewhere/file", "dangling": "../nowhere", "itself": "itself"}
    for name, target in links.items():
        (out / name).symlink_to(target)
    write(FILES | {"build.json": b'{"files": []}'}, out)
    assert {name: str((out / name).readlink()) for name in links} == links
    assert (out / "empty" / "deep").is_dir()
    assert (tmp_path / "elsewhere" / "file").read_bytes() == b"far"


@pytest.mark.skipif(os.name == "nt", reason="links take rights there")
def test_a_link_as_dist_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "dist").symlink_to("real")
    write(FILES, tmp_path / "dist")
    assert tree(tmp_path / "real") == FILES
    assert (tmp_path / "dist").is_symlink()


def test_what_is_in_the_way_or_cannot_be_kept_is_one_line_and_dist_stays(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    built_with_a_foreign_file(out)
    (out / "sales").write_bytes(b"a file where an app's folder should be")
    before = tree(out)
    with pytest.raises(BuildError, match="sales: ") as caught:
        write({"sales/runbutton.js": b"1", "build.json": b"{}"}, out)
    assert "\n" not in str(caught.value)
    assert tree(out) == before
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_a_file_that_cannot_be_copied_is_named_and_dist_stays(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    built_with_a_foreign_file(out)
    os.mkfifo(out / "pipe")
    with pytest.raises(BuildError, match=r"pipe: no build wrote it, and it cannot be copied"):
        write(FILES, out)
    assert (out / "precious.txt").read_bytes() == b"by hand"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("out", ["/", "/usr", "circle"])
def test_a_folder_that_is_no_dist_is_refused_without_a_walk_through_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    (tmp_path / "circle").symlink_to("circle")
    monkeypatch.setattr(os, "walk", lambda *_, **__: pytest.fail("walked through it"))
    with pytest.raises(BuildError) as caught:
        write(FILES, tmp_path / out)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read_differs_in_one_line(tmp_path: Path) -> None:
    out = tmp_path / "dist"
    write(FILES, out)
    (out / "orders" / "runbutton.js").unlink()
    (out / "orders" / "runbutton.js").mkdir()
    (found,) = differences(FILES, out)
    assert str(found).startswith("orders/runbutton.js: cannot read: ")


def test_ten_thousand_apps_hold_their_program_once(krewdata_unit: dict[str, Any]) -> None:
    one = config_of(krewdata_unit).apps[0]
    config = config_of(krewdata_unit).model_copy(
        update={"apps": tuple(one.model_copy(update={"name": f"app-{n}"}) for n in range(300))}
    )
    tracemalloc.start()
    files = make(config)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(map(len, files.values())) > 300 * 40_000
    assert peak < 5_000_000


def test_the_committed_dist_is_what_the_starter_builds_to() -> None:
    starter = TEMPLATES / "starter" / "units.yaml"
    files = make(read_config(starter, {}))
    assert differences(files, Path(__file__).parent.parent / "dist") == []


def test_the_apps_with_target_plugin_share_one_package_and_the_others_have_scripts() -> None:
    key = new_key()
    workflow = {"id": "nightly", "service": "trocco-workflow", "pipeline_definition_id": 45}
    script_app = {"target": "script", "expose_secrets": True, "units": [KREWDATA_UNIT]}
    apps = [{"app": 46, "name": "b", "units": [workflow]}, {"app": 45, "name": "a", "units": [workflow]}]
    plugin = {"name": "Run", "version": "1.2", "key": "private.ppk"}
    content: dict[str, Any] = {"version": 1, "plugin": plugin, "apps": [*apps, {"app": 45, "name": "c", **script_app}]}

    files = make(config_from(content), key)

    assert sorted(files) == ["build.json", "c/customize-manifest.json", "c/runbutton.js", "plugin/plugin.zip"]
    report = json.loads(files["build.json"])
    assert report["plugin"] == {"id": key.id, "version": "1.2"}
    units = {entry["path"]: entry.get("units") for entry in report["files"]}
    assert units["plugin/plugin.zip"] == ["a/nightly", "b/nightly"]
    del content["apps"][:2]
    assert "plugin" not in json.loads(make(config_from(content))["build.json"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_script_is_readable_for_its_owner_alone_for_it_may_hold_a_secret(config: Config, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(make(config), tmp_path / "dist")
        write(make(config), tmp_path / "dist")
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "dist").rglob("*.js*")}
    assert modes == {"runbutton.js": 0o600, "customize-manifest.json": 0o666, "build.json": 0o666}
