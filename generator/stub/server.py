"""The stubbed kintone as a web server on the loopback address: pages, records, kintone's proxy, and both services."""

import json
import secrets
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from flask import Flask, Response, abort, make_response, render_template, request, send_from_directory
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from generator.assets import TEMPLATES
from generator.stub import wire
from generator.stub.controls import Controls
from generator.stub.kintone import ENTITIES, LANGUAGES, Field, InvalidInputError, StubApp, login_user
from generator.stub.krewdata import ExecutionUnit, Flow, KrewData
from generator.stub.proxy import Faults, Proxy, Rejection, Sent, invalid_input
from generator.stub.trocco import ApiKey, Definition, Trocco
from generator.units import AnyUnit, Config, FieldTime, KrewDataUnit, TroccoJobUnit, TroccoWorkflowUnit

FAKE_SERIAL_NUMBER = "stub-serial-number-not-a-secret"
FAKE_API_KEY = "stub-api-key-not-a-secret"
"""What the emulated services accept for units whose secret is not in the config (target plugin)."""

APPS_WITHOUT_CONFIG = (45, 46)
_LANGUAGE_COOKIE = "stub-language"


@dataclass(frozen=True)
class Script:
    """An app's customization, for desktop and mobile; or why there is none, in words for the page."""

    js: str = ""
    problems: str = ""


@dataclass
class Switches:
    """Facts about kintone that no document settles, and features that an older kintone has not.

    header_space: whether kintone gives detail, edit and create a fresh header space each time they are shown, or the
    old one. header_case: the names of response headers as the service wrote them, or in lower case. unknown_host: what
    a host that does not exist comes to, status 503 "DNS Cache Missing" or a rejection. record_get_in_handler: what
    record.get() does inside an event handler, where it is forbidden. own_dialogs: whether this kintone has
    showConfirmDialog and its like (2025-09, mobile 2026-03). undefined_return: what the next handler gets after one
    that returned nothing.
    """

    header_space: Literal["rebuilt", "reused"] = "rebuilt"
    header_case: Literal["original", "lower"] = "original"
    unknown_host: Literal["503", "reject"] = "503"
    record_get_in_handler: Literal["throw", "null"] = "throw"
    own_dialogs: bool = True
    undefined_return: Literal["previous", "undefined"] = "previous"

    def for_page(self) -> dict[str, Any]:
        """The switches that the page's kintone object reads."""
        return {
            "headerSpace": self.header_space,
            "recordGetInHandler": self.record_get_in_handler,
            "ownDialogs": self.own_dialogs,
            "undefinedReturn": self.undefined_return,
        }


class Stub:
    """The stubbed kintone with both services behind its proxy.

    `scripts` gives an app's customization at each page load. `unknown` has every request that nobody knew, be it for
    a page, through the proxy or to a service; a test during which one came should fail. With `controls` the pages have
    the preview's side panel.
    """

    def __init__(
        self,
        apps: Sequence[StubApp],
        scripts: Callable[[int], Script],
        clock: wire.Clock,
        *,
        controls: bool = False,
    ) -> None:
        self.apps = {app.id: app for app in apps}
        self.scripts = scripts
        self.clock = clock
        self.krewdata = KrewData(clock)
        self.trocco = Trocco(clock)
        self.troccos = [self.trocco]
        """One for each region's host; the first is `trocco`."""
        self.faults = Faults()
        self.switches = Switches()
        self.unknown: list[str] = []
        self.krewdata.unknown = self.trocco.unknown = self.unknown
        self.proxy = Proxy(self.krewdata, self.troccos, clock, self.faults, self.unknown)
        self.controls = Controls(clock, self.krewdata, self.troccos, self.faults) if controls else None
        self.request_token = secrets.token_hex(16)
        self.wsgi = _flask(self)

    @property
    def requests(self) -> list[Sent]:
        """Every request that the proxy sent out, oldest first."""
        return self.proxy.sent

    def trocco_at(self, base_url: str) -> Trocco:
        """The emulated TROCCO of a region, made if it is not there yet."""
        for trocco in self.troccos:
            if trocco.base_url == base_url:
                return trocco
        trocco = Trocco(self.clock)
        trocco.base_url = base_url
        trocco.unknown = self.unknown
        self.troccos.append(trocco)
        return trocco


