"""The sentences for people, by language, section and key, from templates/words.

`{name}` in a sentence is replaced by a value. Browser modules say the same sentences by templates/runtime/view/say.js.
"""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

from generator.assets import TEMPLATES

LANGUAGES = frozenset(("ja", "en"))

Sections = Mapping[str, Mapping[str, str]]


class HasText(Protocol):
    """A text by language that stands in a config."""

    def text(self, language: str) -> str:
        """The text in one language, ja or en."""
        ...


Sentence = str | HasText
"""A key of templates/words, `section.key`, or somebody's own text by language."""


@lru_cache
def sections(language: str) -> Sections:
    """All sentences of a language."""
    words: Sections = json.loads((TEMPLATES / "words" / f"{language}.json").read_text(encoding="utf-8"))
    return words


def say(language: str, sentence: Sentence, **values: object) -> str:
    """The sentence in a language, ja or en. KeyError where there is no such sentence."""
    if isinstance(sentence, str):
        section, _, key = sentence.partition(".")
        text = sections(language)[section][key]
    else:
        text = sentence.text(language)
    return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), text)


def by_language(sentence: Sentence, **values: object) -> dict[str, str]:
    """The sentence in both languages, as browser modules take texts that are not their own."""
    return {language: say(language, sentence, **values) for language in ("ja", "en")}


def used_in(script: str, languages: Iterable[str]) -> dict[str, Sections]:
    """The sentences whose keys a linked script names, by language.

    A key stands in it as `"section.key"`; where it begins with `` `section.${ ``, the whole section may be said.
    """
    named = set(re.findall(r'"(\w+)\.(\w+)"', script))
    whole = set(re.findall(r"`(\w+)\.\$\{", script))
    return {
        language: {
            section: kept
            for section, keys in sections(language).items()
            if (kept := {key: text for key, text in keys.items() if section in whole or (section, key) in named})
        }
        for language in sorted(languages)
    }
