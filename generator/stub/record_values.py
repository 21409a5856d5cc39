"""Values of records: which ones a form takes ("Field Types", cybozu.dev), and what it says of others.

A form is given as REST has it: properties by field code ("Get Form Fields"). Where the documents have no words, keys
and messages of errors follow captures of a real kintone (third parties, 2026-04).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from generator.stub.people import ENTITIES

Value: TypeAlias = Any
"""A field's value: text, null, or a list; which one depends on the field's type."""
Properties: TypeAlias = Mapping[str, Mapping[str, Any]]
Cells: TypeAlias = Mapping[str, Any]
Errors: TypeAlias = dict[str, str]
"""By the place in the request: what is wrong there."""

SET_BY_KINTONE = {
    "RECORD_NUMBER", "CREATOR", "CREATED_TIME", "MODIFIER", "UPDATED_TIME",
    "STATUS", "STATUS_ASSIGNEE", "CATEGORY", "CALC",
}  # fmt: skip
DECORATIONS = {"SPACER", "LABEL", "HR", "GROUP", "REFERENCE_TABLE"}
LISTS = {
    "CHECK_BOX", "MULTI_SELECT", "CATEGORY", "USER_SELECT", "ORGANIZATION_SELECT",
    "GROUP_SELECT", "STATUS_ASSIGNEE", "FILE", "SUBTABLE",
}  # fmt: skip
NULL_WHEN_EMPTY = {"DROP_DOWN", "DATE", "TIME"}
UNIQUE_LENGTH = 64
"""UTF-16 units of a text field without duplicates; 65 are refused (third parties' measurement)."""

_TEXTS = {"SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "LINK"}
_REQUIRED = "Required."
# The zone of all users; Tokyo has no summer time.
TOKYO = timezone(timedelta(hours=9))
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")
_DATETIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})")


def initial(field: Mapping[str, Any]) -> Value:
    """The value of a field that nobody has set."""
    if field["type"] in LISTS:
        return []
    if field["type"] == "RADIO_BUTTON":
        return next(iter(field.get("options", {})), "")
    return None if field["type"] in NULL_WHEN_EMPTY else ""


