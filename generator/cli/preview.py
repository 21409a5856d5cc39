"""`runbutton preview`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.terminal import FILE, Project, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.units.config import Config


@click.command()
@click.argument("config", type=FILE, required=False)
@click.option("--port", default=8045, show_default=True, help="The port on 127.0.0.1.")
@click.option("--empty", is_flag=True, help="With the apps of CONFIG but without customizations, to deploy to.")
def preview(config: Path | None, port: int, empty: bool) -> None:
    """Serve a stubbed kintone with the customizations of CONFIG and both services emulated.

    Without CONFIG it takes units.yaml here, and without that the starter. Its administrator is admin, password admin.
    """
    from generator.assets import TEMPLATES
    from generator.preview import Preview
    from generator.stub.configured import stub_for
    from generator.stub.server import serve
    from generator.stub.tenant import Script

    if config is None:
        config = Path("units.yaml")
        if not config.exists():
            config = TEMPLATES / "starter" / "units.yaml"
    project = Project(config)
    found = project.read()
    if empty:
        stub = stub_for(found, lambda _: Script(), controls=True)
    else:
        shown = Preview(config, project.environ)
        stub = stub_for(found, shown.script, plugins=shown.plugins, controls=True)
    try:
        with serve(stub, port) as address:
            say(f"Previewing {config}. Open {address}{_first_page(found)} (all pages: {address}/). Stop with Ctrl+C.")
            _wait_for_interrupt()
    except OSError as error:
        raise RunbuttonError(
            f"cannot listen on port {port}: {error.strerror}; choose another one with --port"
        ) from error


def _first_page(config: "Config") -> str:
    return f"/k/{config.apps[0].app}/show#record=1" if config.apps else "/"


def _wait_for_interrupt() -> None:
    import threading

    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("")
