"""Reads plugin.zip as kintone does: verifies its signature and unpacks it."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from generator.signing import id_of_public_key
from generator.stub.rest.answers import Json, RestError, invalid

_REQUIRED = {"manifest_version", "version", "type", "name", "icon"}


@dataclass(frozen=True)
class Plugin:
    """An installed plug-in: its manifest, and the files of its contents.zip."""

    id: str
    version: str
    manifest: Json
    files: Mapping[str, bytes]

    @property
    def name(self) -> str:
        """Its name in English, which every plug-in has."""
        return str(self.manifest["name"]["en"])


def read_plugin(package: bytes) -> Plugin:
    """A plugin.zip, its signature verified. RestError if it is invalid."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as outer:
            contents, public, signature = (outer.read(name) for name in ("contents.zip", "PUBKEY", "SIGNATURE"))
        with zipfile.ZipFile(io.BytesIO(contents)) as inner:
            files = {name: inner.read(name) for name in inner.namelist()}
        manifest = json.loads(files["manifest.json"])
        key = load_der_public_key(public)
        if not isinstance(key, rsa.RSAPublicKey):
            raise _refused("The public key is not RSA.")
        key.verify(signature, contents, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - kintone's format.
        missing = _REQUIRED - manifest.keys()
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError) as error:
        raise _refused(f"The file is no plug-in: {error}") from None
    except InvalidSignature:
        raise _refused("The signature is not that of contents.zip.") from None
    if missing:
        raise _refused(f"manifest.json has no {', '.join(sorted(missing))}.")
    if not isinstance(manifest["name"], dict) or not isinstance(manifest["name"].get("en"), str):
        raise _refused("manifest.json has no name in English.")
    return Plugin(id_of_public_key(public), str(manifest["version"]), manifest, files)


def _refused(text: str) -> RestError:
    return invalid("fileKey", text)
