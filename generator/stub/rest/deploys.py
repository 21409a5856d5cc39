"""Publishing: "Deploy App Settings" and "Get App Deploy Status"."""

from flask import Response

from generator.stub.rest.answers import answered, invalid, listed, mapped, number
from generator.stub.rest.call import Apis, Call, check_revision
from generator.stub.rest.state import Rest, Settings

DEPLOY_LIMIT = 300
_SIZE = f"The size must be between 1 and {DEPLOY_LIMIT}."


def _post_deploy(rest: Rest, call: Call) -> Response:
    given = listed(call.body.get("apps"), "apps")
    if not 1 <= len(given) <= DEPLOY_LIMIT:
        raise invalid("apps", _SIZE)
    apps: dict[int, Settings] = {}
    for index, entry in enumerate(given):
        wanted = mapped(entry, f"apps[{index}]")
        app_id = number(wanted.get("app"), f"apps[{index}].app")
        app = call.known(app_id)
        rest.refuse_while_deploying(app_id)
        check_revision(app_id, app.preview, wanted.get("revision"))
        apps[app_id] = app.preview
    if call.body.get("revert"):
        for app_id in apps:
            rest.revert(app_id)
        # Discarding is a job too: a status right after it is the job's (3rd parties' measurement).
        rest.publish_later({app_id: live for app_id in apps if (live := rest.apps[app_id].live) is not None})
    else:
        rest.publish_later(apps)
    return answered({})


def _get_deploy(_rest: Rest, call: Call) -> Response:
    ids = [number(value, "apps") for value in call.numbered("apps")]
    if not 1 <= len(ids) <= DEPLOY_LIMIT:
        raise invalid("apps", _SIZE)
    return answered({"apps": [{"app": str(app_id), "status": call.known(app_id).status} for app_id in ids]})


APIS: Apis = {
    ("POST", "preview/app/deploy.json"): _post_deploy,
    ("GET", "preview/app/deploy.json"): _get_deploy,
}
