"""Plug-ins of the domain and of apps: "Install/Update/Uninstall Plug-in", "Get Installed/Required Plug-ins", "Get
Plug-in's Apps", "Get/Add App Plug-ins"."""

from dataclasses import replace

from flask import Response, request

from generator.stub.rest.answers import Json, RestError, answered, invalid, listed, unknown_file
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.files import uploaded
from generator.stub.rest.package import Plugin, read_plugin
from generator.stub.rest.state import Rest, Settings

PLUGINS_LIMIT = 20


def _get_installed(rest: Rest, call: Call) -> Response:
    ids = call.numbered("ids")
    shown = [plugin for plugin in rest.plugins.values() if not ids or plugin.id in ids]
    return answered({"plugins": [_in_list(plugin) for plugin in shown[call.page(100)]]})


def _get_required(rest: Rest, _call: Call) -> Response:
    """Plug-ins that apps have and that are not installed."""
    used = {plugin for app in rest.apps.values() for plugin in app.preview.plugins}
    missing = sorted(used - rest.plugins.keys())
    return answered({"plugins": [{"id": plugin, "name": plugin, "isMarketPlugin": False} for plugin in missing]})


def _post_plugin(rest: Rest, call: Call) -> Response:
    plugin = _uploaded_plugin(rest, call)
    if plugin.id in rest.plugins:
        raise RestError(400, "STUB_INSTALLED", "The plug-in is installed already.")
    return _install(rest, call, plugin)


def _put_plugin(rest: Rest, call: Call) -> Response:
    plugin = _uploaded_plugin(rest, call)
    _installed(rest, call.body.get("id"))
    if call.body["id"] != plugin.id:
        raise invalid("fileKey", "The file is another plug-in's.")
    return _install(rest, call, plugin)


def _delete_plugin(rest: Rest, call: Call) -> Response:
    plugin = _installed(rest, request.args.get("id", call.body.get("id")))
    del rest.plugins[plugin.id]
    return answered({})


def _get_apps(rest: Rest, call: Call) -> Response:
    plugin = _installed(rest, request.args.get("id"))
    using = [app_id for app_id in sorted(rest.apps) if plugin.id in rest.current_app(app_id).preview.plugins]
    return answered({"apps": [{"id": str(each), "name": rest.forms[each].name} for each in using[call.page(500)]]})


def _install(rest: Rest, call: Call, plugin: Plugin) -> Response:
    rest.uploads.pop(str(call.body["fileKey"]))
    rest.plugins[plugin.id] = plugin
    return answered({"id": plugin.id, "version": plugin.version})


def _installed(rest: Rest, given: Json) -> Plugin:
    if not isinstance(given, str) or not given:
        raise invalid("id", "Required field.")
    if given not in rest.plugins:
        raise RestError(404, "STUB_NO_PLUGIN", "The plug-in is not installed.")
    return rest.plugins[given]


def _uploaded_plugin(rest: Rest, call: Call) -> Plugin:
    key = call.body.get("fileKey")
    if not isinstance(key, str) or not key:
        raise invalid("fileKey", "Required field.")
    stored = uploaded(rest, key)
    if stored is None:
        raise unknown_file(key)
    return read_plugin(stored.content)


def _get_of_live_app(rest: Rest, call: Call) -> Response:
    return _of_app(rest, call.live_app())


def _get_of_app(rest: Rest, call: Call) -> Response:
    return _of_app(rest, call.app().preview)


def _of_app(rest: Rest, settings: Settings) -> Response:
    installed = [rest.plugins[each] for each in settings.plugins if each in rest.plugins]
    shown = [{"id": each.id, "name": each.name, "enabled": True} for each in installed]
    return answered({"plugins": shown, "revision": str(settings.revision)})


def _post_to_app(rest: Rest, call: Call) -> Response:
    app, ids = call.app_to_change(), listed(call.body.get("ids"), "ids")
    if not ids:
        raise invalid("ids", "Required field.")
    for index, plugin_id in enumerate(ids):
        if not isinstance(plugin_id, str) or plugin_id not in rest.plugins:
            raise invalid(f"ids[{index}]", "Not installed.")
    plugins = tuple(dict.fromkeys([*app.preview.plugins, *ids]))
    if len(plugins) > PLUGINS_LIMIT:
        raise invalid("ids", f"An app has at most {PLUGINS_LIMIT} plug-ins.")
    app.preview = replace(app.preview, plugins=plugins, revision=app.preview.revision + 1)
    return answered({"revision": str(app.preview.revision)})


def _in_list(plugin: Plugin) -> Json:
    description = plugin.manifest.get("description", {}).get("en", "")
    return {
        "id": plugin.id,
        "name": plugin.name,
        "description": description,
        "isMarketPlugin": False,
        "version": plugin.version,
    }


APIS: Apis = {
    ("GET", "plugins.json"): _get_installed,
    ("GET", "plugins/required.json"): _get_required,
    ("POST", "plugin.json"): _post_plugin,
    ("PUT", "plugin.json"): _put_plugin,
    ("DELETE", "plugin.json"): _delete_plugin,
    ("GET", "plugin/apps.json"): _get_apps,
    ("GET", "app/plugins.json"): _get_of_live_app,
    ("GET", "preview/app/plugins.json"): _get_of_app,
    ("POST", "preview/app/plugins.json"): _post_to_app,
}
