"""The files of installed plug-ins that pages load."""

from collections.abc import Mapping, Sequence

from flask import Flask, Response, abort

from generator.errors import RunbuttonError
from generator.stub.rest import Plugin
from generator.stub.saved import State
from generator.stub.tenant import Stub
from generator.stub.web.answers import literal

_FILE_TYPES = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}


def add_plugins(flask: Flask, stub: Stub) -> None:
    """The files of plug-ins, for script and link elements."""

    @flask.get("/k/stub/plugins/<plugin_id>/<path:name>")
    def plugin_file(plugin_id: str, name: str) -> Response:
        plugin = stub.rest.plugins.get(plugin_id)
        if plugin is None or name not in plugin.files:
            abort(404)
        return Response(plugin.files[name], content_type=_FILE_TYPES.get(name.rpartition(".")[2], "image/png"))

    @flask.get("/k/stub/plugins/<plugin_id>.js")
    def plugin_id_script(plugin_id: str) -> Response:
        # kintone sets it before each file of a plug-in, so it is reliable only while that file runs.
        js = f"kintone.$PLUGIN_ID = {literal(plugin_id)};"
        return Response(js, content_type="text/javascript; charset=utf-8")


def plugins_or_problems(stub: Stub, app_id: int) -> tuple[list[Plugin], str]:
    try:
        return stub.plugins_of(app_id), ""
    except RunbuttonError as error:
        return [], str(error)


def settings_links(app_id: int, plugins: Sequence[Plugin], language: str) -> list[dict[str, str]]:
    return [
        {"name": in_language(plugin.manifest["name"], language), "href": settings_address(app_id, plugin.id)}
        for plugin in plugins
        if "html" in plugin.manifest.get("config", {})
    ]


def saved_state(stub: Stub, app_id: int, plugins: Sequence[Plugin]) -> State | None:
    """What is saved for the app's plug-in, for the side panel; None if nothing needs to be."""
    return next((state for plugin in plugins if (state := stub.saved.state(app_id, plugin.id))), None)


def settings_address(app_id: int, plugin_id: str) -> str:
    return f"/k/admin/app/{app_id}/plugin/config?pluginId={plugin_id}"


def is_unset(plugin: Plugin, config: Mapping[str, str]) -> bool:
    return not set(plugin.manifest.get("config", {}).get("required_params", ())) <= config.keys()


def styles(plugins: Sequence[Plugin], place: str) -> list[str]:
    return [_address(plugin, css) for plugin in plugins for css in plugin.manifest.get(place, {}).get("css", ())]


def scripts(plugins: Sequence[Plugin], place: str) -> list[str]:
    return [
        address
        for plugin in plugins
        for js in plugin.manifest.get(place, {}).get("js", ())
        for address in (f"/k/stub/plugins/{plugin.id}.js", _address(plugin, js))
    ]


def _address(plugin: Plugin, entry: str) -> str:
    return entry if entry.startswith("https://") else f"/k/stub/plugins/{plugin.id}/{entry}"


def in_language(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, texts["en"])
