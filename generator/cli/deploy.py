"""`runbutton deploy`."""

from pathlib import Path

import click

from generator.cli.command import Command, UsageError
from generator.cli.tenant import agreed_to, on_kintone, reported, show, signed_in
from generator.cli.terminal import APP, DRY_RUN, FILE, YES, Project, say
from generator.errors import RunbuttonError
from generator.words import Message

_WOULD_CHANGE = 2


@click.command(
    cls=Command, about="help.deploy", more=["help.deployMore"], example="runbutton deploy --app orders --dry-run"
)
@on_kintone
@APP
@click.option("--out", type=FILE, metavar="FOLDER", help="help.out")
@DRY_RUN
@click.option("--exit-code", is_flag=True, help="help.exitCode")
@click.option("--json", "as_json", is_flag=True, help="help.deployJson")
@YES
@click.pass_context
def deploy(
    ctx: click.Context,
    project: Project,
    *,
    name: str | None,
    out: Path | None,
    dry_run: bool,
    exit_code: bool,
    as_json: bool,
    yes: bool,
) -> None:
    """Shows what changes, asks, and deploys what was built."""
    from datetime import UTC, datetime

    from generator.build import differences, make
    from generator.deploy.apply import apply, settings_pages
    from generator.deploy.plan import Built, plan_deploy
    from generator.deploy.state import meant, titled

    if exit_code and not dry_run:
        raise UsageError(Message("usage.exitCode"))
    with reported(as_json) as report:
        config = project.read()
        if not meant(name, config.apps):
            names = ", ".join(app.name for app in config.apps)
            raise RunbuttonError(f"--app {name}: no such app in {project.path}; allowed: an app's ID, {names}")
        built = Built(config.apps, make(config, project.key(config), project.path.name))
        folder = _folder(project, out)
        if differences(built.files, folder):
            raise RunbuttonError(
                f"{folder} is not what {project.path} builds to: run `runbutton build`, look at it, then deploy"
            )
        with signed_in(project, writes=not dry_run) as (kintone, past):
            plan = plan_deploy(kintone, built, past, only=name, ask_forms=dry_run)
            show(plan)
            report |= {"kintone": kintone.connection.address, **plan.json, "result": "planned"}
            if not dry_run:
                agreed_to(plan, kintone, "Deploy to", yes=yes)
                apply(kintone, plan, past, datetime.now(UTC))
                report["result"] = "unchanged" if plan.empty else "done"
                for page in settings_pages(kintone, plan):
                    saves = "type the secrets and save (the buttons run nothing before)"
                    todo = saves if page.new else "check that all secrets are saved and none are left over, and save"
                    say(f"{page.title}: an app administrator still has to {todo}, then update the app:")
                    say(f"  {page.address}")
        if plan.missing:
            apps = ", ".join(titled(app, name) for app, name in plan.missing.items())
            raise RunbuttonError(f"{apps}: does not exist; remove it from {project.path}, or check KINTONE_BASE_URL")
        if exit_code and not plan.empty:
            ctx.exit(_WOULD_CHANGE)


def _folder(project: Project, out: Path | None) -> Path:
    """The build's folder: beside the config, wherever the command is called, unless it was built to here."""
    beside = project.folder / "dist"
    return out or (beside if beside.exists() else Path("dist"))
