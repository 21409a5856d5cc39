"""Every text uses the words of the guide's glossary."""

import re
from pathlib import Path

import pytest

from generator.assets import TEMPLATES
from generator.guide import FOLDER
from generator.words import LANGUAGES

README = Path(__file__).parent.parent / "README.md"
GLOSSARY = FOLDER / "en" / "glossary.md"


def not_used(language: str) -> list[str]:
    """The glossary's rejected synonyms."""
    rows = re.findall(r"^\| (?:.*) \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)[1:]
    column, comma = (2, ", ") if language == "en" else (3, "、")
    return [word for row in rows for word in row.strip("| ").split(" | ")[column].split(comma)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_uses_the_words_of_the_glossary(language: str) -> None:
    words = not_used(language)
    assert len(words) > 30
    boundary = r"\b" if language == "en" else ""
    pattern = re.compile("|".join(f"{boundary}{re.escape(word)}{boundary}" for word in words))
    paths = [*(FOLDER / language).glob("*.md"), *(TEMPLATES / "words").rglob(f"{language}.json")]
    assert [
        (path.name, found)
        for path in (*paths, *([README] if language == "en" else []))
        if path.name != GLOSSARY.name
        for found in pattern.findall(path.read_text(encoding="utf-8"))
    ] == []