@contextmanager
def serve(stub: Stub, port: int = 0) -> Iterator[str]:
    """Serves the stub on the loopback address alone, and gives its base URL. Port 0 takes any that is free.

    Raises:
        OSError: the port is taken.
    """
    # Bound here, since werkzeug would print and exit where the port is taken.
    with socket.create_server(("127.0.0.1", port)) as bound:
        server = make_server("127.0.0.1", 0, stub.wsgi, threaded=True, request_handler=_QuietHandler, fd=bound.fileno())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def stub_for(
    config: Config | None,
    scripts: Callable[[int], Script],
    clock: wire.Clock | None = None,
    *,
    controls: bool = False,
) -> Stub:
    """A stub with the apps of `config`, whose services accept what its units say; apps 45 and 46 where there is none.

    Fields and Space elements that the units name are added to the sample form, and record 1 meets their conditions.
    """
    units: dict[int, list[AnyUnit]] = {}
    names: dict[int, str] = {}
    for app in config.apps if config else ():
        units.setdefault(app.app, []).extend(app.units)
        names.setdefault(app.app, app.name)
    if not units:
        units = {app_id: [] for app_id in APPS_WITHOUT_CONFIG}
    apps = [_app(app_id, names.get(app_id, f"app-{app_id}"), of_app) for app_id, of_app in units.items()]
    stub = Stub(apps, scripts, clock or wire.Clock(), controls=controls)
    for app_id, of_app in units.items():
        for unit in of_app:
            _register(stub, app_id, unit)
    return stub


def _app(app_id: int, name: str, units: Sequence[AnyUnit]) -> StubApp:
    conditions = [condition for unit in units for condition in unit.show_if]
    first_values = {condition.field: condition.in_[0] for condition in conditions if condition.in_}
    known = {field.code for field in StubApp(app_id, name).fields}
    added: dict[str, Field] = {}
    for unit in units:
        time = getattr(unit, "context_time", None)
        for code in unit.record_fields:
            if code in known or code.startswith("$"):
                continue
            if code in first_values:
                added[code] = Field(code, "DROP_DOWN", code, (first_values[code],))
            elif isinstance(time, FieldTime) and time.field == code:
                added[code] = Field(code, "DATETIME", code)
                first_values[code] = "2026-11-01T01:30:00Z"
            else:
                added.setdefault(code, Field(code, "SINGLE_LINE_TEXT", code))
    first_values |= {code: f"{code} 1" for code, field in added.items() if field.type == "SINGLE_LINE_TEXT"}
    spaces = dict.fromkeys(unit.space for unit in units if unit.space)
    return StubApp(app_id, name, fields=tuple(added.values()), spaces=tuple(spaces), first_values=first_values)


def _register(stub: Stub, app_id: int, unit: AnyUnit) -> None:
    secret = unit.secret.get_secret_value() if unit.secret else None
    if isinstance(unit, KrewDataUnit):
        unit_id = unit.url.rpartition("/")[2]
        shared = unit_id in stub.krewdata.units
        stub.krewdata.units[unit_id] = ExecutionUnit(
            unit_id,
            unit.url,
            unit.krewdata_app_url,
            secret or FAKE_SERIAL_NUMBER,
            # A unit belongs to one app; a config that has it in several is not the stub's to judge.
            source_app=None if shared else str(app_id),
            flows=[Flow("抽出", seconds=5), Flow("集計", seconds=5)],
        )
        return
    trocco = stub.trocco_at(unit.base_url)
    trocco.api_keys[secret or FAKE_API_KEY] = ApiKey()
    label = unit.label.en
    if isinstance(unit, TroccoJobUnit):
        trocco.job_definitions[unit.job_definition_id] = Definition(unit.job_definition_id, label)
    elif isinstance(unit, TroccoWorkflowUnit):
        trocco.pipeline_definitions[unit.pipeline_definition_id] = Definition(unit.pipeline_definition_id, label)


