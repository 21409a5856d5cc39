"""The plug-in key: made, written, read; the plug-in's ID and the signature of its package.

Imports `cryptography` at the top, so the command line imports this module only in the commands that need a key.
"""

import base64
import hashlib
import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from generator.errors import SigningError
from generator.invisible import invisible_in
from generator.smallfile import read_small
from generator.units.plugin import Plugin

# kintone's own packers make and document keys of 1024 bits. They also sign with 2048, but whether the server takes
# more than 1024 is not documented: new keys keep to 1024, keys that people bring may be longer.
_NEW_KEY_BITS = 1024
_MIN_BITS, _MAX_BITS = 1024, 4096

# None of these words sends people to `keygen`: with another key the plug-in that is installed can never be updated.
_OWN_KEY = "give the plug-in's own key"
_INSTEAD = {
    "OPENSSH PRIVATE KEY": "an OpenSSH private key; convert a copy of it with `ssh-keygen -p -m PEM -f COPY`",
    "ENCRYPTED PRIVATE KEY": "protected by a passphrase; take it off with `openssl rsa -in KEY -out NEWKEY`",
    "EC PRIVATE KEY": f"an EC key, and a plug-in needs RSA; {_OWN_KEY}",
    "DSA PRIVATE KEY": f"a DSA key, and a plug-in needs RSA; {_OWN_KEY}",
    "PUBLIC KEY": "a public key; give the private key that belongs to it",
    "RSA PUBLIC KEY": "a public key; give the private key that belongs to it",
    "CERTIFICATE": "a certificate; give the private key that belongs to it",
}
_READABLE = {"RSA PRIVATE KEY", "PRIVATE KEY"}

_INTEGER, _OCTET_STRING, _SEQUENCE = 0x02, 0x04, 0x30  # tags of DER


@dataclass(frozen=True)
class Key:
    """A plug-in's private key. It is read once, and handed to whatever needs the plug-in's ID or signs its package."""

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

        SigningError where the system's crypto policy forbids SHA-1.
        """
        try:
            # kintone's format has no other hash.
            return self.private.sign(data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
        except UnsupportedAlgorithm as error:
            raise SigningError(
                "this system's crypto policy forbids SHA-1 signatures, and kintone's plug-in format has no others; "
                "install the cryptography package from PyPI, which brings its own OpenSSL, or build on another computer"
            ) from error


def id_of_public_key(der: bytes) -> str:
    """The ID of a plug-in whose package has `der` as its PUBKEY."""
    digest = hashlib.sha256(der).hexdigest()[:32]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def new_key() -> Key:
    """A fresh plug-in key. SigningError where the system's crypto policy forbids one of this size."""
    try:
        return Key(rsa.generate_private_key(65537, _NEW_KEY_BITS))
    except (InternalError, UnsupportedAlgorithm) as error:
        raise SigningError(
            "this system's crypto policy (FIPS?) forbids RSA keys of 1024 bits, the size of kintone's plug-in format; "
            "make the key on another computer"
        ) from error


def write_key(key: Key, path: Path) -> None:
    """Writes the key as PKCS#1 PEM, readable by its owner alone (on Windows: by whom the folder allows).

    PKCS#1, because `kintone-plugin-packer` cannot read PKCS#8. SigningError when the file is there already, or
    cannot be made: another key would be another plug-in ID, so that an installed plug-in could never be updated again.
    """
    pem = key.private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    try:
        # The rights are set in the very call that makes the file: there is no moment in which others could open it.
        with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(pem)
    except FileExistsError as error:
        raise SigningError(
            f"{path}: is there already and is left as it is; give another name, or move it away "
            "(a plug-in can only be updated with the key it was made with)"
        ) from error
    except OSError as error:
        raise SigningError(f"{path}: cannot be written: {error.strerror}") from error


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
        raise SigningError(
            "key: is a path with a line break, a tab or another invisible character in it; in a .env file put a "
            "Windows path in 'single quotes', or write / in it"
        )
    try:
        return _parse(read_small(path).decode(), _name_of(given, path))
    # `from None`: these errors carry what was given, or the file's bytes.
    except OSError as error:
        raise SigningError(_why_unreadable(given, path, error)) from None
    except UnicodeDecodeError:
        raise SigningError(
            f"{_name_of(given, path)}: is not a PEM text, perhaps DER or UTF-16; convert DER with "
            "`openssl rsa -inform DER -in KEY -out NEWKEY`, save UTF-16 as UTF-8"
        ) from None


