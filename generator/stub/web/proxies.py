"""kintone's two proxies, and the services themselves for the command line."""

import posixpath
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, abort, current_app, request

from generator.stub import wire
from generator.stub.plugins import with_addition
from generator.stub.proxy import FORBIDDEN_HEADERS, Rejection, kintone_error
from generator.stub.tenant import Stub
from generator.stub.web.answers import body_of_request, json_answer

_OWN_HEADERS = {"Content-Type", "Content-Length", "X-Content-Type-Options"}


def add_proxies(flask: Flask, stub: Stub) -> None:
    @flask.post("/k/api/proxy/call.json")
    def proxy() -> Response:
        call = _call_of_page()
        sent = wire.Request(str(call["method"]), str(call["url"]), dict(call["headers"]), str(call["body"]))
        return _sent_out(stub, sent)

    @flask.post("/k/api/app/plugin/proxy/call.json")
    def plugin_proxy() -> Response:
        call = _call_of_page()
        app_id, plugin_id = call.get("appId"), call.get("pluginId")
        if app_id not in list(stub.apps) or plugin_id not in [each.id for each in stub.rest.live_plugins(app_id)]:
            stub.unknown.append(f"plug-in proxy: app {app_id} has no plug-in {plugin_id}")
            return Response(kintone_error(f"pluginId: {plugin_id}"), 400, content_type="application/json")
        sent = with_addition(call, stub.rest.plugin_settings.live(app_id, plugin_id), stub.switches)
        return _sent_out(stub, sent)


def _call_of_page() -> Mapping[str, Any]:
    """The body of a call of a proxy. It answers 400 for one that no page sends, and for an address that is none."""
    call = body_of_request()
    if not {"method", "url", "headers", "body"} <= call.keys() or not isinstance(call["headers"], dict):
        abort(400)
    if not _is_address(str(call["url"])):
        abort(Response(kintone_error(f"url: {call['url']}"), 400, content_type="application/json"))
    return call


def _is_address(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:  # an invalid bracket
        return False
    return True


def _sent_out(stub: Stub, sent: wire.Request) -> Response:
    answer = stub.proxy.call(sent, own=_own)
    if isinstance(answer, Rejection):
        return Response(answer.text, answer.status, content_type="text/plain; charset=utf-8")
    lower = stub.switches.header_case == "lower"
    headers = {name.lower() if lower else name: value for name, value in answer.headers.items()}
    return json_answer({"success": True, "result": {"body": answer.body, "status": answer.status, "headers": headers}})


def _own(sent: wire.Request) -> wire.Response | None:
    """The answer of the stub's own REST API, if the address is this server's: kintone's proxy can call kintone."""
    parts = urlsplit(sent.url)
    # Servers resolve dots in the path if clients do not.
    path = posixpath.normpath(unquote(parts.path))
    if f"{parts.scheme}://{parts.netloc}/" != request.host_url or not path.startswith("/k/v1/"):
        return None
    client = current_app.test_client()
    answer = client.open(
        path,
        method=sent.method,
        base_url=request.host_url,
        query_string=parts.query,
        headers=list(sent.headers.items()),
        data=sent.body.encode() or None,
    )
    headers = {name: value for name, value in answer.headers.items() if name in _OWN_HEADERS}
    return wire.Response(answer.status_code, answer.get_data(as_text=True), headers)


def add_services(flask: Flask, stub: Stub) -> None:
    """Adds the services for the command line, below /services/ by their addresses without https://.

    They have the same faults as through the proxy, and appear in its log. A call that the proxy would reject gets no
    answer. Pages cannot use them instead of the proxy: like the services themselves they send no CORS headers.
    """

    @flask.get("/services/")
    def clock() -> Response:
        """Identifies the server as a preview, with its time in milliseconds."""
        return json_answer({"now": stub.clock.now().timestamp() * 1000, "speed": stub.clock.speed})

    @flask.route("/services/<path:address>", methods=["GET", "POST"])
    def service(address: str) -> Response:
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        url = f"https://{address}{query}"
        if not _is_address(url) or not any(service.owns(url) for service in stub.services.values()):
            abort(404)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in FORBIDDEN_HEADERS}
        answer = stub.proxy.call(wire.Request(request.method, url, headers, request.get_data(as_text=True)))
        if isinstance(answer, Rejection):
            # werkzeug's socket; the client's connection closes without an answer.
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return Response(status=502)
        return Response(answer.body, answer.status, dict(answer.headers))
