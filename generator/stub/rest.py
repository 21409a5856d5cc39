"""The REST side of the stubbed kintone: files, customizations, plug-ins, deploys; users and passwords.

Rules are those of the pages on cybozu.dev and kintone.dev that are named beside them; where these are silent, `Rest`
has a switch, or an error of the stub's own (code STUB_…).
"""

import base64
import hashlib
import io
import json
import secrets
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from flask import Flask, Response, abort, request

from generator.stub.wire import Clock

Json: TypeAlias = Any
Device = Literal["desktop", "mobile"]
Kind = Literal["js", "css"]

ADMINISTRATOR = "admin"
PASSWORD = "admin"

# "Update JavaScript and CSS Customization Settings", "Deploy App Settings", "Upload File".
LIST_LIMIT = 30
DEPLOY_LIMIT = 300
UNUSED_FILE_LIFE = timedelta(days=3)
PLUGINS_LIMIT = 20

_DEVICES: tuple[Device, ...] = ("desktop", "mobile")
_KINDS: tuple[Kind, ...] = ("js", "css")
_METHODS = ("GET", "POST", "PUT", "DELETE")


class RestError(Exception):
    """An error answer: HTTP status, kintone's code, its message, and what it says of single fields."""

    def __init__(self, status: int, code: str, message: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body: Json = {"code": code, "id": secrets.token_urlsafe(15), "message": message}
        if errors:
            self.body["errors"] = {where: {"messages": [text]} for where, text in errors.items()}


def _invalid(**errors: str) -> RestError:
    return RestError(
        400, "CB_VA01", "Missing or invalid input.", {key.replace("__", "."): text for key, text in errors.items()}
    )


@dataclass(frozen=True)
class StoredFile:
    """A file of a customization."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Settings:
    """What an app's settings are, as far as the stub has any: live, or before publishing."""

    scope: str = "ALL"
    lists: Mapping[tuple[Device, Kind], tuple[str | StoredFile, ...]] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()
    revision: int = 1


@dataclass(frozen=True)
class Plugin:
    """An installed plug-in: its manifest, and the files of its contents.zip."""

    id: str
    version: str
    manifest: Json
    files: Mapping[str, bytes]


@dataclass
class RestApp:
    """An app's settings. `live` is None until the app is published for the first time."""

    preview: Settings = field(default_factory=Settings)
    live: Settings | None = field(default_factory=Settings)
    guest_space: int | None = None
    status: str = "SUCCESS"


@dataclass
class Fault:
    """What goes wrong with a request whose method and path end so ("" is any), after `skip` of them, `times` times.

    kind "answer": nothing is done, and `status` and `body` are the answer. "lost": nothing is done and the connection
    breaks. "late-lost": it is done, and the connection breaks. "slow": it is done, and answered `seconds` later.
    """

    kind: Literal["answer", "lost", "late-lost", "slow"]
    method: str = ""
    path: str = ""
    status: int = 503
    body: str = "<html><body>Service Unavailable</body></html>"
    seconds: float = 0
    skip: int = 0
    times: int = 1


@dataclass(frozen=True)
class Exchange:
    """A request, without its headers, and the status of its answer; 0 where the connection broke."""

    method: str
    path: str
    body: Json
    status: int


@dataclass
class _Deploy:
    apps: tuple[int, ...]
    ends: datetime
    end: Literal["SUCCESS", "FAIL", "CANCEL"]
    settings: dict[int, Settings]


class Rest:
    """The state behind the REST API.

    Switches: how long a deploy takes and how it ends; `key_for_one_entry`, whether an upload's key is good for a single
    entry only (not documented); `basic` as "user:password", asked for by a server before kintone.
    """

    def __init__(self, apps: Iterable[int], clock: Clock) -> None:
        self.apps = {app: RestApp() for app in apps}
        self.clock = clock
        self.users = {ADMINISTRATOR: PASSWORD}
        self.oauth_tokens: set[str] = set()
        self.basic = ""
        self.deploy_seconds: float = 2
        self.deploy_end: Literal["SUCCESS", "FAIL", "CANCEL"] = "SUCCESS"
        self.key_for_one_entry = False
        self.plugins: dict[str, Plugin] = {}
        self.faults: list[Fault] = []
        self.requests: list[Exchange] = []
        self.wrong_passwords = 0
        self._uploads: dict[str, tuple[StoredFile, datetime]] = {}
        self._downloads: dict[str, tuple[StoredFile, int, bool]] = {}
        self._deploys: list[_Deploy] = []
        self._lock = threading.RLock()

    # --- what the pages load

    def live_scripts(self, app_id: int, device: Device) -> list[str]:
        """The addresses of the app's published JavaScript, in its order, for script elements."""
        return self._addresses(app_id, device, "js")

    def live_styles(self, app_id: int, device: Device) -> list[str]:
        """The addresses of the app's published style sheets, in their order."""
        return self._addresses(app_id, device, "css")

    def live_plugins(self, app_id: int) -> list[Plugin]:
        """The app's published plug-ins, in the order in which they were added."""
        with self._lock:
            live = self._settled(app_id).live
            return [self.plugins[plugin] for plugin in live.plugins if plugin in self.plugins] if live else []

    def live_file(self, app_id: int, device: Device, kind: Kind, index: int) -> StoredFile | None:
        """The published file at a place of a list, or None where a URL or nothing is."""
        with self._lock:
            live = self._settled(app_id).live
            entries = live.lists.get((device, kind), ()) if live else ()
            found = entries[index] if index < len(entries) else None
            return found if isinstance(found, StoredFile) else None

    def _addresses(self, app_id: int, device: Device, kind: Kind) -> list[str]:
        with self._lock:
            live = self._settled(app_id).live
            # ADMIN is for the app's administrators, and the user of the stub's pages is none.
            if live is None or live.scope != "ALL":
                return []
            base = f"/k/stub/apps/{app_id}/live/{device}.{kind}"
            entries = enumerate(live.lists.get((device, kind), ()))
            return [entry if isinstance(entry, str) else f"{base}/{index}" for index, entry in entries]

    # --- requests

    def answer(self, method: str, path: str, guest_space: int | None) -> Response | None:
        """The answer to the request that Flask has under way; None where there is no such API."""
        api = _APIS.get((method, path))
        if api is None:
            return None
        fault = self._fault(method, path)
        if fault is not None and fault.kind in {"answer", "lost"}:
            response = Response(fault.body, fault.status, content_type="text/html")
            if fault.body.startswith("{"):
                response.content_type = "application/json"
        else:
            response = self._answer(api, path, guest_space)
        broken = fault is not None and fault.kind in {"lost", "late-lost"}
        body = request.get_json(silent=True) if request.is_json else None
        self.requests.append(Exchange(method, path, body, 0 if broken else response.status_code))
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds)
        if broken:
            # werkzeug puts the socket there; a client sees its connection end without an answer.
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return response

    def _fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.method in {"", method} and path.endswith(fault.path) and fault.times > 0:
                    if fault.skip > 0:
                        fault.skip -= 1
                        continue
                    fault.times -= 1
                    return fault
            return None

    def _answer(self, api: "_Api", path: str, guest_space: int | None) -> Response:
        try:
            if self.basic and request.headers.get("Authorization") != _basic(self.basic):
                return Response("<html><body>401 Authorization Required</body></html>", 401, content_type="text/html")
            with self._lock:
                self._sign_in(path)
                return api(self, _Call(self, guest_space))
        except RestError as error:
            return _json(error.body, error.status)

    def _sign_in(self, path: str) -> None:
        """ "Authentication" (kintone.dev): a password comes before an API token, and that before OAuth."""
        password = request.headers.get("X-Cybozu-Authorization")
        bearer = request.headers.get("Authorization", "")
        if password is not None:
            try:
                user, _, given = base64.b64decode(password, validate=True).decode().partition(":")
            except ValueError:
                user, given = "", ""
            if user not in self.users or self.users[user] != given:
                self.wrong_passwords += 1
                raise RestError(401, "CB_WA01", "Password authentication failed. Wrong user name or password.")
        elif "X-Cybozu-API-Token" in request.headers:
            if path.endswith("customize.json") or path in {"plugin.json", "plugins.json"}:
                raise RestError(403, "GAIA_NO01", "Using this API token, you cannot run the specified API.")
        elif bearer.startswith("Bearer ") and bearer.removeprefix("Bearer ") in self.oauth_tokens:
            # There is no OAuth scope for plug-ins.
            if "plugin" in path:
                raise RestError(403, "CB_NO02", "No privilege to proceed.")
        else:
            raise RestError(401, "CB_AU01", "Please login.")

    # --- files

    def _post_file(self, _call: "_Call") -> Response:
        if list(request.files) != ["file"]:
            raise _invalid(file="Required field.")
        given = request.files["file"]
        key = secrets.token_hex(16)
        stored = StoredFile(given.filename or "", given.mimetype, given.read())
        self._uploads[key] = (stored, self.clock.now())
        return _json({"fileKey": key})

    def _get_file(self, _call: "_Call") -> Response:
        key = request.args.get("fileKey", "")
        # The key of an upload is no key for downloads ("Upload File").
        if key not in self._downloads:
            raise _unknown_file(key)
        stored = self._downloads[key][0]
        return Response(stored.content, content_type=stored.content_type)

    def _upload(self, key: str) -> StoredFile | None:
        stored, at = self._uploads.get(key, (None, self.clock.now()))
        return stored if self.clock.now() - at < UNUSED_FILE_LIFE else None

    # --- customizations

    def _get_customize(self, call: "_Call") -> Response:
        return self._customize(call, call.live_app(), live=True)

    def _get_preview_customize(self, call: "_Call") -> Response:
        return self._customize(call, call.app().preview, live=False)

    def _customize(self, call: "_Call", settings: Settings, *, live: bool) -> Response:
        def shown(entry: str | StoredFile) -> Json:
            if isinstance(entry, str):
                return {"type": "URL", "url": entry}
            # New ones each time: nobody promises that keys stay.
            key = secrets.token_urlsafe(60)
            self._downloads[key] = (entry, call.app_id(), live)
            size = str(len(entry.content))
            shown = {"fileKey": key, "name": entry.name, "contentType": entry.content_type, "size": size}
            return {"type": "FILE", "file": shown}

        lists: Json = {
            device: {kind: [shown(entry) for entry in settings.lists.get((device, kind), ())] for kind in _KINDS}
            for device in _DEVICES
        }
        return _json({"scope": settings.scope, **lists, "revision": str(settings.revision)})

    def _put_customize(self, call: "_Call") -> Response:
        body, app = call.body, call.app_to_change()
        scope = body.get("scope", app.preview.scope)
        if scope not in {"ALL", "ADMIN", "NONE"}:
            raise _invalid(scope="Enum value must be ALL, ADMIN or NONE.")
        lists = dict(app.preview.lists)
        used: list[str] = []
        for device in _DEVICES:
            for kind in _KINDS:
                # What is left out stays as it is.
                if (entries := body.get(device, {}).get(kind)) is None:
                    continue
                if len(entries) > LIST_LIMIT:
                    raise _invalid(**{f"{device}__{kind}": f"The maximum size of the list is {LIST_LIMIT}."})
                where = f"{device}.{kind}"
                lists[device, kind] = tuple(
                    self._entry(entry, call.app_id(), f"{where}[{index}]", used) for index, entry in enumerate(entries)
                )
        for key in used:
            self._uploads.pop(key, None)
        app.preview = Settings(scope, lists, app.preview.plugins, app.preview.revision + 1)
        return _json({"revision": str(app.preview.revision)})

    def _entry(self, entry: Json, app_id: int, where: str, used: list[str]) -> str | StoredFile:
        if entry.get("type") == "URL" and str(entry.get("url", "")).startswith(("https://", "http://")):
            return str(entry["url"])
        if entry.get("type") != "FILE" or not entry.get("file", {}).get("fileKey"):
            raise RestError(400, "CB_VA01", "Missing or invalid input.", {f"{where}.file.fileKey": "Required field."})
        key = str(entry["file"]["fileKey"])
        stored = self._upload(key)
        if stored is not None:
            if self.key_for_one_entry and key in used:
                raise _unknown_file(key)
            used.append(key)
            return stored
        # Files that stay are named by the keys of the settings before publishing, of this app.
        kept, of_app, live = self._downloads.get(key, (None, 0, True))
        if kept is None or of_app != app_id or live:
            raise _unknown_file(key)
        return kept

    # --- deploys

    def _post_deploy(self, call: "_Call") -> Response:
        given = call.body.get("apps")
        if not isinstance(given, list) or not 1 <= len(given) <= DEPLOY_LIMIT:
            raise _invalid(apps=f"The size must be between 1 and {DEPLOY_LIMIT}.")
        apps: dict[int, Settings] = {}
        for entry in given:
            app_id = _number(entry.get("app"))
            app = call.known(app_id)
            self._refuse_while_deploying(app_id)
            _check_revision(app_id, app.preview, entry.get("revision"))
            apps[app_id] = app.preview
        if call.body.get("revert"):
            for app_id in apps:
                app = self.apps[app_id]
                kept = app.live or Settings()
                app.preview = Settings(kept.scope, kept.lists, kept.plugins, app.preview.revision + 1)
                app.live = app.preview if app.live else None
            return _json({})
        ends = self.clock.now() + timedelta(seconds=self.deploy_seconds)
        self._deploys.append(_Deploy(tuple(apps), ends, self.deploy_end, apps))
        for app_id in apps:
            self.apps[app_id].status = "PROCESSING"
        return _json({})

    def _get_deploy(self, call: "_Call") -> Response:
        ids = [_number(value) for key, value in sorted(request.args.items()) if key.startswith("apps[")]
        if not 1 <= len(ids) <= DEPLOY_LIMIT:
            raise _invalid(apps=f"The size must be between 1 and {DEPLOY_LIMIT}.")
        return _json({"apps": [{"app": str(app_id), "status": call.known(app_id).status} for app_id in ids]})

    def _settled(self, app_id: int) -> RestApp:
        """The app, after what the time that has passed did to it."""
        now = self.clock.now()
        for deploy in [deploy for deploy in self._deploys if deploy.ends <= now]:
            self._deploys.remove(deploy)
            # One app fails, and the others are canceled; a single one just ends as it was told.
            for index, deployed in enumerate(deploy.apps):
                failed = deploy.end == "FAIL"
                self.apps[deployed].status = "CANCEL" if failed and index else deploy.end
                if deploy.end == "SUCCESS":
                    self.apps[deployed].live = deploy.settings[deployed]
        return self.apps[app_id]

    def _refuse_while_deploying(self, app_id: int) -> None:
        # "Deploy App Settings" says that settings cannot be changed meanwhile, but not with which error.
        if self._settled(app_id).status == "PROCESSING":
            raise RestError(400, "STUB_DEPLOYING", f"The settings of app {app_id} are being deployed.")

    # --- plug-ins

    def _get_plugins(self, _call: "_Call") -> Response:
        ids = [value for key, value in sorted(request.args.items()) if key.startswith("ids[")]
        shown = [plugin for plugin in self.plugins.values() if not ids or plugin.id in ids]
        offset, limit = request.args.get("offset", 0, type=int), request.args.get("limit", 100, type=int)
        return _json({"plugins": [_plugin_in_list(plugin) for plugin in shown[offset : offset + limit]]})

    def _post_plugin(self, call: "_Call") -> Response:
        plugin = self._uploaded_plugin(call)
        if plugin.id in self.plugins:
            raise RestError(400, "STUB_INSTALLED", "The plug-in is installed already.")
        return self._install(call, plugin)

    def _put_plugin(self, call: "_Call") -> Response:
        plugin = self._uploaded_plugin(call)
        if call.body.get("id") not in self.plugins:
            raise RestError(404, "STUB_NO_PLUGIN", "The plug-in is not installed.")
        if call.body["id"] != plugin.id:
            raise _invalid(fileKey="The file is another plug-in's.")
        return self._install(call, plugin)

    def _install(self, call: "_Call", plugin: Plugin) -> Response:
        self._uploads.pop(str(call.body["fileKey"]))
        self.plugins[plugin.id] = plugin
        return _json({"id": plugin.id, "version": plugin.version})

    def _uploaded_plugin(self, call: "_Call") -> Plugin:
        key = str(call.body.get("fileKey", ""))
        stored = self._upload(key)
        if stored is None:
            raise _unknown_file(key)
        return read_plugin(stored.content)

    def _get_app_plugins(self, call: "_Call") -> Response:
        return self._app_plugins(call.live_app())

    def _get_preview_app_plugins(self, call: "_Call") -> Response:
        return self._app_plugins(call.app().preview)

    def _app_plugins(self, settings: Settings) -> Response:
        installed = [self.plugins[plugin_id] for plugin_id in settings.plugins if plugin_id in self.plugins]
        shown = [{"id": plugin.id, "name": _name(plugin), "enabled": True} for plugin in installed]
        return _json({"plugins": shown, "revision": str(settings.revision)})

    def _post_app_plugins(self, call: "_Call") -> Response:
        ids, app = call.body.get("ids"), call.app_to_change()
        if not isinstance(ids, list) or not ids:
            raise _invalid(ids="Required field.")
        for index, plugin_id in enumerate(ids):
            if plugin_id not in self.plugins:
                raise RestError(400, "CB_VA01", "Missing or invalid input.", {f"ids[{index}]": "Not installed."})
        plugins = tuple(dict.fromkeys([*app.preview.plugins, *ids]))
        if len(plugins) > PLUGINS_LIMIT:
            raise _invalid(ids=f"An app has at most {PLUGINS_LIMIT} plug-ins.")
        app.preview = Settings(app.preview.scope, app.preview.lists, plugins, app.preview.revision + 1)
        return _json({"revision": str(app.preview.revision)})


