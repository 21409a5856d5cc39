"""What every command needs: the config that it is given, words for people, and questions."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.units import App, Config

CONFIG = click.argument("config", type=click.Path(path_type=Path), default=Path("units.yaml"))
APP = click.option("--app", "name", help="Only the app with this name.")
YES = click.option("--yes", is_flag=True, help="Do not ask.")


def read(path: Path) -> "Config":
    from generator.config import read_config

    config = read_config(path, environ(path))
    for app in config.apps:
        if app.expose_secrets:
            say(f"warning: {path}: app {app.app} ({app.name}): every user can read its units' secrets in the browser")
    return config


def environ(config: Path) -> dict[str, str]:
    """The environment, and what the .env file beside the config adds to it."""
    from generator.environment import with_env_file

    return with_env_file(config.parent / ".env", os.environ)


def chosen_apps(config: "Config", name: str | None) -> "list[App]":
    apps = [app for app in config.apps if name in (None, app.name)]
    if not apps:
        raise RunbuttonError(f"--app {name}: no such app; there is {', '.join(app.name for app in config.apps)}")
    return apps


def say(text: str) -> None:
    click.echo(text, err=True)


def ask(question: str, yes: bool) -> None:
    try:
        agreed = yes or click.confirm(question, err=True)
    except click.Abort:
        raise RunbuttonError("nothing was changed; without a terminal to answer on, give --yes") from None
    if not agreed:
        raise RunbuttonError("nothing was changed")
