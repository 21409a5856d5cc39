"""`runbutton keygen`."""

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
    click.echo(key.id)
