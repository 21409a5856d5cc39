"""Queries for records: "Query String" (cybozu.dev, kintone overview).

Errors' codes follow captures of a real kintone (third parties, 2026-04).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from generator.stub.people import BELONGS
from generator.stub.record_values import TOKYO, Properties, as_minute
from generator.stub.rest.answers import RestError
from generator.stub.rest.record_comparison import compares, has_words, members, no_query, plain, sort_key

LIMIT, MOST, FARTHEST = 100, 500, 10_000
"""How many records without `limit`, its maximum, and that of `offset`."""

TextEquals = Literal["words", "whole"]
Test = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(
    r"""[\s\u3000]*(?:(?P<text>"(?:\\.|[^"\\\n\r\t])*")|(?P<number>-?\d+(?:\.\d+)?)(?![^\s\u3000,()=!<>])"""
    r"""|(?P<sign>[(),]|[<>!]?=|[<>])|(?P<word>[^\s\u3000"(),=!<>]+))"""
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_COMPARED = {"=", "!=", "<", ">", "<=", ">="}
_LISTED = {"in", "not in"}
_SEARCHED = {"like", "not like"}
_OPERATORS: dict[str, set[str]] = {
    **dict.fromkeys(("RECORD_NUMBER", "__ID__", "NUMBER", "CALC"), _COMPARED | _LISTED),
    **dict.fromkeys(("SINGLE_LINE_TEXT", "LINK"), {"=", "!="} | _LISTED | _SEARCHED),
    "STATUS": {"=", "!="} | _LISTED,
    **dict.fromkeys(("MULTI_LINE_TEXT", "RICH_TEXT", "FILE"), _SEARCHED | {"is", "is not"}),
    **dict.fromkeys(("DATE", "TIME", "DATETIME", "CREATED_TIME", "UPDATED_TIME"), _COMPARED),
    **dict.fromkeys(
        ("CHECK_BOX", "RADIO_BUTTON", "DROP_DOWN", "MULTI_SELECT", "USER_SELECT", "ORGANIZATION_SELECT",
         "GROUP_SELECT", "CREATOR", "MODIFIER", "STATUS_ASSIGNEE"), _LISTED,
    ),
}  # fmt: skip


@dataclass
class Query:
    """A parsed query: `matches` judges a record's cells, `order` has fields with whether they ascend, and `codes` are
    all fields that it names."""

    matches: Test
    order: list[tuple[str, bool]]
    limit: int
    offset: int
    codes: frozenset[str] = frozenset()

    def ordered(self, records: list[Any]) -> list[Any]:
        """The records in the query's order; without one, the newest record is the first."""
        found = sorted(records, key=lambda record: int(record["$id"]["value"]), reverse=True)
        for code, ascending in reversed(self.order):
            found.sort(key=_held_in(code), reverse=not ascending)
        return found


def parsed(text: str, properties: Properties, user: str, now: datetime, text_equals: TextEquals) -> Query:
    """The query that a user sends. RestError if it is none, or names what the form does not have."""
    try:
        return _Parser(text, properties, user, now, text_equals).query()
    except RecursionError:  # thousands of brackets
        raise no_query() from None


