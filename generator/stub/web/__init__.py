"""The stubbed kintone's HTTP interface."""

import threading

from flask import Flask

from generator.stub.rest import add_rest
from generator.stub.scenes import Scene
from generator.stub.tenant import Stub
from generator.stub.web.administration import add_administration
from generator.stub.web.answers import new_flask
from generator.stub.web.errors import add_errors
from generator.stub.web.guard import add_guard
from generator.stub.web.guide import add_guide
from generator.stub.web.pages import add_pages
from generator.stub.web.plugins import add_plugins
from generator.stub.web.proxies import add_proxies, add_services
from generator.stub.web.records import add_records
from generator.stub.web.scenes import add_scenes
from generator.stub.web.workbench import add_workbench

# werkzeug compiles routes from syntax trees, and Python 3.11 counts their depth for all threads together: two at a time
# can end in "SystemError: AST constructor recursion depth mismatch".
_ONE_AT_A_TIME = threading.Lock()


def web_of(stub: Stub, scene: Scene | None = None, host: str = "") -> Flask:
    """The web application; serve it on the loopback address only. A scene's has its own host name."""
    with _ONE_AT_A_TIME:
        return _web_of(stub, scene, host)


def _web_of(stub: Stub, scene: Scene | None, host: str) -> Flask:
    flask = new_flask("runbutton-stub")
    add_guard(flask, host)
    add_errors(flask, stub)
    add_pages(flask, stub, scene)
    add_records(flask, stub)
    add_plugins(flask, stub)
    add_administration(flask, stub)
    add_rest(flask, stub.rest)
    add_proxies(flask, stub)
    add_services(flask, stub)
    add_guide(flask)
    if stub.choices is not None:
        add_workbench(flask, stub, stub.choices)
        if scene is None:
            add_scenes(flask, stub, web_of)
    return flask
