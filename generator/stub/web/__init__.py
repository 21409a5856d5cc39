"""What the stubbed kintone answers over HTTP."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from generator.assets import TEMPLATES
from generator.stub.rest import add_rest
from generator.stub.tenant import Stub
from generator.stub.web.administration import add_administration
from generator.stub.web.pages import add_pages
from generator.stub.web.plugins import add_plugins
from generator.stub.web.proxies import add_proxies, add_services
from generator.stub.web.records import add_records
from generator.stub.web.workbench import add_workbench


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

    add_pages(flask, stub)
    add_records(flask, stub)
    add_plugins(flask, stub)
    add_administration(flask, stub)
    add_rest(flask, stub.rest)
    add_proxies(flask, stub)
    add_services(flask, stub)
    if stub.controls is not None:
        add_workbench(flask, stub.controls)
    return flask
