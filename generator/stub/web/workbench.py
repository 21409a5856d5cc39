"""The preview's side panel: what it offers, and what a person chooses in it."""

from flask import Flask, Response
from markupsafe import Markup

from generator.stub.controls import Controls
from generator.stub.kintone import LANGUAGES
from generator.stub.tenant import Stub
from generator.stub.web.answers import body_of_request, json_answer, literal


def add_workbench(flask: Flask, controls: Controls) -> None:
    @flask.put("/k/stub/controls")
    def choose() -> Response:
        try:
            controls.choose(body_of_request())
        except ValueError as error:
            return json_answer({"message": str(error)}, 400)
        return json_answer(controls.offered())

    @flask.delete("/k/stub/controls")
    def reset() -> Response:
        controls.reset()
        return json_answer(controls.offered())


def controls_for_page(stub: Stub, **more: object) -> Markup | None:
    return literal({**stub.controls.offered(), "languages": LANGUAGES, **more}) if stub.controls else None
