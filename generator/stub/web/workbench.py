"""The preview's tools: the side panel's choices, the log of calls, and reloading pages after edits."""

import base64
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, request
from markupsafe import Markup

from generator.stub import wire
from generator.stub.choices import Choices
from generator.stub.people import LANGUAGES, PEOPLE
from generator.stub.proxy import Exchange, Rejection
from generator.stub.tenant import Stub
from generator.stub.web.answers import body_of_request, json_answer, known_app, literal
from generator.stub.web.plugins import plugins_or_problems

_LOGGED = 100
_LOOKS_A_SECOND = 4
_LONGEST_TEXT = 4000
_HIDDEN = "••••"
_SECRET_HEADERS = {"authorization"}


def add_workbench(flask: Flask, stub: Stub, choices: Choices) -> None:
    """The addresses that the side panel uses."""

    @flask.put("/k/stub/choices")
    def choose() -> Response:
        try:
            choices.choose(body_of_request())
        except ValueError as error:
            return json_answer({"message": str(error)}, 400)
        return json_answer(choices.offered())

    @flask.delete("/k/stub/choices")
    def reset() -> Response:
        choices.reset()
        stub.saved.reset()
        return json_answer(choices.offered())

    @flask.put("/k/stub/apps/<int:app_id>/saved")
    def fill_or_empty(app_id: int) -> Response:
        """Fills or empties the settings of the app's plug-ins."""
        known_app(stub, app_id)
        try:
            for plugin in plugins_or_problems(stub, app_id)[0]:
                stub.saved.choose(app_id, plugin.id, body_of_request().get("saved"))
                stub.rest.plugin_saved(app_id, in_effect=True)
        except ValueError as error:
            return json_answer({"message": str(error)}, 400)
        return json_answer({})

    @flask.post("/k/stub/clock")
    def leap() -> Response:
        try:
            choices.leap(body_of_request().get("seconds"))
        except ValueError as error:
            return json_answer({"message": str(error)}, 400)
        return json_answer(choices.offered())

    @flask.get("/k/stub/calls")
    def calls() -> Response:
        """The last calls, newest first."""
        hidden = _secrets(stub)
        first = max(0, len(stub.proxy.calls) - _LOGGED)
        numbered = list(enumerate(stub.proxy.calls[first:], start=first + 1))
        return json_answer([_call_for_page(stub, number, call, hidden) for number, call in reversed(numbered)])

    @flask.get("/k/stub/events")
    def events() -> Response:
        """Server-sent events while the page is open: `changed` when it is out of date, `calls` after new calls."""
        shown = request.args.get("state", "")

        def stream() -> Iterator[str]:
            known = -1
            while not stub.closing.is_set():
                if stub.state() != shown:
                    yield "event: changed\ndata: yes\n\n"
                    return
                if known != (known := len(stub.proxy.calls)):
                    yield f"event: calls\ndata: {known}\n\n"
                else:
                    # Only a failed write shows that the page is closed.
                    yield ":\n\n"
                time.sleep(1 / _LOOKS_A_SECOND)

        return Response(stream(), content_type="text/event-stream")


def choices_for_page(stub: Stub, **more: object) -> Markup | None:
    """The data of the side panel; None if the pages have no panel."""
    if stub.choices is None:
        return None
    return literal({**stub.choices.offered(), "languages": LANGUAGES, "people": PEOPLE, "state": stub.state(), **more})


def _call_for_page(stub: Stub, number: int, call: Exchange, hidden: re.Pattern[str]) -> dict[str, Any]:
    service = stub.services.get(call.service)
    rejected = isinstance(call.answer, Rejection)
    return {
        "number": number,
        "time": call.time.isoformat(),
        "title": service.title if service else None,
        "call": service.calls.get(call.call) if service else None,
        "method": call.request.method,
        "url": hidden.sub(_HIDDEN, call.request.url),
        "sent": hidden.sub(_HIDDEN, _sent(call.request))[:_LONGEST_TEXT],
        "status": None if rejected else call.answer.status,
        "answer": hidden.sub(_HIDDEN, call.answer.text if isinstance(call.answer, Rejection) else call.answer.body)[
            :_LONGEST_TEXT
        ],
        "milliseconds": round(call.seconds * 1000),
        "fault": call.fault.words if call.fault else None,
    }


def _sent(sent: wire.Request) -> str:
    headers = [
        f"{name}: {_HIDDEN if name.lower() in _SECRET_HEADERS else value}" for name, value in sent.headers.items()
    ]
    return "\n".join([*headers, "", sent.body]).strip()


def _secrets(stub: Stub) -> re.Pattern[str]:
    """Matches the stub's secrets in all forms in which they are sent: the user may have typed a real one."""
    plain = set(stub.secrets)
    for app_id in list(stub.apps):
        for plugin in stub.rest.live_plugins(app_id):
            for addition in stub.rest.plugin_settings.live(app_id, plugin.id).additions.values():
                plain |= {str(value).removeprefix("Token ") for value in addition.headers.values()}
                plain |= {str(value) for value in addition.data.values()}
    secrets = {secret for secret in plain if len(secret) > 3 and not secret.startswith(("https://", "application/"))}
    forms = {form for secret in secrets for form in (secret, quote(secret), json.dumps(secret)[1:-1], _base64(secret))}
    return re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True))) or "(?!)")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
