"""`runbutton deploy`."""

from pathlib import Path

import click

from generator.cli.terminal import APP, YES, Project, ask, chosen_apps, on_project, say
from generator.errors import RunbuttonError


@click.command()
@on_project
@APP
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@YES
def deploy(project: Project, name: str | None, dry_run: bool, yes: bool) -> None:
    """Bring what was built into kintone: dist/ into the apps of CONFIG.

    Sign in by KINTONE_BASE_URL, KINTONE_USERNAME and KINTONE_PASSWORD, or as the README says.
    """
    from datetime import UTC, datetime

    from generator.build import differences, make
    from generator.deploy import deploy as carry_out
    from generator.deploy import plan_deploy, settings_pages
    from generator.kintone.client import Kintone
    from generator.kintone.connection import read_connection

    found = project.read()
    apps = chosen_apps(found, name)
    files = make(found, project.folder)
    if differences(files, Path("dist")):
        raise RunbuttonError("dist is not what the config builds to: run `runbutton build`, look at it, then deploy")
    with Kintone(read_connection(project.environ), say) as kintone:
        plan = plan_deploy(kintone, apps, files, project.folder, say)
        for line in plan.lines:
            say(line)
        if dry_run:
            return
        if not plan.empty:
            ask("Other people's unpublished settings go live with this. Deploy?" if plan.others else "Deploy?", yes)
        carry_out(kintone, plan, project.folder, datetime.now(UTC), say)
        for page in settings_pages(kintone, plan):
            todo = "type the secrets" if page.new else "look whether all secrets are saved"
            say(f"an app administrator still has to {todo}, then update the app: {page.address}")
