"""Records: "Get Record", "Get Records", "Add Record", "Add Records", "Update Record", "Update Records", "Delete
Records" (cybozu.dev)."""

from flask import Response

from generator.stub.rest.answers import Json, RestError, answered, invalid, listed, mapped, number
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.record_store import Addition, Change, Records
from generator.stub.rest.state import Rest

BULK = 100
"""How many records one request may add, change or delete."""


def _get_record(rest: Rest, call: Call) -> Response:
    return answered({"record": _records(rest, call).get(number(call.parameter("id"), "id"))})


def _get_records(rest: Rest, call: Call) -> Response:
    records = _records(rest, call)
    text = str(call.parameter("query") or "")
    query, found = records.query(text), records.all(text)
    fields = call.numbered("fields")
    shown = [
        {code: cell for code, cell in record.items() if not fields or code in fields}
        for record in found[query.offset : query.offset + query.limit]
    ]
    counts = str(call.parameter("totalCount")).lower() == "true"
    return answered({"records": shown, "totalCount": str(len(found)) if counts else None})


def _post_record(rest: Rest, call: Call) -> Response:
    records = _records(rest, call)
    cells = mapped(call.body.get("record", {}), "record")
    [record_id] = records.put([Addition(cells)], lambda _: "record")
    return answered({"id": str(record_id), "revision": records.revision(record_id)})


def _post_records(rest: Rest, call: Call) -> Response:
    records = _records(rest, call)
    entries = _bulk(call, "added")
    additions = [Addition(mapped(entry, f"records[{index}]")) for index, entry in enumerate(entries)]
    ids = records.put(additions, _place)
    return answered({"ids": list(map(str, ids)), "revisions": list(map(records.revision, ids))})


def _put_record(rest: Rest, call: Call) -> Response:
    records = _records(rest, call)
    record_id = _named(records, call.body, "")
    if record_id is None:
        raise _no_such_key(rest, call.body)
    change = Change(record_id, mapped(call.body.get("record", {}), "record"), call.body.get("revision"))
    records.put([change], lambda _: "record")
    return answered({"revision": records.revision(record_id)})


def _put_records(rest: Rest, call: Call) -> Response:
    """Changes records; with `upsert` adds those that are not there, which needs the rights to add and to edit."""
    records = _records(rest, call)
    entries = [mapped(entry, f"records[{index}]") for index, entry in enumerate(_bulk(call, "updated"))]
    upsert = call.body.get("upsert") is True
    if upsert and not (records.rights.may("add") and records.rights.may("edit")):
        raise RestError(403, "CB_NO02", "No privilege to proceed.")
    work: list[Addition | Change] = []
    named: set[object] = set()
    for index, entry in enumerate(entries):
        where = f"records[{index}]"
        cells, key = mapped(entry.get("record", {}), f"{where}.record"), entry.get("updateKey")
        record_id = _named(records, entry, f"{where}.")
        # A request must not name a record twice (third parties' measurement).
        name = record_id if record_id is not None else (key["field"], str(key["value"])) if key else index
        if upsert and name in named:
            raise RestError(400, "GAIA_IQ28", "The same record is specified more than once.")
        named.add(name)
        if upsert and key and key["field"] in cells:
            raise invalid(f"{where}.record.{key['field']}", "The update key must not be among the values too.")
        if record_id is not None and (not upsert or key or records.has(record_id)):
            work.append(Change(record_id, cells, entry.get("revision")))
        elif upsert:
            work.append(Addition({**cells, key["field"]: {"value": key["value"]}} if key else cells))
        else:
            raise _no_such_key(rest, entry)
    ids = records.put(work, _place)
    done = [
        {
            "id": str(record_id),
            "revision": records.revision(record_id),
            **({"operation": "INSERT" if isinstance(entry, Addition) else "UPDATE"} if upsert else {}),
        }
        for record_id, entry in zip(ids, work, strict=True)
    ]
    return answered({"records": done})


def _delete_records(rest: Rest, call: Call) -> Response:
    records = _records(rest, call)
    ids = [number(each, "ids") for each in call.numbered("ids")]
    if not 1 <= len(ids) <= BULK:
        raise invalid("ids", f"Between 1 and {BULK} records can be deleted at one time.")
    revisions = call.numbered("revisions")
    if revisions and len(revisions) != len(ids):
        raise invalid("revisions", "Enter as many revisions as ids.")
    records.remove(ids, revisions)
    return answered({})


def _records(rest: Rest, call: Call) -> Records:
    call.live_app()
    return Records(rest, call.app_id(), call.actor)


def _bulk(call: Call, done: str) -> list[Json]:
    entries = listed(call.body.get("records"), "records")
    if len(entries) > BULK:
        raise invalid("records", f"A maximum of {BULK} records can be {done} at one time.")
    return entries


def _named(records: Records, entry: Json, where: str) -> int | None:
    """The ID that an entry names, itself or by its update key; None if the key finds no record."""
    key = entry.get("updateKey")
    if (key is None) == (entry.get("id") is None):
        raise invalid(f"{where}id", "Specify either id or updateKey.")
    if key is None:
        return number(entry["id"], f"{where}id")
    given = mapped(key, f"{where}updateKey")
    return records.with_key(given.get("field"), given.get("value"), f"{where}updateKey")


def _no_such_key(rest: Rest, entry: Json) -> RestError:
    key = entry["updateKey"]
    text = f"The specified record (field: {key['field']}, value: {key['value']}) is not found."
    return RestError(rest.record_switches.missing_key_status, "GAIA_RE20", text)


def _place(index: int) -> str:
    return f"records[{index}]"


APIS: Apis = {
    ("GET", "record.json"): _get_record,
    ("POST", "record.json"): _post_record,
    ("PUT", "record.json"): _put_record,
    ("GET", "records.json"): _get_records,
    ("POST", "records.json"): _post_records,
    ("PUT", "records.json"): _put_records,
    ("DELETE", "records.json"): _delete_records,
}
