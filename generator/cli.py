"""The command line: the only place that prints, prompts and exits.

Data goes to stdout, words for people to stderr. Exit code 0: done; 1: something is wrong with what was given; 2: wrong
usage. Each command imports what it needs by itself, so that `runbutton --help` is there at once.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import __version__
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.units import App, Config

_CONFIG = click.argument("config", type=click.Path(path_type=Path), default=Path("units.yaml"))


class _Commands(click.Group):
    """Turns a RunbuttonError into its text on stderr and its exit code; everything else is a bug and shows as one."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click declares it.
        try:
            return super().invoke(ctx)
        except RunbuttonError as error:
            _say(str(error))
            ctx.exit(error.exit_code)


@click.group(cls=_Commands)
@click.version_option(__version__, prog_name="runbutton")
def main() -> None:
    """Turns unit configs into kintone customizations: a Run button on an app's record pages."""
    # Problems quote Japanese field codes and labels; a Windows console may be set to something narrower.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(), metavar="[DIR]")
def init(folder: Path) -> None:
    """Write a commented units.yaml, .env.example and .gitignore into DIR; nothing is overwritten."""
    from generator.assets import TEMPLATES  # noqa: PLC0415

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sorted((TEMPLATES / "starter").iterdir()):
            # Files whose names begin with a dot do not travel in every package.
            target = folder / source.name.replace("dot-", ".")
            try:
                with target.open("xb") as file:
                    file.write(source.read_bytes())
                _say(f"wrote {target}")
            except FileExistsError:
                _say(f"kept {target}, which is there already")
    except OSError as error:
        raise RunbuttonError(f"{folder}: cannot write: {error.strerror}") from error


@main.command()
@click.argument("file", type=click.Path(path_type=Path), default=Path("private.ppk"))
def keygen(file: Path) -> None:
    """Make the private key of a plug-in in FILE (private.ppk), and print the plug-in's ID."""
    from generator import signing  # noqa: PLC0415

    key = signing.new_key()
    signing.write_key(key, file)
    _say(f"wrote {file}. Keep it safe and out of the repository: without it the plug-in cannot be updated.")
    click.echo(signing.plugin_id(key))


@main.command()
def schema() -> None:
    """Print the JSON Schema of units.yaml, for editors."""
    import json  # noqa: PLC0415

    from generator.config import config_schema  # noqa: PLC0415

    click.echo(json.dumps(config_schema(), ensure_ascii=False, indent=2))


@main.command()
@_CONFIG
def check(config: Path) -> None:
    """Read and judge the config CONFIG (units.yaml)."""
    found = _read(config)
    if found.plugin_apps:
        from generator.plugin import plugin_files  # noqa: PLC0415

        # kintone's limits for a plug-in's files; the key is a matter of the build.
        plugin_files(found)
    units = sum(len(app.units) for app in found.apps)
    _say(f"{config}: {len(found.apps)} apps, {units} units, no problems")


@main.command()
@_CONFIG
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True, help="The folder.")
@click.option("--check", "check_only", is_flag=True, help="Write nothing; exit 1 where the folder is not up to date.")
@click.option("--watch", is_flag=True, help="Build again each time CONFIG or .env changes, until Ctrl+C.")
def build(config: Path, out: Path, check_only: bool, watch: bool) -> None:
    """Build the config CONFIG (units.yaml) into the folder dist."""
    if check_only and watch:
        raise click.UsageError("--check writes nothing and --watch does: give one of them")
    if check_only:
        _check_built(config, out)
    elif watch:
        _watch(config, out)
    else:
        _build(config, out)


def _build(config: Path, out: Path) -> None:
    from generator.build import make, write  # noqa: PLC0415

    files = make(_read(config), config.parent)
    write(files, out)
    for path, content in files.items():
        _say(f"wrote {out / path} ({len(content):,} bytes)")


def _check_built(config: Path, out: Path) -> None:
    from generator.build import differences, make  # noqa: PLC0415

    found = differences(make(_read(config), config.parent), out)
    for line in found:
        _say(f"{out}/{line}")
    if found:
        raise RunbuttonError(f"{out} is not up to date: run `runbutton build`")
    _say(f"{out} is up to date")


def _watch(config: Path, out: Path) -> None:
    import time  # noqa: PLC0415

    watched = (config, config.parent / ".env")
    before: object = None
    try:
        while True:
            now = [path.stat().st_mtime_ns if path.exists() else None for path in watched]
            if now != before:
                before = now
                try:
                    _build(config, out)
                except RunbuttonError as error:
                    _say(str(error))
                _say(f"Watching {config}. Stop with Ctrl+C.")
            time.sleep(0.3)
    except KeyboardInterrupt:
        _say("")


