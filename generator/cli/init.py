"""`runbutton init`."""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator import words
from generator.cli.terminal import FILE, LANG, say
from generator.errors import RunbuttonError

if TYPE_CHECKING:
    from generator.starter import Answers


@click.command()
@click.argument("folder", type=FILE, default=Path(), metavar="[DIR]")
@click.option("--service", help="What the button runs, such as krewdata.")
@click.option("--app", help="The ID or address of the kintone app that gets the button.")
@click.option("--label", help="What the button says.")
@click.option("--set", "values", multiple=True, metavar="KEY=VALUE", help="A key of the unit, such as url=https://…")
@LANG
def init(folder: Path, *, values: tuple[str, ...], lang: str, **options: str | None) -> None:
    """Begin a project in DIR: units.yaml, the plug-in's key, .env.example and .gitignore; nothing is overwritten.

    On a terminal it asks for what is not given; addresses may be pasted as the browser shows them. Elsewhere, without
    any option, the values are made up. Example: runbutton init --service trocco-job --app 45 --set job_definition_id=12
    """
    if (folder / "units.yaml").exists():
        raise RunbuttonError(f"{folder / 'units.yaml'} is there already: edit it, or name another folder")
    given = {name: text for name, text in options.items() if text is not None} | dict(map(_pair, values))
    made_up = not given and not sys.stdin.isatty()
    _write(folder, _made_up(lang) if made_up else _Interview(given, lang).answers())
    if made_up:
        say(words.say(lang, "init.madeUp"))
    say(words.say(lang, "init.next", path="" if folder == Path() else f" {folder / 'units.yaml'}"))


class _Interview:
    """Takes what was given as options, and asks for the rest where there is a terminal to ask on."""

    def __init__(self, given: Mapping[str, str], lang: str) -> None:
        self._given = given
        self._lang = lang

    def answers(self) -> "Answers":
        """The answers to all questions. RunbuttonError for an option that is wrong, missing or unknown."""
        from generator.starter import Answers, asked_of, judged, judged_app, judged_service
        from generator.units.unit import SERVICES

        offered = "".join(f"\n  {name}: {words.say(self._lang, unit.service_words)}" for name, unit in SERVICES.items())
        service = self._value("service", f"{words.say(self._lang, 'init.service')}{offered}\n ", "", judged_service)
        asked = asked_of(service)
        keys = [one.key for one in asked]
        for unknown in self._given.keys() - {"service", "app", "label", *keys}:
            raise RunbuttonError(f"--set {unknown}: is not asked for {service}; there is {', '.join(keys)}")
        app = self._value("app", words.say(self._lang, "init.app"), "", judged_app)
        values = {
            one.key: self._value(one.key, words.say(self._lang, one.words), one.default, partial(judged, service, one))
            for one in asked
        }
        label = self._value(
            "label", words.say(self._lang, "init.label"), words.say(self._lang, "init.labelDefault"), str
        )
        return Answers(self._lang, service, app, label, values)

    def _value(self, name: str, question: str, default: str, judge: Callable[[str], Any]) -> Any:  # noqa: ANN401
        option = f"--{name}" if name in {"service", "app", "label"} else f"--set {name}=…"
        if name in self._given:
            try:
                return judge(self._given[name])
            except RunbuttonError as error:
                raise RunbuttonError(f"{option}: {error}") from None
        if not sys.stdin.isatty():
            if default:
                return judge(default)
            raise RunbuttonError(f"{option} is missing: {question.strip()}")
        return click.prompt(question, default=default or None, value_proc=partial(_judged_on_terminal, judge), err=True)


def _judged_on_terminal(judge: Callable[[str], Any], text: str) -> Any:  # noqa: ANN401
    try:
        return judge(text)
    except RunbuttonError as error:
        # click says it and asks again.
        raise click.UsageError(str(error)) from None


def _made_up(lang: str) -> "Answers":
    from generator.starter import Answers

    return Answers(lang)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--set {text}: give KEY=VALUE")
    return key, value


def _write(folder: Path, answers: "Answers") -> None:
    from generator import signing
    from generator.starter import files

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files(answers).items():
            try:
                with (folder / path).open("xb") as file:
                    file.write(content)
                say(words.say(answers.language, "init.wrote", path=folder / path))
            except FileExistsError:
                say(words.say(answers.language, "init.kept", path=folder / path))
    except OSError as error:
        raise RunbuttonError(f"{folder}: cannot write: {error.strerror}") from error
    key = folder / "private.ppk"
    if key.exists():
        say(words.say(answers.language, "init.kept", path=key))
    else:
        signing.write_key(signing.new_key(), key)
        say(words.say(answers.language, "init.key", path=key))
