"""A running preview instead of kintone and the services, for `run --preview` and `probe --preview`."""

import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from generator.errors import NetworkError
from generator.network import Network
from generator.stub.rest.state import ADMINISTRATOR, PASSWORD
from generator.words import Message, of

_ANSWER_WITHIN = 10


@dataclass(frozen=True)
class RunningPreview:
    """Its address; how far its clock is ahead of this computer's, in milliseconds; and how many of its seconds pass in
    one, from `since` on."""

    address: str
    ahead: float
    speed: float
    since: float

    def now(self) -> float:
        """Its time, in seconds since 1970."""
        return self.since + self.ahead / 1000 + (time.time() - self.since) * self.speed

    def leading_to(self, url: str) -> str:
        """The address at which it emulates what a service has at `url`."""
        return f"{self.address}/services/{url.removeprefix('https://')}"

    @property
    def settings(self) -> dict[str, str]:
        """The KINTONE_* variables with which its records are read."""
        return {"KINTONE_BASE_URL": self.address, "KINTONE_USERNAME": ADMINISTRATOR, "KINTONE_PASSWORD": PASSWORD}


def find_preview(address: str) -> RunningPreview:
    """The preview at an address, which may be that of one of its pages. NetworkError if no preview runs there."""
    try:
        url = urlsplit(address.strip())
        origin = f"{url.scheme}://{url.hostname}:{url.port or 80}"
        known = url.scheme == "http" and url.hostname in {"localhost", "127.0.0.1"} and "@" not in url.netloc
    except ValueError:
        known = False
    if not known:
        raise NetworkError(of("--preview", Message("serving.previewAddress")))
    try:
        with Network().client(timeout=_ANSWER_WITHIN) as client:
            said = client.get(f"{origin}/services/").json()
        since = time.time()
        return RunningPreview(origin, float(said["now"]) - since * 1000, float(said["speed"]), since)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError, KeyError):
        raise NetworkError(of("--preview", Message("serving.noPreview", address=origin))) from None
