"""Apps and their forms, to read: "Get App", "Get Apps", "Get Form Layout"."""

from flask import Response, request

from generator.stub.form_fields import Field
from generator.stub.rest.answers import Json, RestError, answered, number
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.state import Rest

_BY = {"code": "admin", "name": "Administrator"}
_AT = "2026-10-01T00:00:00.000Z"


def _get_app(rest: Rest, call: Call) -> Response:
    app_id = number(request.args.get("id"), "id")
    if call.known(app_id).live is None:
        raise RestError(404, "GAIA_AP01", f"The app (ID: {app_id}) not found. It was never published.")
    return answered(_app(rest, app_id))


def _get_apps(rest: Rest, call: Call) -> Response:
    ids, name = call.numbered("ids"), request.args.get("name", "")
    chosen = [number(each, "ids") for each in ids] if ids else sorted(rest.apps)
    live = [each for each in chosen if each in rest.apps and rest.current_app(each).live is not None]
    spaces = {number(each, "spaceIds") for each in call.numbered("spaceIds")}
    shown = [
        _app(rest, each)
        for each in live
        if name in rest.forms[each].name and (not spaces or rest.apps[each].guest_space in spaces)
    ]
    return answered({"apps": shown[call.page(100)]})


def _app(rest: Rest, app_id: int) -> Json:
    space = rest.apps[app_id].guest_space
    return {
        "appId": str(app_id),
        "code": "",
        "name": rest.forms[app_id].name,
        "description": "",
        "spaceId": None if space is None else str(space),
        "threadId": None,
        "createdAt": _AT,
        "creator": _BY,
        "modifiedAt": _AT,
        "modifier": _BY,
    }


def _get_layout(_rest: Rest, call: Call) -> Response:
    app = call.app()
    return answered({"layout": [_row(row) for row in call.form().form], "revision": str(app.preview.revision)})


def _row(row: tuple[Field, ...]) -> Json:
    if row[0].type == "SUBTABLE":
        columns = [{"type": column.type, "code": column.code} for column in row[0].columns]
        return {"type": "SUBTABLE", "code": row[0].code, "fields": columns}
    return {
        "type": "ROW",
        "fields": [
            {"type": field.type, "elementId" if field.type == "SPACER" else "code": field.code} for field in row
        ],
    }


APIS: Apis = {
    ("GET", "app.json"): _get_app,
    ("GET", "apps.json"): _get_apps,
    ("GET", "app/form/layout.json"): _get_layout,
    ("GET", "preview/app/form/layout.json"): _get_layout,
}
