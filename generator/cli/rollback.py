"""`runbutton rollback`."""

import sys

import click

from generator.cli.command import Command
from generator.cli.language import language
from generator.cli.tenant import agreed_to, on_kintone, say_dry_run, show, signed_in
from generator.cli.terminal import APP, DRY_RUN, YES, Project, done
from generator.errors import RunbuttonError
from generator.words import Message


@click.command(cls=Command, about="help.rollback", example="runbutton rollback --app orders")
@on_kintone
@APP
@DRY_RUN
@click.option("--list", "list_only", is_flag=True, help="help.list")
@click.option("--to", type=click.IntRange(0), metavar="NUMBER", help="help.to")
@YES
def rollback(project: Project, *, name: str | None, dry_run: bool, list_only: bool, to: int | None, yes: bool) -> None:
    """Restores the state before the last deploy of the config."""
    from generator.deploy.rollback import described, plan_rollback, roll_back

    with signed_in(project, writes=not (dry_run or list_only)) as (kintone, past):
        if list_only:
            for journal in past.deploys:
                click.echo(described(journal).text(language()))
            return
        back = plan_rollback(kintone, past, only=name, to=to)
        show(back.plan)
        if dry_run:
            say_dry_run(back.plan)
            return
        if back.further and not sys.stdin.isatty():
            raise RunbuttonError(Message("answers.further"))
        reasons = (Message("ask.further"),) if back.further else ()
        # If the command runs twice by mistake, --yes would also undo the previous deploy.
        agreed_to(back.plan, kintone, "ask.rollback", yes=yes and not back.further, reasons=reasons)
        roll_back(kintone, back, past)
        if back.plan.package is not None and back.plan.package.left:
            raise RunbuttonError(Message("deploy.onlyPluginLeft" if back.plan.empty else "deploy.pluginLeft"))
        done(Message("deploy.nothing") if back.plan.empty else Message("deploy.rolledBack"))