_Api: TypeAlias = "Callable[[Rest, _Call], Response]"
_APIS: dict[tuple[str, str], _Api] = {
    ("POST", "file.json"): Rest._post_file,
    ("GET", "file.json"): Rest._get_file,
    ("GET", "app/customize.json"): Rest._get_customize,
    ("GET", "preview/app/customize.json"): Rest._get_preview_customize,
    ("PUT", "preview/app/customize.json"): Rest._put_customize,
    ("POST", "preview/app/deploy.json"): Rest._post_deploy,
    ("GET", "preview/app/deploy.json"): Rest._get_deploy,
    ("GET", "plugins.json"): Rest._get_plugins,
    ("POST", "plugin.json"): Rest._post_plugin,
    ("PUT", "plugin.json"): Rest._put_plugin,
    ("GET", "app/plugins.json"): Rest._get_app_plugins,
    ("GET", "preview/app/plugins.json"): Rest._get_preview_app_plugins,
    ("POST", "preview/app/plugins.json"): Rest._post_app_plugins,
}


class _Call:
    """A request's parameters, and the app that they name."""

    def __init__(self, rest: Rest, guest_space: int | None) -> None:
        self._rest = rest
        self._guest_space = guest_space
        self.body: Json = {}
        if request.is_json:
            self.body = request.get_json(silent=True)
            if not isinstance(self.body, dict):
                raise RestError(400, "CB_IJ01", "Invalid JSON string.")

    def app_id(self) -> int:
        given = self.body.get("app", request.args.get("app"))
        if given is None:
            raise _invalid(app="Required field.")
        return _number(given)

    def known(self, app_id: int) -> RestApp:
        if app_id not in self._rest.apps:
            raise RestError(404, "GAIA_AP01", f"The app (ID: {app_id}) not found. The app may have been deleted.")
        app = self._rest._settled(app_id)
        if app.guest_space != self._guest_space:
            raise RestError(520, "GAIA_IL23", "The app belongs to another space than the request's path.")
        return app

    def app(self) -> RestApp:
        return self.known(self.app_id())

    def live_app(self) -> Settings:
        live = self.app().live
        if live is None:
            raise RestError(404, "GAIA_AP01", f"The app (ID: {self.app_id()}) not found. It was never published.")
        return live

    def app_to_change(self) -> RestApp:
        app = self.app()
        self._rest._refuse_while_deploying(self.app_id())
        _check_revision(self.app_id(), app.preview, self.body.get("revision"))
        return app


