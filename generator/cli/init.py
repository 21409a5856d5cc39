"""`runbutton init`."""

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.cli.command import Argument, Command, UsageError, pair, spoken
from generator.cli.language import language
from generator.cli.terminal import FILE, complain, prompt, say
from generator.errors import RunbuttonError
from generator.system import reason_of
from generator.words import Message, Sentence, of
from generator.words import say as say_in

if TYPE_CHECKING:
    from generator.starter import Answers


@click.command(
    cls=Command,
    about="help.init",
    more=["help.initMore"],
    example="runbutton init --service trocco-job --app 45 --set job_definition_id=12",
)
@click.argument("folder", cls=Argument, about="help.initFolder", type=FILE, default=Path(), metavar="[FOLDER]")
@click.option("--service", metavar="NAME", help="help.initService")
@click.option("--app", metavar="ID|URL", help="help.initApp")
@click.option("--label", metavar="TEXT", help="help.initLabel")
@click.option("--set", "values", multiple=True, metavar="KEY=VALUE", help="help.initSet")
@click.option("--demo", is_flag=True, help="help.initDemo")
def init(folder: Path, *, values: tuple[str, ...], demo: bool, **options: str | None) -> None:
    """Writes units.yaml, its schema, the plug-in's key, .env.example, .gitignore and AGENTS.md, in the command line's
    language.

    On a terminal it asks for missing values; addresses may be pasted as the browser shows them. Elsewhere, without
    any option, the values are made up.
    """
    if os.path.lexists(folder / "units.yaml"):
        raise RunbuttonError(Message("init.exists", path=folder / "units.yaml"))
    given = {name: text for name, text in options.items() if text is not None}
    for key, value in map(pair, values):
        if key in given:
            raise RunbuttonError(of(f"--set {key}", Message("answer.twice")))
        given[key] = value
    if demo and given:
        raise UsageError(Message("usage.demoAlone"))
    made_up = demo or (not given and not sys.stdin.isatty())
    _write(folder, _made_up(demo=demo) if made_up else _Interview(given).answers())
    if made_up:
        say(Message("init.madeUp"))
    say(Message("init.next", path="" if folder == Path() else f" {folder / 'units.yaml'}"))


class _Interview:
    """Takes the options, and asks for the rest if there is a terminal."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def answers(self) -> "Answers":
        """The answers to all questions. RunbuttonError for an option that is wrong, missing or unknown."""
        from generator.starter import (
            Answers,
            Button,
            parse_app,
            parse_label,
            parse_service,
            parse_value,
            questions_for,
        )
        from generator.units.unit import SERVICES

        offered = "".join(
            f"\n  {number}. {_said(unit.service_words)}" for number, unit in enumerate(SERVICES.values(), 1)
        )
        question = f"{spoken('init.service')}{offered}\n{spoken('init.number')}"
        service = self._value("service", question, "1" if sys.stdin.isatty() else "", parse_service)
        asked = questions_for(service)
        keys = [one.key for one in asked]
        for unknown in self._given.keys() - {"service", "app", "label", *keys}:
            raise RunbuttonError(Message("init.notAsked", key=unknown, service=service, allowed=keys))
        app = self._value("app", spoken("init.app"), "", parse_app)
        values = {
            one.key: self._value(one.key, _said(one.words), one.default, partial(parse_value, service, one))
            for one in asked
        }
        label = self._value("label", spoken("init.label"), spoken("init.labelDefault"), partial(parse_label, service))
        return Answers(language(), app, (Button(service, label, values),))

    def _value(self, name: str, question: str, default: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401
        option = f"--{name}" if name in {"service", "app", "label"} else f"--set {name}=…"
        if name in self._given:
            try:
                return parse(self._given[name])
            except RunbuttonError as error:
                error.begin_with(option)
                raise
        if not sys.stdin.isatty():
            if default:
                return parse(default)
            asked, *choices = question.strip().splitlines()
            raise RunbuttonError(Message("init.missing", option=option, question=asked), *choices)
        while True:
            typed = prompt(question, default=default or None)
            try:
                return parse(typed)
            except RunbuttonError as error:
                complain(error)


def _said(sentence: Sentence) -> str:
    return say_in(language(), sentence)


def _made_up(*, demo: bool) -> "Answers":
    from generator import starter

    return starter.demo(language()) if demo else starter.Answers(language())


def _write(folder: Path, answers: "Answers") -> None:
    from generator import signing
    from generator.starter import files

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files(answers).items():
            try:
                with (folder / path).open("xb") as file:
                    file.write(content)
                say(Message("init.wrote", path=folder / path))
            except FileExistsError:
                say(Message("init.kept", path=folder / path))
    except OSError as error:
        raise RunbuttonError(of(str(folder), Message("file.cannotWrite", error=reason_of(error)))) from error
    key = folder / "private.ppk"
    if key.exists():
        say(Message("init.kept", path=key))
    else:
        signing.write_key(signing.new_key(), key)
        say(Message("init.key", path=key))
