"""`runbutton preview`."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.terminal import FILE, Project, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.units.config import Config


@click.command()
@click.argument("config", type=FILE, required=False)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8045,
    show_default=True,
    help="The port on 127.0.0.1; 0 takes any that is free.",
)
@click.option("--empty", is_flag=True, help="With the apps of CONFIG but without customizations, to deploy to.")
@click.option("--open", "open_browser", is_flag=True, help="Open the browser on the first app's record.")
def preview(config: Path | None, port: int, empty: bool, open_browser: bool) -> None:
    """Serve a stubbed kintone with the customizations of CONFIG and the services emulated.

    Without CONFIG it takes units.yaml here, and without that the starter. Its administrator is admin, password admin.
    No secret of CONFIG gets into it, and an open page follows what is saved.
    """
    import webbrowser

    from generator.assets import TEMPLATES
    from generator.preview import Preview
    from generator.stub.server import serve

    if config is None:
        config = Path("units.yaml")
        if not config.exists():
            config = TEMPLATES / "starter" / "units.yaml"
    project = Project(config)
    shown = Preview(config, lambda: replace(project).environ, project.folder / ".env", empty=empty)
    try:
        with serve(shown.stub, port) as address:
            first = address + _first_page(shown.config)
            say(f"Previewing {config}. Open {first} (all pages: {address}/). Stop with Ctrl+C.")
            if open_browser and not webbrowser.open(first):
                say("There is no browser to open here.")
            _wait_for_interrupt()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise RunbuttonError(f"cannot listen on port {port}: {reason}; choose another one with --port") from error


def _first_page(config: "Config") -> str:
    return f"/k/{config.apps[0].app}/show#record=1" if config.apps else "/"


def _wait_for_interrupt() -> None:
    import threading

    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
