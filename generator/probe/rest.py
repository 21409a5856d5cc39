"""Observations R: kintone's REST API, tested with one app made for the probe, and with the probe's own plug-ins."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa

from generator.errors import ProbeError
from generator.kintone.connection import Connection
from generator.probe.http import Answer, Findings, answer_of, code_of
from generator.probe.write import plugin_package
from generator.signing import Key, new_key
from generator.units.values import Json
from generator.words import Message, of

_POLLS, _POLL_SECONDS = 60, 1
_FILE = ("runbutton-probe.js", b"// Made by runbutton probe.\n", "text/javascript")
_OK = 200


@dataclass(frozen=True)
class RestProbe:
    """The inputs: a signed-in kintone and the app. `sleep` waits between two requests."""

    connection: Connection
    app: int
    sleep: Callable[[float], None] = time.sleep
    found: Findings = field(default_factory=Findings)

    def look(self) -> Findings:
        """Changes the app's customization before publishing, discards that, publishes the app as it is, and installs
        and uninstalls two plug-ins. ProbeError if the app cannot be read or is being published."""
        with self.connection.client(timeout=60) as client:
            asked = _Asked(self, client)
            asked.customization()
            asked.publishing()
            asked.plugins()
        return self.found


class _Asked:
    def __init__(self, probe: RestProbe, client: httpx.Client) -> None:
        self._probe, self._client = probe, client
        self._facts = probe.found.facts

    def customization(self) -> None:
        """A sandbox's hosts; an upload's key in two entries; what discarding does to the revision."""
        if self._status() == "PROCESSING":
            raise ProbeError(Message("test.busy"))
        live = self._settings()
        self._facts["sandbox"] = "yes" if "allowed_hosts" in live else "no"
        key = self._upload(*_FILE)
        entry = {"type": "FILE", "file": {"fileKey": key}}
        added = {device: {"js": [*live[device]["js"], entry]} for device in ("desktop", "mobile")}
        put = self._saw(
            "R one key in two entries", "PUT", "preview/app/customize.json", {"app": self._probe.app, **added}
        )
        if put.status in {_OK, 400, 404}:
            self._facts["key_for_one_entry"] = "no" if put.status == _OK else "yes"
        if put.status != _OK:
            again = {"app": self._probe.app, "scope": live["scope"], "desktop": {"js": live["desktop"]["js"]}}
            if self._saw("R a change", "PUT", "preview/app/customize.json", again).status != _OK:
                return
        changed = int(self._settings()["revision"])
        self._deploy("R discard", revert=True)
        self._wait()
        discarded = int(self._settings()["revision"])
        self._facts["revert_raises"] = "yes" if discarded > changed else "no"

    def publishing(self) -> None:
        """Which requests kintone refuses while the app is being published, and how."""
        if self._deploy("R publish").status != _OK:
            return
        second = self._deploy("R publish while publishing")
        change = {"app": self._probe.app, "scope": self._settings()["scope"]}
        self._saw("R change while publishing", "PUT", "preview/app/customize.json", change)
        self._facts["deploy_while_deploying"] = str(second.status)
        self._wait()

    def plugins(self) -> None:
        """Updates to the same and to a lower version; a key of 2048 bits. Uninstalls what was installed."""
        key = new_key()
        if self._install("R install", "POST", plugin_package(key, 2)):
            same = self._install("R update to the same version", "PUT", plugin_package(key, 2), key.id)
            lower = self._install("R update to a lower version", "PUT", plugin_package(key, 1), key.id)
            self._facts["plugin_version"] = "any" if lower else "not lower" if same else "higher alone"
            self._uninstall(key.id)
        long = Key(rsa.generate_private_key(65537, 2048))
        taken = self._install("R install with a key of 2048 bits", "POST", plugin_package(long, 1))
        if "plugin_version" in self._facts:
            self._facts["plugin_key_2048"] = "taken" if taken else "refused"
        if taken:
            self._uninstall(long.id)

    def _install(self, name: str, method: str, package: bytes, id_: str = "") -> bool:
        key = self._upload("probe-plugin.zip", package, "application/zip")
        body = {"fileKey": key, **({"id": id_} if id_ else {})}
        return self._saw(name, method, "plugin.json", body).status == _OK

    def _uninstall(self, id_: str) -> None:
        gone = self._saw("R uninstall", "DELETE", "plugin.json", params={"id": id_})
        if gone.status != _OK:
            self._probe.found.observations["R left behind"] = (
                "the plug-in Runbutton probe, in the system administration"
            )

    def _deploy(self, name: str, *, revert: bool = False) -> Answer:
        body: dict[str, Json] = {"apps": [{"app": self._probe.app}], **({"revert": True} if revert else {})}
        return self._saw(name, "POST", "preview/app/deploy.json", body)

    def _wait(self) -> None:
        for _ in range(_POLLS):
            if self._status() != "PROCESSING":
                return
            self._probe.sleep(_POLL_SECONDS)

    def _status(self) -> str:
        answer = self._needed("GET", "preview/app/deploy.json", params={"apps[0]": str(self._probe.app)})
        return str(answer.body["apps"][0]["status"])

    def _settings(self) -> Any:  # noqa: ANN401 - JSON.
        return self._needed("GET", "preview/app/customize.json", params={"app": str(self._probe.app)}).body

    def _upload(self, name: str, content: bytes, kind: str) -> str:
        return str(self._needed("POST", "file.json", files={"file": (name, content, kind)}).body["fileKey"])

    def _saw(self, name: str, method: str, path: str, body: Json = None, **more: Any) -> Answer:  # noqa: ANN401
        answer = self._ask(method, path, body, **more)
        return self._probe.found.saw(name, answer, code=code_of(answer))

    def _needed(self, method: str, path: str, **more: Any) -> Answer:  # noqa: ANN401
        answer = self._ask(method, path, **more)
        if answer.status != _OK or not isinstance(answer.body, dict):
            returned = f"{answer.status} {code_of(answer)}".strip()
            raise ProbeError(of(f"{method} {path}", Message("kintone.returned", host="kintone", answer=returned)))
        return answer

    def _ask(self, method: str, path: str, body: Json = None, **more: Any) -> Answer:  # noqa: ANN401 - httpx's.
        began = time.monotonic()
        url = f"{self._probe.connection.address}/v1/{path}"
        try:
            return answer_of(self._client.request(method, url, json=body, **more), began)
        except httpx.HTTPError as error:
            why = self._probe.connection.network.why(error, self._probe.connection.base_url)
            raise ProbeError(of(f"{method} {path}", why)) from None
