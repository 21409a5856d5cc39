"""Where the browser's sources lie: inside the package in a wheel, beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

TEMPLATES = _PACKAGE / "templates"
if not TEMPLATES.is_dir():
    TEMPLATES = _PACKAGE.parent / "templates"
