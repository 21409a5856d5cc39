"""The stub's REST API for app settings as it is on the wire, for its tests."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.loopback import NO_TLS, Loopback

ADMIN = {"X-Cybozu-Authorization": base64.b64encode(b"admin:admin").decode()}
FIELDS, VIEWS, NOTES = "app/form/fields.json", "app/views.json", "app/notifications/perRecord.json"
DONE = (200, "", [])
"""What `send` gives for a write that is done."""


class Raw:
    """The API as it is on the wire."""

    def __init__(self, loopback: Loopback) -> None:
        self.loopback, self.rest = loopback, loopback.rest
        self.client = httpx.Client(base_url=f"{loopback.address}/k/v1/", headers=ADMIN, verify=NO_TLS)

    def get(self, path: str, app: int = 45, *, live: bool = False) -> Any:
        return self.client.get(path if live else f"preview/{path}", params={"app": app}).json()

    def send(self, method: str, path: str, app: int = 45, **body: Any) -> tuple[int, str, list[str]]:
        response = self.client.request(method, f"preview/{path}", json={"app": app, **body})
        answer = response.json()
        return response.status_code, answer.get("code", ""), list(answer.get("errors", {}))

    def publish(self, app: int = 45) -> None:
        self.client.post("preview/app/deploy.json", json={"apps": [{"app": app}]})
        self.loopback.clock.advance(2)


@contextmanager
def serve_raw() -> Iterator[Raw]:
    with Loopback(45, 46) as loopback:
        raw = Raw(loopback)
        with raw.client:
            yield raw
