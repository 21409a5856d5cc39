"""`runbutton rollback`."""

import click

from generator.cli.terminal import APP, YES, Project, ask, chosen_apps, on_project, say


@click.command()
@on_project
@APP
@YES
def rollback(project: Project, name: str | None, yes: bool) -> None:
    """Put back what was in the apps of CONFIG before the last deploy."""
    from generator.deploy import plan_rollback, roll_back
    from generator.kintone.client import Kintone
    from generator.kintone.connection import read_connection

    apps = [app.app for app in chosen_apps(project.read(), name)]
    with Kintone(read_connection(project.environ), say) as kintone:
        back = plan_rollback(kintone, apps, project.folder, say, with_plugin=name is None)
        for line in back.plan.lines:
            say(line)
        if not back.plan.empty:
            ask("Roll back?", yes)
        roll_back(kintone, back, say)
