"""Each app's units, readable in that app alone.

One plug-in serves several apps, and kintone gives its script to the users of all of them. So the script holds each
app's units sealed (AES-GCM), with a key of the app's own. That key gets into the plug-in's config of the app when an
app administrator saves the settings, and kintone gives an app's config to that app's pages alone.
"""

import base64
import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Sealer:
    """The apps' keys, which follow from a secret of the plug-in's (signing.sealing_secret): every build makes the same
    ones, so that an app whose settings were saved once can read what later builds seal."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def key_of(self, app: int) -> str:
        """The app's key in Base64, as the settings page saves it."""
        return base64.b64encode(self._key_of(app)).decode()

    def seal(self, app: int, text: str) -> str:
        """The text in Base64, as the app's pages open it; the same text gives the same bytes."""
        key, plain = self._key_of(app), text.encode()
        # A nonce that follows from the text is used again for that very text only.
        nonce = hmac.digest(key, plain, hashlib.sha256)[:12]
        return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, None)).decode()

    def _key_of(self, app: int) -> bytes:
        return hmac.digest(self._secret, f"runbutton units of app {app}".encode(), hashlib.sha256)[:16]
