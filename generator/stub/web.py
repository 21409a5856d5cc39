"""What the stubbed kintone answers over HTTP: pages for users and for the administrator, and what these ask for."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    send_from_directory,
)
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from generator.assets import TEMPLATES
from generator.errors import RunbuttonError
from generator.stub import wire
from generator.stub.controls import Controls
from generator.stub.kintone import ENTITIES, LANGUAGES, Field, InvalidInputError, StubApp, login_user
from generator.stub.plugins import RefusedError, with_addition
from generator.stub.proxy import Rejection, invalid_input
from generator.stub.rest import Plugin, add_rest
from generator.stub.tenant import Stub

_LANGUAGE_COOKIE = "stub-language"
_FILE_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


def web_of(stub: Stub) -> Flask:
    """The web application; it is to be served on the loopback address."""
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
    _add_plugins(flask, stub)
    _add_plugin_settings(flask, stub)
    add_rest(flask, stub.rest)
    _add_proxy(flask, stub)
    _add_services(flask, stub)
    if stub.controls is not None:
        _add_controls(flask, stub.controls)
    return flask


def _add_pages(flask: Flask, stub: Stub) -> None:
    @flask.get("/")
    def home() -> Response:
        language = _language()
        apps = [
            (app, _settings_links(app.id, _plugins_or_problems(stub, app.id)[0], language))
            for app in stub.apps.values()
        ]
        return _with_language(make_response(render_template("home.html.j2", apps=apps, language=language)), language)

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
        plugins, problems = _plugins_or_problems(stub, app_id)
        saved = {plugin.id: stub.plugin_settings.live(app_id, plugin.id) for plugin in plugins}
        data = {
            "kind": kind,
            "mobile": mobile,
            "recordId": request.args.get("record", type=int),
            "reuseId": request.args.get("reuse", type=int),
            **_for_every_page(stub, language),
            "app": _app_for_page(app, language),
            "plugins": {plugin_id: settings.config for plugin_id, settings in saved.items()},
            "settings": None,
            "problems": problems,
            "entities": {
                kind: [{"code": code, "name": name} for code, name in names.items()] for kind, names in ENTITIES.items()
            },
        }
        device: Literal["mobile", "desktop"] = "mobile" if mobile else "desktop"
        running = [
            plugin
            for plugin in plugins
            if stub.switches.unset_plugin == "runs" or not _unset(plugin, saved[plugin.id].config)
        ]
        html = render_template(
            "page.html.j2",
            app=app,
            language=language,
            data=_literal(data),
            styles=[*stub.rest.live_styles(app_id, device), *_styles(running, device)],
            scripts=[*stub.rest.live_scripts(app_id, device), *_scripts(running, device)],
            controls=_controls_for_page(stub, settings=_settings_links(app_id, plugins, language)),
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


def _for_every_page(stub: Stub, language: str) -> dict[str, Any]:
    return {
        "requestToken": stub.request_token,
        "switches": stub.switches.for_page(),
        "user": login_user(language),
    }


def _controls_for_page(stub: Stub, **more: object) -> Markup | None:
    return _literal({**stub.controls.offered(), "languages": LANGUAGES, **more}) if stub.controls else None


def _add_plugins(flask: Flask, stub: Stub) -> None:
    """What pages load of installed plug-ins, and the plug-in proxy."""

    @flask.get("/k/stub/plugins/<plugin_id>/<path:name>")
    def plugin_file(plugin_id: str, name: str) -> Response:
        plugin = stub.rest.plugins.get(plugin_id)
        if plugin is None or name not in plugin.files:
            abort(404)
        return Response(plugin.files[name], content_type=_FILE_TYPES.get(name.rpartition(".")[2], "image/png"))

    @flask.get("/k/stub/plugins/<plugin_id>.js")
    def plugin_id_script(plugin_id: str) -> Response:
        # kintone sets it before each of a plug-in's files, so that it is reliable only while that file runs.
        js = f"kintone.$PLUGIN_ID = {_literal(plugin_id)};"
        return Response(js, content_type="text/javascript; charset=utf-8")

    @flask.post("/k/api/app/plugin/proxy/call.json")
    def plugin_proxy() -> Response:
        call = _body()
        app_id, plugin_id = call.get("appId"), call.get("pluginId")
        if app_id not in stub.apps or plugin_id not in {plugin.id for plugin in stub.rest.live_plugins(app_id)}:
            stub.unknown.append(f"plug-in proxy: app {app_id} has no plug-in {plugin_id}")
            return Response(invalid_input(f"pluginId: {plugin_id}"), 400, content_type="application/json")
        sent = with_addition(
            call,
            stub.plugin_settings.live(app_id, plugin_id),
            merge_text=stub.switches.merge_text,
            any_case=stub.switches.header_clash == "any case",
        )
        return _sent_out(stub, sent)


def _add_plugin_settings(flask: Flask, stub: Stub) -> None:
    """The administrator's pages. They are open to everybody at the machine, but not to scripts of users' pages."""

    @flask.get("/k/admin/app/<int:app_id>/plugin/")
    def plugin_list(app_id: int) -> Response:
        app = _known_app(stub, app_id)
        language = _language()
        plugins, problems = _plugins_or_problems(stub, app_id)
        listed = [
            {
                "name": _in_language(plugin.manifest["name"], language),
                "description": _in_language(plugin.manifest.get("description", {"en": ""}), language),
                "version": plugin.version,
                "icon": f"/k/stub/plugins/{plugin.id}/{plugin.manifest['icon']}",
                "unset": _unset(plugin, stub.plugin_settings.preview(app_id, plugin.id).config),
                "href": _settings_address(app_id, plugin.id) if "html" in plugin.manifest.get("config", {}) else None,
            }
            for plugin in plugins
        ]
        return admin_page(
            "plugins.html.j2",
            app,
            language,
            "",
            plugins=listed,
            problems=problems,
            token=stub.plugin_settings.open(app_id, ""),
            pending=stub.plugin_settings.is_pending(app_id),
            saved=bool(request.args.get("saved")),
            updated=bool(request.args.get("updated")),
        )

    @flask.get("/k/admin/app/<int:app_id>/plugin/config")
    def plugin_config(app_id: int) -> Response:
        app = _known_app(stub, app_id)
        language = _language()
        plugins = {plugin.id: plugin for plugin in _plugins_or_problems(stub, app_id)[0]}
        plugin = plugins.get(request.args.get("pluginId", ""))
        if plugin is None or "html" not in plugin.manifest.get("config", {}):
            abort(404)
        return admin_page(
            "settings.html.j2",
            app,
            language,
            plugin.id,
            plugin=_in_language(plugin.manifest["name"], language),
            html=Markup(plugin.files[plugin.manifest["config"]["html"]].decode()),  # noqa: S704 - the plug-in's own.
            styles=_styles([plugin], "config"),
            scripts=_scripts([plugin], "config"),
        )

    def admin_page(template: str, app: StubApp, language: str, plugin_id: str, **context: object) -> Response:
        # A page for users could ask for this one, frame it or open it, and read it: only a person may come here.
        if request.headers.get("Sec-Fetch-Dest", "document") != "document":
            abort(403)
        plugins = stub.rest.live_plugins(app.id)
        data = {
            "kind": "settings",
            "mobile": False,
            "recordId": None,
            "reuseId": None,
            **_for_every_page(stub, language),
            "app": {"id": app.id, "name": app.name, "form": [], "actions": []},
            "entities": {},
            "plugins": {plugin.id: stub.plugin_settings.preview(app.id, plugin.id).config for plugin in plugins},
            "settings": _settings_for_page(stub, app.id, plugin_id) if plugin_id else None,
            "problems": "",
        }
        controls = _controls_for_page(stub, secrets=stub.stand_ins.get(app.id, []) if plugin_id else [])
        html = render_template(
            template, app=app, language=language, user=data["user"], data=_literal(data), controls=controls, **context
        )
        response = make_response(html)
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return _with_language(response, language)

    @flask.post("/k/stub/apps/<int:app_id>/plugins/<plugin_id>/settings")
    def save(app_id: int, plugin_id: str) -> Response:
        if not stub.plugin_settings.is_open(request.headers.get("X-Stub-Settings", ""), app_id, plugin_id):
            abort(403)
        change = _body()
        try:
            # The page says so itself, that it does not depend on how fast the two come.
            if change.get("underWay"):
                raise RefusedError("データベースのロックに失敗しました。")
            if "config" in change:
                stub.plugin_settings.save_config(app_id, plugin_id, change["config"])
            else:
                stub.plugin_settings.save_addition(app_id, plugin_id, change)
        except RefusedError as error:
            return Response(invalid_input(str(error)), 400, content_type="application/json")
        stub.settings_saved(app_id)
        return _json(_settings_for_page(stub, app_id, plugin_id))

    @flask.post("/k/stub/apps/<int:app_id>/update")
    def update(app_id: int) -> Response:
        if not stub.plugin_settings.is_open(request.form.get("token", ""), app_id, ""):
            abort(403)
        stub.update_app(app_id)
        return make_response(redirect(f"/k/admin/app/{app_id}/plugin/?updated=1", 303))


def _settings_for_page(stub: Stub, app_id: int, plugin_id: str) -> dict[str, Any]:
    saved = stub.plugin_settings.preview(app_id, plugin_id)
    return {
        "pluginId": plugin_id,
        "token": stub.plugin_settings.open(app_id, plugin_id),
        "config": saved.config,
        "additions": [
            {"method": method, "url": url, "headers": addition.headers, "data": addition.data}
            for (method, url), addition in saved.additions.items()
        ],
    }


def _plugins_or_problems(stub: Stub, app_id: int) -> tuple[list[Plugin], str]:
    try:
        return stub.plugins_of(app_id), ""
    except RunbuttonError as error:
        return [], str(error)


def _settings_links(app_id: int, plugins: Sequence[Plugin], language: str) -> list[dict[str, str]]:
    return [
        {"name": _in_language(plugin.manifest["name"], language), "href": _settings_address(app_id, plugin.id)}
        for plugin in plugins
        if "html" in plugin.manifest.get("config", {})
    ]


def _settings_address(app_id: int, plugin_id: str) -> str:
    return f"/k/admin/app/{app_id}/plugin/config?pluginId={plugin_id}"


def _unset(plugin: Plugin, config: Mapping[str, str]) -> bool:
    return not set(plugin.manifest.get("config", {}).get("required_params", ())) <= config.keys()


def _styles(plugins: Sequence[Plugin], place: str) -> list[str]:
    return [_address(plugin, css) for plugin in plugins for css in plugin.manifest.get(place, {}).get("css", ())]


def _scripts(plugins: Sequence[Plugin], place: str) -> list[str]:
    return [
        address
        for plugin in plugins
        for js in plugin.manifest.get(place, {}).get("js", ())
        for address in (f"/k/stub/plugins/{plugin.id}.js", _address(plugin, js))
    ]


def _address(plugin: Plugin, entry: str) -> str:
    return entry if entry.startswith("https://") else f"/k/stub/plugins/{plugin.id}/{entry}"


def _in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, texts["en"])


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
        return _sent_out(stub, sent)


def _sent_out(stub: Stub, sent: wire.Request) -> Response:
    answer = stub.proxy.call(sent, unknown_host=stub.switches.unknown_host)
    if isinstance(answer, Rejection):
        return Response(answer.text, answer.status, content_type="text/plain; charset=utf-8")
    lower = stub.switches.header_case == "lower"
    headers = {name.lower() if lower else name: value for name, value in answer.headers.items()}
    return _json({"success": True, "result": {"body": answer.body, "status": answer.status, "headers": headers}})


def _add_services(flask: Flask, stub: Stub) -> None:
    """The services for the command line: what follows https:// in a request to one stands below /services/.

    Pages cannot use this in place of the proxy: there are no CORS headers, as the services have none, and configs do
    not name these addresses.
    """

    @flask.route("/services/<path:address>", methods=["GET", "POST"])
    def service(address: str) -> Response:
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        url = f"https://{address}{query}"
        service = next((service for service in stub.services.values() if service.owns(url)), None)
        if service is None:
            abort(404)
        sent = wire.Request(request.method, url, dict(request.headers), request.get_data(as_text=True))
        answer = service.answer(sent)
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


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


def _literal(value: object) -> Markup:
    """A JSON literal that can stand in a page: ASCII, and nothing in it ends a script element."""
    return Markup(json.dumps(value).replace("<", "\\u003c"))  # noqa: S704 - no markup is left in it.
