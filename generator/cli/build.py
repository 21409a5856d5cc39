"""`runbutton build`."""

from pathlib import Path

import click

from generator.cli.terminal import CONFIG, read, say
from generator.errors import RunbuttonError


@click.command()
@CONFIG
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True, help="The folder.")
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit 1 where the folder is not up to date.")
@click.option("--watch", is_flag=True, help="Build again each time CONFIG or .env changes, until Ctrl+C.")
def build(config: Path, out: Path, check_only: bool, watch: bool) -> None:
    """Build the config CONFIG (units.yaml) into the folder dist."""
    if check_only and watch:
        raise click.UsageError("--check writes nothing and --watch does: give one of them")
    if check_only:
        _check_built(config, out)
    elif watch:
        _watch(config, out)
    else:
        _build(config, out)


def _build(config: Path, out: Path) -> None:
    from generator.build import make, write

    files = make(read(config), config.parent)
    write(files, out)
    for path, content in files.items():
        say(f"wrote {out / path} ({len(content):,} bytes)")


def _check_built(config: Path, out: Path) -> None:
    from generator.build import differences, make

    found = differences(make(read(config), config.parent), out)
    for line in found:
        say(f"{out}/{line}")
    if found:
        raise RunbuttonError(f"{out} is not up to date: run `runbutton build`")
    say(f"{out} is up to date")


def _watch(config: Path, out: Path) -> None:
    import time

    watched = (config, config.parent / ".env")
    before: object = None
    try:
        while True:
            now = [path.stat().st_mtime_ns if path.exists() else None for path in watched]
            if now != before:
                before = now
                try:
                    _build(config, out)
                except RunbuttonError as error:
                    say(str(error))
                say(f"Watching {config}. Stop with Ctrl+C.")
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("")
