"""The gallery: every state of a button side by side, and the way to a scene by its address."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort, make_response, redirect, request

from generator.stub.people import LANGUAGES
from generator.stub.scenes import STATES, Scene, devices_with, groups, scene_at
from generator.stub.services import Service
from generator.stub.tenant import Stub
from generator.stub.web.answers import known_app, language_of_user, rendered, text_language, with_language
from generator.stub.web.workbench import choices_for_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SCENE_HOST = re.compile(r"(scene-[0-9a-f]{16})\.localhost(:[0-9]{1,5})?", re.IGNORECASE)
_KEPT = 300

# A host name like those of scenes: if the browser can load an image from it, it can show scenes.
_CHECK_HOST = re.compile(r"scene-check\.localhost(:[0-9]{1,5})?", re.IGNORECASE)
_CHECK_IMAGE = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


def add_scenes(flask: Flask, stub: Stub, web_of: Callable[[Stub, Scene, str], "WSGIApplication"]) -> None:
    """`web_of` creates the web application of a scene's own stub; requests with a scene's host name go to it."""
    played: dict[str, WSGIApplication] = {}
    inner = flask.wsgi_app

    def by_host(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if _CHECK_HOST.fullmatch(host):
            check = Response(_CHECK_IMAGE, content_type="image/svg+xml")
            check.headers |= {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-store"}
            return check(environ, start_response)
        named = _SCENE_HOST.fullmatch(host)
        web = played.get(named[1].lower(), inner) if named else inner
        return web(environ, start_response)

    flask.wsgi_app = by_host  # type: ignore[method-assign]

    @flask.get("/scene/<int:app_id>/<unit>")
    def scene(app_id: int, unit: str) -> Response:
        stub.follow()
        try:
            wanted = scene_at(app_id, _known_unit(stub, app_id, unit), request.args)
            own = _stub_of(stub, wanted)
        except ValueError as error:
            abort(404, f"no such scene: {error}")
        # A new name each time, so the browser's storage for it is empty.
        host = f"scene-{secrets.token_hex(8)}"
        played[host] = web_of(own, wanted, host)
        for oldest in list(played)[:-_KEPT]:
            played.pop(oldest, None)
        port = request.host.rpartition(":")[2]
        language = f"{'&' if '?' in wanted.page else '?'}lang={wanted.language}"
        path, mark, part = wanted.page.partition("#")
        address = f"http://{host}.localhost:{port}{path}{language}{mark}{part}"
        if request.headers.get("Sec-Fetch-Dest") == "document":
            # The user follows a link: this page redirects to the scene, or reports that the browser cannot show it.
            reader = text_language(wanted.language)
            return make_response(rendered("scene.html.j2", reader, address=address, choices=None))
        return make_response(redirect(address))

    @flask.get("/scenes")
    def gallery() -> Response:
        stub.follow()
        language = language_of_user()
        text = text_language(language)
        app_id = request.args.get("app", next(iter(stub.apps), 0), type=int)
        app = known_app(stub, app_id)
        unit = _known_unit(stub, app_id, request.args.get("unit", ""))
        name, service = _service_of(stub, unit)
        shown = groups(name, service)
        group = request.args.get("group", STATES)
        if group not in shown:
            abort(404, f"there is no group {group}; there are {', '.join(shown)}")
        # The states are shown in both languages; the many faults only in the page's language.
        looks = [
            (device, lang) for device in devices_with(unit) for lang in (("ja", "en") if group == STATES else (text,))
        ]
        rows = [
            (
                words[text],
                [(device, lang, Scene(app_id, unit["id"], act, lang, device, choice)) for device, lang in looks],
            )
            for words, act, choice in shown[group][1]
        ]
        html = rendered(
            "scenes.html.j2",
            language,
            app=app,
            unit=unit,
            units=[(other.id, other.name, it) for other in stub.apps.values() for it in stub.units.get(other.id, [])],
            groups=[(key, words[text]) for key, (words, _) in shown.items()],
            group=group,
            rows=rows,
            text=text,
            choices=choices_for_page(stub),
        )
        return with_language(make_response(html), language)


def _known_unit(stub: Stub, app_id: int, unit: str) -> Mapping[str, Any]:
    units = stub.units.get(app_id, [])
    found = next((it for it in units if it["id"] == unit or not unit), None)
    if found is None:
        abort(404, f"app {app_id} has no unit {unit}; there are {', '.join(it['id'] for it in units) or 'none'}")
    return found


def _service_of(stub: Stub, unit: Mapping[str, Any]) -> tuple[str, Service]:
    found = next(((name, it) for name, it in stub.services.items() if unit["service"] in it.handles), None)
    if found is None:
        abort(404, f"{unit['service']} has no emulator, so there are no scenes of it")
    return found


def _stub_of(stub: Stub, scene: Scene) -> Stub:
    own = stub.twin()
    if own.choices is None:
        raise ValueError("there is nothing to choose in this preview")
    if scene.language not in LANGUAGES:
        raise ValueError(f"lang is one of {', '.join(LANGUAGES)}")
    own.choices.choose(vars(scene.choice))
    return own