@main.command()
@click.argument("config", type=click.Path(path_type=Path), required=False)
@click.option("--port", default=8045, show_default=True, help="The port on 127.0.0.1.")
@click.option("--empty", is_flag=True, help="With the apps of CONFIG but without customizations, to deploy to.")
def preview(config: Path | None, port: int, empty: bool) -> None:
    """Serve a stubbed kintone with the customizations of CONFIG and both services emulated.

    Without CONFIG it takes units.yaml here, and without that the starter. Its administrator is admin, password admin.
    """
    from generator.assets import TEMPLATES  # noqa: PLC0415
    from generator.preview import Preview  # noqa: PLC0415
    from generator.stub.server import Script, serve, stub_for  # noqa: PLC0415

    if config is None:
        config = Path("units.yaml")
        if not config.exists():
            config = TEMPLATES / "starter" / "units.yaml"
    found = _read(config)
    if empty:
        stub = stub_for(found, lambda _: Script(), controls=True)
    else:
        shown = Preview(config, _environ(config))
        stub = stub_for(found, shown.script, plugins=shown.plugins, controls=True)
    try:
        with serve(stub, port) as address:
            _say(f"Previewing {config}. Open {address}{_first_page(found)} (all pages: {address}/). Stop with Ctrl+C.")
            _wait_for_interrupt()
    except OSError as error:
        raise RunbuttonError(
            f"cannot listen on port {port}: {error.strerror}; choose another one with --port"
        ) from error


_APP = click.option("--app", "name", help="Only the app with this name.")
_YES = click.option("--yes", is_flag=True, help="Do not ask.")


@main.command()
@_CONFIG
@_APP
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@_YES
def deploy(config: Path, name: str | None, dry_run: bool, yes: bool) -> None:
    """Bring what was built into kintone: dist/ into the apps of CONFIG.

    Sign in by KINTONE_BASE_URL, KINTONE_USERNAME and KINTONE_PASSWORD, or as the README says.
    """
    from datetime import UTC, datetime  # noqa: PLC0415

    from generator.build import differences, make  # noqa: PLC0415
    from generator.deploy import deploy as carry_out  # noqa: PLC0415
    from generator.deploy import plan_deploy, settings_pages  # noqa: PLC0415
    from generator.kintone import Kintone, read_connection  # noqa: PLC0415

    found = _read(config)
    apps = _chosen(found, name)
    files = make(found, config.parent)
    if differences(files, Path("dist")):
        raise RunbuttonError("dist is not what the config builds to: run `runbutton build`, look at it, then deploy")
    with Kintone(read_connection(_environ(config))) as kintone:
        plan = plan_deploy(kintone, apps, files, config.parent, _say)
        for line in plan.lines:
            _say(line)
        if dry_run:
            return
        if not plan.empty:
            _ask("Other people's unpublished settings go live with this. Deploy?" if plan.others else "Deploy?", yes)
        carry_out(kintone, plan, config.parent, datetime.now(UTC), _say)
        for page in settings_pages(kintone, plan):
            todo = "type the secrets" if page.new else "look whether all secrets are saved"
            _say(f"an app administrator still has to {todo}, then update the app: {page.address}")


@main.command()
@_CONFIG
@_APP
@_YES
def rollback(config: Path, name: str | None, yes: bool) -> None:
    """Put back what was in the apps of CONFIG before the last deploy."""
    from generator.deploy import plan_rollback, roll_back  # noqa: PLC0415
    from generator.kintone import Kintone, read_connection  # noqa: PLC0415

    apps = [app.app for app in _chosen(_read(config), name)]
    with Kintone(read_connection(_environ(config))) as kintone:
        back = plan_rollback(kintone, apps, config.parent, _say, with_plugin=name is None)
        for line in back.plan.lines:
            _say(line)
        if not back.plan.empty:
            _ask("Roll back?", yes)
        roll_back(kintone, back, _say)


def _chosen(config: "Config", name: str | None) -> "list[App]":
    apps = [app for app in config.apps if name in (None, app.name)]
    if not apps:
        raise RunbuttonError(f"--app {name}: no such app; there is {', '.join(app.name for app in config.apps)}")
    return apps


def _ask(question: str, yes: bool) -> None:
    try:
        agreed = yes or click.confirm(question, err=True)
    except click.Abort:
        raise RunbuttonError("nothing was changed; without a terminal to answer on, give --yes") from None
    if not agreed:
        raise RunbuttonError("nothing was changed")


def _first_page(config: "Config") -> str:
    return f"/k/{config.apps[0].app}/show#record=1" if config.apps else "/"


def _wait_for_interrupt() -> None:
    import threading  # noqa: PLC0415

    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        _say("")


def _read(path: Path) -> "Config":
    from generator.config import read_config  # noqa: PLC0415

    config = read_config(path, _environ(path))
    for app in config.apps:
        if app.expose_secrets:
            _say(f"warning: {path}: app {app.app} ({app.name}): every user can read its units' secrets in the browser")
    return config


def _environ(config: Path) -> dict[str, str]:
    """The environment, and what the .env file beside the config adds to it."""
    from generator.environment import with_env_file  # noqa: PLC0415

    return with_env_file(config.parent / ".env", os.environ)


def _say(text: str) -> None:
    click.echo(text, err=True)
