"""The plug-in key: made, written, read; the plug-in's ID and signature that follow from it.

Imports `cryptography` at the top, so the command line imports this module only in the commands that need a key.
"""

import hashlib
import os
import re
from pathlib import Path

from cryptography.exceptions import InternalError, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from generator.errors import SigningError
from generator.smallfile import read_small

# kintone's own packers make and document keys of 1024 bits. They also sign with 2048, but whether the server takes
# more than 1024 is not documented: new keys keep to 1024, keys that people bring may be longer.
_NEW_KEY_BITS = 1024
_MIN_BITS, _MAX_BITS = 1024, 4096

_MAKE_ONE = "make a key with `runbutton keygen`"
_INSTEAD = {
    "OPENSSH PRIVATE KEY": "an OpenSSH private key; convert a copy of it with `ssh-keygen -p -m PEM -f COPY`",
    "ENCRYPTED PRIVATE KEY": "protected by a passphrase; take it off with `openssl rsa -in KEY -out NEWKEY`",
    "EC PRIVATE KEY": f"an EC key, and a plug-in needs RSA; {_MAKE_ONE}",
    "DSA PRIVATE KEY": f"a DSA key, and a plug-in needs RSA; {_MAKE_ONE}",
    "PUBLIC KEY": "a public key; give the private key that belongs to it",
    "RSA PUBLIC KEY": "a public key; give the private key that belongs to it",
    "CERTIFICATE": "a certificate; give the private key that belongs to it",
}
_READABLE = {"RSA PRIVATE KEY", "PRIVATE KEY"}


def new_key() -> rsa.RSAPrivateKey:
    """A fresh plug-in key. SigningError where the system's crypto policy forbids one of this size."""
    try:
        return rsa.generate_private_key(65537, _NEW_KEY_BITS)
    except (InternalError, UnsupportedAlgorithm) as error:
        raise SigningError(
            "this system's crypto policy (FIPS?) forbids RSA keys of 1024 bits, the size of kintone's plug-in format; "
            "make the key on another computer"
        ) from error


def write_key(key: rsa.RSAPrivateKey, path: Path) -> None:
    """Writes the key as PKCS#1 PEM, readable by its owner alone (on Windows: by whom the folder allows).

    PKCS#1, because `kintone-plugin-packer` cannot read PKCS#8. SigningError when the file is there already, or
    cannot be made: another key would be another plug-in ID, so that an installed plug-in could never be updated again.
    """
    pem = key.private_bytes(
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


def load_key(text_or_path: str, folder: Path) -> rsa.RSAPrivateKey:
    """The key that the config's `key` means: a path, relative to `folder`, or the PEM itself, PKCS#1 or PKCS#8.

    The PEM's line ends may be written as `\\n`. SigningError, one line without any of the key's text, for everything
    that is not an unencrypted RSA private key of 1024 to 4096 bits.
    """
    given = text_or_path.strip()
    if not given:
        raise SigningError(f"key: is empty; give the path of a plug-in key, or its PEM text, or {_MAKE_ONE}")
    path = key_file(given, folder)
    if path is None:
        return _parse(given, "key")
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


def key_file(text_or_path: str, folder: Path) -> Path | None:
    """The file that the config's `key` means; None where it is the PEM itself."""
    given = text_or_path.strip()
    return None if "-----BEGIN" in given or "\n" in given else folder / given


def public_key_der(key: rsa.RSAPrivateKey) -> bytes:
    """The public key as DER SubjectPublicKeyInfo: the package's PUBKEY."""
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def sealing_secret(key: rsa.RSAPrivateKey) -> bytes:
    """What the keys of the plug-in's apps follow from (sealing.Sealer); it tells nothing of the key."""
    plain = serialization.NoEncryption()
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain)
    return hashlib.sha256(b"runbutton sealing\0" + der).digest()


def plugin_id(key: rsa.RSAPrivateKey) -> str:
    """The ID kintone gives a plug-in made with this key: 32 letters a–p, the same for as long as the key is."""
    return id_of_public_key(public_key_der(key))


def id_of_public_key(der: bytes) -> str:
    """The ID of a plug-in whose package has `der` as its PUBKEY."""
    digest = hashlib.sha256(der).hexdigest()[:32]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def sign(key: rsa.RSAPrivateKey, data: bytes) -> bytes:
    """The package's SIGNATURE of its contents.zip: RSASSA-PKCS1-v1_5 with SHA-1; the same bytes every time.

    SigningError where the system's crypto policy forbids SHA-1.
    """
    try:
        return key.sign(data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 — kintone's format has no other hash
    except UnsupportedAlgorithm as error:
        raise SigningError(
            "this system's crypto policy forbids SHA-1 signatures, and kintone's plug-in format has no others; install "
            "the cryptography package from PyPI, which brings its own OpenSSL, or build on another computer"
        ) from error


def _why_unreadable(given: str, path: Path, error: OSError) -> str:
    name = _name_of(given, path)
    if len(given) > 255 or re.fullmatch(r"[\w+/=\\\s-]{44,}", given):
        return "key: is no file that can be read, and no PEM; give a path, or the whole PEM text from -----BEGIN on"
    if isinstance(error, FileNotFoundError):
        return f"{name}: no such file; give the path of a plug-in key, or {_MAKE_ONE}"
    if path.is_dir():
        return f"{name}: is a folder; give the path of the key file"
    return f"{name}: cannot be read: {error.strerror}"


def _name_of(given: str, path: Path) -> str:
    """What problems call the file. A part of a key looks like a path, but has no dot, and is never repeated."""
    return str(path) if "." in given and len(given) <= 255 else "key"


def _parse(text: str, where: str) -> rsa.RSAPrivateKey:
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
        raise SigningError(f"{where}: is {_INSTEAD.get(label, f'no private key; {_MAKE_ONE}')}")
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
        raise SigningError(f"{where}: is not an RSA key, and a plug-in needs RSA; {_MAKE_ONE}")
    if not _MIN_BITS <= key.key_size <= _MAX_BITS:
        raise SigningError(
            f"{where}: is an RSA key of {key.key_size} bits; {_MIN_BITS} (kintone's own) to {_MAX_BITS} are allowed; "
            f"{_MAKE_ONE}"
        )
    return key


def _not_pem(text: str) -> str:
    if text.startswith("PuTTY-User-Key-File-"):
        return f"is a PuTTY key, which shares nothing with kintone's .ppk but the ending; {_MAKE_ONE}"
    if re.match(r"(ssh|ecdsa|sk)-\S+ AAAA", text):
        return f"is an SSH public key; {_MAKE_ONE}"
    return f"is not a PEM key (it has no -----BEGIN line); {_MAKE_ONE}"
