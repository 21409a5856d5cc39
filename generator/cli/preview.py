"""`runbutton preview`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.command import Argument, Command
from generator.cli.language import language
from generator.cli.terminal import ENV_FILE, FILE, Project, port_option, say
from generator.words import Message

if TYPE_CHECKING:
    from generator.units.config import Config


@click.command(cls=Command, about="help.preview", more=["help.previewMore"], example="runbutton preview --open")
@click.argument("config", cls=Argument, about="help.previewConfig", type=FILE, required=False)
@ENV_FILE
@port_option(8045)
@click.option("--empty", is_flag=True, help="help.empty")
@click.option("--open", "open_browser", is_flag=True, help="help.open")
@click.option("--like", "reports", type=FILE, multiple=True, metavar="REPORT", help="help.like")
def preview(
    config: Path | None, env_file: Path | None, port: int, *, empty: bool, open_browser: bool, reports: tuple[Path, ...]
) -> None:
    """Serves a mock kintone with the config's buttons; without units.yaml, with the starter's."""
    from generator.assets import TEMPLATES
    from generator.cli.serving import serve_until_interrupt
    from generator.preview import Preview
    from generator.probe.facts import read_reports
    from generator.stub.server import serve

    if config is None:
        config = Path("units.yaml")
        if not config.exists():
            config = TEMPLATES / "starter" / "units.yaml"
    project = Project(config, env_file)
    environ_file = env_file or project.folder / ".env"
    reported = read_reports(reports)
    shown = Preview(
        config, lambda: replace(project).environ, environ_file, empty=empty, reported=reported, language=language()
    )
    page = _first_page(shown.config)

    def words(home: str) -> Message:
        return Message("serving.preview", path=config, address=home + page, home=f"{home}/")

    look = watch_errors(config, shown.stub.follow)
    serve_until_interrupt(serve(shown.stub, port), port, page, words, open_browser=open_browser, look=look)


def watch_errors(config: Path, follow: Callable[[], str]) -> Callable[[], None]:
    """A function to call repeatedly: reports when the config has errors, and when they are fixed."""
    seen = said = ""

    def look() -> None:
        nonlocal seen, said
        errors = follow()
        # An editor that saves in two steps breaks the file for a moment, so errors count if seen twice.
        if errors == seen != said:
            said = errors
            first, *more = errors.splitlines() or [""]
            if more:
                say(Message("serving.brokenMore", error=first, count=len(more)))
            elif first:
                say(Message("serving.broken", error=first))
            else:
                say(Message("serving.fixed", config=config))
        seen = errors

    return look


def _first_page(config: "Config") -> str:
    """The first page that has a button."""
    from generator.stub.scenes import devices_with, kind_with, page_path

    app = config.apps[0]
    unit = app.units[0].common_for_page()
    return page_path(app.app, kind_with(unit), devices_with(unit)[0])