class _QuietHandler(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: ANN401 - werkzeug's signature.
        """Keeps the terminal for what is asked of it."""


def _flask(stub: Stub) -> Flask:
    flask = Flask("runbutton-stub", static_folder=None, template_folder=str(TEMPLATES / "stub"))
    flask.jinja_env.autoescape = True
    flask.jinja_env.undefined = StrictUndefined

    @flask.before_request
    def only_loopback() -> None:
        # Another site's page could reach a loopback server under a name of its own (DNS rebinding).
        if urlsplit(f"//{request.host}").hostname not in {"127.0.0.1", "localhost"}:
            abort(403)

    @flask.after_request
    def headers(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        # A page that asks a service directly must fail here as it does in kintone, and must not reach the real one.
        response.headers["Content-Security-Policy"] = "connect-src 'self'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @flask.errorhandler(HTTPException)
    def failed(error: HTTPException) -> tuple[str, int]:
        if error.code in {404, 405}:
            stub.unknown.append(f"{request.method} {request.full_path.rstrip('?')}")
        return (
            f"{error.code} {error.name}: the stubbed kintone has no {request.method} {request.path}",
            error.code or 500,
        )

    _add_pages(flask, stub)
    _add_records(flask, stub)
    _add_proxy(flask, stub)
    _add_services(flask, stub)
    if stub.controls is not None:
        _add_controls(flask, stub.controls)
    return flask


def _add_pages(flask: Flask, stub: Stub) -> None:
    @flask.get("/")
    def home() -> Response:
        language = _language()
        return _with_language(
            make_response(render_template("home.html.j2", apps=stub.apps.values(), language=language)), language
        )

    @flask.get("/k/<int:app_id>/", defaults={"kind": "index"})
    @flask.get("/k/<int:app_id>/show", defaults={"kind": "detail"})
    @flask.get("/k/<int:app_id>/edit", defaults={"kind": "create"})
    @flask.get("/k/<int:app_id>/print", defaults={"kind": "print"})
    def desktop(app_id: int, kind: str) -> Response:
        return page(app_id, kind, mobile=False)

    @flask.get("/k/m/<int:app_id>/", defaults={"kind": "index"})
    @flask.get("/k/m/<int:app_id>/show", defaults={"kind": "detail"})
    @flask.get("/k/m/<int:app_id>/edit", defaults={"kind": "create"})
    def mobile(app_id: int, kind: str) -> Response:
        return page(app_id, "edit" if kind == "create" and "record" in request.args else kind, mobile=True)

    def page(app_id: int, kind: str, *, mobile: bool) -> Response:
        app = _known_app(stub, app_id)
        language = _language()
        data = {
            "kind": kind,
            "mobile": mobile,
            "recordId": request.args.get("record", type=int),
            "reuseId": request.args.get("reuse", type=int),
            "requestToken": stub.request_token,
            "switches": stub.switches.for_page(),
            "app": _app_for_page(app, language),
            "user": login_user(language),
            "entities": {
                kind: [{"code": code, "name": name} for code, name in names.items()] for kind, names in ENTITIES.items()
            },
        }
        offered = stub.controls.offered() if stub.controls else None
        html = render_template(
            "page.html.j2",
            app=app,
            language=language,
            data=_literal(data),
            controls=_literal({**offered, "languages": LANGUAGES}) if offered else None,
        )
        return _with_language(make_response(html), language)

    @flask.get("/k/stub/assets/<name>")
    def asset(name: str) -> Response:
        if not name.endswith((".js", ".css")):
            abort(404)
        return send_from_directory(TEMPLATES / "stub", name)

    @flask.get("/k/stub/apps/<int:app_id>/runbutton.js")
    def customization(app_id: int) -> Response:
        script = stub.scripts(_known_app(stub, app_id).id)
        js = f"stub.showProblems({_literal(script.problems)});" if script.problems else script.js
        return Response(js, content_type="text/javascript; charset=utf-8")


def _add_records(flask: Flask, stub: Stub) -> None:
    changes = threading.Lock()

    @flask.get("/k/stub/apps/<int:app_id>/records")
    def list_records(app_id: int) -> Response:
        records = sorted(_known_app(stub, app_id).records.items())
        offset, limit = request.args.get("offset", 0, type=int), request.args.get("limit", 20, type=int)
        shown = [record for _, record in records[offset : offset + limit]]
        return _json({"records": shown, "total": len(records)})

    @flask.get("/k/stub/apps/<int:app_id>/records/blank")
    def blank_record(app_id: int) -> Response:
        app = _known_app(stub, app_id)
        blank = app.blank()
        reused = app.records.get(request.args.get("reuse", 0, type=int), {})
        return _json({code: reused.get(code, cell) for code, cell in blank.items()})

    @flask.get("/k/stub/apps/<int:app_id>/records/<int:record_id>")
    def get_record(app_id: int, record_id: int) -> Response:
        records = _known_app(stub, app_id).records
        if record_id not in records:
            return _json({"message": f"no record {record_id}"}, 404)
        before = [other for other in sorted(records) if other < record_id]
        after = [other for other in sorted(records) if other > record_id]
        neighbours = {"previous": before[-1] if before else None, "next": after[0] if after else None}
        return _json({"record": records[record_id], **neighbours})

    @flask.post("/k/stub/apps/<int:app_id>/records")
    def create_record(app_id: int) -> Response:
        app = _known_app(stub, app_id)
        return changed(app, lambda: app.create(_body(), stub.clock.now()))

    @flask.put("/k/stub/apps/<int:app_id>/records/<int:record_id>")
    def save_record(app_id: int, record_id: int) -> Response:
        app = _known_app(stub, app_id)

        def save() -> int:
            app.save(record_id, _body(), stub.clock.now())
            return record_id

        return changed(app, save)

    @flask.put("/k/stub/apps/<int:app_id>/records/<int:record_id>/status")
    def proceed(app_id: int, record_id: int) -> Response:
        app = _known_app(stub, app_id)

        def move() -> int:
            app.proceed(record_id, str(_body().get("action")), stub.clock.now())
            return record_id

        return changed(app, move)

    def changed(app: StubApp, change: Callable[[], int]) -> Response:
        with changes:
            try:
                return _json({"record": app.records[change()]})
            except InvalidInputError as error:
                return Response(invalid_input(str(error)), 400, content_type="application/json")
            except KeyError:
                return _json({"message": "no such record"}, 404)


def _add_proxy(flask: Flask, stub: Stub) -> None:
    @flask.post("/k/api/proxy/call.json")
    def proxy() -> Response:
        call = _body()
        sent = wire.Request(str(call["method"]), str(call["url"]), dict(call["headers"]), str(call["body"]))
        answer = stub.proxy.call(sent, unknown_host=stub.switches.unknown_host)
        if isinstance(answer, Rejection):
            return Response(answer.text, answer.status, content_type="text/plain; charset=utf-8")
        lower = stub.switches.header_case == "lower"
        headers = {name.lower() if lower else name: value for name, value in answer.headers.items()}
        return _json({"success": True, "result": {"body": answer.body, "status": answer.status, "headers": headers}})


def _add_services(flask: Flask, stub: Stub) -> None:
    """The services under the stub's own address, for the command line. Pages cannot use them in place of the proxy:
    there are no CORS headers, as the services have none, and configs do not name these addresses."""

    @flask.route("/trigger/v1/<unit_id>/<call>", methods=["POST"])
    def krewdata(unit_id: str, call: str) -> Response:
        unit = stub.krewdata.units.get(unit_id)
        base = unit.url if unit else f"https://api.krewdata.grapecity.com/trigger/v1/{unit_id}"
        return asked(stub.krewdata.answer(_as_sent(f"{base}/{call}")))

    @flask.route("/api/<path:path>", methods=["GET", "POST"])
    def trocco(path: str) -> Response:
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        return asked(stub.trocco.answer(_as_sent(f"{stub.trocco.base_url}/api/{path}{query}")))

    def asked(answer: wire.Response) -> Response:
        return Response(answer.body, answer.status, dict(answer.headers))


def _add_controls(flask: Flask, controls: Controls) -> None:
    @flask.put("/k/stub/controls")
    def choose() -> Response:
        try:
            controls.choose(_body())
        except ValueError as error:
            return _json({"message": str(error)}, 400)
        return _json(controls.offered())

    @flask.delete("/k/stub/controls")
    def reset() -> Response:
        controls.reset()
        return _json(controls.offered())


def _known_app(stub: Stub, app_id: int) -> StubApp:
    if app_id not in stub.apps:
        abort(404)
    return stub.apps[app_id]


def _app_for_page(app: StubApp, language: str) -> dict[str, Any]:
    def field_for_page(field: Field) -> dict[str, Any]:
        return {
            "code": field.code,
            "type": field.type,
            "label": field.code if language == "ja" else field.english or field.code,
            "options": field.options,
            "columns": [field_for_page(column) for column in field.columns],
        }

    return {
        "id": app.id,
        "name": app.name,
        "form": [[field_for_page(field) for field in row] for row in app.form],
        "actions": [
            {"name": action.name, "status": action.status, "nextStatus": action.next_status} for action in app.actions
        ],
    }


def _language() -> str:
    language = request.args.get("lang") or request.cookies.get(_LANGUAGE_COOKIE) or "ja"
    return language if language in LANGUAGES else "en"


def _with_language(response: Response, language: str) -> Response:
    # A language given in the address stays for the pages that follow.
    if request.args.get("lang"):
        response.set_cookie(_LANGUAGE_COOKIE, language, samesite="Lax")
    return response


def _body() -> Mapping[str, Any]:
    # Flask refuses other types than JSON: another site's page cannot send that without being asked for leave first.
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400)
    return body


def _as_sent(url: str) -> wire.Request:
    return wire.Request(request.method, url, dict(request.headers), request.get_data(as_text=True))


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


def _literal(value: object) -> Markup:
    """A JSON literal that can stand in a page: ASCII, and nothing in it ends a script element."""
    return Markup(json.dumps(value).replace("<", "\\u003c"))  # noqa: S704 - no markup is left in it.
