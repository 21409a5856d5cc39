"""An app's records, as the pages read and change them."""

import threading
from collections.abc import Callable

from flask import Flask, Response, request

from generator.stub.proxy import kintone_error
from generator.stub.sample_apps import InvalidInputError, StubApp
from generator.stub.tenant import Stub
from generator.stub.web.answers import body_of_request, json_answer, known_app


def add_records(flask: Flask, stub: Stub) -> None:
    changes = threading.Lock()

    @flask.get("/k/stub/apps/<int:app_id>/records")
    def list_records(app_id: int) -> Response:
        records = sorted(known_app(stub, app_id).records.items())
        offset, limit = request.args.get("offset", 0, type=int), request.args.get("limit", 20, type=int)
        shown = [record for _, record in records[offset : offset + limit]]
        return json_answer({"records": shown, "total": len(records)})

    @flask.get("/k/stub/apps/<int:app_id>/records/blank")
    def blank_record(app_id: int) -> Response:
        app = known_app(stub, app_id)
        blank = app.blank()
        reused = app.records.get(request.args.get("reuse", 0, type=int), {})
        return json_answer({code: reused.get(code, cell) for code, cell in blank.items()})

    @flask.get("/k/stub/apps/<int:app_id>/records/<int:record_id>")
    def get_record(app_id: int, record_id: int) -> Response:
        records = known_app(stub, app_id).records
        if record_id not in records:
            return json_answer({"message": f"no record {record_id}"}, 404)
        before = [other for other in sorted(records) if other < record_id]
        after = [other for other in sorted(records) if other > record_id]
        neighbours = {"previous": before[-1] if before else None, "next": after[0] if after else None}
        return json_answer({"record": records[record_id], **neighbours})

    @flask.post("/k/stub/apps/<int:app_id>/records")
    def create_record(app_id: int) -> Response:
        app = known_app(stub, app_id)
        return changed(app, lambda: app.create(body_of_request(), stub.clock.now()))

    @flask.put("/k/stub/apps/<int:app_id>/records/<int:record_id>")
    def save_record(app_id: int, record_id: int) -> Response:
        app = known_app(stub, app_id)

        def save() -> int:
            app.save(record_id, body_of_request(), stub.clock.now())
            return record_id

        return changed(app, save)

    @flask.put("/k/stub/apps/<int:app_id>/records/<int:record_id>/status")
    def proceed(app_id: int, record_id: int) -> Response:
        app = known_app(stub, app_id)

        def move() -> int:
            app.proceed(record_id, str(body_of_request().get("action")), stub.clock.now())
            return record_id

        return changed(app, move)

    def changed(app: StubApp, change: Callable[[], int]) -> Response:
        with changes:
            try:
                return json_answer({"record": app.records[change()]})
            except InvalidInputError as error:
                return Response(kintone_error(str(error)), 400, content_type="application/json")
            except KeyError:
                return json_answer({"message": "no such record"}, 404)
