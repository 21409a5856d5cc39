"""`runbutton deploy`."""

from pathlib import Path

import click

from generator.cli.tenant import agreed_to, show, signed_in
from generator.cli.terminal import APP, FILE, YES, Project, chosen_apps, on_project, say
from generator.errors import RunbuttonError


@click.command()
@on_project
@APP
@click.option("--out", type=FILE, help="The folder of the build; dist beside CONFIG, or else here.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@YES
def deploy(project: Project, name: str | None, out: Path | None, dry_run: bool, yes: bool) -> None:
    """Bring what was built into kintone: dist/ into the apps of CONFIG.

    Sign in by KINTONE_BASE_URL, KINTONE_USERNAME and KINTONE_PASSWORD, or as the README says.

    Example: runbutton deploy --app orders --dry-run
    """
    from datetime import UTC, datetime

    from generator.build import differences, make
    from generator.deploy.apply import apply, settings_pages
    from generator.deploy.plan import Built, plan_deploy

    config = project.read()
    chosen_apps(config, name)
    built = Built(config.apps, make(config, project.key(config)))
    folder = _folder(project, out)
    if differences(built.files, folder):
        raise RunbuttonError(
            f"{folder} is not what {project.path} builds to: run `runbutton build`, look at it, then deploy"
        )
    with signed_in(project) as (kintone, history):
        plan = plan_deploy(kintone, built, history, only=name, ask_forms=dry_run)
        show(plan)
        if dry_run:
            return
        agreed_to(plan, kintone, "Deploy to", yes=yes)
        apply(kintone, plan, history, datetime.now(UTC))
        for page in settings_pages(kintone, plan):
            saves = "type the secrets and save (the buttons run nothing before)"
            todo = saves if page.new else "look whether all secrets are saved and none are left behind, and save"
            say(f"{page.name} (app {page.app}): an app administrator still has to {todo}, then update the app:")
            say(f"  {page.address}")


def _folder(project: Project, out: Path | None) -> Path:
    """The build's folder: beside the config, wherever the command is called, unless it was built to here."""
    beside = project.folder / "dist"
    return out or (beside if beside.exists() else Path("dist"))
