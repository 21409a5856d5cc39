"""The sentences for people, by language, section and key, from templates/words.

`{name}` in a sentence is replaced by a value. Browser modules use the same sentences with
templates/runtime/view/say.js; those of the command line are in templates/words/command, which no script contains.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from generator.assets import TEMPLATES
from generator.invisible import in_one_line

if TYPE_CHECKING:
    from datetime import datetime

LANGUAGES = ("ja", "en")

Sections = Mapping[str, Mapping[str, str]]


@runtime_checkable
class HasText(Protocol):
    """A text by language from a config."""

    def text(self, language: str) -> str:
        """The text in one language, ja or en."""
        ...


Sentence = str | HasText
"""A key of templates/words, `section.key`, or another text by language."""


Text = str | HasText
"""A part of a message or an error: an unchanged name or address, or a text by language."""


class Message:
    """A sentence with its values, formatted when it is shown: a problem, a line of progress, a question.

    Values may be messages themselves; several in a tuple become a list. `str()` is the English text, which
    machine-readable output uses for every language.
    """

    __slots__ = ("_values", "key")

    def __init__(self, key: str, /, **values: object) -> None:
        self.key = key
        self._values = tuple((name, tuple(each) if isinstance(each, list) else each) for name, each in values.items())

    def value(self, name: str) -> object:
        """The value with this name; None if it has none."""
        return dict(self._values).get(name)

    def text(self, language: str) -> str:
        """The sentence in one language, ja or en."""
        return say(language, self.key, **dict(self._values))

    def __str__(self) -> str:
        return self.text("en")

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __add__(self, other: Text) -> "Message":
        return Message("text.both", one=self, other=other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.key, self._values) == (other.key, other._values)

    def __hash__(self) -> int:
        return hash((self.key, self._values))


def of(title: Text, text: object) -> Message:
    """A text that begins with its subject."""
    return Message("text.of", title=title, text=text)


_COUNTS = {
    "app": ("counts.app", "counts.apps"),
    "button": ("counts.button", "counts.buttons"),
    "difference": ("counts.difference", "counts.differences"),
    "field": ("counts.field", "counts.fields"),
    "file": ("counts.file", "counts.files"),
    "other": ("counts.other", "counts.others"),
    "plugin": ("counts.plugin", "counts.plugins"),
    "problem": ("counts.problem", "counts.problems"),
}


def counted(number: int, noun: str) -> Message:
    """A number with its noun, such as 3 apps."""
    one, several = _COUNTS[noun]
    return Message(one if number == 1 else several, number=f"{number:,}")


def titled(app: int, name: str) -> Message:
    """An app's name in messages."""
    return Message("text.namedApp", app=app, name=name) if name else Message("text.app", app=app)


def local_time(time: "datetime") -> str:
    """A time for people, in this computer's zone."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


@lru_cache
def sections(language: str) -> Sections:
    """All sentences of a language."""
    return page_sections(language) | _read(Path("command", f"{language}.json"))


@lru_cache
def page_sections(language: str) -> dict[str, Mapping[str, str]]:
    """The sentences of the pages alone."""
    return _read(Path(f"{language}.json"))


def _read(path: Path) -> dict[str, Mapping[str, str]]:
    words: dict[str, Mapping[str, str]] = json.loads((TEMPLATES / "words" / path).read_text(encoding="utf-8"))
    return words


def say(language: str, sentence: Sentence, **values: object) -> str:
    """The sentence in a language, ja or en. KeyError if there is no such sentence."""
    if isinstance(sentence, str):
        section, _, key = sentence.partition(".")
        text = sections(language)[section][key]
    else:
        text = sentence.text(language)
    return re.sub(r"\{(\w+)\}", lambda found: in_words(language, values.get(found[1], found[0])), text)


def in_words(language: str, value: object) -> str:
    """A value for a sentence: a text in the language, a list joined by the language's rules.

    Other texts may come from elsewhere: an app's name could control the terminal, and an error message with a line end
    could control a CI service, which reads its commands at the start of a line.
    """
    if isinstance(value, HasText):
        return value.text(language)
    if isinstance(value, tuple):
        return ("、" if language == "ja" else ", ").join(in_words(language, each) for each in value)
    return in_one_line(str(value))


def by_language(sentence: Sentence, **values: object) -> dict[str, str]:
    """The sentence in both languages, in the form that browser modules need for texts from elsewhere."""
    return {language: say(language, sentence, **values) for language in LANGUAGES}


def used_in(script: str, languages: Iterable[str]) -> dict[str, Sections]:
    """The sentences whose keys a linked script names, by language.

    A key appears in it as `"section.key"`; `` `section.${ `` selects the whole section.
    """
    named = set(re.findall(r'"(\w+)\.(\w+)"', script))
    whole = set(re.findall(r"`(\w+)\.\$\{", script))
    return {
        language: {
            section: kept
            for section, keys in page_sections(language).items()
            if (kept := {key: text for key, text in keys.items() if section in whole or (section, key) in named})
        }
        for language in sorted(languages)
    }