def add_rest(flask: Flask, rest: Rest) -> None:
    """Adds the REST API to the stub's server, and the files that its pages load."""

    @flask.route("/k/v1/<path:path>", methods=_METHODS, defaults={"space": None})
    @flask.route("/k/guest/<int:space>/v1/<path:path>", methods=_METHODS)
    def api(path: str, space: int | None) -> Response:
        method = request.headers.get("X-HTTP-Method-Override", request.method)
        return rest.answer(method, path, space) or abort(404)

    @flask.get("/k/stub/apps/<int:app_id>/live/<any(desktop, mobile):device>.<any(js, css):kind>/<int:index>")
    def live(app_id: int, device: Device, kind: Kind, index: int) -> Response:
        stored = rest.live_file(app_id, device, kind, index) if app_id in rest.apps else None
        if stored is None:
            abort(404)
        content_type = "text/javascript" if kind == "js" else "text/css"
        return Response(stored.content, content_type=f"{content_type}; charset=utf-8")


def read_plugin(package: bytes) -> Plugin:
    """A plugin.zip, its signature verified. RestError where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as outer:
            contents, public, signature = (outer.read(name) for name in ("contents.zip", "PUBKEY", "SIGNATURE"))
        with zipfile.ZipFile(io.BytesIO(contents)) as inner:
            files = {name: inner.read(name) for name in inner.namelist()}
        manifest = json.loads(files["manifest.json"])
        key = load_der_public_key(public)
        if not isinstance(key, rsa.RSAPublicKey):
            raise _invalid(fileKey="The public key is not RSA.")
        key.verify(signature, contents, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - kintone's format.
        missing = {"manifest_version", "version", "type", "name", "icon"} - manifest.keys()
    except (zipfile.BadZipFile, KeyError, ValueError, AttributeError) as error:
        raise _invalid(fileKey=f"The file is no plug-in: {error}") from None
    except InvalidSignature:
        raise _invalid(fileKey="The signature is not that of contents.zip.") from None
    if missing:
        raise _invalid(fileKey=f"manifest.json has no {', '.join(sorted(missing))}.")
    digest = hashlib.sha256(public).hexdigest()[:32]
    plugin_id = digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))
    return Plugin(plugin_id, str(manifest["version"]), manifest, files)


def _plugin_in_list(plugin: Plugin) -> Json:
    description = plugin.manifest.get("description", {}).get("en", "")
    return {
        "id": plugin.id,
        "name": _name(plugin),
        "description": description,
        "isMarketPlugin": False,
        "version": plugin.version,
    }


def _name(plugin: Plugin) -> str:
    return str(plugin.manifest["name"]["en"])


def _check_revision(app_id: int, settings: Settings, given: Json) -> None:
    if given is not None and _number(given) not in (-1, settings.revision):
        text = f"The revision is not the latest. Someone may update the app settings (ID: {app_id})."
        raise RestError(409, "GAIA_CO03", text)


def _unknown_file(key: str) -> RestError:
    return RestError(404, "GAIA_BL01", f"The specified file (id: {key}) is not found.")


def _number(given: Json) -> int:
    try:
        return int(str(given))
    except ValueError:
        raise _invalid(app="Enter an integer value.") from None


def _basic(user_and_password: str) -> str:
    return "Basic " + base64.b64encode(user_and_password.encode()).decode()


def _json(value: Json, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, content_type="application/json; charset=utf-8")
