"""Records over the stub's REST API, for tests: an app with a form of its own, and its users."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx

from generator.stub.rest import Settings
from generator.stub.sample_apps import StubApp
from tests.loopback import NO_TLS, Loopback

APP = 45
LOG = 90
EVERYONE = {"type": "GROUP", "code": "everyone"}
PROPERTIES: dict[str, dict[str, Any]] = {
    "run_key": {"type": "SINGLE_LINE_TEXT", "code": "run_key", "label": "Key", "unique": True, "required": True},
    "lock": {"type": "SINGLE_LINE_TEXT", "code": "lock", "label": "Lock", "unique": True},
    "note": {"type": "SINGLE_LINE_TEXT", "code": "note", "label": "Note", "maxLength": "8", "minLength": "2"},
    "took": {"type": "NUMBER", "code": "took", "label": "Took", "minValue": "0", "maxValue": "100"},
    "day": {"type": "DATE", "code": "day", "label": "Day", "defaultNowValue": True},
    "at": {"type": "DATETIME", "code": "at", "label": "At"},
    "state": {
        "type": "DROP_DOWN",
        "code": "state",
        "label": "State",
        "defaultValue": "running",
        "options": {"running": {"label": "running", "index": "0"}, "done": {"label": "done", "index": "1"}},
    },
    "people": {"type": "USER_SELECT", "code": "people", "label": "People"},
    "memo": {"type": "MULTI_LINE_TEXT", "code": "memo", "label": "Memo"},
    "ステータス": {"type": "STATUS", "code": "ステータス", "label": "Status", "enabled": False},
}


def password(user: str) -> dict[str, str]:
    return {"X-Cybozu-Authorization": base64.b64encode(f"{user}:{user}".encode()).decode()}


class Records:
    """The API on the wire, for one of the users."""

    def __init__(self, loopback: Loopback, app: int, user: str) -> None:
        self.app = app
        self.client = httpx.Client(base_url=f"{loopback.address}/k/v1/", headers=password(user), verify=NO_TLS)

    def call(self, method: str, path: str, **body: Any) -> httpx.Response:
        return self.client.request(method, path, json={"app": self.app, **body})

    def post(self, **values: Any) -> httpx.Response:
        return self.call("POST", "record.json", record=cells(values))

    def put(self, record_id: int, revision: int | None = None, **values: Any) -> httpx.Response:
        more = {} if revision is None else {"revision": revision}
        return self.call("PUT", "record.json", id=record_id, record=cells(values), **more)

    def get(self, record_id: int) -> dict[str, Any]:
        answer = self.client.get("record.json", params={"app": self.app, "id": record_id})
        return {code: cell["value"] for code, cell in answer.json()["record"].items()}

    def find(self, query: str, **params: Any) -> list[int]:
        answer = self.client.get("records.json", params={"app": self.app, "query": query, **params})
        assert answer.status_code == 200, answer.text
        return [int(record["$id"]["value"]) for record in answer.json()["records"]]


def cells(values: dict[str, Any]) -> dict[str, Any]:
    return {code: {"value": value} for code, value in values.items()}


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def errors(answer: httpx.Response) -> dict[str, list[str]]:
    assert refused(answer) == (400, "CB_VA01")
    return {where: told["messages"] for where, told in answer.json()["errors"].items()}


@contextmanager
def serve_log() -> Iterator[Loopback]:
    """Serves app 45, the sample, and app 90 with the form above; sato, kato and suzuki sign in with their codes."""
    with Loopback(APP) as served:
        served.add(StubApp(LOG, "log", sample=False), Settings(properties=PROPERTIES))
        yield served


def allow(loopback: Loopback, **rights: Any) -> None:
    """Gives the app's live settings these `rights`, `record_rights` or `field_rights`."""
    live = loopback.rest.apps[LOG].live
    assert live is not None
    loopback.rest.apps[LOG].live = replace(live, **rights)
