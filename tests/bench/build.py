"""`runbutton build` of 1,000 apps beside esbuild bundling 1,000 entries: `python -m tests.bench.build`."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from generator.assets import TEMPLATES
from generator.customization import entry
from tests.conftest import KREWDATA_UNIT
from tests.node import program

APPS = 1000


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        common = {"target": "script", "expose_secrets": True, "units": [dict(KREWDATA_UNIT)]}
        apps = [{"app": 1 + n, "name": f"app-{n}", **common} for n in range(APPS)]
        text = yaml.safe_dump({"version": 1, "apps": apps}, allow_unicode=True)
        (folder / "units.yaml").write_text(text, encoding="utf-8")
        runbutton = [
            sys.executable,
            "-m",
            "generator",
            "build",
            str(folder / "units.yaml"),
            "--out",
            str(folder / "out"),
        ]
        built = timed(runbutton)

        entries = []
        for n in range(APPS):
            path = folder / f"{n}.js"
            source = entry(("krewdata",), f'{{"source":"app-{n}","units":[]}}')
            path.write_text(source.replace('"./', f'"{TEMPLATES.as_posix()}/'), encoding="utf-8")
            entries.append(str(path))
        options = ["--bundle", "--loader:.js=jsx", f"--outdir={folder / 'bundles'}"]
        bundled = timed([program("esbuild"), *entries, *options])
    sys.stdout.write(f"{APPS} apps: runbutton build {built:.2f} s, esbuild --bundle {bundled:.2f} s\n")


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
