"""The apps of the stubbed kintone: their form, their sample records, and how a status action changes them.

Record shapes follow "Field Types" (cybozu.dev, kintone overview): values are strings, null or lists, never numbers.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from generator.stub.form_fields import Field, property_of
from generator.stub.people import GROUPS, ORGANIZATIONS, PEOPLE, Person
from generator.stub.record_values import LISTS, as_minute, initial

Record = dict[str, dict[str, Any]]

SAMPLE_RECORDS = 23
"""More than one page of the list, which shows 20."""


class InvalidInputError(ValueError):
    """A status action that the record's status does not have."""


@dataclass(frozen=True)
class Action:
    """A button of process management: moves a record from one status to the next."""

    name: str
    status: str
    next_status: str


ACTIONS = (Action("処理開始", "未処理", "処理中"), Action("完了する", "処理中", "完了"))

_EMPTY_SPACE = Field("empty-area", "SPACER")
_BUILT_IN = (
    Field("ステータス", "STATUS", "Status", ("未処理", "処理中", "完了")),
    Field("作業者", "STATUS_ASSIGNEE", "Assignee"),
    Field("カテゴリー", "CATEGORY", "Categories"),
)
_FORM: tuple[tuple[Field, ...], ...] = (
    (
        Field("レコード番号", "RECORD_NUMBER", "Record number"),
        Field("件名", "SINGLE_LINE_TEXT", "Title"),
        Field("部門名", "DROP_DOWN", "Department", ("営業部", "開発部", "総務部")),
    ),
    (
        Field("入荷日", "DATE", "Arrival date"),
        Field("予定日時", "DATETIME", "Planned at"),
        Field("時刻", "TIME", "Time"),
        Field("金額", "NUMBER", "Amount"),
        Field("合計", "CALC", "Total"),
    ),
    (Field("メモ", "MULTI_LINE_TEXT", "Notes"), Field("説明", "RICH_TEXT", "Description")),
    (
        Field("区分", "RADIO_BUTTON", "Class", ("通常", "至急")),
        Field("タグ", "CHECK_BOX", "Tags", ("国内", "海外", "要確認")),
        Field("複数", "MULTI_SELECT", "Choices", ("A", "B", "C")),
    ),
    (
        Field("担当者", "USER_SELECT", "Person in charge"),
        Field("組織", "ORGANIZATION_SELECT", "Organization"),
        Field("グループ", "GROUP_SELECT", "Group"),
    ),
    (Field("添付", "FILE", "Attachments"), Field("リンク", "LINK", "Link")),
    (
        Field(
            "明細",
            "SUBTABLE",
            "Items",
            columns=(
                Field("品名", "SINGLE_LINE_TEXT", "Item"),
                Field("数量", "NUMBER", "Quantity"),
                Field("単価", "NUMBER", "Unit price"),
            ),
        ),
    ),
    (_EMPTY_SPACE,),
    (
        Field("作成者", "CREATOR", "Created by"),
        Field("作成日時", "CREATED_TIME", "Created at"),
        Field("更新者", "MODIFIER", "Updated by"),
        Field("更新日時", "UPDATED_TIME", "Updated at"),
    ),
)
_TAKES_FIRST_VALUE = {
    "SINGLE_LINE_TEXT", "MULTI_LINE_TEXT", "DATETIME",
    "DROP_DOWN", "RADIO_BUTTON", "CHECK_BOX", "MULTI_SELECT", "STATUS",
}  # fmt: skip


