"""JavaScript and CSS of apps: "Get/Update JavaScript and CSS Customization Settings"."""

import secrets
from dataclasses import replace

from flask import Response

from generator.stub.rest.answers import Json, answered, invalid, listed, mapped, unknown_file
from generator.stub.rest.call import Apis, Call
from generator.stub.rest.files import uploaded
from generator.stub.rest.state import DEVICES, KINDS, Rest, Settings, StoredFile

LIST_LIMIT = 30
# What a sandbox adds.
_POLICY = ("permissions", "allowed_hosts")


def _get_live(rest: Rest, call: Call) -> Response:
    return _shown(rest, call, call.live_app(), live=True)


def _get_preview(rest: Rest, call: Call) -> Response:
    return _shown(rest, call, call.app().preview, live=False)


def _shown(rest: Rest, call: Call, settings: Settings, *, live: bool) -> Response:
    def shown(entry: str | StoredFile) -> Json:
        if isinstance(entry, str):
            return {"type": "URL", "url": entry}
        # 49 hex digits, as measured on a tenant; new each time, because stable keys are not documented.
        key = secrets.token_hex(25)[:49]
        rest.downloads[key] = (entry, call.app_id(), live)
        size = str(len(entry.content))
        file = {"fileKey": key, "name": entry.name, "contentType": entry.content_type, "size": size}
        return {"type": "FILE", "file": file}

    lists: Json = {
        device: {kind: [shown(entry) for entry in settings.lists.get((device, kind), ())] for kind in KINDS}
        for device in DEVICES
    }
    policy = {key: getattr(settings, key) for key in _POLICY if rest.switches.sandbox}
    return answered({"scope": settings.scope, **lists, **policy, "revision": str(settings.revision)})


def _put_preview(rest: Rest, call: Call) -> Response:
    body, app = call.body, call.app_to_change()
    scope = body.get("scope", app.preview.scope)
    if scope not in ("ALL", "ADMIN", "NONE"):
        raise invalid("scope", "Enum value must be ALL, ADMIN or NONE.")
    lists = dict(app.preview.lists)
    used: list[str] = []
    for device in DEVICES:
        for kind in KINDS:
            where = f"{device}.{kind}"
            given = mapped(body.get(device, {}), device)
            # Omitted settings stay unchanged.
            if kind not in given:
                continue
            entries = listed(given[kind], where)
            if len(entries) > LIST_LIMIT:
                raise invalid(where, f"The maximum size of the list is {LIST_LIMIT}.")
            lists[device, kind] = tuple(
                _entry(rest, entry, call.app_id(), f"{where}[{index}]", used) for index, entry in enumerate(entries)
            )
    # An omitted list stays, and an empty list clears it (cli-kintone #1596).
    policy = {key: tuple(listed(body[key], key)) for key in _POLICY if key in body}
    if policy and not rest.switches.sandbox:
        raise invalid(next(iter(policy)), "The sandbox is not enabled.")
    for key in used:
        rest.uploads.pop(key, None)
    app.preview = replace(
        app.preview,
        scope=scope,
        lists=lists,
        revision=app.preview.revision + 1,
        permissions=policy.get("permissions", app.preview.permissions),
        allowed_hosts=policy.get("allowed_hosts", app.preview.allowed_hosts),
    )
    return answered({"revision": str(app.preview.revision)})


def _entry(rest: Rest, given: Json, app_id: int, where: str, used: list[str]) -> str | StoredFile:
    entry = mapped(given, where)
    if entry.get("type") == "URL":
        url = entry.get("url")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise invalid(f"{where}.url", "Enter a URL.")
        return url
    if entry.get("type") != "FILE":
        raise invalid(f"{where}.type", "Enum value must be FILE or URL.")
    key = mapped(entry.get("file", {}), f"{where}.file").get("fileKey")
    if not isinstance(key, str) or not key:
        raise invalid(f"{where}.file.fileKey", "Required field.")
    stored = uploaded(rest, key)
    if stored is not None:
        if rest.switches.key_for_one_entry and key in used:
            raise unknown_file(key)
        used.append(key)
        return stored
    # Files that stay are named by the keys of this app's settings before publishing.
    kept, of_app, live = rest.downloads.get(key, (None, 0, True))
    if kept is None or of_app != app_id or live:
        raise unknown_file(key)
    return kept


APIS: Apis = {
    ("GET", "app/customize.json"): _get_live,
    ("GET", "preview/app/customize.json"): _get_preview,
    ("PUT", "preview/app/customize.json"): _put_preview,
}
