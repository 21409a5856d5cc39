"""`runbutton build`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.terminal import FILE, Project, on_project, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.units.config import Config


@click.command()
@on_project
@click.option(
    "--out",
    type=FILE,
    default=Path("dist"),
    show_default=True,
    help="The folder.",
)
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit 1 where the folder is not up to date.")
@click.option("--watch", is_flag=True, help="Build again each time CONFIG or .env changes, until Ctrl+C.")
def build(project: Project, out: Path, check_only: bool, watch: bool) -> None:
    """Build the config CONFIG (units.yaml) into the folder dist.

    Example: runbutton build --env-file staging.env --out dist-staging
    """
    if check_only and watch:
        raise click.UsageError("--check writes nothing and --watch does: give one of them")
    if check_only:
        _check_built(project, out)
    elif watch:
        _watch(project, out)
    else:
        _build(project.read(), project.folder, out)


def _build(config: "Config", folder: Path, out: Path) -> None:
    from generator.build import make, write

    files = make(config, folder)
    for path in write(files, out):
        say(f"removed {out / path}, which is no longer built")
    for path, content in files.items():
        say(f"wrote {out / path} ({len(content):,} bytes)")


def _check_built(project: Project, out: Path) -> None:
    from generator.build import differences, make

    found = differences(make(project.read(), project.folder), out)
    for line in found:
        say(f"{out}/{line}")
    if found:
        raise RunbuttonError(f"{out} is not up to date: run `runbutton build`")
    say(f"{out} is up to date")


def _watch(project: Project, out: Path) -> None:
    import time

    files = [project.path, project.env_file or project.folder / ".env"]
    key: list[Path] = []
    before: list[int | None] = []
    try:
        while True:
            now = _times(files + key)
            if now != before:
                try:
                    config = replace(project).read()  # a new one reads .env again
                    key = _key_files(config, project.folder)
                    _build(config, project.folder, out)
                except RunbuttonError as error:
                    say(str(error))
                before = now[: len(files)] + _times(key)
                say(f"Watching {project.path}. Stop with Ctrl+C.")
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("")


def _times(files: list[Path]) -> list[int | None]:
    return [path.stat().st_mtime_ns if path.exists() else None for path in files]


def _key_files(config: "Config", folder: Path) -> list[Path]:
    """The file of the plug-in's key; none without a plug-in, or where the config has the key itself."""
    if config.shared_plugin is None:
        return []
    from generator.signing import key_file

    path = key_file(config.shared_plugin.plugin.key.get_secret_value(), folder)
    return [] if path is None else [path]
