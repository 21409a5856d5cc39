"""Invisible characters: a value or a field code with one differs from what it looks like. No I/O."""

import unicodedata

# Letters and symbols by Unicode category that are blank: the Hangul fillers and the empty Braille cell.
_BLANK = "\u034f\u115f\u1160\u2800\u3164\uffa0"
JOINERS = "\u200c\u200d"
"""Zero-width joiners, which emoji and some scripts need between two characters."""


# What JavaScript's trim() removes (ECMAScript, WhiteSpace and LineTerminator): the settings page and the command
# line make the same of a secret.
_AT_EDGES = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f"
    "\u3000\ufeff"
)


def trim(text: str) -> str:
    """The text without white space and line ends around it."""
    return text.strip(_AT_EDGES)


def invisible_in(text: str, allowed: str = "") -> str:
    """The code point of the first character of `text` that cannot be seen, such as U+200B; empty if there is none.

    Control characters, those that only format (zero-width, direction), separators of lines and paragraphs, and lone
    surrogates, which a bad byte in the environment becomes. `allowed` ones count as seen.
    """
    strange = next((each for each in text if each not in allowed and _is_invisible(each)), None)
    return f"U+{ord(strange):04X}" if strange else ""


def in_one_line(text: str) -> str:
    """A text from elsewhere as a part of a line for people: line ends are spaces, and no other character can control a
    terminal, or reorder what it shows."""
    return text if text.isprintable() else "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in JOINERS or not _is_invisible(character):
        return character
    return " " if character in "\t\n\r\x85\u2028\u2029" else "\ufffd"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in _BLANK
