"""How a query's values are held against those of records."""

import operator as operators
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from generator.stub.record_values import TOKYO, Value
from generator.stub.rest.answers import RestError, invalid

_NUMBERS = {"RECORD_NUMBER", "__ID__", "NUMBER", "CALC", "__REVISION__"}
_ORDERED = {"<": operators.lt, ">": operators.gt, "<=": operators.le, ">=": operators.ge}


def no_query() -> RestError:
    """The refusal of a query that cannot be read."""
    return invalid("query", "The query is invalid.")


def has_words(text: str, words: str) -> bool:
    """Whether a text has these words: no part of a Latin word matches (third parties' measurement)."""
    edges = [r"(?<![0-9A-Za-z])" if words[:1].isascii() else "", r"(?![0-9A-Za-z])" if words[-1:].isascii() else ""]
    return bool(words) and bool(re.search(f"{edges[0]}{re.escape(words)}{edges[1]}", text, re.IGNORECASE))


def plain(cell: Any) -> Value:  # noqa: ANN401 - a cell, or none.
    """A cell's value; a list as the words that it shows."""
    value = (cell or {}).get("value")
    if isinstance(value, list):
        return " ".join(str(each.get("name", "")) if isinstance(each, dict) else str(each) for each in value)
    return value


def members(cell: Any) -> set[str]:  # noqa: ANN401 - as above.
    """What `in` looks at: options, codes of users, or the one value; an empty field has ""."""
    value = (cell or {}).get("value")
    listed = value if isinstance(value, list) else [value]
    return {str(each["code"] if isinstance(each, dict) else each or "") for each in listed} or {""}


def compares(kind: str, held: Value, operator: str, value: str) -> bool:
    """Whether a field's value stands so to that of a query; a date is compared with the day of a moment."""
    left: Any = held or ""
    right: Any = value
    if kind in _NUMBERS:
        left, right = _number(held), _number(value)
    elif kind in {"DATETIME", "CREATED_TIME", "UPDATED_TIME"} and left:
        left, right = _moment(left), _moment(value)
        if len(value) == len("2026-11-01"):
            left, right = left.astimezone(TOKYO).date(), right.date()
    if operator in {"=", "!="}:
        return bool(left == right) is (operator == "=")
    if left in ("", None) or right in ("", None):
        return False
    return bool(_ORDERED[operator](left, right))


def _number(value: Value) -> Decimal | None:
    try:
        return Decimal(str(value)) if value not in ("", None) else None
    except InvalidOperation:
        raise no_query() from None


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise no_query() from None
    return found if found.tzinfo else found.replace(tzinfo=TOKYO)


def sort_key(cell: Any) -> tuple[bool, Any]:  # noqa: ANN401 - as above.
    """Puts empty fields first in ascending order."""
    held = plain(cell)
    if (cell or {}).get("type") in _NUMBERS:
        number = _number(held)
        return number is not None, number or Decimal(0)
    return bool(held), str(held.get("name") if isinstance(held, dict) else held or "")
