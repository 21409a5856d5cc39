"""TROCCO's error answers."""

import json

from generator.stub.wire import Response

_JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}
_HTML_HEADERS = {"Content-Type": "text/html; charset=utf-8"}


def json_response(status: int, body: object) -> Response:
    return Response(status, json.dumps(body, ensure_ascii=False), _JSON_HEADERS)


# Error answers observed from TROCCO, by Runbutton's names, so that tests and faults can use each of them. TROCCO has
# three shapes for a 400, two for a 403, and sometimes no body; those of a 401 and a 429 are not published.
ERRORS: dict[str, Response] = {
    "unauthorized": json_response(401, {"error": "Not Authorized"}),
    "unauthorized-empty": Response(401),
    "forbidden": json_response(403, {"message": "Not Authorized"}),
    "forbidden-error": json_response(403, {"error": "Not Authorized"}),
    "not-found": json_response(404, {"error": "Not found"}),
    "bad-request": json_response(
        400,
        {
            "message": "Bad request. Please check your request payload",
            "errors": [{"attribute": "job_definition_id", "message": "を入力してください"}],
        },
    ),
    "bad-request-message": json_response(400, {"message": "リクエストが正しくありません", "errors": []}),
    "bad-request-error": json_response(400, {"error": "Bad request"}),
    "bad-request-empty": Response(400),
    # Raw control characters within strings occur; strict JSON readers fail on them.
    "bad-request-control-character": Response(400, '{"message": "Bad\x0brequest", "errors": []}', _JSON_HEADERS),
    "invalid": json_response(422, {"message": "Validation failed"}),
    "rate": json_response(429, {"message": "Too Many Requests"}),
    "server-error": Response(500, "<!DOCTYPE html><title>500</title><h1>Internal Server Error</h1>", _HTML_HEADERS),
    "server-error-empty": Response(500),
    "ok-empty": Response(200),
    "ok-not-json": Response(200, "<!DOCTYPE html><title>TROCCO</title>", _HTML_HEADERS),
}


class AnswerError(Exception):
    """Ends a request with an error answer."""

    def __init__(self, response: Response) -> None:
        self.response = response


def bad_request(attribute: str, message: str) -> AnswerError:
    """The 400 with the problem of a parameter."""
    body = {
        "message": "Bad request. Please check your request payload",
        "errors": [{"attribute": attribute, "message": message}],
    }
    return AnswerError(json_response(400, body))
