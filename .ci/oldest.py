"""Prints constraints that hold each dependency of pyproject.toml to the oldest version that is allowed."""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
for dependency in project["dependencies"]:
    print(re.sub(r"^([\w-]+)>=", r"\1==", dependency))  # noqa: T201 - its output is its purpose.
