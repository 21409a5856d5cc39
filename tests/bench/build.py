"""Builds: of one app, of a thousand and of ten thousand, of a plug-in; and how soon the command line answers."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from generator.assets import TEMPLATES
from generator.customization import entry
from generator.plugin import plugin_files
from generator.signing import new_key, write_key
from tests.bench.table import Row, in_turn, peak, runbutton, seconds
from tests.conftest import KREWDATA_UNIT, config_from
from tests.node import program

MANY = 1000
ROUNDS = 15


def rows() -> Iterator[Row]:
    """The rows of builds and of `--help`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        yield from _many(folder)
        yield from _one(folder)
        yield from _plugin(folder)
    ours, theirs = in_turn(
        ROUNDS, lambda: seconds(runbutton("--help")), lambda: seconds([program("cli-kintone"), "--help"])
    )
    yield Row("`runbutton --help`", ours, "s", 0.25, "cli-kintone --help", theirs)


def _many(folder: Path) -> Iterator[Row]:
    build = _build(folder, _scripts(MANY))
    bundle = _bundle_of(folder, MANY)
    seconds(build)
    ours, theirs = in_turn(3, lambda: seconds(build), lambda: seconds(bundle))
    yield Row(f"build of {MANY:,} apps", ours, "s", 1, f"esbuild bundling {MANY:,} entries", theirs)
    most = _build(folder, _scripts(10 * MANY))
    yield Row(f"build of {10 * MANY:,} apps", seconds(most), "s", 10, f"{MANY:,} apps", ours)
    yield Row(f"memory of {10 * MANY:,} apps", peak(most), "MiB", 250)


def _one(folder: Path) -> Iterator[Row]:
    build = _build(folder, _scripts(1))
    idle = [program("cli-kintone"), "--help"]
    ours, theirs = in_turn(ROUNDS, lambda: seconds(build), lambda: seconds(idle))
    yield Row("build of one app", ours, "s", 0.6, "cli-kintone --help", theirs)


def _plugin(folder: Path) -> Iterator[Row]:
    """The whole build of a plug-in, compared with packing the same files."""
    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    content = {
        "version": 1,
        "plugin": {"name": "Bench", "key": "bench.ppk"},
        "apps": [{"app": 45, "name": "orders", "units": [unit]}],
    }
    write_key(new_key(), folder / "bench.ppk")
    shared = config_from(content).shared_plugin
    assert shared
    for path, packed in plugin_files(shared).items():
        (folder / path).write_bytes(packed)
    build = _build(folder, content)
    seconds(build)
    options = ["plugin", "pack", "-i", "manifest.json", "-o", "bench.zip", "--private-key", "bench.ppk"]
    ours, theirs = in_turn(ROUNDS, lambda: seconds(build), lambda: seconds([program("cli-kintone"), *options], folder))
    yield Row("build of a plug-in, signed", ours, "s", 0.5, "cli-kintone plugin pack", theirs)


def _scripts(number: int) -> dict[str, Any]:
    common = {"target": "script", "expose_secrets": True, "units": [dict(KREWDATA_UNIT)]}
    return {"version": 1, "apps": [{"app": 1 + n, "name": f"app-{n}", **common} for n in range(number)]}


def _build(folder: Path, content: dict[str, Any]) -> list[str]:
    path = folder / f"units-{len(content['apps'])}-{'plugin' in content}.yaml"

    # The one unit of all apps is written once, with an anchor: ten thousand copies are more than a file may hold.
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return runbutton("build", str(path), "--out", str(folder / f"dist-{path.stem}"))


def _bundle_of(folder: Path, number: int) -> list[str]:
    entries = []
    for n in range(number):
        path = folder / f"{n}.js"
        source = entry((Path("runtime/services/krewdata.js"),)).replace("RUNBUTTON_CONFIG", f'{{"source":"app-{n}"}}')
        path.write_text(source.replace('"./', f'"{os.path.relpath(TEMPLATES, folder)}/'), encoding="utf-8")
        entries.append(str(path))
    return [program("esbuild"), *entries, "--bundle", "--loader:.js=jsx", f"--outdir={folder / 'bundles'}"]
