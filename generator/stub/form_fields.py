"""Fields of a form: as the stub's pages draw them, and as REST's properties ("Get Form Fields", cybozu.dev)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.stub.record_values import DECORATIONS, Properties


@dataclass(frozen=True)
class Field:
    """A field of the form; a SPACER's code is its element ID. The code is the label for Japanese users, `english` that
    for others; `label`, if there is one, that for all.
    """

    code: str
    type: str
    english: str = ""
    options: tuple[str, ...] = ()
    columns: tuple["Field", ...] = ()
    label: str = ""


# Every form has these, with codes in the language of its creator.
_ALWAYS = (
    Field("レコード番号", "RECORD_NUMBER", "Record number"),
    Field("作成者", "CREATOR", "Created by"),
    Field("作成日時", "CREATED_TIME", "Created at"),
    Field("更新者", "MODIFIER", "Updated by"),
    Field("更新日時", "UPDATED_TIME", "Updated at"),
)


def property_of(field: Field) -> dict[str, Any]:
    """A field as REST has it. The possible statuses belong to process management, not to the form."""
    shown: dict[str, Any] = {"type": field.type, "code": field.code, "label": field.code}
    if field.columns:
        shown["fields"] = {column.code: property_of(column) for column in field.columns}
    if field.options and field.type != "STATUS":
        shown["options"] = {
            option: {"label": option, "index": str(index)} for index, option in enumerate(field.options)
        }
    return shown


def with_system_fields(properties: Properties) -> Properties:
    """The properties, with those that kintone gives every form."""
    there = {field["type"] for field in properties.values()}
    return {**properties, **{field.code: property_of(field) for field in _ALWAYS if field.type not in there}}


def field_of(code: str, field: Mapping[str, Any]) -> Field:
    """A field that REST has given the form, as pages draw it."""
    options = sorted(field.get("options", {}).items(), key=lambda option: int(option[1].get("index", 0)))
    columns = tuple(field_of(each, column) for each, column in field.get("fields", {}).items())
    names = tuple(name for name, _ in options)
    return Field(code, field["type"], "", names, columns, label=str(field.get("label", code)))


def rows_of(form: tuple[tuple[Field, ...], ...], properties: Properties) -> tuple[tuple[Field, ...], ...]:
    """The rows of a form: those laid out, as far as their fields are still there, and the others in a row each."""
    laid_out = [tuple(field for field in row if field.type == "SPACER" or field.code in properties) for row in form]
    known = {field.code for row in form for field in row}
    more = [
        (field_of(code, field),)
        for code, field in properties.items()
        if code not in known and field["type"] not in DECORATIONS | {"STATUS", "STATUS_ASSIGNEE", "CATEGORY"}
    ]
    return tuple(row for row in (*laid_out, *more) if row)
