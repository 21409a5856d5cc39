"""`runbutton preview`."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.terminal import ENV_FILE, FILE, Project, language, port_option, say

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
    from generator.stub.server import serve

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

    look = watch_errors(config, shown.stub.follow)
    serve_until_interrupt(serve(shown.stub, port), port, page, words, open_browser=open_browser, look=look)


def watch_errors(config: Path, follow: Callable[[], str]) -> Callable[[], None]:
    """What says, when it is called again and again, that the config has errors, and that it has none any more."""
    from generator.words import say as sentence

    seen = said = ""

    def look() -> None:
        nonlocal seen, said
        errors = follow()
        # A save in two steps is broken for a moment: what counts is what is there at two looks.
        if errors == seen != said:
            said = errors
            first, *more = errors.splitlines() or [""]
            if more:
                say(sentence(language(), "stub.configBrokenMore", error=first, count=len(more)))
            elif first:
                say(sentence(language(), "stub.configBroken", error=first))
            else:
                say(sentence(language(), "stub.configFixed", config=config))
        seen = errors

    return look


def _first_page(config: "Config") -> str:
    """The first page that has a button."""
    from generator.stub.scenes import devices_with, kind_with, page_path

    app = config.apps[0]
    unit = app.units[0].common_for_page()
    return page_path(app.app, kind_with(unit), devices_with(unit)[0])
