"""The administrator's pages: an app's plug-ins, and their settings."""

from typing import Any

from flask import Flask, Response, abort, make_response, redirect, request
from markupsafe import Markup

from generator.stub.plugins import LOCKED, PAUSE, RefusedError
from generator.stub.proxy import kintone_error
from generator.stub.sample_apps import StubApp
from generator.stub.tenant import Stub
from generator.stub.web.answers import (
    body_of_request,
    json_answer,
    known_app,
    language_of_user,
    literal,
    rendered,
    with_language,
)
from generator.stub.web.pages import for_every_page
from generator.stub.web.plugins import (
    in_language,
    is_unset,
    plugins_or_problems,
    saved_state,
    scripts,
    settings_address,
    styles,
)
from generator.stub.web.workbench import choices_for_page


def add_administration(flask: Flask, stub: Stub) -> None:
    """The administrator's pages. Every user of the machine can open them, but scripts of users' pages cannot."""

    @flask.get("/k/admin/app/<int:app_id>/plugin/")
    def plugin_list(app_id: int) -> Response:
        stub.follow()
        app = known_app(stub, app_id)
        language = language_of_user()
        plugins, problems = plugins_or_problems(stub, app_id)
        listed = [
            {
                "name": in_language(plugin.manifest["name"], language),
                "description": in_language(plugin.manifest.get("description", {"en": ""}), language),
                "version": plugin.version,
                "icon": f"/k/stub/plugins/{plugin.id}/{plugin.manifest['icon']}",
                "unset": is_unset(plugin, stub.rest.plugin_settings.preview(app_id, plugin.id).config),
                "href": settings_address(app_id, plugin.id) if "html" in plugin.manifest.get("config", {}) else None,
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
            token=stub.rest.plugin_settings.open(app_id, ""),
            pending=stub.rest.plugin_settings.is_pending(app_id),
            saved=bool(request.args.get("saved")),
            updated=bool(request.args.get("updated")),
        )

    @flask.get("/k/admin/app/flow")
    def app_settings() -> Response:
        """The app's settings, where kintone has its button "Update App"; the stub has it on the list of plug-ins."""
        app = known_app(stub, request.args.get("app", 0, type=int))
        return make_response(redirect(f"/k/admin/app/{app.id}/plugin/"))

    @flask.get("/k/admin/app/<int:app_id>/plugin/config")
    def plugin_config(app_id: int) -> Response:
        stub.follow()
        app = known_app(stub, app_id)
        language = language_of_user()
        plugins = {plugin.id: plugin for plugin in plugins_or_problems(stub, app_id)[0]}
        plugin = plugins.get(request.args.get("pluginId", ""))
        if plugin is None or "html" not in plugin.manifest.get("config", {}):
            names = ", ".join(plugins) or "none"
            abort(404, f"app {app_id} has no plug-in with this ID and a settings page; there are {names}")
        return admin_page(
            "settings.html.j2",
            app,
            language,
            plugin.id,
            plugin=in_language(plugin.manifest["name"], language),
            html=Markup(plugin.files[plugin.manifest["config"]["html"]].decode()),  # noqa: S704 - the plug-in's own.
            styles=styles([plugin], "config"),
            scripts=scripts([plugin], "config"),
        )

    def admin_page(template: str, app: StubApp, language: str, plugin_id: str, **context: object) -> Response:
        # Only a person may open this page: a script of a users' page must not fetch, frame or read it.
        if request.headers.get("Sec-Fetch-Dest", "document") != "document":
            abort(403)
        plugins = stub.rest.live_plugins(app.id)
        data = {
            "kind": "settings",
            "mobile": False,
            "recordId": None,
            "reuseId": None,
            **for_every_page(stub, language),
            "app": {"id": app.id, "name": app.name, "guestSpace": None, "form": [], "actions": []},
            "entities": {},
            "plugins": {plugin.id: stub.rest.plugin_settings.preview(app.id, plugin.id).config for plugin in plugins},
            "settings": _settings_for_page(stub, app.id, plugin_id) if plugin_id else None,
            "scene": None,
            "problems": "",
        }
        choices = choices_for_page(
            stub,
            saved=saved_state(stub, app.id, plugins),
            secrets=stub.stand_ins.get(app.id, []) if plugin_id else [],
        )
        html = rendered(template, language, app=app, user=data["user"], data=literal(data), choices=choices, **context)
        response = make_response(html)
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return with_language(response, language)

    @flask.post("/k/stub/apps/<int:app_id>/plugins/<plugin_id>/settings")
    def save(app_id: int, plugin_id: str) -> Response:
        if not stub.rest.plugin_settings.is_open(request.headers.get("X-Stub-Settings", ""), app_id, plugin_id):
            abort(403)
        change = body_of_request()
        try:
            # Measured by the page, so it does not depend on the speed of requests.
            since = change.get("sinceLast")
            too_soon = stub.switches.saves_need_pause and since is not None and since < PAUSE
            if change.get("underWay") or too_soon:
                raise RefusedError(LOCKED)
            if "config" in change:
                stub.rest.plugin_settings.save_config(app_id, plugin_id, change["config"])
            else:
                stub.rest.plugin_settings.save_addition(app_id, plugin_id, change)
        except RefusedError as error:
            code = "GAIA_DA02" if str(error) == LOCKED else "CB_VA01"
            return Response(kintone_error(str(error), code), 400, content_type="application/json")
        stub.rest.plugin_saved(app_id, in_effect=not stub.switches.settings_need_update)
        return json_answer({})

    @flask.post("/k/stub/apps/<int:app_id>/update")
    def update(app_id: int) -> Response:
        if not stub.rest.plugin_settings.is_open(request.form.get("token", ""), app_id, ""):
            abort(403)
        stub.rest.publish(app_id)
        return make_response(redirect(f"/k/admin/app/{app_id}/plugin/?updated=1", 303))


def _settings_for_page(stub: Stub, app_id: int, plugin_id: str) -> dict[str, Any]:
    saved = stub.rest.plugin_settings.preview(app_id, plugin_id)
    return {
        "pluginId": plugin_id,
        "token": stub.rest.plugin_settings.open(app_id, plugin_id),
        "config": saved.config,
        "additions": [
            {"method": method, "url": url, "headers": addition.headers, "data": addition.data}
            for (method, url), addition in saved.additions.items()
        ],
    }
