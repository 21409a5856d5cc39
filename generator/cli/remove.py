"""`runbutton remove`."""

from typing import TYPE_CHECKING

import click

from generator.cli.command import Command
from generator.cli.tenant import agreed_to, on_kintone, say_dry_run, show, signed_in
from generator.cli.terminal import APP, DRY_RUN, YES, Project, done, warn
from generator.errors import RunbuttonError
from generator.words import Message

if TYPE_CHECKING:
    from generator.units.config import Config


@click.command(cls=Command, about="help.remove", example="runbutton remove --app 46 --dry-run")
@on_kintone
@APP
@DRY_RUN
@YES
def remove(project: Project, *, name: str | None, dry_run: bool, yes: bool) -> None:
    """Removes Runbutton's scripts from the apps of the config, or from any app with --app."""
    from datetime import UTC, datetime

    from generator.deploy.apply import apply
    from generator.deploy.removal import plan_removal

    config = project.read()
    ids = _plugin_ids(project, config)
    plugin_names = {config.plugin.name.ja, config.plugin.name.en} if config.plugin is not None else set()
    with signed_in(project, writes=not dry_run) as (kintone, past):
        plan = plan_removal(kintone, config.apps, past, only=name, plugin_ids=ids, plugin_names=plugin_names)
        show(plan)
        if dry_run:
            say_dry_run(plan)
            return
        agreed_to(plan, kintone, "ask.remove", yes=yes)
        apply(kintone, plan, past, datetime.now(UTC))
        done(Message("deploy.nothing") if plan.empty else Message("deploy.removed", what=plan.what_changes))


def _plugin_ids(project: Project, config: "Config") -> set[str]:
    """The plug-in that the config would build, if its key is here: it may have been installed by hand."""
    from generator.signing import load_key

    if config.plugin is None:
        return set()
    try:
        return {load_key(config.plugin, project.folder).id}
    except RunbuttonError as error:
        warn(Message("deploy.noKey", error=error))
        return set()
