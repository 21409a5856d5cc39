"""Compiled programs, kept from build to build beside Python's own compiled modules, as long as nothing changes."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

from generator import __version__

# What makes a program out of its sources.
_COMPILER = [Path(__file__).with_name(name) for name in ("customization.py", "link.py", "tokens.py", "esbuild.py")]
_KEPT = 24


def kept(name: str, folders: Iterable[Path], make: Callable[[], str]) -> str:
    """What `make` gives, or gave for the same `name` when all files in `folders` were what they are now.

    `name` says all else that the program depends on. Where nothing can be kept, `make` is asked each time.
    """
    path = _place(name, folders)
    with suppress(OSError, ValueError):
        digest, _, text = path.read_text(encoding="ascii").partition("\n")
        if digest == _digest(text.encode("ascii")):
            return text
    text = make()
    if not sys.dont_write_bytecode:
        # A folder that may not be written, a full disk: then the next build takes its fifth of a second again.
        with suppress(OSError):
            _keep(path, f"{_digest(text.encode('ascii'))}\n{text}")
    return text


def _place(name: str, folders: Iterable[Path]) -> Path:
    sources = [path for folder in folders for path in folder.glob("*.j*") if path.suffix in (".js", ".jsx", ".j2")]
    digests = [f"{path} {_digest(path.read_bytes())}" for path in sorted({*sources, *_COMPILER})]
    digest = _digest("\n".join([__version__, name, *digests]).encode())
    return Path(cache_from_source(__file__)).with_name(f"program-{digest[:40]}.js")


def _keep(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix="program-")
    with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
        file.write(text)
    Path(temporary).replace(path)
    by_age = sorted(path.parent.glob("program-*"), key=lambda old: old.stat().st_mtime)
    for old in by_age[:-_KEPT]:
        old.unlink()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
