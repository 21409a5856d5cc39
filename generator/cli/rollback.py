"""`runbutton rollback`."""

import sys

import click

from generator.cli.tenant import agreed_to, show, signed_in
from generator.cli.terminal import APP, YES, Project, on_project
from generator.errors import RunbuttonError


@click.command()
@on_project
@APP
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--further", is_flag=True, help="Go on to the deploy before one that is rolled back already.")
@YES
def rollback(project: Project, name: str | None, dry_run: bool, further: bool, yes: bool) -> None:
    """Put back what was in the apps of CONFIG before the last deploy from here.

    Example: runbutton rollback --app orders
    """
    from generator.deploy.rollback import plan_rollback, roll_back

    with signed_in(project) as (kintone, history):
        back = plan_rollback(kintone, history, only=name)
        show(back.plan)
        if dry_run:
            return
        if back.step.further and not further and not sys.stdin.isatty():
            raise RunbuttonError(
                "nothing was changed: a later deploy is rolled back already, and --yes is no answer to going one "
                "further back; give --further, or answer at a terminal"
            )
        doubts = ("This goes back further than the last rollback.",) if back.step.further else ()
        # Given twice by mistake, --yes would take the deploy before too.
        agreed_to(back.plan, kintone, "Roll back", yes=yes and (further or not back.step.further), doubts=doubts)
        roll_back(kintone, back, history)
