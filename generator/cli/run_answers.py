"""The values of `ask` for `runbutton run`: from --set, from their defaults, or from questions on a terminal."""

import re
import sys
from typing import TYPE_CHECKING

import click

from generator.cli.terminal import complain, prompt
from generator.errors import RunbuttonError
from generator.near import near_word
from generator.words import Message, Text, of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.answers import Answer
    from generator.units.unit import Unit
    from generator.units.values import Json


_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_FORM = "YYYY-MM-DD"


def answers_of(
    unit: "Unit", pairs: "Sequence[tuple[str, str]]", record: "Json", language: str, *, may_ask: bool
) -> dict[str, str]:
    """The value of each input by its name.

    RunbuttonError for names that the unit does not have, and for values that are wrong or missing if no terminal can
    ask for them.
    """
    from generator.answers import read_answers

    given = dict(pairs)
    names = [each.name for each in unit.ask]
    if problems := list(_unknown(pairs, names)):
        raise RunbuttonError(*problems)
    if any(variable.list for variable in getattr(unit, "custom_variables", ())):
        raise RunbuttonError(of(unit.id, Message("answer.noList")))
    if not names:
        return {}
    while True:
        answers = read_answers(unit, given, record, language)
        wrong = [each for each in answers if each.mistake]
        if not wrong:
            return {each.name: each.value for each in answers}
        typed = [each for each in wrong if each.name in given]
        if typed and given.keys() <= dict(pairs).keys():
            raise RunbuttonError(*(of(f"--set {each.name}", _told(each)) for each in typed))
        if not may_ask or not _is_terminal():
            raise RunbuttonError(*(_missing(each) for each in wrong))
        for each in wrong:
            if each in typed:
                complain(RunbuttonError(_told(each)))
            given[each.name] = _typed(each)


def _unknown(pairs: "Sequence[tuple[str, str]]", names: "Sequence[str]") -> "list[Text]":
    problems: list[Text] = []
    for at, (name, _) in enumerate(pairs):
        if name not in names:
            near = near_word(name, names)
            known = Message("answer.near", near=near) if near else Message("answer.unknown", allowed=tuple(names))
            problems.append(of(f"--set {name}", known if names else Message("answer.none")))
        elif name in dict(pairs[:at]):
            problems.append(of(f"--set {name}", Message("answer.twice")))
    return problems


def _told(answer: "Answer") -> Text:
    if answer.choices:
        return Message("answer.choices", allowed=answer.choices)
    if answer.kind == "date" and not re.fullmatch(_DATE, answer.value):
        return Message("answer.date", form=_FORM)
    return answer.mistake


def _missing(answer: "Answer") -> Text:
    example: Text = _FORM if answer.kind == "date" else Message("answer.value")
    example = "|".join(answer.choices) or example
    return of(answer.name, Message("answer.missing", label=answer.label, name=answer.name, value=example))


def _typed(answer: "Answer") -> str:
    values = ", ".join(answer.choices) or (_FORM if answer.kind == "date" else "")
    label = f"{answer.label} ({values})" if values else answer.label
    try:
        return prompt(label, default=answer.value, show_default=bool(answer.value))
    except click.Abort:
        raise RunbuttonError(_missing(answer)) from None


def _is_terminal() -> bool:
    return sys.stdin.isatty()
