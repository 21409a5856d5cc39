"""The command line in a process of its own, for test_kills.py: loaded once by multiprocessing's fork server, and forked
from there in no time for each run that is to be killed."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import generator.cli.tenant
import generator.deploy.apply
import generator.deploy.rollback  # noqa: F401 - loaded before the fork.
from generator.build import make
from generator.cli import main
from generator.config import read_config
from generator.kintone.client import Kintone

# Every program that is linked and compiled here is there for the forked processes.
_compiled: list[Mapping[str, bytes]] = []


def run(folder: str, arguments: list[str], environ: Mapping[str, str], said: str) -> None:
    """Runs the command line in `folder` with nothing but `environ`, its words into the file `said`; exits as it does.

    A pause lasts a hundredth of what it would.
    """
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    with Path(said).open("wb") as file:
        os.dup2(file.fileno(), 2)
        os.dup2(file.fileno(), 1)
    defaults: Any = Kintone.__init__.__kwdefaults__
    defaults["pause"] = lambda seconds: time.sleep(seconds / 100)
    main(arguments)


def _compile() -> None:
    from tests.conftest import KREWDATA_UNIT, config_of

    _compiled.append(make(config_of(KREWDATA_UNIT), Path()))


_compile()
_ = read_config
