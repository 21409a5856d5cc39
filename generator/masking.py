"""Hides secrets in texts from outside: a server may repeat what it received, in any encoding. No I/O."""

import base64
import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from generator.words import Text, in_words

MASK = "***"
# A shorter secret also occurs inside harmless words, and its Base64 inside any other text.
_SHORT = 6
_URL_SAFE = str.maketrans({"+": "[+-]", "/": "[/_]"})


class Mask:
    """Hides secrets in texts: as they are, and as JSON, URLs, HTML and Base64 write them."""

    def __init__(self, secrets: Iterable[str]) -> None:
        # Long ones first, because a short one may be a part of them.
        self._secrets = sorted({*secrets} - {""}, key=len, reverse=True)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # Compiled when first needed, because it takes about 20 ms.
        return re.compile("|".join(map(_pattern, self._secrets)) or "(?!)")

    def text(self, text: Text) -> "MaskedText":
        """The same for a text by language."""
        return MaskedText(self, text)

    def __call__(self, text: str) -> str:
        """The text with `***` in each secret's place."""
        return self._pattern.sub(MASK, text)


@dataclass(frozen=True)
class MaskedText:
    """A text by language in which secrets are hidden."""

    mask: Mask
    unmasked: Text = field(repr=False)

    def text(self, language: str) -> str:
        """The text in one language, ja or en."""
        return self.mask(in_words(language, self.unmasked))

    def __str__(self) -> str:
        return self.text("en")


def _pattern(secret: str) -> str:
    written = "".join(map(_character, secret))
    if len(secret) < _SHORT:
        return rf"(?<!\w){written}(?!\w)"
    return "|".join([written, *_in_base64(secret.encode(errors="surrogatepass"))])


def _character(character: str) -> str:
    """Finds one character in each way to write it."""
    units = character.encode("utf-16-be", errors="surrogatepass").hex()
    forms = {character, json.dumps(character, ensure_ascii=False)[1:-1], f"\\{character}", html.escape(character)}
    patterns = [re.escape(form) for form in sorted(forms, key=len, reverse=True)]
    patterns.append("".join(rf"\\u(?i:{units[at : at + 4]})" for at in range(0, len(units), 4)))
    patterns.append("".join(f"%(?i:{byte:02x})" for byte in character.encode(errors="surrogatepass")))
    patterns.append(rf"&#(?:0*{ord(character)}|[xX]0*(?i:{ord(character):x}));")
    return f"(?:{'|'.join([*patterns, *([r'[+]'] if character == ' ' else [])])})"


def _in_base64(content: bytes) -> Iterable[str]:
    """Also finds it in the Base64 of a longer text, where it can begin at three offsets."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + content).decode()
        # The characters at its ends contain bits of the adjacent text.
        end = {0: 0, 1: 3, 2: 2}[(before + len(content)) % 3]
        inside = encoded[(0, 2, 3)[before] : len(encoded) - end]
        yield f"{inside.translate(_URL_SAFE)}(?:[A-Za-z0-9+/_-]{{0,2}}={{1,2}})?"
