"""`runbutton preview`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.terminal import ENV_FILE, FILE, Project, port_option

if TYPE_CHECKING:
    from generator.units.config import Config


@click.command()
@click.argument("config", type=FILE, required=False)
@ENV_FILE
@port_option(8045)
@click.option("--empty", is_flag=True, help="With the apps of CONFIG but without customizations, to deploy to.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser on the first app's record.")
@click.option(
    "--like",
    "reports",
    type=FILE,
    multiple=True,
    help="Behave as this report of `runbutton probe` says; may be repeated.",
)
def preview(
    config: Path | None, env_file: Path | None, port: int, *, empty: bool, open_browser: bool, reports: tuple[Path, ...]
) -> None:
    """Serve a stubbed kintone with the customizations of CONFIG and the services emulated.

    Without CONFIG it takes units.yaml here, and without that the starter. Its administrator is admin, password admin.
    No secret of CONFIG gets into it, and an open page follows what is saved.

    Example: runbutton preview --open
    """
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
    shown = Preview(config, lambda: replace(project).environ, environ_file, empty=empty, told=told)
    page = _first_page(shown.config)

    def words(home: str) -> str:
        return f"Previewing {config}. Open {home}{page} (all pages: {home}/)."

    serve_until_interrupt(shown.stub, port, page, words, open_browser=open_browser)


def _first_page(config: "Config") -> str:
    return f"/k/{config.apps[0].app}/show#record=1" if config.apps else "/"
