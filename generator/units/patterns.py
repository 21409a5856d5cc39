"""Patterns for values that users type: the part of regular expressions that Python and JavaScript read the same way.

JavaScript matches with the flag `u`, Python with re.ASCII, and both the whole value, as HTML's pattern does.
"""

import re

from generator.units.problems import problem
from generator.units.values import required_text
from generator.words import Message

_ESCAPED = r"\\[dw]|\\[\^$\\.*+?()\[\]{}|/]"
_CLASS = rf"\[\^?(?:{_ESCAPED}|\\-|[^\[\]\\\n])+\]"
_ATOM = rf"(?:{_ESCAPED}|{_CLASS}|[^\\\[\](){{}}*+?|^$\n])"
_COUNT = r"\{[0-9]{1,3}(?:,[0-9]{0,3})?\}"
# A repeated group has only counted parts, so that no value takes long.
_COUNTED = rf"\((?:\?:)?(?:{_ATOM}(?:\{{[0-9]{{1,3}}\}})?|\|)*\)(?:[*+?]|{_COUNT})"
_ONCE = rf"\((?:\?:)?(?:{_ATOM}(?:[*+?]|{_COUNT})?|\|)*\)\??"
_SAFE = re.compile(rf"(?:{_COUNTED}|{_ONCE}|{_ATOM}(?:[*+?]|{_COUNT})?|\|)+")
# Python warns that these may get another meaning in classes.
_FUTURE = re.compile(r"--|&&|\|\||~~")


def input_pattern(value: object) -> str:
    """A pattern that both languages read the same way."""
    text = required_text(value)
    inner = text[1:-1] if text.startswith("^") and text.endswith("$") else text
    try:
        safe = _SAFE.fullmatch(inner) and not any(map(_FUTURE.search, re.findall(_CLASS, inner)))
        if safe and re.compile(inner, re.ASCII):
            return inner
    except (re.error, OverflowError):
        pass
    raise problem(Message("problem.pattern"))


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches."""
    return re.fullmatch(pattern, text, re.ASCII) is not None