def _why_unreadable(given: str, path: Path, error: OSError) -> str:
    name = _name_of(given, path)
    if len(given) > 255 or re.fullmatch(r"[\w+/=\\\s-]{44,}", given):
        return "key: is no file that can be read, and no PEM; give a path, or the whole PEM text from -----BEGIN on"
    if isinstance(error, FileNotFoundError):
        return f"{name}: no such file; give the path of the plug-in's key (how to get one: `runbutton guide`)"
    if path.is_dir():
        return f"{name}: is a folder; give the path of the key file"
    return f"{name}: cannot be read: {error.strerror}"


def _name_of(given: str, path: Path) -> str:
    """What problems call the file. A part of a key looks like a path, but has no dot, and is never repeated."""
    return str(path) if "." in given and len(given) <= 255 else "key"


def _parse(text: str, where: str) -> Key:
    # Secrets of CI services often have their line ends written out; a backslash means nothing else in a PEM.
    pem = text.replace("\\r", "").replace("\\n", "\n")
    labels = re.findall(r"-----BEGIN ([A-Z0-9 ]+)-----", pem)
    if not labels:
        raise SigningError(f"{where}: {_not_pem(pem)}")
    private = [label for label in labels if label.endswith("PRIVATE KEY")]
    if len(private) > 1:
        raise SigningError(f"{where}: holds more than one private key; leave only the plug-in's")
    label = private[0] if private else labels[0]
    if label not in _READABLE:
        raise SigningError(f"{where}: is {_INSTEAD.get(label, f'no private key; {_OWN_KEY}')}")
    # Before OpenSSL checks the primes of a long key, which takes it seconds.
    _check_size(_modulus_bits(pem, label), where)
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    # `from None`: no error of the parser may carry the key's text along.
    except TypeError:
        raise SigningError(f"{where}: is {_INSTEAD['ENCRYPTED PRIVATE KEY']}") from None
    except (ValueError, UnsupportedAlgorithm):
        raise SigningError(
            f"{where}: the key is damaged or cut off; copy all its lines again, from -----BEGIN to the last -----"
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SigningError(f"{where}: is not an RSA key, and a plug-in needs RSA; {_OWN_KEY}")
    _check_size(key.key_size, where)
    return Key(key)


def _check_size(bits: int | None, where: str) -> None:
    if bits is not None and not _MIN_BITS <= bits <= _MAX_BITS:
        allowed = f"{_MIN_BITS} (kintone's own) to {_MAX_BITS} are allowed"
        raise SigningError(f"{where}: is an RSA key of {bits} bits; {allowed}; {_OWN_KEY}")


def _not_pem(text: str) -> str:
    if text.startswith("PuTTY-User-Key-File-"):
        return f"is a PuTTY key, which shares nothing with kintone's .ppk but the ending; {_OWN_KEY}"
    if re.match(r"(ssh|ecdsa|sk)-\S+ AAAA", text):
        return f"is an SSH public key; {_OWN_KEY}"
    return f"is not a PEM key (it has no -----BEGIN line); {_OWN_KEY}"


def _modulus_bits(pem: str, label: str) -> int | None:
    """The length of an RSA key's modulus, from the first bytes of its DER; None where these are not an RSA key's.

    RFC 8017, A.1.2: RSAPrivateKey is a SEQUENCE of the version, the modulus and so on, all of them INTEGER. In PKCS#8
    (RFC 5208, 5) it is inside an OCTET STRING, which comes after a version and the SEQUENCE that names the algorithm.
    """
    text = pem.partition(f"-----BEGIN {label}-----")[2].partition("-----")[0]
    try:
        der = base64.b64decode(text)
        at, _ = _element(der, 0, _SEQUENCE)
        _, at = _element(der, at, _INTEGER)
        if label == "PRIVATE KEY":
            _, at = _element(der, at, _SEQUENCE)
            at, _ = _element(der, at, _OCTET_STRING)
            at, _ = _element(der, at, _SEQUENCE)
            _, at = _element(der, at, _INTEGER)
        at, end = _element(der, at, _INTEGER)
    except (ValueError, IndexError):
        return None
    return int.from_bytes(der[at:end]).bit_length() if end <= len(der) else None


def _element(der: bytes, at: int, tag: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins and ends (X.690, 8.1). ValueError where it has another tag."""
    if der[at] != tag:
        raise ValueError(tag)
    begin, length = at + 2, der[at + 1]
    if length > 0x7F:
        begin += length - 0x80
        length = int.from_bytes(der[at + 2 : begin])
    return begin, begin + length
