"""Programs of templates/package.json, which some tests ask for a second opinion; those are marked `node`."""

import shutil

from generator.assets import TEMPLATES

PACKAGES = TEMPLATES / "node_modules"


def installed() -> bool:
    """Whether Node.js and the packages are there; where not, tests marked `node` are skipped (conftest.py)."""
    return shutil.which("node") is not None and PACKAGES.is_dir()


def program(name: str) -> str:
    """The path of an installed package's program, whatever the platform calls it."""
    found = shutil.which(name, path=PACKAGES / ".bin")
    if found is None:
        raise FileNotFoundError(f"no {name} in {PACKAGES}: run `npm install` in {TEMPLATES}")
    return found
