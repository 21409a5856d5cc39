"""`runbutton remove`."""

from typing import TYPE_CHECKING

import click

from generator.cli.tenant import agreed_to, show, signed_in
from generator.cli.terminal import APP, YES, Project, on_project
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.units.config import Config


@click.command()
@on_project
@APP
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@YES
def remove(project: Project, name: str | None, dry_run: bool, yes: bool) -> None:
    """Take everything that Runbutton made out of the apps of CONFIG, also of those that left it.

    Example: runbutton remove --app orders --dry-run
    """
    from datetime import UTC, datetime

    from generator.deploy.apply import apply
    from generator.deploy.plan import plan_removal

    config = project.read()
    with signed_in(project) as (kintone, history):
        plan = plan_removal(kintone, config.apps, history, only=name, plugin_ids=_plugin_ids(project, config))
        show(plan)
        if dry_run:
            return
        agreed_to(plan, kintone, "Take it out of", yes=yes)
        apply(kintone, plan, history, datetime.now(UTC))


def _plugin_ids(project: Project, config: "Config") -> set[str]:
    """The plug-in that the config would build, if its key is here: it may have been brought by hand."""
    from generator.signing import load_key

    if config.plugin is None:
        return set()
    try:
        return {load_key(config.plugin, project.folder).id}
    except RunbuttonError:
        return set()
