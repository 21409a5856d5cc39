"""`runbutton preview`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.command import Argument, Command
from generator.cli.language import language
from generator.cli.terminal import ENV_FILE, FILE, Project, port_option
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

    if config is None:
        config = Path("units.yaml")
        if not config.exists():
            config = TEMPLATES / "starter" / "units.yaml"
    project = Project(config, env_file)
    environ_file = env_file or project.folder / ".env"
    told = read_reports(reports)
    shown = Preview(config, lambda: replace(project).environ, environ_file, empty=empty, told=told, language=language())
    page = _first_page(shown.config)

    def words(home: str) -> Message:
        return Message("serving.preview", path=config, address=home + page, home=f"{home}/")

    serve_until_interrupt(shown.stub, port, page, words, open_browser=open_browser)


def _first_page(config: "Config") -> str:
    return f"/k/{config.apps[0].app}/show#record=1" if config.apps else "/"
