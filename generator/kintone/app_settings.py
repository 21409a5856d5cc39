"""An app's form, lists, permissions and notifications before publishing, and new apps (kintone's REST API)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from generator.kintone.answers import Json, documented, text_of
from generator.kintone.client import Kintone
from generator.kintone.wire import Call

Part = Literal["fields", "views", "rights", "record_rights", "field_rights", "notifications"]

# By part: its path, and the key of its content in answers and requests.
_PARTS: Mapping[Part, tuple[str, str]] = {
    "fields": ("app/form/fields.json", "properties"),
    "views": ("app/views.json", "views"),
    "rights": ("app/acl.json", "rights"),
    "record_rights": ("record/acl.json", "rights"),
    "field_rights": ("field/acl.json", "rights"),
    "notifications": ("app/notifications/perRecord.json", "notifications"),
}


@dataclass(frozen=True)
class Found:
    """The content of a part, and the revision of the app's settings."""

    content: Json
    revision: int


@dataclass(frozen=True)
class AppSettings:
    """The settings of one app. Every method raises KintoneError, as those of Kintone do.

    Each write names the revision that it changes: ConflictError if the app is no longer at it, which also makes a write
    safe to repeat. All of them share one revision.
    """

    kintone: Kintone
    app: int

    def read(self, part: Part, *, live: bool = False) -> Found:
        """A part, live or before publishing ("Get Fields", "Get Views", "Get App/Record/Field Permissions", "Get
        Per-record Notification Settings"). All but the live fields and views need the app management permission."""
        path, key = _PARTS[part]
        path = path if live else f"preview/{path}"
        answer = self.kintone.wire.json(Call("GET", path, params={"app": str(self.app)}))
        with documented(path):
            return Found(answer[key], int(answer["revision"]))

    def add_fields(self, properties: Json, revision: int) -> int:
        """Adds fields at the end of the form; returns the new revision ("Add Fields")."""
        return self._write("POST", "fields", properties, revision)

    def put(self, part: Part, content: Json, revision: int) -> int:
        """Changes the named fields, or replaces all of another part; returns the new revision ("Update Fields", "Update
        Views", "Update App/Record Permissions", "Update Per-record Notification Settings")."""
        return self._write("PUT", part, content, revision)

    def _write(self, method: str, part: Part, content: Json, revision: int) -> int:
        path, key = _PARTS[part]
        body = {"app": str(self.app), key: content, "revision": str(revision)}
        answer = self.kintone.wire.json(Call(method, f"preview/{path}", body=body))
        with documented(path):
            return int(answer["revision"])


def create_app(kintone: Kintone, name: str) -> int:
    """Creates an app that is not live yet, in the guest space if any, and returns its ID ("Create Preview App").

    LostAnswerError if it is not known whether it exists: a second request would create a second app, and no REST API
    lists apps that were never live.
    """
    path = "preview/app.json"
    space = kintone.connection.guest_space
    body = {"name": name} if space is None else {"name": name, "space": space}
    answer = kintone.wire.json(Call("POST", path, body=body, once=True))
    with documented(path):
        return int(answer["app"])


def live_apps(kintone: Kintone, name: str) -> list[int]:
    """The live apps with this name that the user can see ("Get Apps"); up to 100 with a name that contains it."""
    space = kintone.connection.guest_space
    params = {"name": name, "limit": "100"} | ({"spaceIds[0]": str(space)} if space is not None else {})
    answer = kintone.wire.json(Call("GET", "apps.json", params=params))
    with documented("apps.json"):
        return [int(app["appId"]) for app in answer["apps"] if app["name"] == name]


def app_name(kintone: Kintone, app: int) -> str:
    """The name of a live app ("Get App")."""
    answer = kintone.wire.json(Call("GET", "app.json", params={"id": str(app)}))
    with documented("app.json"):
        return text_of(answer["name"])
