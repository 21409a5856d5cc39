"""`runbutton deploy`."""

from pathlib import Path

import click

from generator.cli.command import Command, UsageError
from generator.cli.tenant import agreed_to, on_kintone, reported, say_dry_run, show, signed_in
from generator.cli.terminal import APP, DRY_RUN, FILE, YES, Project, done, remind
from generator.errors import RunbuttonError
from generator.words import Message, of, titled

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
    import time
    from datetime import UTC, datetime

    from generator.build import differences, make
    from generator.deploy.apply import apply, settings_pages
    from generator.deploy.plan import Built, plan_deploy
    from generator.deploy.state import meant

    if exit_code and not dry_run:
        raise UsageError(Message("usage.exitCode"))
    with reported(as_json) as report:
        config = project.read()
        if not meant(name, config.apps):
            unknown = Message("deploy.unknownApp", config=project.path, allowed=[app.name for app in config.apps])
            raise RunbuttonError(of(f"--app {name}", unknown))
        built = Built(config.apps, make(config, project.key(config), project.path.name))
        folder = _folder(project, out)
        if differences(built.files, folder):
            raise RunbuttonError(Message("deploy.outOfDate", folder=folder))
        with signed_in(project, writes=not dry_run) as (kintone, past):
            plan = plan_deploy(kintone, built, past, only=name, ask_forms=dry_run)
            show(plan)
            report |= {"kintone": kintone.connection.address, **plan.json, "result": "planned"}
            if not dry_run:
                agreed_to(plan, kintone, "ask.deploy", yes=yes)
                began = time.monotonic()
                apply(kintone, plan, past, datetime.now(UTC))
                report["result"] = "unchanged" if plan.empty else "done"
                for page in settings_pages(kintone, plan):
                    key = "deploy.enter" if page.new else "deploy.checkCredentials"
                    remind(of(page.title, Message(key, page=page.address)))
                if plan.empty:
                    done(Message("deploy.unchanged"))
                else:
                    seconds = f"{time.monotonic() - began:.0f}"
                    undo = kintone.connection.command("rollback")
                    done(Message("deploy.done", what=plan.what_changes, seconds=seconds, undo=undo))
            else:
                say_dry_run(plan)
        if plan.missing:
            apps = [titled(app, name) for app, name in plan.missing.items()]
            raise RunbuttonError(Message("deploy.missing", apps=apps, config=project.path))
        if exit_code and not plan.empty:
            ctx.exit(_WOULD_CHANGE)


def _folder(project: Project, out: Path | None) -> Path:
    """The build's folder: next to the config, unless it was built into the current folder."""
    beside = project.folder / "dist"
    return out or (beside if beside.exists() else Path("dist"))
