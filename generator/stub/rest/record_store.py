"""An app's records as one actor reads and changes them, over REST and on the stub's own pages."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.stub.form_fields import with_system_fields
from generator.stub.record_values import DECORATIONS, SET_BY_KINTONE, CellChecks, Cells, Errors, Properties, as_minute
from generator.stub.rest.answers import Json, RestError, invalid
from generator.stub.rest.record_query import Query, parsed
from generator.stub.rest.record_rights import Access, Actor, Deed, Rights
from generator.stub.rest.state import Rest, Settings
from generator.stub.sample_apps import Record, touch


@dataclass(frozen=True)
class Change:
    """A change of a record: which one, its new cells, and the revision that the record must have."""

    record_id: int
    cells: Cells
    revision: Json = None


@dataclass(frozen=True)
class Addition:
    """A record to add."""

    cells: Cells


def properties_of(rest: Rest, app_id: int, settings: Settings | None) -> Properties:
    """The form of these settings; those of no form have that of the stub's app."""
    if settings is None or settings.properties is None:
        return rest.forms[app_id].properties
    return with_system_fields(settings.properties)


class Records:
    """The records of an app, for one request. Its methods raise RestError, and then nothing has changed.

    Hold Rest.lock meanwhile.
    """

    def __init__(self, rest: Rest, app_id: int, actor: Actor) -> None:
        app = rest.current_app(app_id)
        settings = app.live or Settings()
        self._rest = rest
        self._app = rest.forms[app_id]
        self._actor = actor
        self._now = rest.clock.now()
        # Where process management or categories are switched off, records have no such field.
        form = properties_of(rest, app_id, settings)
        self.properties = {code: field for code, field in form.items() if field.get("enabled") is not False}
        self.rights = Rights(
            settings,
            actor,
            app.creator,
            lambda condition: self.query(condition).matches,
            token_is_bound=rest.record_switches.token_rights == "everyone",
        )

    # --- reading

    def query(self, text: str) -> Query:
        """A query as the actor sends it."""
        equals = self._rest.record_switches.text_equals
        return parsed(text, self.properties, self._actor.person.code, self._now, equals)

    def get(self, record_id: int) -> Record:
        """A record, without the fields that the actor may not see."""
        self._refuse_unless(self.rights.may("view"))
        return self._seen(self._record_for("view", record_id))

    def all(self, query: str = "") -> list[Record]:
        """All records that the actor may see and the query selects, in its order but without its limits."""
        self._refuse_unless(self.rights.may("view"))
        asked = self.query(query)
        # Else a query would tell what a hidden field holds.
        self._refuse_unless(all(self.rights.access(code, None) != "NONE" for code in asked.codes))
        complete = [record for record in map(self._completed, self._app.records.values()) if asked.matches(record)]
        seen = [record for record in complete if self.rights.may_with("view", record)]
        return [self._seen(record) for record in asked.ordered(seen)]

    def blank(self) -> Record:
        """A record that is not saved yet: without the fields that kintone sets on saving, but with calculated ones."""
        values = CellChecks(self.properties, "record", self._now, str).values({}, None)
        record = self._cells(values) | {
            code: {"type": "CALC", "value": ""} for code, field in self.properties.items() if field["type"] == "CALC"
        }
        return {code: cell for code, cell in record.items() if self.rights.access(code, None) != "NONE"}

    def has(self, record_id: int) -> bool:
        """Whether there is a record with this ID, whoever may see it."""
        return record_id in self._app.records

    def with_key(self, field: Json, value: Json, where: str) -> int | None:
        """The ID of the record with this value of a field without duplicates ("Update Record"), if there is one."""
        found = self.properties.get(str(field), {})
        if found.get("type") not in {"SINGLE_LINE_TEXT", "NUMBER"} or not found.get("unique"):
            raise invalid(f"{where}.field", "Specify a text or number field that prohibits duplicate values.")
        if value in (None, ""):
            raise invalid(f"{where}.value", "Required field.")
        held = CellChecks({field: found}, "record", self._now, str).values({field: {"value": value}}, None)[field]
        for record_id, record in self._app.records.items():
            if record.get(field, {}).get("value") == held:
                return record_id
        return None

    # --- changing

    def put(self, entries: Sequence[Addition | Change], where: Callable[[int], str]) -> list[int]:
        """Adds and changes records, all or none; gives their IDs. `where` is the place of an entry in the request."""
        working: dict[int, Record] = dict(self._app.records)
        errors: Errors = {}
        ids, last = [], self._app.last_id
        for index, entry in enumerate(entries):
            if isinstance(entry, Addition):
                last += 1
                record_id, record = last, self._added(last, entry, where(index), errors)
            else:
                record_id, record = entry.record_id, self._changed(entry, where(index), working, errors)
            errors |= self._duplicates(record, working, record_id, where(index))
            working[record_id] = record
            ids.append(record_id)
        if errors:
            raise RestError(400, "CB_VA01", "Missing or invalid input.", errors)
        self._app.put({record_id: working[record_id] for record_id in ids})
        return ids

    def remove(self, ids: Sequence[int], revisions: Sequence[Json]) -> None:
        """Removes records, all or none."""
        self._refuse_unless(self.rights.may("delete"))
        for record_id, revision in zip(ids, revisions or [None] * len(ids), strict=True):
            _check_revision(self._record_for("delete", record_id), revision)
        self._app.remove(ids)

    def revision(self, record_id: int) -> str:
        """The revision that the record has now."""
        return str(self._app.records[record_id]["$revision"]["value"])

    def _added(self, record_id: int, entry: Addition, where: str, errors: Errors) -> Record:
        self._refuse_unless(self.rights.may("add"))
        # Who adds a record becomes its creator, and a row of rights may name that field.
        creator = {
            code: {"type": "CREATOR", "value": self._actor.person.as_value()}
            for code, field in self.properties.items()
            if field["type"] == "CREATOR"
        }
        self._refuse_other_fields(entry.cells, creator)
        checks = CellChecks(self.properties, where, self._now, self._new_row())
        values = checks.values(entry.cells, None)
        errors |= checks.errors
        record = self._cells(values)
        for code, field in self.properties.items():
            if field["type"] in SET_BY_KINTONE:
                record[code] = {"type": field["type"], "value": self._set_by_kintone(field["type"], record_id)}
        record["$id"] = {"type": "__ID__", "value": str(record_id)}
        record["$revision"] = {"type": "__REVISION__", "value": "1"}
        self._app.calculate(record)
        return record

    def _changed(self, entry: Change, where: str, working: Mapping[int, Record], errors: Errors) -> Record:
        self._refuse_unless(self.rights.may("edit"))
        before = self._record_for("edit", entry.record_id, working)
        self._refuse_other_fields(entry.cells, before)
        _check_revision(before, entry.revision)
        checks = CellChecks(self.properties, where, self._now, self._new_row())
        values = checks.values(entry.cells, {code: cell["value"] for code, cell in before.items()})
        errors |= checks.errors
        record: Record = copy.deepcopy(before) | self._cells(values)
        touch(record, self._now, self._actor.person)
        self._app.calculate(record)
        return record

    def _set_by_kintone(self, kind: str, record_id: int) -> Any:  # noqa: ANN401 - a field's value.
        by, at = self._actor.person.as_value(), as_minute(self._now)
        return {
            "RECORD_NUMBER": str(record_id),
            "CREATOR": by,
            "MODIFIER": by,
            "CREATED_TIME": at,
            "UPDATED_TIME": at,
            "STATUS": self._app.first_status,
            "STATUS_ASSIGNEE": [],
            "CATEGORY": [],
        }.get(kind, "")

    def _duplicates(self, record: Record, working: Mapping[int, Record], record_id: int, where: str) -> Errors:
        """The errors of values that other records have in fields without duplicates; many may be empty there."""
        unique = [code for code, field in self.properties.items() if field.get("unique") and record[code]["value"]]
        return {
            f"{where}.{code}.value": "This value already exists in another record."
            for code in unique
            for other_id, other in working.items()
            if other_id != record_id and other.get(code, {}).get("value") == record[code]["value"]
        }

    def _record_for(self, deed: Deed, record_id: int, working: Mapping[int, Record] | None = None) -> Record:
        records = self._app.records if working is None else working
        if record_id not in records:
            raise RestError(404, "GAIA_RE01", f"The specified record (ID: {record_id}) is not found.")
        record = self._completed(records[record_id])
        self._refuse_unless(self.rights.may_with(deed, record))
        return record

    def _refuse_other_fields(self, cells: Cells, record: Cells) -> None:
        """A value needs the right to edit its field, also in a new record ("Add Record", "Update Record")."""
        for code in cells.keys() & self.properties.keys():
            self._refuse_unless(self.rights.access(code, record) == "WRITE")

    def _refuse_unless(self, allowed: bool) -> None:
        if not allowed:
            raise RestError(403, "CB_NO02", "No privilege to proceed.")

    def _completed(self, record: Record) -> Record:
        """The record with the form's present fields: records older than a field are empty there."""
        shown = {code: field for code, field in self.properties.items() if field["type"] not in DECORATIONS}
        missing = {code: field for code, field in shown.items() if code not in record}
        values = CellChecks(missing, "record", self._now, str).values({}, {}) if missing else {}
        cells = record | self._cells(values)
        return {code: cells[code] for code in (*shown, "$revision", "$id") if code in cells}

    def _seen(self, record: Record) -> Record:
        access: dict[str, Access] = {code: self.rights.access(code, record) for code in record}
        return {code: copy.deepcopy(cell) for code, cell in record.items() if access[code] != "NONE"}

    def _cells(self, values: Mapping[str, Any]) -> Record:
        return {code: {"type": self.properties[code]["type"], "value": value} for code, value in values.items()}

    def _new_row(self) -> Callable[[], str]:
        """Numbers new rows of tables; no two rows of an app have the same number."""
        cells = [cell for record in self._app.records.values() for cell in record.values()]
        rows = [row["id"] for cell in cells if cell["type"] == "SUBTABLE" for row in cell["value"]]
        last = max(map(int, rows), default=0)

        def number() -> str:
            nonlocal last
            last += 1
            return str(last)

        return number


def _check_revision(record: Record, given: Json) -> None:
    """RestError if the revision differs; -1 and no revision match any."""
    if given is not None and str(given) not in ("-1", record["$revision"]["value"]):
        raise RestError(409, "GAIA_CO02", "The revision is not the latest. Someone may update a record.")
