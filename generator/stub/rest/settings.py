"""Lists, permissions and notifications of an app: "Get/Update Views", "Get/Update App, Record and Field Permissions",
"Get/Update Per-record Notification Settings"."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from flask import Response

from generator.stub.rest.answers import Json, RestError, answered, invalid, listed, mapped, number
from generator.stub.rest.call import Api, Apis, Call
from generator.stub.rest.checks import entity, flag, known_keys, one_of, text
from generator.stub.rest.record_store import properties_of
from generator.stub.rest.state import Rest

_Name = Literal["rights", "record_rights", "field_rights", "notifications", "views"]
_Fields = Mapping[str, Json]

_ENTITIES = ("USER", "GROUP", "ORGANIZATION", "FIELD_ENTITY")
# What a right needs besides ("Update App Permissions", "Update Record Permissions").
_APP_RIGHTS = {
    "appEditable": "", "recordViewable": "", "recordAddable": "", "recordEditable": "recordViewable",
    "recordDeletable": "recordViewable", "recordImportable": "recordAddable", "recordExportable": "",
}  # fmt: skip
_USERS = ("recordViewable", "recordAddable", "recordEditable", "recordDeletable")
NEW_RIGHTS: tuple[Json, ...] = (
    {"entity": {"type": "CREATOR", "code": None}, "includeSubs": False, **dict.fromkeys(_APP_RIGHTS, True)},
    {
        "entity": {"type": "GROUP", "code": "everyone"},
        "includeSubs": False,
        **{key: key in _USERS for key in _APP_RIGHTS},
    },
)
"""The permissions of a new app: everyone works with records, and its creator does all."""
_RECORD_RIGHTS = {"viewable": "", "editable": "viewable", "deletable": "viewable"}
VIEW_NAME_LIMIT = 64
_VIEW_KEYS = {
    "index", "type", "name", "fields", "date", "title", "html", "pager", "device", "filterCond", "sort",
}  # fmt: skip


def _rights(given: Json, _fields: _Fields, where: str) -> Json:
    row = mapped(given, where)
    known_keys(row, {"entity", "includeSubs", *_APP_RIGHTS}, where)
    return {
        "entity": entity(row.get("entity"), ("USER", "GROUP", "ORGANIZATION", "CREATOR"), {}, f"{where}.entity"),
        "includeSubs": flag(row.get("includeSubs", False), f"{where}.includeSubs"),
        **_allowed(row, _APP_RIGHTS, where),
    }


def _record_rights(given: Json, fields: _Fields, where: str) -> Json:
    row = mapped(given, where)
    known_keys(row, {"filterCond", "entities"}, where)

    def allowed(each: Mapping[str, Json], at: str) -> Json:
        return _allowed(each, _RECORD_RIGHTS, at)

    entities = _entities(row, fields, where, set(_RECORD_RIGHTS), allowed)
    return {"filterCond": str(row.get("filterCond", "")), "entities": entities}


def _field_rights(given: Json, fields: _Fields, where: str) -> Json:
    row = mapped(given, where)
    known_keys(row, {"code", "entities"}, where)
    code = text(row.get("code"), f"{where}.code", 128)
    _known_field(code, fields)

    def allowed(each: Mapping[str, Json], at: str) -> Json:
        return {"accessibility": one_of(each.get("accessibility"), ("READ", "WRITE", "NONE"), f"{at}.accessibility")}

    return {"code": code, "entities": _entities(row, fields, where, {"accessibility"}, allowed)}


def _notification(given: Json, fields: _Fields, where: str) -> Json:
    row = mapped(given, where)
    known_keys(row, {"filterCond", "title", "targets"}, where)
    if "filterCond" not in row:
        raise invalid(f"{where}.filterCond", "Required field.")
    targets = _entities({"entities": row.get("targets")}, fields, f"{where}.targets", set(), lambda *_: {})
    return {"filterCond": str(row["filterCond"]), "title": str(row.get("title", "")), "targets": targets}


def _entities(
    row: Mapping[str, Json], fields: _Fields, where: str, keys: set[str], allowed: Callable[..., Json]
) -> list[Json]:
    found = []
    for index, given in enumerate(listed(row.get("entities"), f"{where}.entities")):
        at = f"{where}.entities[{index}]"
        each = mapped(given, at)
        known_keys(each, {"entity", "includeSubs", *keys}, at)
        whom = entity(each.get("entity"), _ENTITIES, fields, f"{at}.entity")
        subs = flag(each.get("includeSubs", False), f"{at}.includeSubs")
        found.append({"entity": whom, "includeSubs": subs, **allowed(each, at)})
    return found


def _allowed(row: Mapping[str, Json], rights: Mapping[str, str], where: str) -> dict[str, bool]:
    found = {key: flag(row.get(key, False), f"{where}.{key}") for key in rights}
    for key, needed in rights.items():
        if found[key] and needed and not found[needed]:
            raise invalid(f"{where}.{needed}", f"{key} needs {needed}.")
    return found


def _known_field(code: Json, fields: _Fields) -> None:
    if code not in fields:
        # As third parties report it.
        raise RestError(400, "GAIA_FC01", f"The specified field (code: {code}) is not found.")


def _views(call: Call, fields: _Fields) -> dict[str, Json]:
    """Lists that the request leaves out are deleted. A list keeps its ID."""
    before = call.app().preview.views or {}
    last = max((int(each["id"]) for each in before.values()), default=5_520_000 + 10 * call.app_id())
    found: dict[str, Json] = {}
    for name, given in mapped(call.body.get("views"), "views").items():
        where = f"views.{name}"
        view = mapped(given, where)
        known_keys(view, _VIEW_KEYS, where)
        old = before.get(name)
        kind = one_of(view.get("type"), ("LIST", "CALENDAR", "CUSTOM"), f"{where}.type")
        own = text(view.get("name", name if old else None), f"{where}.name", VIEW_NAME_LIMIT)
        if not old and own != name:
            raise invalid(f"{where}.name", "A new view's name must be its key.")
        if kind == "LIST" and "fields" not in view:
            raise invalid(f"{where}.fields", "Required field.")
        for code in listed(view.get("fields", []), f"{where}.fields"):
            _known_field(code, fields)
        index = str(number(view.get("index"), f"{where}.index"))
        last += not old
        found[own] = {
            "filterCond": "", "sort": "", **view,
            "type": kind, "name": own, "index": index, "id": old["id"] if old else str(last),
        }  # fmt: skip
    return found


def _getter(name: _Name, key: str, *, live: bool) -> Api:
    def get(_rest: Rest, call: Call) -> Response:
        settings = call.live_app() if live else call.app().preview
        content: Any = getattr(settings, name)
        if name == "rights":
            content = content or NEW_RIGHTS
        content = (content or {}) if name == "views" else list(content)
        return answered({key: content, "revision": str(settings.revision)})

    return get


def _putter(name: _Name, key: str, read: Callable[[Json, _Fields, str], Json] | None) -> Api:
    def put(_rest: Rest, call: Call) -> Response:
        app = call.app_to_change()
        fields = properties_of(call.rest, call.app_id(), app.preview)
        known_keys(call.body, {"app", "id", key, "revision"} if "rights" in key else {"app", key, "revision"}, "")
        content: Any
        if read is None:
            content = _views(call, fields)
        else:
            rows = enumerate(listed(call.body.get(key), key))
            content = tuple(read(row, fields, f"{key}[{index}]") for index, row in rows)
        app.preview = replace(app.preview, revision=app.preview.revision + 1, **{name: content})
        return answered({"revision": str(app.preview.revision)})

    return put


_PATHS: tuple[tuple[_Name, str, str, Callable[[Json, _Fields, str], Json] | None], ...] = (
    ("rights", "app/acl.json", "rights", _rights),
    ("record_rights", "record/acl.json", "rights", _record_rights),
    ("field_rights", "field/acl.json", "rights", _field_rights),
    ("notifications", "app/notifications/perRecord.json", "notifications", _notification),
    ("views", "app/views.json", "views", None),
)
APIS: Apis = {}
for _name, _path, _key, _read in _PATHS:
    APIS["GET", _path] = _getter(_name, _key, live=True)
    APIS["GET", f"preview/{_path}"] = _getter(_name, _key, live=False)
    APIS["PUT", f"preview/{_path}"] = _putter(_name, _key, _read)
