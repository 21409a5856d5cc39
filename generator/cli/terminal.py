"""What every command needs: its project, messages for people, and questions."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.command import Argument
from generator.cli.language import language
from generator.cli.lossy import Lossy
from generator.errors import ConfigError, RunbuttonError
from generator.words import Message, Text, in_words, of
from generator.words import say as say_in

if TYPE_CHECKING:
    from generator.signing import Key
    from generator.units.config import Config

# Checked where it is read: click's own check would report an unreadable file as wrong usage, exit code 2.
FILE = click.Path(path_type=Path, readable=False)
_CONFIG = Path("units.yaml")
ENV_FILE = click.option("--env-file", type=FILE, metavar="FILE", help="help.envFile")
APP = click.option("--app", "name", metavar="NAME|ID", help="help.app")
DRY_RUN = click.option("--dry-run", is_flag=True, help="help.dryRun")
YES = click.option("--yes", is_flag=True, help="help.yes")


def port_option(default: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option --port of a command that serves pages."""
    port = click.IntRange(0, 65535)
    return click.option("--port", type=port, default=default, metavar="PORT", help="help.port")


@dataclass(frozen=True)
class Project:
    """A config file, its folder, and the environment for reading it."""

    path: Path
    env_file: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    """Variables from command line options; they take precedence over all others."""

    @property
    def folder(self) -> Path:
        """Where relative paths of the config start, and where .env and .runbutton/ are."""
        return self.path.parent

    @property
    def other_env_file(self) -> Path | None:
        """The file of --env-file, unless it is the .env next to the config."""
        usual = self.env_file is None or self.env_file.resolve() == (self.folder / ".env").resolve()
        return None if usual else self.env_file

    @property
    def arguments(self) -> list[str]:
        """What selects the config and its variables on a command line; empty for units.yaml and .env."""
        config = [] if self.path == _CONFIG else [str(self.path)]
        return config if self.other_env_file is None else [*config, "--env-file", str(self.other_env_file)]

    @property
    def options(self) -> list[str]:
        """What selects the variables for a command that takes no config, and so has no folder but the current one."""
        file = self.env_file or self.folder / ".env"
        return ["--env-file", str(file)] if file != Path(".env") and file.exists() else []

    @cached_property
    def environ(self) -> dict[str, str]:
        """The environment, and what a .env file adds to it: the given one or the one next to the config. Read once."""
        from generator.environment import with_env_file

        file = self.env_file or self.folder / ".env"
        return with_env_file(file, os.environ, required=self.env_file is not None) | {
            **self.settings,
            "RUNBUTTON_LANG": language(),  # kintone's own messages follow it
        }

    def read(self) -> "Config":
        """The config; shows its warnings."""
        config, warnings = self.read_quietly()
        self.warn(warnings)
        return config

    def read_quietly(self) -> "tuple[Config, Sequence[Message]]":
        """The config and its warnings."""
        # pydantic would search all installed packages for pydantic plug-ins.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from generator.cautions import cautions
        from generator.config import read_config

        config = read_config(self.path, self.environ)
        return config, list(cautions(config))

    def warn(self, warnings: "Sequence[Message]") -> None:
        """Shows warnings about the config."""
        for warning in warnings:
            warn(of(str(self.path), warning))

    def key(self, config: "Config") -> "Key | None":
        """The plug-in's key; None for a config that builds no plug-in. SigningError if it cannot be used."""
        shared = config.shared_plugin
        if shared is None:
            return None
        from generator.signing import load_key

        return load_key(shared.plugin, self.folder)


def on_project(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the argument CONFIG and the option --env-file; it gets the Project as `project`."""

    @click.argument("config", cls=Argument, about="help.config", type=FILE, default=_CONFIG)
    @ENV_FILE
    @wraps(command)
    def with_project(config: Path, env_file: Path | None, **options: Any) -> None:  # noqa: ANN401 - the command's own.
        command(project=Project(config, env_file), **options)

    return with_project


def on_folder(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command that reads no config the option --env-file; it gets the Project of the current folder."""

    @ENV_FILE
    @wraps(command)
    def with_project(env_file: Path | None, **options: Any) -> None:  # noqa: ANN401 - the command's own.
        command(project=Project(_CONFIG, env_file), **options)

    return with_project


def say(text: Text) -> None:
    """Shows a message on stderr, in the user's language; a closed stderr changes nothing."""
    Lossy(err=True).say(in_words(language(), text))


def done(text: Text) -> None:
    """Reports success or finished work."""
    _marked("✓", "green", text)


def remind(text: Text) -> None:
    """Shows the user's next step."""
    _marked("!", "yellow", text)


def failed(text: Text) -> None:
    """Shows a summary of the problems."""
    _marked("✗", "red", text)


def warn(text: Text) -> None:
    """Shows a warning, which stops nothing."""
    _begun("text.warning", "yellow", text)


def complain(error: RunbuttonError) -> None:
    """Shows the errors that stopped a command; problems of a file begin with their position, for programs."""
    if isinstance(error, ConfigError):
        say(error)
    else:
        _begun("text.error", "red", error)


def print_result(result: str) -> None:
    """Prints the result of finished work on stdout, or reports on stderr that it cannot; the exit code stays."""
    stdout = Lossy()
    stdout.say(result)
    if stdout.lost and stdout.lost is not stdout.CLOSED:
        complain(RunbuttonError(Message("start.notWritten", error=stdout.lost)))


def _marked(mark: str, color: str, text: Text) -> None:
    Lossy(err=True).say(f"{_styled(mark, color)} {in_words(language(), text)}")


def _begun(key: str, color: str, text: Text) -> None:
    word = say_in(language(), key, text="")
    Lossy(err=True).say(_styled(word.rstrip(), color) + " " * word.endswith(" ") + in_words(language(), text))


def _styled(text: str, color: str) -> str:
    # https://no-color.org; click leaves colors out where stderr is no terminal.
    return text if os.environ.get("NO_COLOR") else click.style(text, fg=color, bold=True)


def prompt(question: str, **options: Any) -> str:  # noqa: ANN401 - click's own.
    """The user's input. click.Abort if there is none; KeyboardInterrupt for Ctrl+C, which click takes for the same."""
    try:
        return str(click.prompt(question, err=True, **options))
    except click.Abort as abort:
        if isinstance(abort.__context__, KeyboardInterrupt):
            say("")
            raise KeyboardInterrupt from None
        raise


def ask(question: Text, yes: bool) -> None:
    """Asks a yes-or-no question. RunbuttonError if the answer is no."""
    try:
        agreed = yes or _agrees(in_words(language(), question))
    except click.Abort:
        say("")
        raise RunbuttonError(Message("answers.no" if sys.stdin.isatty() else "answers.none")) from None
    if not agreed:
        raise RunbuttonError(Message("answers.no"))


def _agrees(question: str) -> bool:
    while True:
        answer = prompt(f"{question} [y/N]", default="", show_default=False).strip().lower()
        if answer in ("", "y", "yes", "n", "no"):
            return answer.startswith("y")
        say(Message("answers.yesOrNo"))
