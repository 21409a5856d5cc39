"""The command line: the only place that prints, prompts and exits; a module a command.

Data goes to stdout, messages for people to stderr. Exit code 0: done; 1: invalid config or options; 2: wrong usage.
Each command imports its modules when it runs, so that `runbutton --help` appears immediately.
"""

import errno
import os
import sys
from pathlib import Path
from typing import Any

import click

from generator import __version__
from generator.cli.build import build
from generator.cli.check import check
from generator.cli.command import Commands, UsageError
from generator.cli.deploy import deploy
from generator.cli.guide import guide
from generator.cli.init import init
from generator.cli.keygen import keygen
from generator.cli.log_app import log_app
from generator.cli.lossy import Lossy
from generator.cli.preview import preview
from generator.cli.probe import probe
from generator.cli.remove import remove
from generator.cli.rollback import rollback
from generator.cli.run import run
from generator.cli.schema import schema
from generator.cli.terminal import complain
from generator.errors import RunbuttonError
from generator.system import reason_of
from generator.words import Message

# A full disk, quota or device is not a bug.
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EIO)


class _Program(Commands):
    """Shows a RunbuttonError on stderr and sets its exit code; other exceptions are bugs and keep their traceback."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> click.Context:  # noqa: ANN401
        if sys.stdin is None:  # closed by the parent process
            sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for as long as the program runs.
        # Problems quote Japanese field codes and labels; a Windows console may be set to something narrower.
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click declares it.
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
            return result
        except RunbuttonError as error:
            complain(error)
            ctx.exit(error.exit_code)
        except (click.Abort, KeyboardInterrupt, EOFError):
            complain(RunbuttonError(Message("answers.interrupted")))
            ctx.exit(RunbuttonError.exit_code)

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - as click declares it.
        """As click has it; --help and --version print before any command is invoked."""
        try:
            return super().main(*args, **extra)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            Lossy().flush()  # What is left in the buffer would fail again, with Python's own words and exit code.
            complain(RunbuttonError(Message("file.cannotWrite", error=reason_of(error))))
            sys.exit(RunbuttonError.exit_code)


@click.group(
    cls=_Program,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    sections={
        "help.start": (init, preview, check),
        "help.deploying": (build, deploy, rollback, remove, log_app),
        "help.running": (run, probe),
        "help.others": (guide, keygen, schema),
    },
)
@click.version_option(__version__, prog_name="runbutton", help="help.version")
@click.pass_context
def main(ctx: click.Context) -> None:
    """All commands; without one, their help and wrong usage."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(UsageError.exit_code)
