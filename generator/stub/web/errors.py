"""The stub's answers to unknown requests: plain text, because a request can contain anything."""

import difflib
from collections.abc import Iterator

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from generator.stub.tenant import Stub

_SHOWN = 4


def add_errors(flask: Flask, stub: Stub) -> None:
    """Answers an unknown request with the nearest addresses, and adds it to `stub.unknown`."""

    @flask.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        lines = [f"{error.code} {error.name}: {request.method} {request.path}"]
        if error.code in {404, 405}:
            lines += _candidates(flask) if error.description == type(error).description else [str(error.description)]
            stub.unknown.append(f"{request.method} {request.full_path.rstrip('?')}: {'; '.join(lines[1:])}")
            lines.append(f"All pages: {request.host_url}")
        elif error.description:
            lines.append(error.description)
        return Response("\n".join(lines) + "\n", error.code or 500, content_type="text/plain; charset=utf-8")


def _candidates(flask: Flask) -> Iterator[str]:
    """The most similar addresses, each with the difference."""
    wanted = request.path.split("/")
    rules = [rule for rule in flask.url_map.iter_rules() if rule.endpoint != "static"]

    def likeness(rule: Rule) -> float:
        fixed = [part if "<" not in part else mine for part, mine in _beside(rule.rule.split("/"), wanted)]
        return (
            difflib.SequenceMatcher(None, fixed, wanted).ratio()
            + difflib.SequenceMatcher(None, "/".join(fixed), request.path).ratio()
        )

    yield "the stubbed kintone has not got that; nearest are"
    for rule in sorted(rules, key=likeness, reverse=True)[:_SHOWN]:
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        differences = [
            f"{mine!r} here" for part, mine in _beside(rule.rule.split("/"), wanted) if not _fits(part, mine)
        ]
        why = differences[0] if differences else f"{request.method} here"
        yield f"  {methods} {rule.rule} ({why})"


def _beside(parts: list[str], wanted: list[str]) -> Iterator[tuple[str, str]]:
    length = max(len(parts), len(wanted))
    yield from zip(parts + [""] * (length - len(parts)), wanted + [""] * (length - len(wanted)), strict=True)


def _fits(part: str, mine: str) -> bool:
    if part.startswith("<int:"):
        return mine.isdecimal()
    return bool(mine) if "<" in part else part == mine
