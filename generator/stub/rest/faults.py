"""Requests to the REST side of the stubbed kintone: which fail, and what there was."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from generator.stub.rest.answers import Json, RestError

_BUSY = {
    "GAIA_DA02": (400, "Failed to lock the database. Try again later."),
    "GAIA_RE18": (520, "Failed to lock the database. Try again later."),
    "GAIA_CO02": (409, "The revision is not the latest. Someone may update a record."),
}


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

    @classmethod
    def busy(cls, code: str, method: str = "", path: str = "", **more: Any) -> Self:  # noqa: ANN401 - the fields.
        """What requests for records meet that come at the same time as others: GAIA_DA02, GAIA_RE18 or GAIA_CO02.

        All three mean that the same request may be sent again (third parties' measurement).
        """
        status, message = _BUSY[code]
        return cls("answer", method, path, status, json.dumps(RestError(status, code, message).body), **more)


@dataclass(frozen=True)
class Exchange:
    """A request, without its headers, and the status of its answer; 0 if the connection broke."""

    method: str
    path: str
    body: Json
    status: int
