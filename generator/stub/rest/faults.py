"""Requests to the REST side of the stubbed kintone: which fail, and what there was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from generator.stub.rest.answers import Json


@dataclass
class Fault:
    """A request that fails: its method and path end with these ("" matches any); after `skip` of them, `times` times.

    kind "answer": nothing is done, and `status`, `body` and `headers` are the answer. "lost": nothing is done and the
    connection breaks. "late-lost": it is done, and the connection breaks. "slow": it is done, and answered `seconds`
    later.
    """

    kind: Literal["answer", "lost", "late-lost", "slow"]
    method: str = ""
    path: str = ""
    status: int = 503
    body: str = "<html><body>Service Unavailable</body></html>"
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0
    skip: int = 0
    times: int = 1


@dataclass(frozen=True)
class Exchange:
    """A request, without its headers, and the status of its answer; 0 if the connection broke."""

    method: str
    path: str
    body: Json
    status: int
