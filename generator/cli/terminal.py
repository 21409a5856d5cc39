"""What every command needs: the project that it is given, words for people, and questions."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.lossy import Lossy
from generator.errors import RunbuttonError
from generator.words import Message, Text, in_words, of

if TYPE_CHECKING:
    from generator.signing import Key
    from generator.units.config import Config

# Judged where it is read: click's own check would make a file that may not be read a matter of usage, exit code 2.
FILE = click.Path(path_type=Path, readable=False)
ENV_FILE = click.option("--env-file", type=FILE, help="Variables from this file instead of the .env beside CONFIG.")
APP = click.option("--app", "name", help="Only the app with this name or ID.")
YES = click.option("--yes", is_flag=True, help="Do not ask.")


def port_option(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option --port of a command that serves pages."""
    return click.option(
        "--port",
        type=click.IntRange(0, 65535),
        default=default,
        show_default=True,
        help="The port on 127.0.0.1; 0 takes any that is free.",
    )


def language() -> str:
    """The language to speak, ja or en: RUNBUTTON_LANG, else the terminal's."""
    import locale

    # POSIX looks at the three after RUNBUTTON_LANG in this order; Windows has none of them, but a setting of its own.
    variables = ("RUNBUTTON_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    given = next((os.environ[name] for name in variables if os.environ.get(name)), None)
    return "ja" if (given or locale.getlocale()[0] or "").lower().startswith("ja") else "en"


LANG = click.option(
    "--lang", type=click.Choice(["ja", "en"]), default=language, show_default="the terminal's", help="The language."
)


@dataclass(frozen=True)
class Project:
    """A config file, the folder that it lies in, and the environment that it is read with."""

    path: Path
    env_file: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """Variables that options of the command line give; they win over all others."""

    @property
    def folder(self) -> Path:
        """Where relative paths of the config start, and where .env and .runbutton/ are."""
        return self.path.parent

    @cached_property
    def environ(self) -> dict[str, str]:
        """The environment, and what a .env file adds to it: the given one or the one beside the config. Read once."""
        from generator.environment import with_env_file

        if self.env_file is not None and not self.env_file.exists():
            raise RunbuttonError(Message("answers.noEnvFile", path=self.env_file))
        return with_env_file(self.env_file or self.folder / ".env", os.environ) | dict(self.settings)

    def read(self) -> "Config":
        """The config; what it allows and people should know is said."""
        # pydantic would look through everything that is installed for plug-ins of its own.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from generator.cautions import cautions
        from generator.config import read_config

        config = read_config(self.path, self.environ)
        for caution in cautions(config):
            say(Message("text.warning", text=of(str(self.path), caution)))
        return config

    def key(self, config: "Config") -> "Key | None":
        """The plug-in's key; None for a config that builds no plug-in. SigningError for one that cannot be used."""
        shared = config.shared_plugin
        if shared is None:
            return None
        from generator.signing import load_key

        return load_key(shared.plugin, self.folder)


def on_project(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the argument CONFIG and the option --env-file; it gets the Project as `project`."""

    @click.argument("config", type=FILE, default=Path("units.yaml"))
    @ENV_FILE
    @wraps(command)
    def with_project(config: Path, env_file: Path | None, **options: Any) -> None:  # noqa: ANN401 - the command's own.
        command(project=Project(config, env_file), **options)

    return with_project


_COUNTS = {
    "app": ("counts.app", "counts.apps"),
    "unit": ("counts.button", "counts.buttons"),
    "file": ("counts.file", "counts.files"),
    "difference": ("counts.difference", "counts.differences"),
}


def counted(number: int, noun: str) -> Message:
    """So many of something, such as 3 apps."""
    one, several = _COUNTS[noun]
    return Message(one if number == 1 else several, number=f"{number:,}")


def say(text: Text) -> None:
    """Tells people on stderr, in their language; whether anybody reads it changes nothing."""
    Lossy(err=True).say(in_words(language(), text))


def ask(question: Text, yes: bool) -> None:
    """Asks a yes-or-no question. RunbuttonError where that is not agreed to."""
    try:
        agreed = yes or click.confirm(in_words(language(), question), err=True)
    except click.Abort:
        raise RunbuttonError(Message("answers.none")) from None
    if not agreed:
        raise RunbuttonError(Message("answers.no"))
