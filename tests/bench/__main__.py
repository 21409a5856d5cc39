"""The budgets of the project, side by side: `python -m tests.bench`, or with names of modules in this folder."""

import sys
from importlib import import_module

from tests.bench.table import HEAD

MODULES = ("build", "page", "following", "default_run", "deploy")


def main(names: list[str]) -> int:
    """Prints the table; returns 1 if a budget is exceeded."""
    kept = True
    _say(HEAD)
    for name in names or MODULES:
        try:
            module = import_module(f"tests.bench.{name}")
        except ModuleNotFoundError as error:
            _say(f"| {name}: needs {error.name} | | | | | |")
            continue
        if name == "deploy":  # a separate table: time and requests
            module.main()
            continue
        for row in module.rows():
            _say(str(row))
            kept &= row.kept
    return 0 if kept else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
