"""Shared by the tests of `runbutton log-app`: what it sends, and the app that it made."""

from dataclasses import replace
from typing import Any

from tests.deploying import Bench

NEW = 47
"""The ID of the app that is created."""
FIELD_PATH, VIEW_PATH, DEPLOY_PATH = "preview/app/form/fields.json", "preview/app/views.json", "preview/app/deploy.json"
NO_RIGHT = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
WRITES = [
    "POST preview/app.json",
    f"POST {FIELD_PATH}",
    f"PUT {VIEW_PATH}",
    "PUT preview/app/acl.json",
    "PUT preview/record/acl.json",
    "PUT preview/app/notifications/perRecord.json",
    f"POST {DEPLOY_PATH}",
]
"""What creating an app sends, in its order."""


def change_field(bench: Bench, code: str, **settings: Any) -> None:
    """Another person changes or, without settings, deletes a field of the log app, live."""
    fields = dict(bench.rest.current_app(NEW).preview.properties or {})
    if settings:
        fields[code] = {**fields[code], **settings}
    else:
        del fields[code]
    change_app(bench, properties=fields)


def change_app(bench: Bench, **settings: Any) -> None:
    """Another person changes the log app, live."""
    app = bench.rest.current_app(NEW)
    app.preview = app.live = replace(app.preview, revision=app.preview.revision + 1, **settings)


def change_pending(bench: Bench) -> None:
    """Another person changes the log app, and has not published it."""
    app = bench.rest.current_app(NEW)
    app.preview = replace(app.preview, scope="NONE", revision=app.preview.revision + 1)


def live(bench: Bench, app: int = NEW) -> Any:
    """The live settings of an app."""
    return bench.rest.current_app(app).live
