"""Shared by the stub's routes: the user's language, the request's data, and the form of answers."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, abort, render_template, request
from flask.json.provider import DefaultJSONProvider
from jinja2 import StrictUndefined
from markupsafe import Markup

from generator.assets import TEMPLATES
from generator.stub.people import LANGUAGES
from generator.stub.sample_apps import StubApp
from generator.stub.tenant import Stub
from generator.words import say

_LANGUAGE_COOKIE = "stub-language"


class _Json(DefaultJSONProvider):
    def loads(self, s: str | bytes, **options: Any) -> Any:  # noqa: ANN401 - as Flask declares it.
        """As Flask has it; brackets without an end are no JSON, too."""
        try:
            return super().loads(s, **options)
        except RecursionError as error:
            raise ValueError from error


def new_flask(name: str) -> Flask:
    """A web application with the stub's templates, which escape all that is put in."""
    flask = Flask(name, static_folder=None, template_folder=str(TEMPLATES / "stub"))
    flask.json = _Json(flask)
    flask.jinja_env.autoescape = True
    flask.jinja_env.undefined = StrictUndefined
    flask.jinja_env.auto_reload = True
    return flask


def known_app(stub: Stub, app_id: int) -> StubApp:
    if app_id not in stub.apps:
        abort(404, f"there is no app {app_id}; there are {', '.join(map(str, stub.apps))}")
    return stub.apps[app_id]


def language_of_user() -> str:
    language = request.args.get("lang") or request.cookies.get(_LANGUAGE_COOKIE) or "ja"
    return language if language in LANGUAGES else "en"


def with_language(response: Response, language: str) -> Response:
    # A language in the address is kept for the pages that follow.
    if request.args.get("lang"):
        response.set_cookie(_LANGUAGE_COOKIE, language, samesite="Lax")
    return response


def text_language(language: str) -> str:
    """The language of the texts for a user's language: Japanese, or English for all others."""
    return "ja" if language == "ja" else "en"


def rendered(template: str, language: str, **context: object) -> str:
    """A page; say() in its template returns the sentences of templates/words."""
    return render_template(template, language=language, say=partial(say, text_language(language)), **context)


def body_of_request() -> Mapping[str, Any]:
    # Flask refuses other types than JSON, and another site's page cannot send JSON without a CORS preflight.
    body = request.get_json()
    if not isinstance(body, dict):
        abort(400)
    return body


def json_answer(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


def literal(value: object) -> Markup:
    """A JSON literal that is safe in a page: ASCII, and it cannot end a script element."""
    return Markup(json.dumps(value).replace("<", "\\u003c"))  # noqa: S704 - no markup is left in it.
