"""A secret that comes back from a server is hidden in whatever way it is written."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from generator.masking import Mask

SECRETS = ["tra_FAKE-secret/123+=", 'P@ss"W0 rd<&>\\', "パスワード秘密です", "abcdef-jklmno-pqrstu-xyz123-456789"]


@pytest.mark.parametrize("secret", SECRETS)
def test_every_way_to_write_a_secret_is_hidden(secret: str) -> None:
    mask = Mask([secret, "other-secret"])
    ways = {
        "plain": secret,
        "header": f"Token {secret}",
        "JSON": json.dumps({"m": secret}),
        "JSON, as it is": json.dumps({"m": secret}, ensure_ascii=False),
        "JSON with \\/": json.dumps({"m": secret}).replace("/", "\\/"),
        "URL": f"https://a.example/?k={quote(secret)}&x",
        "URL, all of it": quote(secret, safe=""),
        "URL, small letters": quote(secret, safe="").replace("%2F", "%2f").replace("%E3", "%e3"),
        "form": quote_plus(secret),
        "HTML": html.escape(secret),
        "HTML, by numbers": "".join(f"&#{ord(each)};" for each in secret),
        "HTML, by hexadecimal numbers": "".join(f"&#x{ord(each):X};" for each in secret),
    }
    for way, text in ways.items():
        assert "***" in mask(text), way
        assert not [part for part in (secret[:8], quote(secret[:8])) if part in mask(text)], way


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", [("", ""), ("a", "b"), ("ab", "cd"), ("Token ", "\n"), ("kato:", "")])
def test_the_base64_of_a_text_with_a_secret_in_it_is_hidden(secret: str, around: tuple[str, str]) -> None:
    whole = (around[0] + secret + around[1]).encode()
    for encoded in (base64.b64encode(whole).decode(), base64.urlsafe_b64encode(whole).decode()):
        shown = Mask([secret])(f"<{encoded}>")
        rest = shown.removeprefix("<").removesuffix(">").replace("***", "")
        # Only the surrounding text is left.
        assert len(rest) <= len(encoded) - len(secret.encode()) * 4 // 3 + 4
        assert "***" in shown


def test_short_secrets_and_none_leave_other_words_alone() -> None:
    assert Mask(["pass"])("pass bypass passwords") == "*** bypass passwords"
    assert Mask(["", "a"])("a cat") == "*** cat"
    assert Mask([])("all of it") == "all of it"
