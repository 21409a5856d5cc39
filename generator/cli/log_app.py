"""`runbutton log-app`."""

from typing import TYPE_CHECKING

import click

from generator.cli.command import Argument, Command, spoken
from generator.cli.language import language
from generator.cli.tenant import connected, with_sign_in
from generator.cli.terminal import DRY_RUN, YES, Project, ask, done, on_folder, remind, say
from generator.words import Message, of, titled

if TYPE_CHECKING:
    from generator.kintone.client import Kintone


@click.command(
    "log-app", cls=Command, about="help.logApp", more=["help.logAppMore"], example="runbutton log-app --dry-run"
)
@click.argument("app", cls=Argument, about="help.logAppId", type=click.IntRange(1), required=False)
@on_folder
@with_sign_in
@DRY_RUN
@YES
def log_app(project: Project, *, app: int | None, dry_run: bool, yes: bool) -> None:
    """Creates the app that keeps the log of runs, or completes it."""
    with connected(project, writes=not dry_run) as kintone:
        if app is None:
            _create(kintone, dry_run=dry_run, yes=yes)
        else:
            _complete(kintone, app, dry_run=dry_run, yes=yes)


def _create(kintone: "Kintone", *, dry_run: bool, yes: bool) -> None:
    from generator.kintone.app_settings import live_apps
    from generator.log_app.apply import create
    from generator.log_app.plan import lines_of_new_app

    name = spoken("logApp.name")
    for line in (Message("logApp.created"), *lines_of_new_app(language())):
        say(of(name, line))
    # A second app is no mistake, but one of a person who has forgotten the first.
    for other in live_apps(kintone, name):
        remind(Message("logApp.another", app=titled(other, name), command=kintone.connection.log_app_command(other)))
    if dry_run:
        say(Message("logApp.dryRunNew"))
        return
    ask(Message("logApp.askNew", kintone=kintone.connection.place), yes)
    _say_next(kintone, create(kintone, name, language()))


def _complete(kintone: "Kintone", app: int, *, dry_run: bool, yes: bool) -> None:
    from generator.log_app.apply import complete
    from generator.log_app.plan import plan_for, read_state

    plan = plan_for(kintone, read_state(kintone, app), language())
    for line in plan.lines:
        say(line)
    if not plan.publish:
        done(Message("deploy.unchanged"))
    elif dry_run:
        say(Message("logApp.dryRun", app=plan.state.title))
        return
    else:
        for reason in plan.questions:
            remind(reason)
        ask(Message("logApp.ask", app=plan.state.title, kintone=kintone.connection.place), yes)
        complete(kintone, plan)
    _say_next(kintone, app)


def _say_next(kintone: "Kintone", app: int) -> None:
    """What to do with the app; stdout has nothing but the line for the config."""
    pages = kintone.connection.address
    say(Message("logApp.page", page=f"{pages}/{app}/"))
    say(Message("logApp.token", page=f"{pages}/admin/app/apitoken?app={app}"))
    say(Message("logApp.line"))
    click.echo(f"log: {{app: {app}}}")
