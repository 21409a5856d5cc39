"""The guide's pages: Markdown under templates/guide/{ja,en}/, as HTML."""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from generator.assets import TEMPLATES
from generator.words import LANGUAGES

FOLDER = TEMPLATES / "guide"
FIRST = "README.md"


class Heading(NamedTuple):
    """A chapter of a page, and the part of its address that leads there."""

    id: str
    text: str


class Page(NamedTuple):
    """A page as HTML. HTML inside the Markdown is shown as text."""

    title: str
    html: str
    chapters: Sequence[Heading]


def page_path(language: str, name: str) -> Path | None:
    """The Markdown of a page, `name` with its .md; None if there is no such page."""
    path = FOLDER / language / name
    return path if language in LANGUAGES and name in {page.name for page in (FOLDER / language).glob("*.md")} else None


def title(path: Path) -> str:
    """The page's first heading."""
    with path.open(encoding="utf-8") as lines:
        return next(lines).removeprefix("# ").strip()


def order(language: str) -> list[str]:
    """The names of all pages in the order in which they are read: the first page, and those that it links to."""
    text = (FOLDER / language / FIRST).read_text(encoding="utf-8")
    return list(dict.fromkeys([FIRST, *re.findall(r"\]\(([\w-]+\.md)\)", text)]))


def read_page(path: Path) -> Page:
    """The page, each of its chapters with an id."""
    markdown = _markdown()
    tokens = markdown.parse(path.read_text(encoding="utf-8"))
    chapters: list[Heading] = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            heading = Heading(_slug(inline.content), _text(inline))
            opening.attrSet("id", heading.id)
            chapters.append(heading)
    return Page(title(path), str(markdown.renderer.render(tokens, markdown.options, {})), chapters)


def _text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _slug(text: str) -> str:
    """As forges make it, where the guide is read too."""
    return re.sub(r"[^\w -]", "", text.lower()).strip().replace(" ", "-")


class _Renderer(RendererHTML):
    """What may be wider than the page is scrolled on its own, by the keyboard too."""

    def table_open(self, tokens: Sequence[Token], at: int, *_: Any) -> str:  # noqa: ANN401 - markdown-it's own.
        return f'<div class="guide-wide" tabindex="0">{self.renderToken(tokens, at, {}, {})}'  # type: ignore[arg-type]

    def table_close(self, *_: Any) -> str:  # noqa: ANN401 - as above.
        return "</table></div>\n"

    def fence(self, tokens: Sequence[Token], at: int, *rest: Any) -> str:  # noqa: ANN401 - as above.
        return str(super().fence(tokens, at, *rest)).replace("<pre>", '<pre tabindex="0">', 1)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer).enable("table")