class StubApp:
    """One app: the sample form with `fields` and Space elements added, and its records, which edits change.

    Record 1 has `first_values`; a field with options offers them. Without the `sample` it is an app that somebody has
    just created: no form, no records and no process management; its form is then in its settings alone.
    """

    def __init__(
        self,
        app_id: int,
        name: str,
        *,
        fields: tuple[Field, ...] = (),
        spaces: tuple[str, ...] = (),
        first_values: Mapping[str, str] | None = None,
        sample: bool = True,
    ) -> None:
        self.id = app_id
        self.name = name
        self.sample = sample
        self._last = 0
        self._first_values = dict(first_values or {})
        added = tuple((field,) for field in fields) + tuple((Field(space, "SPACER"),) for space in spaces)
        rows = (*_FORM[:1], *added, *_FORM[1:]) if sample else ()
        self.form = tuple(tuple(map(self._with_first_value, row)) for row in rows)
        self._built_in = tuple(map(self._with_first_value, _BUILT_IN if sample else ()))

    def is_like(self, other: "StubApp") -> bool:
        """Whether the other has the same name, form and first values; records do not count."""
        changing = {"records": None, "_last": None}
        return vars(self) | changing == vars(other) | changing

    @cached_property
    def records(self) -> dict[int, Record]:
        """By record ID; made when first needed, because a config may have 1,000 apps."""
        return {number: self._sample(number) for number in range(1, SAMPLE_RECORDS + 1) if self.sample}

    @property
    def fields(self) -> Iterator[Field]:
        """Every field that has a value."""
        return (field for row in (*self.form, self._built_in) for field in row if field.type != "SPACER")

    @property
    def properties(self) -> dict[str, dict[str, Any]]:
        """The form as REST has it."""
        return {field.code: property_of(field) for field in self.fields}

    @property
    def first_status(self) -> str:
        """The status of new records; "" without process management."""
        return next((field.options[0] for field in self._built_in if field.type == "STATUS"), "")

    def put(self, records: Mapping[int, Record]) -> None:
        """Puts in changed and new records."""
        self.records.update(records)
        self._last = self.last_id

    def remove(self, ids: Iterable[int]) -> None:
        """Removes records. No other one gets their IDs."""
        self._last = self.last_id
        for record_id in ids:
            self.records.pop(record_id, None)

    @property
    def last_id(self) -> int:
        """The highest ID that a record has or had."""
        return max(self._last, *self.records, 0)

    def calculate(self, record: Record) -> None:
        """Sets the sample form's calculated field."""
        if self.sample and "合計" in record and "明細" in record:
            rows = [row["value"] for row in record["明細"]["value"]]
            total = sum(float(row["数量"]["value"] or 0) * float(row["単価"]["value"] or 0) for row in rows)
            record["合計"]["value"] = f"{total:g}" if rows else ""

    def proceed(self, record_id: int, action_name: str, now: datetime, by: Person) -> None:
        """Carries out a status action.

        Raises:
            InvalidInputError: the record's status has no such action.
        """
        record = copy.deepcopy(self.records[record_id])
        for action in self.actions:
            if action.name == action_name and action.status == record["ステータス"]["value"]:
                record["ステータス"]["value"] = action.next_status
                break
        else:
            raise InvalidInputError(f"ステータス: no action {action_name!r}")
        touch(record, now, by)
        self.records[record_id] = record

    @property
    def actions(self) -> tuple[Action, ...]:
        """The status actions; an unknown status from a config leads into the sample flow."""
        statuses = next((field.options for field in self._built_in if field.type == "STATUS"), None)
        if statuses is None:
            return ()
        known = {action.status for action in ACTIONS} | {ACTIONS[-1].next_status}
        return ACTIONS + tuple(Action("申請する", status, "未処理") for status in statuses if status not in known)

    def _with_first_value(self, field: Field) -> Field:
        wanted = self._first_values.get(field.code)
        if wanted is None or not field.options or wanted in field.options:
            return field
        return Field(field.code, field.type, field.english, (wanted, *field.options), field.columns)

    def _sample(self, number: int) -> Record:
        record = {field.code: {"type": field.type, "value": initial(property_of(field))} for field in self.fields}
        values: dict[str, Any] = {
            "レコード番号": str(number),
            "作成者": _entity(PEOPLE, "kato"),
            "更新者": _entity(PEOPLE, "sato"),
            "ステータス": self.first_status,
            "作成日時": f"2026-10-{number:02}T00:30:00Z",
            "更新日時": f"2026-11-{number:02}T08:05:00Z",
        }
        if number != 2:
            values |= _filled(number)
        if number == 3:
            values |= _long()
        for code, value in values.items():
            record[code]["value"] = value
        if number == 1:
            for code, first in self._first_values.items():
                cell = record.get(code)
                if cell is not None and cell["type"] in _TAKES_FIRST_VALUE:
                    cell["value"] = [first] if cell["type"] in LISTS else first
        record["$id"] = {"type": "__ID__", "value": str(number)}
        record["$revision"] = {"type": "__REVISION__", "value": str(number)}
        self.calculate(record)
        return record


