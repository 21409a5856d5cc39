"""Requests of the probe to a service from the terminal, and the reportable part of their answers."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from generator.errors import ProbeError
from generator.kintone.answers import json_of
from generator.network import Network
from generator.running_preview import RunningPreview
from generator.units.values import Json

_ANSWER_WITHIN = 60


@dataclass(frozen=True)
class Answer:
    """A service's answer: HTTP status, its body where that is JSON, its headers by lower name, and how long it took."""

    status: int
    body: Any
    headers: Mapping[str, str]
    ms: int

    def member(self, name: str) -> Any:  # noqa: ANN401 - JSON.
        """A member of the body if that is an object; else None."""
        return self.body.get(name) if isinstance(self.body, dict) else None

    def shape(self) -> dict[str, Json]:
        """The part that a report may hold: no text and no value of the body."""
        keys = sorted(self.body) if isinstance(self.body, dict) else type(self.body).__name__
        return {"status": self.status, "keys": keys, "ms": self.ms}


def answer_of(response: httpx.Response, began: float) -> Answer:
    """A response to a request that was sent when time.monotonic() was `began`."""
    try:
        body = json_of(response)
    except ValueError:
        body = None
    ms = round((time.monotonic() - began) * 1000)
    return Answer(response.status_code, body, {name.lower(): value for name, value in response.headers.items()}, ms)


def code_of(answer: Answer) -> str:
    """kintone's error code; empty if there is none, or if it could be something else."""
    code = str(answer.member("code") or "")
    return code if re.fullmatch(r"[A-Z]{2,5}_[A-Z0-9_]{1,12}", code) else ""


class Caller:
    """Sends requests to services; with `preview`, to its emulated ones."""

    def __init__(self, network: Network, preview: RunningPreview | None) -> None:
        self._network = network
        self._preview = preview
        self._client = network.client(timeout=_ANSWER_WITHIN)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: Json = None) -> Answer:
        """The answer with any status. ProbeError, which names only the host, if none arrives."""
        if self._preview is not None:
            url = self._preview.leading_to(url)
        began = time.monotonic()
        try:
            return answer_of(self._client.request(method, url, headers=headers, json=body), began)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ProbeError(self._network.why(error, url)) from None


class Findings:
    """The content of a report: facts by name, and observations."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}
        self.observations: dict[str, Json] = {}

    def saw(self, name: str, answer: Answer, **more: Json) -> Answer:
        """Records the reportable part of an answer; returns the answer."""
        self.observations[name] = {**answer.shape(), **more}
        return answer
