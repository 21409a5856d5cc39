"""The REST API on the stub's server: faults, and the handler of each path."""

import base64
import socket
import time

from flask import Flask, Response, abort, request

from generator.stub.rest.answers import RestError, answered
from generator.stub.rest.apps import APIS as APPS
from generator.stub.rest.call import Api, Apis, Call
from generator.stub.rest.customize import APIS as CUSTOMIZE
from generator.stub.rest.deploys import APIS as DEPLOYS
from generator.stub.rest.faults import Exchange, Fault
from generator.stub.rest.fields import APIS as FIELDS
from generator.stub.rest.files import APIS as FILES
from generator.stub.rest.new_apps import APIS as NEW_APPS
from generator.stub.rest.plugins import APIS as PLUGINS
from generator.stub.rest.records import APIS as RECORDS
from generator.stub.rest.settings import APIS as SETTINGS
from generator.stub.rest.sign_in import refuse_without_right, sign_in
from generator.stub.rest.state import Kind, Rest
from generator.units.unit import Device

_METHODS = ("GET", "POST", "PUT", "DELETE")
_APIS: Apis = {**APPS, **CUSTOMIZE, **DEPLOYS, **FIELDS, **FILES, **NEW_APPS, **PLUGINS, **RECORDS, **SETTINGS}


def add_rest(flask: Flask, rest: Rest) -> None:
    """Adds the REST API to the stub's server, and the files that its pages load."""

    @flask.route("/k/v1/<path:path>", methods=_METHODS, defaults={"space": None})
    @flask.route("/k/guest/<int:space>/v1/<path:path>", methods=_METHODS)
    def api(path: str, space: int | None) -> Response:
        method = request.headers.get("X-HTTP-Method-Override", request.method)
        called = _APIS.get((method, path))
        return _answer(rest, called, method, path, space) if called else abort(404)

    @flask.get("/k/stub/apps/<int:app_id>/live/<any(desktop, mobile):device>.<any(js, css):kind>/<int:index>")
    def live(app_id: int, device: Device, kind: Kind, index: int) -> Response:
        stored = rest.live_file(app_id, device, kind, index) if app_id in rest.apps else None
        if stored is None:
            abort(404)
        content_type = "text/javascript" if kind == "js" else "text/css"
        return Response(stored.content, content_type=f"{content_type}; charset=utf-8")


def _answer(rest: Rest, api: Api, method: str, path: str, guest_space: int | None) -> Response:
    """Answers Flask's current request, or applies a fault to it."""
    fault = _fault(rest, method, path)
    if fault is not None and fault.kind in {"answer", "lost"}:
        response = Response(fault.body, fault.status, fault.headers, content_type="text/html")
        if fault.body.startswith("{"):
            response.content_type = "application/json"
    else:
        response = _without_fault(rest, api, method, path, guest_space)
    broken = fault is not None and fault.kind in {"lost", "late-lost"}
    body = request.get_json(silent=True) if request.is_json else None
    rest.requests.append(Exchange(method, path, body, 0 if broken else response.status_code))
    if fault is not None and fault.kind == "slow":
        time.sleep(fault.seconds)
    if broken:
        # werkzeug's socket; the client's connection closes without an answer.
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return response


def _fault(rest: Rest, method: str, path: str) -> Fault | None:
    with rest.lock:
        for fault in rest.faults:
            if fault.method in {"", method} and path.endswith(fault.path) and fault.times > 0:
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                return fault
        return None


def _without_fault(rest: Rest, api: Api, method: str, path: str, guest_space: int | None) -> Response:
    try:
        if rest.basic and request.headers.get("Authorization") != _basic(rest.basic):
            return Response("<html><body>401 Authorization Required</body></html>", 401, content_type="text/html")
        with rest.lock:
            signed_in = sign_in(rest, path)
            _refuse_unread_body()
            call = Call(rest, guest_space, signed_in.actor)
            refuse_without_right(signed_in, method, path, call)
            call.count()
            return api(rest, call)
    except RestError as error:
        return answered(error.body, error.status)


def _refuse_unread_body() -> None:
    """kintone reads JSON, and files from forms. The code for another type of body is from third parties' reports."""
    if request.content_length and not request.is_json and not request.files:
        raise RestError(400, "CB_IL02", "Illegal request.")


def _basic(user_and_password: str) -> str:
    return "Basic " + base64.b64encode(user_and_password.encode()).decode()
