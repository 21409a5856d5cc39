"""`runbutton check`."""

import click

from generator.cli.terminal import Project, counted, on_project, say
from generator.words import Message


@click.command()
@on_project
def check(project: Project) -> None:
    """Check the config CONFIG (units.yaml).

    Example: runbutton check units.yaml
    """
    found = project.read()
    if shared := found.shared_plugin:
        from generator.plugin import plugin_files

        # kintone's limits for a plug-in's files; the key is a matter of the build.
        plugin_files(shared)
    units = sum(len(app.units) for app in found.apps)
    apps, buttons = counted(len(found.apps), "app"), counted(units, "unit")
    say(Message("check.done", path=project.path, apps=apps, buttons=buttons))
