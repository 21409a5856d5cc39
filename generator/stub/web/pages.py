"""The pages that users see, and the list of all apps."""

from typing import Any, Literal

from flask import Flask, Response, abort, make_response, request, send_from_directory

from generator.assets import TEMPLATES
from generator.stub.form_fields import Field, rows_of
from generator.stub.people import ENTITIES, login_user, memberships
from generator.stub.rest import properties_of
from generator.stub.sample_apps import StubApp
from generator.stub.scenes import Scene, devices_with, kind_with, page_path
from generator.stub.session import user_of_request
from generator.stub.tenant import Stub
from generator.stub.web.answers import known_app, language_of_user, literal, rendered, text_language, with_language
from generator.stub.web.plugins import is_unset, plugins_or_problems, saved_state, scripts, settings_links, styles
from generator.stub.web.workbench import choices_for_page
from generator.words import sections

_OTHERS = 20
_SHARED = ("view/say.js", "page/conditions.js")


def add_pages(flask: Flask, stub: Stub, scene: Scene | None) -> None:
    """Adds the pages; with a scene, the page of its button plays it."""

    @flask.get("/")
    def home() -> Response:
        apps, problems = [], [stub.follow()]
        language = language_of_user()
        for app in list(stub.apps.values()):
            plugins, unpacked = plugins_or_problems(stub, app.id)
            apps.append((app, settings_links(app.id, plugins, language)))
            problems.append(unpacked)
        html = rendered(
            "home.html.j2",
            language,
            apps=apps,
            with_units=set(stub.units) if stub.choices else set(),
            problems="\n".join(dict.fromkeys(filter(None, problems))),
            choices=choices_for_page(stub),
        )
        return with_language(make_response(html), language)

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
        older = stub.follow()
        language = language_of_user()
        if app_id not in stub.apps or stub.rest.current_app(app_id).live is None:
            return missing(app_id, language, older)
        app = stub.apps[app_id]
        plugins, problems = plugins_or_problems(stub, app_id)
        saved = {plugin.id: stub.rest.plugin_settings.live(app_id, plugin.id) for plugin in plugins}
        framed = request.headers.get("Sec-Fetch-Dest") == "iframe"
        data = {
            "kind": kind,
            "mobile": mobile,
            "recordId": request.args.get("record", type=int),
            "reuseId": request.args.get("reuse", type=int),
            **for_every_page(stub, language),
            "app": _app_for_page(stub, app, language),
            "plugins": {plugin_id: settings.config for plugin_id, settings in saved.items()},
            "settings": None,
            "scene": _scene_for_page(stub, scene, framed=framed) if scene else None,
            "problems": problems,
            "entities": {
                kind: [{"code": code, "name": name} for code, name in names.items()] for kind, names in ENTITIES.items()
            },
        }
        device: Literal["mobile", "desktop"] = "mobile" if mobile else "desktop"
        running = [
            plugin
            for plugin in plugins
            if stub.switches.unset_plugin == "runs" or not is_unset(plugin, saved[plugin.id].config)
        ]
        html = rendered(
            "page.html.j2",
            language,
            app=app,
            data=literal(data),
            styles=[*stub.rest.live_styles(app_id, device), *styles(running, device)],
            scripts=[*stub.rest.live_scripts(app_id, device), *scripts(running, device)],
            choices=None
            if framed
            else choices_for_page(
                stub,
                settings=settings_links(app_id, plugins, language),
                saved=saved_state(stub, app_id, plugins),
                units=stub.units.get(app_id, []),
                others=[] if scene else _other_apps(stub, app_id),
            ),
        )
        return with_language(make_response(html), language)

    def missing(app_id: int, language: str, problems: str) -> Response:
        """Reports an unknown app and links to the others, because an edit may have removed it."""
        stub.unknown.append(f"{request.method} {request.full_path.rstrip('?')}: there is no app {app_id}")
        html = rendered(
            "missing.html.j2",
            language,
            app_id=app_id,
            apps=list(stub.apps.values()),
            problems=problems,
            choices=choices_for_page(stub),
        )
        return with_language(make_response(html, 404), language)

    @flask.get("/k/stub/assets/<name>")
    def asset(name: str) -> Response:
        if not name.endswith((".js", ".css")):
            abort(404)
        return send_from_directory(TEMPLATES / "stub", name)

    @flask.get("/k/stub/runtime/<path:name>")
    def runtime(name: str) -> Response:
        """The modules of the runtime that the stub's own pages use too."""
        if name not in _SHARED:
            abort(404)
        return send_from_directory(TEMPLATES / "runtime", name)

    @flask.get("/k/stub/apps/<int:app_id>/runbutton.js")
    def customization(app_id: int) -> Response:
        stub.follow()
        script = stub.scripts(known_app(stub, app_id).id)
        js = f"stub.showProblems({literal(script.problems)});" if script.problems else script.js
        return Response(js, content_type="text/javascript; charset=utf-8")


def _other_apps(stub: Stub, app_id: int) -> list[dict[str, Any]]:
    """The labels of other apps' buttons, with the address of a page that has the first; only the first of many apps."""
    return [
        {
            "href": page_path(app.id, kind_with(units[0]), devices_with(units[0])[0]),
            "name": f"{app.name} ({app.id})",
            "labels": [unit["label"] for unit in units],
        }
        for app in list(stub.apps.values())
        if app.id != app_id and (units := stub.units.get(app.id))
    ][:_OTHERS]


def for_every_page(stub: Stub, language: str) -> dict[str, Any]:
    return {
        "requestToken": stub.rest.request_token,
        "switches": stub.switches.for_page(),
        "user": login_user(language, user_of_request()),
        "memberships": memberships(user_of_request()),
        "words": {text_language(language): {"stub": sections(text_language(language))["stub"]}},
    }


def _scene_for_page(stub: Stub, scene: Scene, *, framed: bool) -> dict[str, Any]:
    about = next(unit for unit in stub.units[scene.app_id] if unit["id"] == scene.unit)
    return {"unit": scene.unit, "about": about, "act": scene.act, "framed": framed}


def _app_for_page(stub: Stub, app: StubApp, language: str) -> dict[str, Any]:
    def field_for_page(field: Field) -> dict[str, Any]:
        return {
            "code": field.code,
            "type": field.type,
            "label": field.label or (field.code if language == "ja" else field.english or field.code),
            "options": field.options,
            "columns": [field_for_page(column) for column in field.columns],
        }

    settings = stub.rest.current_app(app.id)
    return {
        "id": app.id,
        "name": app.name,
        "guestSpace": settings.guest_space,
        "form": [
            [field_for_page(field) for field in row]
            for row in rows_of(app.form, properties_of(stub.rest, app.id, settings.live))
        ],
        "actions": [
            {"name": action.name, "status": action.status, "nextStatus": action.next_status} for action in app.actions
        ],
    }
