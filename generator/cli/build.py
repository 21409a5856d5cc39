"""`runbutton build`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.terminal import FILE, Project, counted, on_project, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.units.config import Config

# Files that are told one by one: of more, their number says more.
_FEW = 20


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
        _build(project, project.read(), out)


def _build(project: Project, config: "Config", out: Path) -> None:
    from generator.build import exposes_secrets, make, write

    files = make(config, project.key(config), project.path.name)
    removed = write(files, out, ignored=exposes_secrets(config))
    if len(removed) > _FEW:
        say(f"removed {counted(len(removed), 'file')} from {out} that are no longer built")
    else:
        for path in removed:
            say(f"removed {out / path}, which is no longer built")
    if len(files) > _FEW:
        say(f"wrote {counted(len(files), 'file')} for {counted(len(config.apps), 'app')} to {out}")
    else:
        for path, content in files.items():
            say(f"wrote {out / path} ({len(content):,} bytes)")


def _check_built(project: Project, out: Path) -> None:
    from generator.build import differences, make

    config = project.read()
    found = differences(make(config, project.key(config), project.path.name), out)
    for line in found[:_FEW]:
        say(f"{out}/{line}")
    if len(found) > _FEW:
        say(f"and {counted(len(found) - _FEW, 'more difference')}")
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
                before = now
                try:
                    config = replace(project).read()  # a new one reads .env again
                    key = _key_files(config, project.folder)
                    before = now[: len(files)] + _times(key)
                    _build(project, config, out)
                except RunbuttonError as error:
                    say(str(error))
                say(f"Watching {project.path}. Stop with Ctrl+C.")
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("")


def _times(files: list[Path]) -> list[int | None]:
    return [_time(path) for path in files]


def _time(path: Path) -> int | None:
    # One question: between two of them an editor may put another file in the place.
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _key_files(config: "Config", folder: Path) -> list[Path]:
    """The file of the plug-in's key; none without a plug-in, or where the config has the key itself."""
    shared = config.shared_plugin
    file = shared.plugin.key_file(folder) if shared else None
    return [file] if file else []
