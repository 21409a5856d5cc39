"""The client certificate that some kintone environments require."""

import base64
import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from generator.smallfile import read_small
from generator.system import reason_of
from generator.words import Message, Text, of


def load_client_certificate(context: ssl.SSLContext, given: Mapping[str, str], problems: list[Text]) -> None:
    """Loads the client certificate of KINTONE_PFX_FILE_PATH, if there is one, into the context."""
    file, password = given.get("KINTONE_PFX_FILE_PATH"), given.get("KINTONE_PFX_FILE_PASSWORD")
    name = f"KINTONE_PFX_FILE_PATH: {file}"
    if file is None and password is not None:
        problems.append(of("KINTONE_PFX_FILE_PASSWORD", Message("kintone.pfxPath")))
    if file is not None:
        try:
            _load_pkcs12(context, read_small(Path(file)), password or "")
        except ssl.SSLError:
            problems.append(of(name, Message("kintone.pfxPair")))
        except OSError as error:
            problems.append(of(name, Message("file.cannotRead", error=reason_of(error))))
        except LookupError:
            problems.append(of(name, Message("kintone.pfxEmpty")))
        except (ValueError, TypeError):
            problems.append(of(name, Message("kintone.pfxFormat")))


def _load_pkcs12(context: ssl.SSLContext, pfx: bytes, password: str) -> None:
    """LookupError if the file holds none, ValueError if it cannot be opened, SSLError if it does not fit."""
    key, certificate, others = pkcs12.load_key_and_certificates(pfx, password.encode() or None)
    if key is None or certificate is None:
        raise LookupError
    # The ssl module reads keys only from files. Only the owner can read this one; it is encrypted with a random
    # passphrase and deleted when this function ends.
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
