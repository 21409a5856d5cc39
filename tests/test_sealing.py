"""Each app's units are readable with that app's key alone, which every build of the same plug-in makes anew."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from generator.sealing import Sealer
from generator.signing import new_key, sealing_secret

SECRET = sealing_secret(new_key())
TEXT = '[{"id":"再集計"}]'


def opened(sealed: str, key: str) -> str:
    """What the page's script does."""
    raw = base64.b64decode(sealed)
    return AESGCM(base64.b64decode(key)).decrypt(raw[:12], raw[12:], None).decode()


def test_an_apps_key_opens_what_was_sealed_for_it_by_any_build_and_nothing_else() -> None:
    first, second = Sealer(SECRET), Sealer(SECRET)
    assert opened(first.seal(45, TEXT), second.key_of(45)) == TEXT
    assert first.seal(45, TEXT) == second.seal(45, TEXT)
    for key in (first.key_of(46), Sealer(sealing_secret(new_key())).key_of(45)):
        with pytest.raises(InvalidTag):
            opened(first.seal(45, TEXT), key)


def test_no_nonce_is_used_for_two_texts() -> None:
    sealer = Sealer(SECRET)
    nonces = {base64.b64decode(sealer.seal(app, f"{TEXT}{n}"))[:12] for app in (45, 46) for n in range(50)}
    assert len(nonces) == 100
