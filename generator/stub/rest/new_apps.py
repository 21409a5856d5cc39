"""New apps: "Create Preview App"."""

from flask import Response

from generator.stub.made_apps import NEW_APP, MadeApp
from generator.stub.rest.answers import Json, RestError, answered, invalid, number
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.checks import known_keys, text
from generator.stub.rest.settings import NEW_RIGHTS
from generator.stub.rest.state import Rest, RestApp, Settings

NAME_LIMIT = 64


def _post(rest: Rest, call: Call) -> Response:
    """The app is not live until it is published, and needs nothing more to be."""
    known_keys(call.body, {"name", "space", "thread"}, "")
    name = text(call.body.get("name"), "name", NAME_LIMIT)
    for key in ("space", "thread"):
        if key in call.body:
            number(call.body[key], key)
    space = call.body.get("space", call.guest_space)
    if space is not None and str(space) != str(call.guest_space):
        # The stub has no spaces but those of guests.
        raise invalid("space", "The space is not that of the request's path.")
    if call.body.get("thread") is not None and space is None:
        raise RestError(400, "STUB_THREAD", "A thread without a space.")
    app_id = max(rest.apps, default=0) + 1
    settings = Settings(properties=dict(NEW_APP), rights=NEW_RIGHTS)
    rest.apps[app_id] = RestApp(settings, None, call.guest_space)

    def properties() -> Json:
        app = rest.apps[app_id]
        return (app.live or app.preview).properties or NEW_APP

    rest.forms[app_id] = MadeApp(app_id, name, properties)
    return answered({"app": str(app_id), "revision": str(settings.revision)})


APIS: Apis = {("POST", "preview/app.json"): _post}
