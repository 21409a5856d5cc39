"""What a user may do with an app's records: the rights of the app, of records and of fields.

"Get App Permissions", "Get Record Permissions" and "Get Field Permissions" (cybozu.dev) have the rows' shapes. Of
several rows for a user the upper one counts, Everyone's last ("Update App Permissions"); where rows do not name
Everyone, those whom they do not name may do nothing. An app's rights come before those of records, and these before
those of fields (kintone's FAQ 010217).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from generator.stub.people import EVERYONE, Person
from generator.stub.rest.answers import Json
from generator.stub.rest.state import Settings

Deed = Literal["view", "add", "edit", "delete"]
Access = Literal["READ", "WRITE", "NONE"]
Cells = Mapping[str, Any]

_APP = {"view": "recordViewable", "add": "recordAddable", "edit": "recordEditable", "delete": "recordDeletable"}
_RECORD = {"view": "viewable", "edit": "editable", "delete": "deletable"}


@dataclass(frozen=True)
class Actor:
    """Who works with records: a user, or an API token, whose own rights replace those of the app."""

    person: Person
    is_token: bool = False


class Rights:
    """The rights of one actor in one app. `matches` gives the test of a row's filterCond.

    `token_is_bound`: whether the rights of records and fields count for API tokens, as for Everyone.
    """

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        app_creator: str,
        matches: Callable[[str], Callable[[Cells], bool]],
        *,
        token_is_bound: bool,
    ) -> None:
        self._actor = actor
        self._app_creator = app_creator
        self._app = settings.rights
        is_free = actor.is_token and not token_is_bound
        self._records = [
            (matches(row.get("filterCond", "")), row["entities"]) for row in settings.record_rights if not is_free
        ]
        self._fields = {row["code"]: row["entities"] for row in settings.field_rights if not is_free}

    def may(self, deed: Deed) -> bool:
        """Whether the app's rights allow it at all."""
        if self._actor.is_token or not self._app:
            return True
        row = self._first(self._app, None)
        return row is not None and _is_true(row.get(_APP[deed]))

    def may_with(self, deed: Deed, record: Cells) -> bool:
        """Whether it is allowed with this record: the first condition that the record meets decides."""
        if not self.may(deed):
            return False
        for matches, entities in self._records:
            if matches(record):
                row = self._first(entities, record)
                return row is not None and _is_true(row.get(_RECORD[deed]))
        return True

    def access(self, code: str, record: Cells | None) -> Access:
        """What is allowed with a field of this record; None: of a new one."""
        if code not in self._fields:
            return "WRITE"
        row = self._first(self._fields[code], record)
        return row["accessibility"] if row else "NONE"

    def _first(self, rows: Iterable[Json], record: Cells | None) -> Json | None:
        """The row that counts for the actor."""
        fitting = [row for row in rows if self._is_meant(row, record)]
        return min(fitting, key=_is_everyone, default=None)

    def _is_meant(self, row: Json, record: Cells | None) -> bool:
        entity, below = row["entity"], _is_true(row.get("includeSubs"))
        person, code = self._actor.person, entity.get("code")
        if self._actor.is_token or _is_everyone(row):
            return _is_everyone(row)
        kinds: dict[str, Callable[[], bool]] = {
            "USER": lambda: bool(code == person.code),
            "GROUP": lambda: code in person.groups,
            "ORGANIZATION": lambda: person.is_in(code, or_below=below),
            "CREATOR": lambda: self._app_creator == person.code,
            "FIELD_ENTITY": lambda: self._is_in_field(record, code, below=below),
        }
        return kinds[entity["type"]]()

    def _is_in_field(self, record: Cells | None, code: str, *, below: bool) -> bool:
        """Whether a field of users, groups or organizations names the actor."""
        cell = (record or {}).get(code)
        if cell is None:
            return False
        person, value = self._actor.person, cell["value"]
        codes = [each["code"] for each in (value if isinstance(value, list) else [value])]
        if cell["type"] == "ORGANIZATION_SELECT":
            return any(person.is_in(each, or_below=below) for each in codes)
        return any(each in person.groups if cell["type"] == "GROUP_SELECT" else each == person.code for each in codes)


def _is_everyone(row: Json) -> bool:
    entity = row["entity"]
    return entity["type"] == "GROUP" and str(entity.get("code")).lower() == EVERYONE


def _is_true(given: Json) -> bool:
    return given in (True, "true")
