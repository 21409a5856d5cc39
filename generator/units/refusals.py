"""Patterns of invalid secrets, the same for every input.

units.yaml, .env, the environment and a prompt are checked here; the settings page checks the same patterns in the
browser.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import NamedTuple

from generator.units.values import Json
from generator.words import Message, Sentence, by_language, say


class SecretRefusal(NamedTuple):
    """Refuses a secret if `pattern` occurs in it; with `decoded`, if it occurs in the bytes decoded from Base64.

    The pattern means the same in Python and in JavaScript. No `words` repeat the secret.
    """

    pattern: str
    words: Sentence
    decoded: bool = False

    def refuses(self, secret: str) -> bool:
        """Whether the secret cannot be right."""
        if not self.decoded:
            return re.search(self.pattern, secret) is not None
        try:
            inside = base64.b64decode(secret, validate=True)
        except (binascii.Error, ValueError):
            return False
        return re.search(self.pattern, inside.decode("latin-1")) is not None

    def for_page(self) -> dict[str, Json]:
        """The refusal for the settings page."""
        return {"pattern": self.pattern, "decoded": self.decoded, "words": by_language(self.words)}


_PLACEHOLDERS = (
    SecretRefusal(
        # Placeholders of shells, GitHub, Windows and documentation.
        "^([$][A-Z_][A-Z0-9_]*|[$][{(].*|%[A-Za-z_][A-Za-z0-9_]*%|<[^<>]*>|[{][{].*[}][}])$",
        "units.secretPlaceholder",
    ),
    SecretRefusal("^(?:([\"'`]).*\\1|[“‘「『].*[”’」』])$", "units.secretQuoted"),
)

ALWAYS = (
    *_PLACEHOLDERS,
    SecretRefusal("[^!-~]", "units.secretStrange"),
    SecretRefusal("^.{1001}", "units.secretLong"),
)
"""Refusals for secrets of all services, which are sent in one line of a header or of JSON."""

SIGN_IN = (
    *_PLACEHOLDERS,
    SecretRefusal(
        # Control characters, white space other than a plain space, zero-width and direction marks, lone surrogates.
        "[\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ud800-\udfff\ufeff]",
        "units.secretInvisible",
    ),
)
"""Refusals for login names and passwords. kintone counts wrong ones, and finally locks the user out."""


class _AsProblem(NamedTuple):
    """A sentence of a page as a problem: the English one in lower case, without the full stop."""

    words: Sentence

    def text(self, language: str) -> str:
        sentence = say(language, self.words)
        return sentence if language == "ja" else sentence[:1].lower() + sentence[1:].removesuffix(".")


def refusal_of(secret: str, refusals: Iterable[SecretRefusal]) -> Message | None:
    """The problem of a trimmed secret; None if there is none."""
    found = next((refusal for refusal in refusals if refusal.refuses(secret)), None)
    return Message("text.is", text=_AsProblem(found.words)) if found else None
