"""The guide's pages: Markdown under templates/guide/{ja,en}/, as HTML."""

from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from generator.assets import TEMPLATES

FOLDER = TEMPLATES / "guide"
LANGUAGES = ("ja", "en")


def page_path(language: str, name: str) -> Path | None:
    """The Markdown of a page, `name` with its .md; None where there is no such page."""
    path = FOLDER / language / name
    return path if language in LANGUAGES and name in {page.name for page in (FOLDER / language).glob("*.md")} else None


def title(path: Path) -> str:
    """The page's first heading."""
    with path.open(encoding="utf-8") as lines:
        return next(lines).removeprefix("# ").strip()


def html(path: Path) -> str:
    """The page's body. HTML inside the Markdown is shown as text."""
    return str(_markdown().render(path.read_text(encoding="utf-8")))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
