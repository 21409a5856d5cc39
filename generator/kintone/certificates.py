"""The client certificate that some kintones ask for."""

import base64
import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12


def load_client_certificate(context: ssl.SSLContext, given: Mapping[str, str], problems: list[str]) -> None:
    """Loads the client certificate of KINTONE_PFX_FILE_PATH, if there is one, into the context."""
    file, password = given.get("KINTONE_PFX_FILE_PATH"), given.get("KINTONE_PFX_FILE_PASSWORD")
    if file is None and password is not None:
        problems.append("KINTONE_PFX_FILE_PASSWORD: is set without KINTONE_PFX_FILE_PATH")
    if file is not None:
        try:
            _load_pkcs12(context, Path(file).read_bytes(), password or "")
        except ssl.SSLError:
            problems.append(f"KINTONE_PFX_FILE_PATH: {file}: its certificate and private key do not belong together")
        except OSError as error:
            problems.append(f"KINTONE_PFX_FILE_PATH: {file}: cannot be read: {error.strerror}")
        except LookupError:
            problems.append(f"KINTONE_PFX_FILE_PATH: {file}: holds no certificate with its private key")
        except (ValueError, TypeError):
            problems.append(f"KINTONE_PFX_FILE_PATH: {file}: is no PKCS#12 file, or KINTONE_PFX_FILE_PASSWORD is wrong")


def _load_pkcs12(context: ssl.SSLContext, pfx: bytes, password: str) -> None:
    """LookupError where the file holds none, ValueError where it cannot be opened, SSLError where it does not fit."""
    key, certificate, others = pkcs12.load_key_and_certificates(pfx, password.encode() or None)
    if key is None or certificate is None:
        raise LookupError
    # The ssl module reads keys from files alone. This one is its owner's, is encrypted with a passphrase that nobody
    # ever sees, and is gone when this function ends.
    passphrase = base64.b64encode(os.urandom(24))
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )
    pem += b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (certificate, *others))
    with _temporary_file(pem) as path:
        context.load_cert_chain(path, password=passphrase)


@contextmanager
def _temporary_file(content: bytes) -> Iterator[Path]:
    handle, name = tempfile.mkstemp()  # readable by its owner alone
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        yield path
    finally:
        path.unlink()
