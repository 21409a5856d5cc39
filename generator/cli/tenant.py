"""Shared by the commands that change a kintone environment: options, sign-in, questions, stopping."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from generator.cli.terminal import Project, ask, done, on_project, print_result, remind, say
from generator.errors import RunbuttonError
from generator.words import Message, Text, of

if TYPE_CHECKING:
    from generator.deploy.past import Past
    from generator.deploy.plan import Plan
    from generator.kintone.client import Kintone

# Named as cli-kintone names them; the password has none, since other users of a machine see a command's options.
_SETTINGS = {
    "base_url": ("--base-url", "KINTONE_BASE_URL", "URL", "help.baseUrl"),
    "username": ("--username", "KINTONE_USERNAME", "NAME", "help.username"),
    "guest_space_id": ("--guest-space-id", "KINTONE_GUEST_SPACE_ID", "ID", "help.guestSpace"),
    "proxy": ("--proxy", "HTTPS_PROXY", "URL", "help.proxy"),
}


def on_kintone(command: Callable[..., None]) -> Callable[..., None]:
    """on_project for a command that signs in."""
    return on_project(with_sign_in(command))


def with_sign_in(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that sign in; in the Project that it gets they take precedence over the variables."""

    @wraps(command)
    def with_settings(project: Project, **options: Any) -> None:  # noqa: ANN401 - the command's own.
        given = {variable: options.pop(key) for key, (_, variable, _, _) in _SETTINGS.items()}
        settings = {variable: value for variable, value in given.items() if value is not None}
        command(project=replace(project, settings=settings), **options)

    for key, (option, _, metavar, about) in reversed(_SETTINGS.items()):
        add = click.option(option, key, metavar=metavar, help=about)
        with_settings = add(with_settings)
    return with_settings


def _typed(project: Project, arguments: list[str]) -> str:
    """These arguments and the options that sign in, but not --proxy, which may hold a password."""
    given = [(option, project.settings.get(variable)) for option, variable, *_ in _SETTINGS.values()]
    settings = [
        part for option, value in given if value is not None and option != "--proxy" for part in (option, value)
    ]
    parts = [*arguments, *settings]
    return shlex.join(parts) if os.name == "posix" else subprocess.list2cmdline(parts)


@contextmanager
def signed_in(project: Project, *, writes: bool) -> "Iterator[tuple[Kintone, Past]]":
    """As `connected`, with what was deployed to this kintone environment from this config."""
    from generator.deploy.past import read_past

    with connected(project, writes=writes) as kintone:
        env_file = project.other_env_file.name if project.other_env_file is not None else ""
        yield kintone, read_past(project.folder, project.path.name, kintone.connection.address, env_file)


@contextmanager
def connected(project: Project, *, writes: bool) -> "Iterator[Kintone]":
    """The kintone environment that the settings name, said in a line.

    With `writes` it holds the folder's lock. Ctrl+C and SIGTERM (a cancelled CI job) end with a message.
    """
    from generator.deploy.lock import locked
    from generator.deploy.past import STATE_FOLDER
    from generator.kintone.client import Kintone
    from generator.kintone.connection import read_connection

    # First, because it reports a path of --env-file that nothing can look at.
    connection = read_connection(project.environ)
    arguments, options = (_typed(project, given) for given in (project.arguments, project.options))
    connection = replace(connection, arguments=arguments, options=options)
    say(of("kintone", connection.described))
    before = signal.signal(signal.SIGTERM, _stop)
    lock = locked(project.folder / STATE_FOLDER, _say) if writes else nullcontext()
    try:
        with lock, Kintone(connection, _say) as kintone:
            yield kintone
    except KeyboardInterrupt:
        raise RunbuttonError(Message("answers.stopped")) from None
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def reported(as_json: bool) -> Iterator[dict[str, Any]]:
    """Around a command that prints one JSON object when it ends, however it ends: the caller fills it."""
    report: dict[str, Any] = {"result": "failed"}
    try:
        yield report
    except RunbuttonError as error:
        report |= {"result": "failed", "error": str(error)}
        raise
    finally:
        if as_json:
            print_result(json.dumps(report, ensure_ascii=False))


def show(plan: "Plan") -> None:
    """Shows what a plan will do."""
    for line in plan.lines:
        say(line)


def say_dry_run(plan: "Plan") -> None:
    """Sums up what a command would change."""
    if plan.empty:
        done(Message("deploy.unchanged"))
    else:
        say(Message("deploy.dryRun", what=plan.what_changes))


def agreed_to(plan: "Plan", kintone: "Kintone", question: str, *, yes: bool, reasons: tuple[Message, ...] = ()) -> None:
    """Asks whether to apply a plan. RunbuttonError if the user does not agree.

    `question` is the key of the question; the `reasons` for caution and the plan's own come first.
    """
    if not plan.empty:
        for reason in (*reasons, *plan.questions):
            remind(reason)
        ask(Message(question, kintone=kintone.connection.place), yes)


def _say(text: Text) -> None:
    """Shows a line of progress: with a mark if something is live, as a warning if it is one."""
    if isinstance(text, Message) and text.key == "apply.ended":
        done(text)
    else:
        say(text)


def _stop(_signal: int, _frame: Any) -> None:  # noqa: ANN401 - as the signal module hands it in.
    raise KeyboardInterrupt
