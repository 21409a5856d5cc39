"""An app's records, as the pages read and change them for the user of the browser."""

from collections.abc import Callable

from flask import Flask, Response, request

from generator.stub.people import person
from generator.stub.record_values import SET_BY_KINTONE, Cells
from generator.stub.rest import Actor, Addition, Change, Records, RestError
from generator.stub.sample_apps import InvalidInputError
from generator.stub.session import user_of_request
from generator.stub.tenant import Stub
from generator.stub.web.answers import body_of_request, json_answer, known_app


def add_records(flask: Flask, stub: Stub) -> None:
    @flask.get("/k/stub/apps/<int:app_id>/records")
    def list_records(app_id: int) -> Response:
        def listed(records: Records) -> object:
            found = records.all(f"{request.args.get('query', '')} order by $id asc".strip())
            offset, limit = request.args.get("offset", 0, type=int), request.args.get("limit", 20, type=int)
            return {"records": found[offset : offset + limit], "total": len(found)}

        return answer(app_id, listed)

    @flask.get("/k/stub/apps/<int:app_id>/records/blank")
    def blank_record(app_id: int) -> Response:
        def blank(records: Records) -> object:
            reused = request.args.get("reuse", 0, type=int)
            old = records.get(reused) if records.has(reused) else {}
            cells = {code: old.get(code, cell) for code, cell in records.blank().items()}
            return {"record": cells, "readOnly": read_only(records, None)}

        return answer(app_id, blank)

    @flask.get("/k/stub/apps/<int:app_id>/records/<int:record_id>")
    def get_record(app_id: int, record_id: int) -> Response:
        def found(records: Records) -> object:
            record = records.get(record_id)
            ids = [int(other["$id"]["value"]) for other in records.all("order by $id asc")]
            before = [other for other in ids if other < record_id]
            after = [other for other in ids if other > record_id]
            return {
                "record": record,
                "previous": before[-1] if before else None,
                "next": after[0] if after else None,
                "isEditable": records.rights.may_with("edit", record),
                "readOnly": read_only(records, record),
            }

        return answer(app_id, found)

    @flask.post("/k/stub/apps/<int:app_id>/records")
    def create_record(app_id: int) -> Response:
        def create(records: Records) -> object:
            [record_id] = records.put([Addition(typed(records, None))], lambda _: "record")
            return saved(records, record_id)

        return answer(app_id, create)

    @flask.put("/k/stub/apps/<int:app_id>/records/<int:record_id>")
    def save_record(app_id: int, record_id: int) -> Response:
        def save(records: Records) -> object:
            records.put([Change(record_id, typed(records, records.get(record_id)))], lambda _: "record")
            return saved(records, record_id)

        return answer(app_id, save)

    @flask.put("/k/stub/apps/<int:app_id>/records/<int:record_id>/status")
    def proceed(app_id: int, record_id: int) -> Response:
        def move(records: Records) -> object:
            records.get(record_id)
            by = person(user_of_request())
            stub.apps[app_id].proceed(record_id, str(body_of_request().get("action")), stub.clock.now(), by)
            return saved(records, record_id)

        return answer(app_id, move)

    def answer(app_id: int, act: Callable[[Records], object]) -> Response:
        known_app(stub, app_id)
        with stub.rest.lock:
            try:
                return json_answer(act(Records(stub.rest, app_id, Actor(person(user_of_request())))))
            except InvalidInputError as error:
                return json_answer({"message": str(error)}, 400)
            except RestError as error:
                return json_answer({"message": _words(error), "code": error.body["code"]}, error.status)


def read_only(records: Records, record: Cells | None) -> list[str]:
    """The codes of the fields that the user sees but may not edit."""
    return [code for code in records.properties if records.rights.access(code, record) == "READ"]


def typed(records: Records, record: Cells | None) -> Cells:
    """The request's values of the fields that its user can edit: kintone's edit page sends no others."""
    return {
        code: cell
        for code, cell in body_of_request().items()
        if code in records.properties
        and records.properties[code]["type"] not in SET_BY_KINTONE | {"FILE"}
        and records.rights.access(code, record) == "WRITE"
    }


def saved(records: Records, record_id: int) -> object:
    """The record, or null if the user may not see what was saved ("After Record Creation Event")."""
    try:
        return {"id": record_id, "record": records.get(record_id)}
    except RestError:
        return {"id": record_id, "record": None}


def _words(error: RestError) -> str:
    """The error for the user; kintone shows the field's message beside the field."""
    errors = error.body.get("errors", {})
    details = [f"{where}: {' '.join(told['messages'])}" for where, told in errors.items()]
    return " ".join([error.body["message"], *details])
