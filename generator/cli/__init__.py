"""The command line: the only place that prints, prompts and exits; a module a command.

Data goes to stdout, words for people to stderr. Exit code 0: done; 1: something is wrong with what was given; 2: wrong
usage. Each command imports what it needs by itself, so that `runbutton --help` is there at once.
"""

import errno
import sys
from typing import Any

import click

from generator import __version__
from generator.cli.build import build
from generator.cli.check import check
from generator.cli.deploy import deploy
from generator.cli.guide import guide
from generator.cli.init import init
from generator.cli.keygen import keygen
from generator.cli.preview import preview
from generator.cli.probe import probe
from generator.cli.remove import remove
from generator.cli.rollback import rollback
from generator.cli.run import run
from generator.cli.schema import schema
from generator.cli.terminal import say
from generator.errors import RunbuttonError

# A full disk, quota or device is no bug, whatever was being written.
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EIO)


class _Commands(click.Group):
    """Turns a RunbuttonError into its text on stderr and its exit code; everything else is a bug and shows as one."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click declares it.
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
            return result
        except RunbuttonError as error:
            say(error)
            ctx.exit(error.exit_code)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            say(f"cannot write: {error.strerror}")
            ctx.exit(RunbuttonError.exit_code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="runbutton")
def main() -> None:
    """Turns unit configs into kintone customizations: a Run button on an app's record pages."""
    # Problems quote Japanese field codes and labels; a Windows console may be set to something narrower.
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by whoever started us
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


for _command in (init, check, build, preview, keygen, deploy, rollback, remove, run, probe, guide, schema):
    main.add_command(_command)
