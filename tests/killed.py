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
from generator.kintone.client import Kintone
from generator.signing import new_key
from tests.conftest import KREWDATA_UNIT, config_from


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


def compile_all() -> None:
    """Has every program compiled that the tests deploy: esbuild's own threads do not live on in a forked process."""
    secret = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    script = {"app": 45, "name": "a", "target": "script", "expose_secrets": True, "units": [dict(KREWDATA_UNIT)]}
    plugin = {"app": 45, "name": "b", "units": [secret]}
    shared = {"name": {"en": "Run"}, "version": 1, "key": "private.ppk"}
    make(config_from({"version": 1, "plugin": shared, "apps": [script, plugin]}), new_key())
