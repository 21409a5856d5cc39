"""The folder of the browser sources: inside the package in a wheel, next to it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

TEMPLATES = _PACKAGE / "templates"
if not TEMPLATES.is_dir():
    TEMPLATES = _PACKAGE.parent / "templates"
