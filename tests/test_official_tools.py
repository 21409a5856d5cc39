"""kintone's official tool before and after a deploy, on the same apps."""

import json
import subprocess
from collections.abc import Iterator
from os import environ as variables
from pathlib import Path

import pytest

from generator.errors import DeployError
from tests.deploying import BOTH, FOREIGN, ID, V1, Bench, built, file, package, with_plugin
from tests.loopback import Loopback, environ
from tests.node import program

pytestmark = pytest.mark.node


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46) as loopback:
        loopback.rest.deploy_seconds = 0.03
        bench = Bench(loopback, tmp_path)
        loopback.clock.speed = 1  # The tool's pauses are in a separate process, and do not move this clock.
        yield bench


def cli_kintone(bench: Bench, *arguments: str) -> None:
    done = subprocess.run(
        [program("cli-kintone"), *arguments],
        env=variables | environ(bench.loopback.address),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def manifest(folder: Path, name: str, content: bytes) -> str:
    folder.mkdir()
    (folder / name).write_bytes(content)
    lists = {"js": [name], "css": []}
    (folder / "customize-manifest.json").write_text(
        json.dumps({"scope": "ALL", "desktop": lists, "mobile": lists}), encoding="utf-8"
    )
    return str(folder / "customize-manifest.json")


def test_what_the_tool_applied_is_known_and_what_was_deployed_it_exports(bench: Bench, tmp_path: Path) -> None:
    path = manifest(tmp_path / "dist", "runbutton.js", built("one"))
    cli_kintone(bench, "customize", "apply", "--input", path, "--app", "45", "--yes")
    assert bench.deploy([BOTH], V1).lines == ["orders (app 45): nothing to change"]
    out = tmp_path / "out" / "customize-manifest.json"
    cli_kintone(bench, "customize", "export", "--app", "45", "--output", str(out), "--yes")
    assert {each.read_bytes() for each in out.parent.rglob("*.js")} == {built("one")}


def test_what_the_tool_applied_in_the_scripts_place_stays_beside_it(bench: Bench, tmp_path: Path) -> None:
    bench.deploy([BOTH], V1)
    path = manifest(tmp_path / "theirs", FOREIGN.name, FOREIGN.content)
    cli_kintone(bench, "customize", "apply", "--input", path, "--app", "45", "--yes")
    plan = bench.deploy([BOTH], V1)
    assert plan.questions == []
    contents = [each.content for each in bench.live()["desktop", "js"] if not isinstance(each, str)]
    assert contents == [FOREIGN.content, file("one").content]


def test_a_plugin_that_the_tool_uploaded_is_not_taken_for_ours(bench: Bench, tmp_path: Path) -> None:
    def upload(version: int, text: str) -> None:
        (tmp_path / "plugin.zip").write_bytes(package(version, text)["plugin/plugin.zip"])
        cli_kintone(bench, "plugin", "upload", "--input", str(tmp_path / "plugin.zip"), "--yes")

    upload(1, "theirs")
    with pytest.raises(DeployError, match="version 1 is already installed, with unknown content"):
        bench.deploy([with_plugin()], package(1, "ours"))
    bench.deploy([with_plugin()], package(2, "ours"))
    upload(3, "theirs")
    assert bench.plan([with_plugin()], package(2, "ours")).questions == [
        "Version 3 is installed. Every app that uses the plug-in gets the older version 2.",
        "Version 3 of the plug-in was not installed from this folder.",
    ]
    assert bench.rest.plugins[ID].files["a.js"] == b"theirs"
