"""`runbutton rollback`."""

import sys

import click

from generator.cli.tenant import agreed_to, on_kintone, show, signed_in
from generator.cli.terminal import APP, YES, Project
from generator.errors import RunbuttonError


@click.command()
@on_kintone
@APP
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--list", "list_only", is_flag=True, help="List the deploys, the newest first, and change nothing.")
@click.option("--to", type=click.IntRange(0), metavar="NUMBER", help="Go back to the state after this deploy; 0: all.")
@YES
def rollback(project: Project, *, name: str | None, dry_run: bool, list_only: bool, to: int | None, yes: bool) -> None:
    """Restore what was in the apps before the last deploy of CONFIG.

    Example: runbutton rollback --app orders
    """
    from generator.deploy.rollback import described, plan_rollback, roll_back

    with signed_in(project, writes=not (dry_run or list_only)) as (kintone, past):
        if list_only:
            for journal in past.deploys:
                click.echo(described(journal))
            return
        back = plan_rollback(kintone, past, only=name, to=to)
        show(back.plan)
        if dry_run:
            return
        if back.further and not sys.stdin.isatty():
            raise RunbuttonError(
                "nothing was changed: a later deploy is rolled back already, and --yes does not agree to going back "
                "further; add --to NUMBER (--list shows the numbers), or answer at a terminal"
            )
        questions = ("This goes back further than the last rollback.",) if back.further else ()
        # Given twice by mistake, --yes would undo the deploy before too.
        agreed_to(back.plan, kintone, "Roll back", yes=yes and not back.further, questions=questions)
        roll_back(kintone, back, past)
        if back.plan.package is not None and back.plan.package.left:
            raise RunbuttonError("the plug-in was not rolled back; everything else was")
