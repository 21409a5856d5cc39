"""kintone's two proxies, and the services themselves for the command line."""

from flask import Flask, Response, abort, request

from generator.stub import wire
from generator.stub.plugins import with_addition
from generator.stub.proxy import Rejection, invalid_input
from generator.stub.tenant import Stub
from generator.stub.web.answers import body_of_request, json_answer


def add_proxies(flask: Flask, stub: Stub) -> None:
    @flask.post("/k/api/proxy/call.json")
    def proxy() -> Response:
        call = body_of_request()
        sent = wire.Request(str(call["method"]), str(call["url"]), dict(call["headers"]), str(call["body"]))
        return _sent_out(stub, sent)

    @flask.post("/k/api/app/plugin/proxy/call.json")
    def plugin_proxy() -> Response:
        call = body_of_request()
        app_id, plugin_id = call.get("appId"), call.get("pluginId")
        if app_id not in stub.apps or plugin_id not in {plugin.id for plugin in stub.rest.live_plugins(app_id)}:
            stub.unknown.append(f"plug-in proxy: app {app_id} has no plug-in {plugin_id}")
            return Response(invalid_input(f"pluginId: {plugin_id}"), 400, content_type="application/json")
        sent = with_addition(
            call,
            stub.plugin_settings.live(app_id, plugin_id),
            merge_text=stub.switches.merge_text,
            any_case=stub.switches.header_clash == "any case",
            resolve=stub.switches.resolves_dots,
        )
        return _sent_out(stub, sent)


def _sent_out(stub: Stub, sent: wire.Request) -> Response:
    answer = stub.proxy.call(sent, unknown_host=stub.switches.unknown_host)
    if isinstance(answer, Rejection):
        return Response(answer.text, answer.status, content_type="text/plain; charset=utf-8")
    lower = stub.switches.header_case == "lower"
    headers = {name.lower() if lower else name: value for name, value in answer.headers.items()}
    return json_answer({"success": True, "result": {"body": answer.body, "status": answer.status, "headers": headers}})


def add_services(flask: Flask, stub: Stub) -> None:
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
