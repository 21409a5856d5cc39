"""The fenced blocks of Markdown: what a reader types or copies."""

import re

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(text: str) -> list[tuple[str, str]]:
    """Each block's language and content, in their order."""
    return _BLOCK.findall(text)


def blocks_in(text: str, language: str) -> list[str]:
    """The contents of the blocks in one language."""
    return [content for kind, content in blocks(text) if kind == language]
