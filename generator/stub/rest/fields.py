"""The fields of an app's form: "Get Fields", "Add Fields", "Update Fields"."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from generator.stub.rest.answers import Json, RestError, answered, invalid, mapped, number
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.checks import flag, known_keys, text
from generator.stub.rest.record_store import properties_of
from generator.stub.rest.state import Rest, Settings
from generator.stub.sample_apps import StubApp

LABEL_LIMIT = 128
CODE_LIMIT = 128
_COMMON: Mapping[str, Json] = {"noLabel": False, "required": False}
_LIMITED_TEXT = {"minLength": "", "maxLength": "", "defaultValue": "", "unique": False}
# By type: the properties that it may have besides type, code and label, with what kintone sets if they are left out.
_TYPES: Mapping[str, Mapping[str, Json]] = {
    "SINGLE_LINE_TEXT": {**_LIMITED_TEXT, "expression": "", "hideExpression": False},
    "MULTI_LINE_TEXT": {"defaultValue": ""},
    "RICH_TEXT": {"defaultValue": ""},
    "NUMBER": {
        "unique": False, "minValue": "", "maxValue": "", "digit": False, "defaultValue": "",
        "displayScale": "", "unit": "", "unitPosition": "BEFORE",
    },
    "LINK": {**_LIMITED_TEXT, "protocol": "WEB"},
    "DATE": {"unique": False, "defaultValue": "", "defaultNowValue": True},
    "TIME": {"defaultValue": "", "defaultNowValue": True},
    "DATETIME": {"unique": False, "defaultValue": "", "defaultNowValue": True},
    "DROP_DOWN": {"options": {}, "defaultValue": ""},
    "RADIO_BUTTON": {"options": {}, "defaultValue": "", "align": "HORIZONTAL"},
    "CHECK_BOX": {"options": {}, "defaultValue": [], "align": "HORIZONTAL"},
    "MULTI_SELECT": {"options": {}, "defaultValue": []},
}  # fmt: skip
_FLAGS = {"noLabel", "required", "unique", "hideExpression", "digit", "defaultNowValue"}
_NUMBERS = {"minLength", "maxLength", "displayScale"}
_ENUMS = {"protocol": ("WEB", "CALL", "MAIL"), "unitPosition": ("BEFORE", "AFTER")}
# "Characters available for field codes" (kintone help): the first one is no digit.
_CODE = re.compile(r"[^\W\d][\w・＄￥]*")


def _get_live(_rest: Rest, call: Call) -> Response:
    return _shown(call, call.live_app())


def _get_preview(_rest: Rest, call: Call) -> Response:
    return _shown(call, call.app().preview)


def _shown(call: Call, settings: Settings) -> Response:
    return answered(
        {"properties": properties_of(call.rest, call.app_id(), settings), "revision": str(settings.revision)}
    )


def _post(_rest: Rest, call: Call) -> Response:
    app = call.app_to_change()
    there = dict(properties_of(call.rest, call.app_id(), app.preview))
    for code, given in _given(call):
        where = f"properties.{code}"
        if code in _codes(there):
            raise invalid(f"{where}.code", "The field code is already used.")
        field = mapped(given, where)
        kind = _type(field, where)
        if field.get("code") != code or not _CODE.fullmatch(code) or len(code) > CODE_LIMIT:
            raise invalid(f"{where}.code", "The field code is invalid.")
        label = text(field.get("label"), f"{where}.label", LABEL_LIMIT)
        settings = _settings(field, kind, where)
        if "options" in _TYPES[kind] and not settings.get("options"):
            raise invalid(f"{where}.options", "Required field.")
        there[code] = {"type": kind, "code": code, "label": label, **_COMMON, **_TYPES[kind], **settings}
    return _changed(call, there)


def _put(rest: Rest, call: Call) -> Response:
    """Properties that are left out stay; of options, those that are left out are deleted."""
    app = call.app_to_change()
    there = dict(properties_of(call.rest, call.app_id(), app.preview))
    for code, given in _given(call):
        where = f"properties.{code}"
        if code not in there:
            # As third parties report it.
            raise RestError(400, "GAIA_FC01", f"The specified field (code: {code}) is not found.")
        field = mapped(given, where)
        kind = _type(field, where)
        if kind != there[code]["type"]:
            raise invalid(f"{where}.type", "The type of a field cannot be changed.")
        if field.get("code", code) != code:
            raise RestError(400, "STUB_CODE", "The stubbed kintone changes no field codes.")
        label = text(field.get("label", there[code]["label"]), f"{where}.label", LABEL_LIMIT)
        settings = _settings(field, kind, where)
        if settings.get("unique") and _has_duplicates(rest.forms[call.app_id()], code):
            # When and how kintone refuses it is not documented.
            raise RestError(400, "STUB_DUPLICATES", f"Records have the same value in the field (code: {code}).")
        there[code] = {**there[code], "label": label, **settings}
    return _changed(call, there)


def _given(call: Call) -> list[tuple[str, Json]]:
    known_keys(call.body, {"app", "properties", "revision"}, "")
    given = mapped(call.body.get("properties"), "properties")
    if not given:
        raise invalid("properties", "Required field.")
    return list(given.items())


def _codes(properties: Mapping[str, Json]) -> set[str]:
    """The codes in use, those in tables too."""
    return set(properties).union(*(each.get("fields", ()) for each in properties.values()))


def _type(field: Mapping[str, Json], where: str) -> str:
    kind = field.get("type")
    if not isinstance(kind, str) or not kind:
        raise invalid(f"{where}.type", "Required field.")
    if kind not in _TYPES:
        raise RestError(400, "STUB_TYPE", f"The stubbed kintone has no fields of type {kind} to add or change.")
    return kind


def _settings(field: Mapping[str, Json], kind: str, where: str) -> dict[str, Any]:
    known_keys(field, {"type", "code", "label", *_COMMON, *_TYPES[kind]}, where)
    found: dict[str, Any] = {}
    for key, value in field.items():
        at = f"{where}.{key}"
        if key in _FLAGS:
            found[key] = flag(value, at)
        elif key in _NUMBERS:
            found[key] = "" if value == "" else str(number(value, at))
        elif key in _ENUMS:
            if value not in _ENUMS[key]:
                raise invalid(at, f"Enum value must be one of {', '.join(_ENUMS[key])}.")
            found[key] = value
        elif key == "options":
            found[key] = {name: _option(name, option, f"{at}.{name}") for name, option in mapped(value, at).items()}
        elif key not in ("type", "code", "label"):
            found[key] = value
    return found


def _option(name: str, given: Json, where: str) -> Json:
    option = mapped(given, where)
    known_keys(option, {"label", "index"}, where)
    if option.get("label") != name:
        raise invalid(f"{where}.label", "The label must be the option's name.")
    return {"label": name, "index": str(number(option.get("index"), f"{where}.index"))}


def _has_duplicates(form: StubApp, code: str) -> bool:
    values = [value for record in form.records.values() if (value := record.get(code, {}).get("value"))]
    return len(values) != len(set(values))


def _changed(call: Call, properties: Mapping[str, Json]) -> Response:
    app = call.app()
    app.preview = replace(app.preview, properties=properties, revision=app.preview.revision + 1)
    return answered({"revision": str(app.preview.revision)})


APIS: Apis = {
    ("GET", "app/form/fields.json"): _get_live,
    ("GET", "preview/app/form/fields.json"): _get_preview,
    ("POST", "preview/app/form/fields.json"): _post,
    ("PUT", "preview/app/form/fields.json"): _put,
}
