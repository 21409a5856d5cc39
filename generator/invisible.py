"""Characters that nobody sees: a value or a field code with one is another one than it looks. No I/O."""

import unicodedata

# Letters and signs by Unicode's categories that are blank all the same: Hangul's fillers and the empty Braille cell.
_BLANK = "\u034f\u115f\u1160\u2800\u3164\uffa0"
JOINERS = "\u200c\u200d"
"""Zero-width joiners: emoji and some scripts need them between two characters."""


def invisible_in(text: str, allowed: str = "") -> str:
    """What messages call the first character of `text` that cannot be seen; empty where there is none.

    Control characters, those that only format (zero-width, direction), separators of lines and paragraphs, and lone
    surrogates, which a bad byte in the environment becomes. `allowed` ones count as seen.
    """
    strange = next((each for each in text if each not in allowed and _is_invisible(each)), None)
    return f"the invisible character U+{ord(strange):04X}" if strange else ""


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in _BLANK
