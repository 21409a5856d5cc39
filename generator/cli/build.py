"""`runbutton build`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.command import Command, UsageError
from generator.cli.terminal import FILE, Project, complain, done, on_project, say
from generator.errors import RunbuttonError
from generator.words import Message, counted

if TYPE_CHECKING:
    from generator.units.config import Config

# Up to this many files are listed by name; more are only counted.
_FEW = 20


@click.command(cls=Command, about="help.build", example="runbutton build --env-file staging.env --out dist-staging")
@on_project
@click.option("--out", type=FILE, default=Path("dist"), metavar="FOLDER", help="help.buildOut")
@click.option("--check", "check_only", is_flag=True, help="help.buildCheck")
@click.option("--watch", is_flag=True, help="help.buildWatch")
def build(project: Project, out: Path, check_only: bool, watch: bool) -> None:
    """Writes what the config builds to, compares it, or writes it again after each change."""
    if check_only and watch:
        raise UsageError(Message("usage.checkAndWatch"))
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
        say(Message("build.removedFiles", files=counted(len(removed), "file"), out=out))
    else:
        for path in removed:
            say(Message("build.removed", path=out / path))
    if len(files) > _FEW:
        apps = counted(len(config.apps), "app")
        done(Message("build.wroteFiles", files=counted(len(files), "file"), apps=apps, out=out))
    else:
        for path, content in files.items():
            say(Message("build.wrote", path=out / path, bytes=f"{len(content):,}"))


def _check_built(project: Project, out: Path) -> None:
    from generator.build import differences, make

    config = project.read()
    found = differences(make(config, project.key(config), project.path.name), out)
    for line in found[:_FEW]:
        say(Message("build.inFolder", out=out, line=line))
    if len(found) > _FEW:
        say(Message("build.more", differences=counted(len(found) - _FEW, "difference")))
    if found:
        raise RunbuttonError(Message("build.outOfDate", out=out))
    done(Message("build.upToDate", out=out))


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
                    complain(error)
                say(Message("build.watching", path=project.path))
            time.sleep(0.3)
    except KeyboardInterrupt:
        say("")


def _times(files: list[Path]) -> list[int | None]:
    return [_time(path) for path in files]


def _time(path: Path) -> int | None:
    # One call, because an editor may replace the file between two.
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None


def _key_files(config: "Config", folder: Path) -> list[Path]:
    """The file of the plug-in's key; none without a plug-in, or if the config contains the key itself."""
    shared = config.shared_plugin
    file = shared.plugin.key_file(folder) if shared else None
    return [file] if file else []
