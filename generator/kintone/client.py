"""kintone's REST API, as much of it as a deploy needs (cybozu.dev, "kintone REST API").

Requests that are repeated after a lost answer are safe to repeat, or their effect is checked first: see each method.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

from generator.errors import KintoneError
from generator.kintone.answers import (
    PROCESSING,
    AppPlugins,
    Customization,
    Entry,
    Json,
    ListName,
    app_plugins_of,
    customization_of,
    documented,
    fields_of,
    spaces_of,
    text_of,
)
from generator.kintone.connection import Connection
from generator.kintone.wire import Call, Wire
from generator.words import Message, Text, of

LIST_LIMIT = 30
"""Files and URLs together in one list ("Update JavaScript and CSS Customization Settings")."""
DEPLOY_LIMIT = 300
"""Apps in one call of "Deploy App Settings"."""

_PLUGIN_APPS_LIMIT = 500
# A status request for more apps would have an address beyond 4,096 characters, which some proxies refuse.
_STATUS_LIMIT = 100

_Read = TypeVar("_Read")


class _ArrivedError(Exception):
    """A request whose answer was lost has succeeded."""


class Kintone:
    """kintone, signed in. Every method raises KintoneError: immediately if kintone refuses, and after 5 attempts with
    pauses if it is busy, broken or out of reach.

    Several threads may use it at once. `say` gets a line before each repetition. `pause` sleeps and `clock` counts,
    both in seconds; tests pass their own, so that they need not wait.
    """

    def __init__(
        self,
        connection: Connection,
        say: Callable[[Text], None],
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self.say = say
        self.pause = pause
        self.clock = clock
        self.wire = Wire(connection, pause, say)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.wire.close()

    # --- apps

    def customization(self, app: int, *, live: bool = False) -> Customization:
        """An app's customization, live or before publishing ("Get JavaScript and CSS Customization Settings")."""
        return self._of_app(app, "app/customize.json" if live else "preview/app/customize.json", customization_of)

    def put_customization(self, app: int, scope: str, lists: Mapping[ListName, Sequence[Entry]], revision: int) -> int:
        """Replaces an app's customization before publishing, and returns its new revision ("Update JavaScript and CSS
        Customization Settings"). All of it is sent, because kintone's handling of omitted parts is not needed then.

        ConflictError if the app is no longer at `revision`. That also makes it safe to repeat: if the first request
        arrived, the revision has changed, and the repetition fails with the conflict.
        """
        body: Json = {"app": str(app), "scope": scope, "desktop": {}, "mobile": {}, "revision": str(revision)}
        for name, entries in lists.items():
            device, _, kind = name.partition(".")
            body[device][kind] = [entry.body for entry in entries]
        return self._revision(Call("PUT", "preview/app/customize.json", body=body))

    def app_plugins(self, app: int, *, live: bool = False) -> AppPlugins:
        """An app's plug-ins, live or before publishing ("Get App Plug-ins")."""
        return self._of_app(app, "app/plugins.json" if live else "preview/app/plugins.json", app_plugins_of)

    def add_app_plugin(self, app: int, plugin_id: str, revision: int) -> int:
        """Adds a plug-in to an app before publishing, and gives the new revision ("Add App Plug-ins").

        Safe to repeat, and with ConflictError, as put_customization.
        """
        body = {"app": str(app), "ids": [plugin_id], "revision": str(revision)}
        return self._revision(Call("POST", "preview/app/plugins.json", body=body))

    def form_fields(self, app: int) -> frozenset[str]:
        """The codes of the fields of an app's form before publishing, those in tables too ("Get Fields")."""
        return self._of_app(app, "preview/app/form/fields.json", fields_of)

    def form_spaces(self, app: int) -> frozenset[str]:
        """The element IDs of the Space fields of an app's form before publishing ("Get Form Layout")."""
        return self._of_app(app, "preview/app/form/layout.json", spaces_of)

    def record(self, app: int, record: int) -> dict[str, Json]:
        """A record's fields, each with `type` and `value`, as far as the user may see them ("Get Record")."""
        answer = self.wire.json(Call("GET", "record.json", params={"app": str(app), "id": str(record)}))
        with documented("record.json"):
            return dict(answer["record"])

    # --- files

    def upload(self, name: str, content: bytes, media_type: str, *, for_domain: bool = False) -> str:
        """Uploads a file for use in settings, and gives its key ("Upload File"); `for_domain`: not in the guest space.

        Safe to repeat: kintone drops a file that is not used after three days.
        """
        files = {"file": (name, content, media_type)}
        answer = self.wire.json(Call("POST", "file.json", files=files, for_domain=for_domain))
        with documented("file.json"):
            return text_of(answer["fileKey"])

    def download(self, entry: Entry) -> bytes:
        """The content of a file of a customization ("Download File").

        KintoneError if the answer is not the file, because a proxy in front of kintone may answer instead.
        """
        response = self.wire.send(Call("GET", "file.json", params={"fileKey": entry.file_key}))
        content, kind = response.content, response.headers.get("content-type", "")
        if len(content) != entry.size or ("text/html" in kind and "html" not in entry.content_type):
            got, wanted = f"{len(content):,}", f"{entry.size:,}"
            other = Message("kintone.otherFile", name=entry.name, bytes=got, kind=kind or "?", size=wanted)
            raise KintoneError(of("GET file.json", other))
        return content

    # --- publishing

    def deploy(self, revisions: Mapping[int, int], *, revert: bool = False) -> None:
        """Starts publishing the settings of apps, each at its revision, and returns before that is done ("Deploy App
        Settings"); with `revert` it starts to discard them instead. At most DEPLOY_LIMIT apps; ConflictError if one
        is not at its revision any more.

        After a lost answer the status is checked: deploys in progress for all of several apps are this one; that of one
        app may be another person's. Otherwise it is sent again, which at worst publishes the same settings once more.
        """

        def has_begun() -> bool:
            return set(self.deploy_status(list(revisions)).values()) == {PROCESSING}

        apps = [{"app": str(app), "revision": str(revision)} for app, revision in revisions.items()]
        body = {"apps": apps, "revert": True} if revert else {"apps": apps}
        self._send_unless(has_begun, Call("POST", "preview/app/deploy.json", body=body))

    def deploy_status(self, apps: Sequence[int]) -> dict[int, str]:
        """The status of each app's last deploy ("Get App Deploy Status"): PROCESSING, SUCCESS (also where there never
        was one), FAIL or CANCEL."""
        path = "preview/app/deploy.json"
        found: dict[int, str] = {}
        for start in range(0, len(apps), _STATUS_LIMIT):
            asked = {f"apps[{index}]": str(app) for index, app in enumerate(apps[start : start + _STATUS_LIMIT])}
            answer = self.wire.json(Call("GET", path, params=asked))
            with documented(path):
                found |= {int(entry["app"]): text_of(entry["status"]) for entry in answer["apps"]}
        return found

    # --- plug-ins of the kintone environment

    def plugin_version(self, plugin_id: str) -> str | None:
        """The version of a plug-in that is installed, or None ("Get Installed Plug-ins")."""
        answer = self.wire.json(Call("GET", "plugins.json", params={"ids[0]": plugin_id}, for_domain=True))
        with documented("plugins.json"):
            found = (str(plugin["version"]) for plugin in answer["plugins"] if plugin["id"] == plugin_id)
            return next(found, None)

    def plugin_apps(self, plugin_id: str) -> dict[int, str]:
        """The apps that an installed plug-in was added to, by ID with their names ("Get Plug-in's Apps")."""
        path = "plugin/apps.json"
        found: dict[int, str] = {}
        while True:
            params = {"id": plugin_id, "offset": str(len(found)), "limit": str(_PLUGIN_APPS_LIMIT)}
            answer = self.wire.json(Call("GET", path, params=params, for_domain=True))
            with documented(path):
                page = {int(app["id"]): text_of(app["name"]) for app in answer["apps"]}
            # A page without new apps ends the loop, because a server that ignores the offset would never end it.
            new = page.keys() - found.keys()
            found |= page
            if len(page) < _PLUGIN_APPS_LIMIT or not new:
                return found

    def install_plugin(self, plugin_id: str, file_key: str) -> None:
        """Installs a plug-in that kintone has not yet ("Install Plug-in").

        After a lost answer, checks whether it is installed.
        """
        call = Call("POST", "plugin.json", body={"fileKey": file_key}, for_domain=True)
        self._send_unless(lambda: self.plugin_version(plugin_id) is not None, call)

    def update_plugin(self, plugin_id: str, file_key: str, new: str) -> None:
        """Updates an installed plug-in to version `new`, which is another one ("Update Plug-in").

        After a lost answer, checks the version.
        """
        call = Call("PUT", "plugin.json", body={"id": plugin_id, "fileKey": file_key}, for_domain=True)
        self._send_unless(lambda: self.plugin_version(plugin_id) == new, call)

    def _send_unless(self, is_done: Callable[[], bool], call: Call) -> None:
        """Sends a request, and after a lost answer again, unless it is done by then."""

        def look() -> None:
            if is_done():
                raise _ArrivedError

        with suppress(_ArrivedError):
            self.wire.send(call, before_again=look)

    def _of_app(self, app: int, path: str, read: Callable[[Json], _Read]) -> _Read:
        """What `read` finds in the answer about an app."""
        answer = self.wire.json(Call("GET", path, params={"app": str(app)}))
        with documented(path):
            return read(answer)

    def _revision(self, call: Call) -> int:
        answer = self.wire.json(call)
        with documented(call.path):
            return int(answer["revision"])
