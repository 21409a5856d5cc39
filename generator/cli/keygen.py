"""`runbutton keygen`."""

import subprocess
from pathlib import Path

import click

from generator.cli.command import Argument, Command
from generator.cli.terminal import say, warn
from generator.words import Message


@click.command(cls=Command, about="help.keygen", example="runbutton keygen private.ppk")
@click.argument(
    "file", cls=Argument, about="help.keygenFile", type=click.Path(path_type=Path), default=Path("private.ppk")
)
def keygen(file: Path) -> None:
    """Writes a new private key, and prints the plug-in's ID."""
    from generator import signing

    key = signing.new_key()
    signing.write_key(key, file)
    say(Message("init.key", path=file))
    if _goes_into_git(file):
        warn(Message("keygen.notIgnored", path=file))
    click.echo(key.id)


def _goes_into_git(file: Path) -> bool:
    """Whether `file` is in a Git repository that does not ignore it; False if Git cannot say."""
    command = ["git", "check-ignore", "--quiet", "--", file.name]
    try:
        # 1: not ignored; 128: no repository, or another problem (git-check-ignore's manual page).
        return subprocess.run(command, cwd=file.parent, capture_output=True, check=False).returncode == 1  # noqa: S603
    except OSError:
        return False
