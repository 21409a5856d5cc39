"""What a secret must not look like: said once, for units.yaml here and for the settings page in its browser."""

import base64
import binascii
import re
from typing import NamedTuple

from generator.units.values import Json
from generator.words import Sentence, by_language


class SecretRefusal(NamedTuple):
    """Refuses a secret in which `pattern` is found, or in the bytes whose Base64 it is where `decoded` is set.

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
        """The refusal as the settings page takes it."""
        return {"pattern": self.pattern, "decoded": self.decoded, "words": by_language(self.words)}


ALWAYS = (
    SecretRefusal(
        "[^!-~]",
        "units.secretStrange",
    ),
    SecretRefusal(
        "^.{1001}",
        "units.secretLong",
    ),
)
"""What no service's secret looks like: each is sent in one line of a header or of JSON."""
