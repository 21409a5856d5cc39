"""How the REST side of the stubbed kintone answers: JSON, and refusals with kintone's codes."""

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any, TypeAlias

from flask import Response

Json: TypeAlias = Any


class RestError(Exception):
    """An error answer: HTTP status, kintone's code, its message, and messages for single fields."""

    def __init__(self, status: int, code: str, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "id": secrets.token_urlsafe(15), "message": message}
        if errors:
            self.body["errors"] = {where: {"messages": [text]} for where, text in errors.items()}


def invalid(where: str, text: str) -> RestError:
    """The refusal of a parameter, such as `desktop.js[0].file.fileKey`."""
    return RestError(400, "CB_VA01", "Missing or invalid input.", {where: text})


def unknown_file(key: str) -> RestError:
    """The refusal of a file key."""
    return RestError(404, "GAIA_BL01", f"The specified file (id: {key}) is not found.")


def answered(value: Json, status: int = 200) -> Response:
    """An answer with this JSON."""
    # Half a character, which JSON can hold, cannot be sent back.
    text = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    return Response(text, status, content_type="application/json; charset=utf-8")


def is_number(given: Json) -> bool:
    """Whether it is a whole number, which kintone accepts as text too."""
    return isinstance(given, str | int) and re.fullmatch("-?[0-9]{1,18}", str(given)) is not None


def number(given: Json, where: str) -> int:
    """A whole number; RestError for anything else."""
    if is_number(given):
        return int(given)
    raise invalid(where, "Enter an integer value.")


def listed(given: Json, where: str) -> list[Json]:
    """A list; RestError for anything else."""
    if not isinstance(given, list):
        raise invalid(where, "Enter an array.")
    return given


def mapped(given: Json, where: str) -> Mapping[str, Json]:
    """An object; RestError for anything else."""
    if not isinstance(given, dict):
        raise invalid(where, "Enter an object.")
    return given
