"""`runbutton rollback`."""

from pathlib import Path

import click

from generator.cli.terminal import APP, CONFIG, YES, ask, chosen_apps, environ, read, say


@click.command()
@CONFIG
@APP
@YES
def rollback(config: Path, name: str | None, yes: bool) -> None:
    """Put back what was in the apps of CONFIG before the last deploy."""
    from generator.deploy import plan_rollback, roll_back
    from generator.kintone import Kintone, read_connection

    apps = [app.app for app in chosen_apps(read(config), name)]
    with Kintone(read_connection(environ(config))) as kintone:
        back = plan_rollback(kintone, apps, config.parent, say, with_plugin=name is None)
        for line in back.plan.lines:
            say(line)
        if not back.plan.empty:
            ask("Roll back?", yes)
        roll_back(kintone, back, say)
