"""`runbutton keygen`."""

import subprocess
from pathlib import Path

import click

from generator.cli.terminal import say


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default=Path("private.ppk"))
def keygen(file: Path) -> None:
    """Make the private key of a plug-in in FILE (private.ppk), and print the plug-in's ID.

    Example: runbutton keygen private.ppk
    """
    from generator import signing

    key = signing.new_key()
    signing.write_key(key, file)
    say(f"wrote {file}. Keep it safe and out of the repository: without it the plug-in cannot be updated.")
    if _goes_into_git(file):
        say(f"warning: Git does not ignore {file}: add it to .gitignore before you commit")
    click.echo(key.id)


def _goes_into_git(file: Path) -> bool:
    """Whether `file` is in a Git repository that does not ignore it; False where Git cannot tell."""
    command = ["git", "check-ignore", "--quiet", "--", file.name]
    try:
        # 1: not ignored; 128: no repository, or another problem (git-check-ignore's manual page).
        return subprocess.run(command, cwd=file.parent, capture_output=True, check=False).returncode == 1  # noqa: S603
    except OSError:
        return False
