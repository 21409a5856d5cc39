"""New apps: "Create Preview App"."""

from collections.abc import Mapping

from flask import Response

from generator.stub.rest.answers import Json, RestError, answered, invalid, number
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.checks import known_keys, text
from generator.stub.rest.settings import NEW_RIGHTS
from generator.stub.rest.state import Rest, RestApp, Settings
from generator.stub.sample_apps import StubApp

NAME_LIMIT = 64

# The fields that every new app has, in the language of its creator ("Create Preview App", kintone.dev).
_NEW_FORM: Mapping[str, Json] = {
    code: {"type": kind, "code": code, "label": code, **more}
    for code, kind, more in (
        ("レコード番号", "RECORD_NUMBER", {"noLabel": False}),
        ("作成者", "CREATOR", {"noLabel": False}),
        ("更新者", "MODIFIER", {"noLabel": False}),
        ("作成日時", "CREATED_TIME", {"noLabel": False}),
        ("更新日時", "UPDATED_TIME", {"noLabel": False}),
        ("ステータス", "STATUS", {"enabled": False}),
        ("作業者", "STATUS_ASSIGNEE", {"enabled": False}),
        ("カテゴリー", "CATEGORY", {"enabled": False}),
    )
}


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
    settings = Settings(properties=dict(_NEW_FORM), rights=NEW_RIGHTS)
    rest.apps[app_id] = RestApp(settings, None, call.guest_space, call.actor.person.code)
    rest.forms[app_id] = StubApp(app_id, name, sample=False)
    return answered({"app": str(app_id), "revision": str(settings.revision)})


APIS: Apis = {("POST", "preview/app.json"): _post}
