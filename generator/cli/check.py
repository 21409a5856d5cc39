"""`runbutton check`."""

from pathlib import Path

import click

from generator.cli.terminal import CONFIG, read, say


@click.command()
@CONFIG
def check(config: Path) -> None:
    """Read and judge the config CONFIG (units.yaml)."""
    found = read(config)
    if found.plugin_apps:
        from generator.plugin import plugin_files

        # kintone's limits for a plug-in's files; the key is a matter of the build.
        plugin_files(found)
    units = sum(len(app.units) for app in found.apps)
    say(f"{config}: {len(found.apps)} apps, {units} units, no problems")
