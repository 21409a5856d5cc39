"""`runbutton init`."""

from pathlib import Path

import click

from generator.cli.terminal import say
from generator.errors import RunbuttonError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
def init(folder: Path) -> None:
    """Write a commented units.yaml, .env.example and .gitignore into DIR; nothing is overwritten."""
    from generator.assets import TEMPLATES

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted((TEMPLATES / "starter").iterdir()):
            # Files whose names begin with a dot do not travel in every package.
            target = folder / source.name.replace("dot-", ".")
            try:
                with target.open("xb") as file:
                    file.write(source.read_bytes())
                say(f"wrote {target}")
            except FileExistsError:
                say(f"kept {target}, which is there already")
    except OSError as error:
        raise RunbuttonError(f"{folder}: cannot write: {error.strerror}") from error
