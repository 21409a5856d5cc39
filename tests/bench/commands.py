"""`runbutton --help`, and packing a plug-in, beside cli-kintone: `python -m tests.bench.commands`."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generator.plugin import pack, plugin_files
from generator.signing import load_key, new_key, write_key
from tests.conftest import KREWDATA_UNIT, config_from
from tests.node import program

ROUNDS = 5


def main() -> None:
    ours = best([sys.executable, "-m", "generator", "--help"])
    theirs = best([program("cli-kintone"), "--help"])
    sys.stdout.write(f"--help: runbutton {ours:.0f} ms, cli-kintone {theirs:.0f} ms\n")

    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    app = {"app": 45, "name": "orders", "units": [unit]}
    config = config_from({"version": 1, "plugin": {"name": "Bench", "key": "bench.ppk"}, "apps": [app]})
    assert config.shared_plugin
    files = plugin_files(config.shared_plugin, sealing_secret=b"")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_key(new_key(), folder / "bench.ppk")
        for path, content in files.items():
            (folder / path).write_bytes(content)
        packing = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            pack(files, load_key("bench.ppk", folder))
            packing.append(time.perf_counter() - start)
        pack_command = ["plugin", "pack", "-i", "manifest.json", "-o", "bench.zip", "--private-key", "bench.ppk"]
        theirs = best([program("cli-kintone"), *pack_command], folder)
    sys.stdout.write(f"pack: runbutton {min(packing) * 1000:.1f} ms in process, cli-kintone {theirs:.0f} ms\n")


def best(command: list[str], folder: Path | None = None) -> float:
    """The shortest of some runs, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
        times.append(time.perf_counter() - start)
    return min(times) * 1000


if __name__ == "__main__":
    main()