class CellChecks:
    """Checks the values that one request gives one record; `where` is the record's place in the request."""

    def __init__(self, properties: Properties, where: str, now: datetime, new_row: Callable[[], str]) -> None:
        self.errors: Errors = {}
        self._properties = properties
        self._where = where
        self._now = now
        self._new_row = new_row

    def values(self, given: Cells, before: Mapping[str, Value] | None) -> dict[str, Value]:
        """All values of the record: those given, else those `before`, else, in a new record, the defaults.

        A code that the form does not have is ignored ("Add Record"). An update must leave required fields filled, also
        those that it does not name (third parties' capture).
        """
        found: dict[str, Value] = {}
        for code, field in self._properties.items():
            if field["type"] in DECORATIONS | SET_BY_KINTONE:
                continue
            kept = initial(field) if before is None else before.get(code, initial(field))
            if code in given:
                found[code] = self._field(code, field, _value_of(given[code]), kept)
            else:
                found[code] = self._default(field) if before is None else kept
            self._refuse_empty(code, field, found[code])
        return found

    def _field(self, code: str, field: Mapping[str, Any], value: Value, kept: Value) -> Value:
        if field["type"] == "FILE":
            if value:
                self.errors[f"{self._where}.{code}.value"] = "The stubbed kintone does not store attachments."
            return kept
        if field["type"] == "SUBTABLE":
            return self._table(code, field, value, kept)
        return self._plain(f"{self._where}.{code}", field, value, f"{self._where}[{code}].value")

    def _table(self, code: str, field: Mapping[str, Any], value: Value, kept: Value) -> Value:
        """The rows given replace the others; one with the id of a row changes that row ("Update Record")."""
        if not isinstance(value or [], list):
            self.errors[f"{self._where}.{code}.value"] = "Enter an array."
            return kept
        known = {row["id"]: row["value"] for row in kept}
        rows = []
        for index, row in enumerate(value or []):
            cells = row.get("value", {}) if isinstance(row, dict) else {}
            row_id = str(row.get("id")) if isinstance(row, dict) else ""
            old = known.get(row_id)
            made = {}
            for column_code, column in field["fields"].items():
                where = f"{self._where}.{code}.value[{index}].value.{column_code}"
                if column_code in cells:
                    changed = self._plain(where, column, _value_of(cells[column_code]), None)
                else:
                    changed = old[column_code]["value"] if old else self._default(column)
                made[column_code] = {"type": column["type"], "value": changed}
            rows.append({"id": row_id if old else self._new_row(), "value": made})
        return rows

    def _plain(self, where: str, field: Mapping[str, Any], value: Value, not_number: str | None) -> Value:
        """A value outside tables, or a cell. Only outside, a NUMBER that is none is an error, at `not_number`."""
        if value is None or value in ("", []):
            return initial(field)
        kind = field["type"]
        if kind in LISTS:
            return self._several(where, field, value)
        text = str(value)
        if kind in {"RADIO_BUTTON", "DROP_DOWN"}:
            self._refuse_unless(text in field.get("options", {}), f"{where}.value", _not_in_options(text))
        elif kind == "NUMBER":
            return self._number(where, field, text, not_number)
        elif kind in _TEXTS:
            self._measure(where, field, text)
        elif kind == "DATE":
            self._refuse_unless(_is_date(text), f"{where}.value", "Enter a date as YYYY-MM-DD.")
        elif kind == "TIME":
            self._refuse_unless(_is_time(text), f"{where}.value", "Enter a time as HH:MM.")
        elif kind == "DATETIME":
            return self._moment(where, text)
        return text

    def _several(self, where: str, field: Mapping[str, Any], value: Value) -> Value:
        if not isinstance(value, list):
            self.errors[f"{where}.value"] = "Enter an array."
            return []
        if field["type"] not in ENTITIES:
            for index, option in enumerate(value):
                fits = option in field.get("options", {})
                self._refuse_unless(fits, f"{where}.values[{index}].value", _not_in_options(option))
            return [str(option) for option in value]
        names = ENTITIES[field["type"]]
        codes = [entry.get("code") if isinstance(entry, dict) else entry for entry in value]
        for index, code in enumerate(codes):
            fits = code in names
            self._refuse_unless(fits, f"{where}.values[{index}].value", f"{code} does not exist.")
        return [{"code": code, "name": names.get(str(code), "")} for code in codes]

    def _number(self, where: str, field: Mapping[str, Any], text: str, not_number: str | None) -> str:
        try:
            number = Decimal(text.strip())
            if not number.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            if not_number is not None:
                self.errors[not_number] = "Only numbers are allowed."
            # In a table, kintone drops it (third parties' capture).
            return ""
        for limit, least in (("minValue", True), ("maxValue", False)):
            bound = field.get(limit)
            if bound not in (None, "") and (number < Decimal(bound) if least else number > Decimal(bound)):
                self.errors[f"{where}.value"] = f"The value must be {bound} or {'more' if least else 'less'}."
        return format(number.normalize(), "f") if number else "0"

    def _measure(self, where: str, field: Mapping[str, Any], text: str) -> None:
        most = int(field.get("maxLength") or 0)
        if field.get("unique"):
            most = min(most or UNIQUE_LENGTH, UNIQUE_LENGTH)
        length = len(text.encode("utf-16-le")) // 2
        self._refuse_unless(not most or length <= most, f"{where}.value", f"Enter less than {most + 1} characters.")
        least = int(field.get("minLength") or 0)
        self._refuse_unless(length >= least, f"{where}.value", f"Enter more than {least - 1} characters.")

    def _moment(self, where: str, text: str) -> str:
        """kintone keeps minutes: the seconds are dropped."""
        try:
            if not _DATETIME.fullmatch(text):
                raise ValueError
            return as_minute(datetime.fromisoformat(text).astimezone(UTC))
        except ValueError:
            self.errors[f"{where}.value"] = "Enter a date and time as YYYY-MM-DDTHH:MM:SSZ."
            return ""

    def _default(self, field: Mapping[str, Any]) -> Value:
        if field.get("defaultNowValue"):
            local = self._now.astimezone(TOKYO)
            shapes = {"DATE": f"{local:%Y-%m-%d}", "TIME": f"{local:%H:%M}", "DATETIME": as_minute(self._now)}
            return shapes.get(field["type"], initial(field))
        default = field.get("defaultValue")
        if not default or field["type"] in ENTITIES:
            return initial(field)
        return default

    def _refuse_empty(self, code: str, field: Mapping[str, Any], value: Value) -> None:
        if field["type"] == "SUBTABLE":
            for index, row in enumerate(value):
                for column_code, column in field["fields"].items():
                    if _is_missing(column, row["value"][column_code]["value"]):
                        self._require(f"{self._where}.{code}.value[{index}].value.{column_code}", column)
        elif _is_missing(field, value):
            self._require(f"{self._where}.{code}", field)

    def _require(self, where: str, field: Mapping[str, Any]) -> None:
        end = "values.value" if field["type"] in ENTITIES else "values" if field["type"] in LISTS else "value"
        self.errors.setdefault(f"{where}.{end}", _REQUIRED)

    def _refuse_unless(self, fits: bool, where: str, words: str) -> None:
        if not fits:
            self.errors[where] = words


def as_minute(moment: datetime) -> str:
    """A date and time as kintone gives it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00Z")


def _value_of(cell: Any) -> Value:  # noqa: ANN401 - JSON from the request.
    return cell.get("value") if isinstance(cell, dict) else cell


def _is_missing(field: Mapping[str, Any], value: Value) -> bool:
    return bool(field.get("required")) and value in (None, "", [])


def _not_in_options(value: Value) -> str:
    return f'The value, "{value}", is not in options.'


def _is_date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and _parses(text)


def _is_time(text: str) -> bool:
    return bool(_TIME.fullmatch(text)) and _parses(f"2026-01-01T{text}")


def _parses(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