def _filled(number: int) -> dict[str, Any]:
    quantities = range(1, 3)
    return {
        "件名": f"仕入れ {number}",
        "部門名": tuple(ORGANIZATIONS.values())[(number - 1) % 3],
        "入荷日": f"2026-11-{number:02}",
        "予定日時": f"2026-11-{number:02}T01:30:00Z",
        "時刻": "09:15",
        "金額": str(1200 * number),
        "メモ": "午前中に納品。\n受領印が必要。",
        "説明": "<div>検品は<b>二名</b>で行う。</div><div>結果を添付する。</div>",
        "区分": "至急" if number % 4 == 1 else "通常",
        "タグ": ["国内"],
        "複数": ["A", "C"],
        "担当者": [_entity(PEOPLE, "suzuki")],
        "組織": [_entity(ORGANIZATIONS, "sales")],
        "グループ": [_entity(GROUPS, "everyone")],
        "添付": [_file(number, "納品書.pdf", "application/pdf", "48213")],
        "リンク": "https://example.com/orders",
        "明細": [_row(number * 100 + index, f"部品 {index}", str(index), "350") for index in quantities],
        "作業者": [_entity(PEOPLE, "sato")],
        "カテゴリー": ["仕入れ"],
    }


def _long() -> dict[str, Any]:
    return {
        "件名": 'とても長い件名が入っているレコード </script><b>太字ではない</b> & "引用" ' + "長い" * 40,
        "メモ": "\n".join(f"{line} 行目。" + "折り返しが必要なほど長いメモ。" * 8 for line in range(1, 13)),
        "タグ": ["国内", "海外", "要確認"],
        "担当者": [_entity(PEOPLE, code) for code in PEOPLE],
        "添付": [_file(index, f"検査成績書-{index:02}-" + "版" * 20 + ".xlsx", "", "1048576") for index in range(8)],
        "リンク": "https://example.com/" + "long/" * 30,
        "明細": [_row(3000 + index, f"部品番号 {index:04}", str(index), "12800") for index in range(1, 13)],
    }


def _file(number: int, name: str, content_type: str, size: str) -> dict[str, str]:
    return {"contentType": content_type, "fileKey": f"stub-file-{number}", "name": name, "size": size}


def _row(row_id: int, item: str, quantity: str, price: str) -> dict[str, Any]:
    values = {"品名": ("SINGLE_LINE_TEXT", item), "数量": ("NUMBER", quantity), "単価": ("NUMBER", price)}
    return {
        "id": str(row_id),
        "value": {code: {"type": kind, "value": value} for code, (kind, value) in values.items()},
    }


def _entity(names: Mapping[str, str], code: str) -> dict[str, str]:
    return {"code": code, "name": names[code]}


def touch(record: Record, now: datetime, by: Person) -> None:
    """Counts a change of a record."""
    record["$revision"]["value"] = str(int(record["$revision"]["value"]) + 1)
    for cell in record.values():
        if cell["type"] == "MODIFIER":
            cell["value"] = by.as_value()
        elif cell["type"] == "UPDATED_TIME":
            cell["value"] = as_minute(now)
