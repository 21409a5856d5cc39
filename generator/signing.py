"""The plug-in key: made, written, read; the plug-in's ID and the signature of its package.

Imports `cryptography` at the top, so the command line imports this module only in the commands that need a key.
"""

import hashlib
import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from generator.errors import SigningError
from generator.invisible import invisible_in
from generator.smallfile import read_small
from generator.system import is_folder, reason_of
from generator.units.plugin import Plugin
from generator.words import Message, of

# kintone's own packers make and document keys of 1024 bits. They also sign with 2048, but whether the server accepts
# more than 1024 is not documented: new keys keep to 1024, keys that people bring may be longer.
_NEW_KEY_BITS = 1024
_MIN_BITS, _MAX_BITS = 1024, 4096

# None of these messages suggests `keygen`: with another key the installed plug-in can never be updated.
_INSTEAD = {
    "OPENSSH PRIVATE KEY": "key.openssh",
    "ENCRYPTED PRIVATE KEY": "key.passphrase",
    "EC PRIVATE KEY": "key.notRsa",
    "DSA PRIVATE KEY": "key.notRsa",
    "PUBLIC KEY": "key.public",
    "RSA PUBLIC KEY": "key.public",
    "CERTIFICATE": "key.certificate",
}
_READABLE = {"RSA PRIVATE KEY", "PRIVATE KEY"}


@dataclass(frozen=True)
class Key:
    """A plug-in's private key. It is read once, and passed to all that need the plug-in's ID or sign its package."""

    private: rsa.RSAPrivateKey = field(repr=False)

    @cached_property
    def id(self) -> str:
        """The ID kintone gives a plug-in made with this key: 32 letters a–p, the same for as long as the key is."""
        return id_of_public_key(self.public_der)

    @cached_property
    def public_der(self) -> bytes:
        """The public key as DER SubjectPublicKeyInfo: the package's PUBKEY."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.DER, form)

    def sign(self, data: bytes) -> bytes:
        """The package's SIGNATURE of its contents.zip: RSASSA-PKCS1-v1_5 with SHA-1; the same bytes every time.

        SigningError if the system's crypto policy forbids SHA-1.
        """
        try:
            # kintone's format has no other hash.
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
        except UnsupportedAlgorithm as error:
            raise SigningError(Message("key.sha1")) from error


def id_of_public_key(der: bytes) -> str:
    """The ID of a plug-in whose package has `der` as its PUBKEY."""
    digest = hashlib.sha256(der).hexdigest()[:32]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def new_key() -> Key:
    """A fresh plug-in key. SigningError if the system's crypto policy forbids one of this size."""
    try:
        return Key(rsa.generate_private_key(65537, _NEW_KEY_BITS))
    except (InternalError, UnsupportedAlgorithm) as error:
        raise SigningError(Message("key.policy")) from error


def write_key(key: Key, path: Path) -> None:
    """Writes the key as PKCS#1 PEM, readable by its owner alone (on Windows: by whom the folder allows).

    PKCS#1, because `kintone-plugin-packer` cannot read PKCS#8. SigningError when the file is there already, or
    cannot be made: another key would be another plug-in ID, so that an installed plug-in could never be updated again.
    """
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    try:
        # The call that creates the file also sets its rights, so others can never open it.
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(pem)
    except FileExistsError as error:
        raise SigningError(of(str(path), Message("key.exists"))) from error
    except OSError as error:
        raise SigningError(of(str(path), Message("file.cannotWrite", error=reason_of(error)))) from error


def load_key(plugin: Plugin, folder: Path) -> Key:
    """The plug-in's key: its `key` is a path relative to `folder`, or the PEM itself, PKCS#1 or PKCS#8.

    The PEM's line ends may be written as `\\n`. SigningError, one line without any of the key's text, for everything
    that is not an unencrypted RSA private key of 1024 to 4096 bits.
    """
    given = plugin.key.get_secret_value().strip()
    path = plugin.key_file(folder)
    if path is None:
        return _parse(given, "key")
    if invisible_in(given):
        raise SigningError(of("key", Message("key.pathCharacter")))
    try:
        return _parse(read_small(path).decode(), _name_of(given, path))
    # `from None`: these errors contain the input or the file's bytes.
    except OSError as error:
        raise SigningError(_why_unreadable(given, path, error)) from None
    except UnicodeDecodeError:
        raise SigningError(of(_name_of(given, path), Message("key.notText"))) from None


def _why_unreadable(given: str, path: Path, error: OSError) -> Message:
    if len(given) > 255 or re.fullmatch(r"[\w+/=\\\s-]{44,}", given):
        return of("key", Message("key.neither"))
    if isinstance(error, FileNotFoundError):
        why = Message("key.noFile")
    else:
        why = Message("key.folder") if is_folder(path) else Message("file.cannotRead", error=reason_of(error))
    return of(_name_of(given, path), why)


def _name_of(given: str, path: Path) -> str:
    """The file's name in messages. A piece of a key looks like a path without a dot, and is never repeated."""
    return str(path) if "." in given and len(given) <= 255 else "key"


def _parse(text: str, where: str) -> Key:
    # Secrets of CI services often have line ends as \n; a PEM contains no other backslash.
    pem = text.replace("\\r", "").replace("\\n", "\n")
    labels = re.findall(r"-----BEGIN ([A-Z0-9 ]+)-----", pem)
    if not labels:
        raise SigningError(of(where, _not_pem(pem)))
    private = [label for label in labels if label.endswith("PRIVATE KEY")]
    if len(private) > 1:
        raise SigningError(of(where, Message("key.several")))
    label = private[0] if private else labels[0]
    if label not in _READABLE:
        raise SigningError(of(where, Message(_INSTEAD.get(label, "key.notPrivate"))))
    try:
        # First without the check of the primes, which takes minutes for a very long key.
        key = serialization.load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise SigningError(of(where, Message("key.notRsa")))
        if not _MIN_BITS <= key.key_size <= _MAX_BITS:
            raise SigningError(of(where, Message("key.size", bits=key.key_size, least=_MIN_BITS, most=_MAX_BITS)))
        return Key(cast("rsa.RSAPrivateKey", serialization.load_pem_private_key(pem.encode(), None)))
    # `from None`: a parser's error could contain the key's text.
    except TypeError:
        raise SigningError(of(where, Message(_INSTEAD["ENCRYPTED PRIVATE KEY"]))) from None
    except (ValueError, UnsupportedAlgorithm):
        raise SigningError(of(where, Message("key.damaged"))) from None


def _not_pem(text: str) -> Message:
    if text.startswith("PuTTY-User-Key-File-"):
        return Message("key.putty")
    return Message("key.ssh" if re.match(r"(ssh|ecdsa|sk)-\S+ AAAA", text) else "key.notPem")