class _Parser:
    def __init__(self, text: str, properties: Properties, user: str, now: datetime, text_equals: TextEquals) -> None:
        self._tokens = list(_tokens(text))
        self._properties: Properties = {**properties, "$id": {"type": "__ID__"}, "$revision": {"type": "__REVISION__"}}
        self._user = user
        self._now = now
        self._text_equals = text_equals
        self._codes: set[str] = set()

    def query(self) -> Query:
        conditions = self._peek() not in {"", "order", "limit", "offset"}
        query = Query(self._either() if conditions else _any, [], LIMIT, 0)
        if self._takes("order"):
            self._expect("by")
            while not query.order or self._takes(","):
                query.order.append((self._code(), self._direction()))
        while (word := self._peek()) in {"limit", "offset"}:
            self._next()
            setattr(query, word, self._count())
        query.codes = frozenset(self._codes)
        if self._tokens:
            raise no_query()
        if query.limit > MOST:
            raise RestError(400, "GAIA_QU01", f"limit must be {MOST} or less.")
        if query.offset > FARTHEST:
            raise RestError(400, "GAIA_QU02", f"offset must be {FARTHEST:,} or less.")
        return query

    def _either(self) -> Test:
        tests = [self._both()]
        while self._takes("or"):
            tests.append(self._both())
        return lambda record: any(test(record) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._takes("and"):
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Test:
        if self._takes("("):
            inner = self._either()
            self._expect(")")
            return inner
        code = self._code()
        kind, operator = self._properties[code]["type"], self._operator()
        if operator not in _OPERATORS.get(kind, set()):
            raise RestError(400, "GAIA_IQ03", f"The operator {operator} cannot be used for the field {code}.")
        test = self._test(code, kind, operator.removeprefix("not ").removesuffix(" not"))
        return (lambda record: not test(record)) if "not" in operator.split() else test

    def _test(self, code: str, kind: str, operator: str) -> Test:
        if operator == "is":
            self._expect("empty")
            return lambda record: not str(plain(record.get(code)) or "").strip()
        if operator == "in":
            wanted = set(self._values())
            return lambda record: bool(wanted & members(record.get(code)))
        value = self._value()
        if operator == "like":
            return lambda record: has_words(str(plain(record.get(code))), value)
        if self._is_searched(code) and value:
            equal = operator == "="
            return lambda record: has_words(str(plain(record.get(code))), value) is equal
        return lambda record: compares(kind, plain(record.get(code)), operator, value)

    def _is_searched(self, code: str) -> bool:
        """Whether `=` looks for words: so it does in texts that may repeat (third parties' measurement)."""
        field = self._properties[code]
        return (
            self._text_equals == "words" and field["type"] in {"SINGLE_LINE_TEXT", "LINK"} and not field.get("unique")
        )

    def _values(self) -> Iterator[str]:
        self._expect("(")
        yield self._value()
        while self._takes(","):
            yield self._value()
        self._expect(")")

    def _value(self) -> str:
        token = self._next()
        if token.startswith('"'):
            return re.sub(r"\\(.)", lambda found: _ESCAPED.get(found[1], found[1]), token[1:-1])
        if self._takes("("):
            self._expect(")")
            return self._called(token)
        if re.fullmatch(r"-?\d+(\.\d+)?", token):
            return token
        raise no_query()

    def _called(self, name: str) -> str:
        today = self._now.astimezone(TOKYO)
        if name == "LOGINUSER":
            return self._user
        if name == "PRIMARY_ORGANIZATION":
            return BELONGS.get(self._user, ("",))[0]
        if name == "NOW":
            return as_minute(self._now)
        days = {"TODAY": 0, "YESTERDAY": -1, "TOMORROW": 1}
        if name in days:
            return f"{today + timedelta(days=days[name]):%Y-%m-%d}"
        raise RestError(400, "STUB_QUERY", f"The stubbed kintone knows no {name}() in queries.")

    def _code(self) -> str:
        code = self._next()
        if code not in self._properties:
            raise RestError(400, "GAIA_IQ11", f"The specified field ({code}) is not found.")
        self._codes.add(code)
        return code

    def _operator(self) -> str:
        operator = self._next()
        if operator == "not":
            return f"not {self._next()}"
        return "is not" if operator == "is" and self._takes("not") else operator

    def _direction(self) -> bool:
        return self._takes("asc") or not self._takes("desc")

    def _count(self) -> int:
        token = self._next()
        if not re.fullmatch("[0-9]{1,18}", token):
            raise no_query()
        return int(token)

    def _peek(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _next(self) -> str:
        if not self._tokens:
            raise no_query()
        return self._tokens.pop(0)

    def _takes(self, token: str) -> bool:
        return self._peek() == token and bool(self._next())

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise no_query()


def _held_in(code: str) -> Callable[[Any], Any]:
    return lambda record: sort_key(record.get(code))


def _any(_record: Mapping[str, Any]) -> bool:
    return True


def _tokens(text: str) -> Iterator[str]:
    at, end = 0, len(text.rstrip(" \t\r\n\u3000"))
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise no_query()
        at = found.end()
        yield found[found.lastgroup or 0]
