"""kintone's proxy in the stub: asks the emulated services, does what faults say, and keeps what it sent.

Rules: "Send External API Request" (cybozu.dev, kintone.proxy). Any answer of the service is a success, 4xx and 5xx
included; only a failure of the proxy's own call is a rejection, and its value is text.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from generator.stub.services import Service
from generator.stub.wire import Clock, Request, Response

ANY = "any"
FORBIDDEN_HEADERS = {"content-length", "transfer-encoding"}
SILENT_HOSTS = "192.0.2."
"""Addresses that nobody has (RFC 5737): what is sent there is never answered."""

LONGEST_SILENCE = 300  # seconds that the stub itself waits where nothing else ends it
METHODS = ("GET", "POST", "PUT", "DELETE")


Own: TypeAlias = Callable[[Request], Response | None]
"""kintone's own answer, where a request is addressed to it."""


@dataclass(frozen=True)
class Rejection:
    """The proxy's own call failed; kintone.proxy rejects with `text` as it is: JSON, HTML or nothing."""

    text: str
    status: int = 500


@dataclass
class Fault:
    """What goes wrong with a call: after `skip` calls of its kind, `times` times, or always with None.

    `call` is one of a service's calls, or "any"; with `service` "" it is any service's. `words` are for people.

    kind "answer": the service is not asked, and `status`, `body` and `headers` are its answer. "lost": the service is
    asked, and its answer gets lost; the proxy rejects with `text`. "reject": the proxy rejects with `text` and asks
    nobody. "slow": the service is asked, and its answer comes `seconds` later.
    """

    call: str
    kind: Literal["answer", "lost", "reject", "slow"]
    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    seconds: float = 0
    skip: int = 0
    times: int | None = 1
    service: str = ""
    words: Mapping[str, str] | None = None
    met: int = field(default=0, init=False)

    def meets(self, service: str, call: str) -> bool:
        """Counts a call, and says whether the fault fires on it."""
        if self.service not in {service, ""} or self.call not in {call, ANY}:
            return False
        self.met += 1
        return self.met > self.skip and (self.times is None or self.met <= self.skip + self.times)


class Faults:
    """The faults that are armed, and the ones that fired, in order, each with the request it hit."""

    def __init__(self) -> None:
        self.armed: list[Fault] = []
        self.fired: list[tuple[Fault, Request]] = []

    def add(self, *faults: Fault) -> None:
        """Arms faults; where several fire on one call, the first counts."""
        self.armed.extend(faults)

    def clear(self) -> None:
        """Disarms all."""
        self.armed.clear()

    def on(self, service: str, call: str, request: Request) -> Fault | None:
        """The fault that fires on this call."""
        firing = [fault for fault in self.armed if fault.meets(service, call)]
        if not firing:
            return None
        self.fired.append((firing[0], request))
        return firing[0]


@dataclass(frozen=True)
class Sent:
    """A request that the proxy sent out, when, and the answer, whether or not it reached the page."""

    time: datetime
    call: str
    request: Request
    response: Response


@dataclass(frozen=True)
class Exchange:
    """A page's call of the proxy: when, to which call of which service, what came back after how many seconds, and the
    fault that it met. `service` is "" where it was none's, or was not sent out."""

    time: datetime
    service: str
    call: str
    request: Request
    answer: Response | Rejection
    seconds: float
    fault: Fault | None


@dataclass
class Facts:
    """What no document says of kintone's proxy.

    unknown_host: what a host that does not exist comes to, status 503 "DNS Cache Missing" (kintone.dev, Proxy Request,
    notes) or a rejection. default_content_type: what a body without a Content-Type is sent as, nothing or JSON.
    proxy_timeout, proxy_size: after how many seconds it gives up waiting, and how many bytes of an answer it takes;
    None where it always waits and takes all.
    """

    unknown_host: Literal["503", "reject"] = "503"
    default_content_type: Literal["none", "json"] = "none"
    proxy_timeout: float | None = None
    proxy_size: int | None = None


class Proxy:
    """kintone's proxy: the only way from a page to the services."""

    def __init__(self, services: Mapping[str, Service], clock: Clock, faults: Faults, unknown: list[str]) -> None:
        self.sent: list[Sent] = []
        self.calls: list[Exchange] = []
        self.facts = Facts()
        self.not_emulated: list[str] = []
        """Units whose service has no emulator, in words: calls for them come to nothing, and it is said why."""
        self._services = services
        self._clock = clock
        self._faults = faults
        self._unknown = unknown
        self._lock = threading.Lock()

    def call(self, request: Request, *, own: Own | None = None) -> Response | Rejection:
        """Sends a request out as kintone would; where no document says how, as `facts` say. `own` answers what is
        addressed to kintone itself."""
        began, start = self._clock.now(), time.monotonic()
        name, call, fault = "", "", None
        answer: Response | Rejection | None = _refusal(request)
        if answer is None:
            if request.method in {"GET", "DELETE"}:
                request = replace(request, body="")
            elif self.facts.default_content_type == "json" and "content-type" not in map(str.lower, request.headers):
                request = replace(request, headers={**request.headers, "Content-Type": "application/json"})
            name = next((name for name, service in self._services.items() if service.owns(request.url)), "")
            if name:
                call = self._services[name].call_of(request)
                with self._lock:
                    fault = self._faults.on(name, call, request)
                answer = self._asked(self._services[name], call, request, fault)
            elif own is not None and (response := own(request)) is not None:
                self.sent.append(Sent(self._clock.now(), "", request, response))
                answer = response
            elif (urlsplit(request.url).hostname or "").startswith(SILENT_HOSTS):
                answer = self._silent()
            else:
                answer = self._unreachable(request)
        self.calls.append(Exchange(began, name, call, request, answer, time.monotonic() - start, fault))
        return answer

    def _asked(self, service: Service, call: str, request: Request, fault: Fault | None) -> Response | Rejection:
        if fault is not None and fault.kind == "reject":
            return Rejection(fault.text)
        if fault is not None and fault.kind == "answer":
            response = Response(fault.status, fault.body, fault.headers)
        else:
            response = service.answer(request)
        self.sent.append(Sent(self._clock.now(), call, request, response))
        if fault is not None and fault.kind == "slow" and not self._waited(fault):
            return Rejection(kintone_error("The service did not answer in time.", "STUB_TIMEOUT"))
        if self.facts.proxy_size is not None and len(response.body.encode()) > self.facts.proxy_size:
            return Rejection(kintone_error("The service's answer is too large.", "STUB_SIZE"))
        return Rejection(fault.text) if fault is not None and fault.kind == "lost" else response

    def _waited(self, fault: Fault) -> bool:
        """Waits as long as the fault says, unless it is disarmed meanwhile; False where the proxy has given up."""
        patience = self.facts.proxy_timeout
        seconds = fault.seconds if patience is None else min(fault.seconds, patience)
        end = time.monotonic() + seconds / self._clock.speed
        while (left := end - time.monotonic()) > 0 and any(armed is fault for armed in self._faults.armed):
            time.sleep(min(left, 0.1))
        return seconds == fault.seconds

    def _silent(self) -> Rejection:
        """What comes of a host that never answers."""
        patience = self.facts.proxy_timeout
        time.sleep((LONGEST_SILENCE if patience is None else patience) / self._clock.speed)
        return Rejection(kintone_error("The service did not answer in time.", "STUB_TIMEOUT"))

    def _unreachable(self, request: Request) -> Response | Rejection:
        known = ", ".join(self._services) or "none"
        self._unknown.append(f"proxy: {request.method} {request.url}: no emulated service has this host (of {known})")
        text = "DNS Cache Missing"
        if self.not_emulated:
            text += f": the preview has no emulator for {', '.join(self.not_emulated)}"
        return Response(503, text) if self.facts.unknown_host == "503" else Rejection(text)


def _refusal(request: Request) -> Rejection | None:
    if request.method not in METHODS:
        return Rejection(kintone_error(f"method: {request.method}; only GET, POST, PUT and DELETE"), 400)
    for name in request.headers:
        if name.lower() in FORBIDDEN_HEADERS:
            return Rejection(kintone_error(f"headers: {name} must not be given"), 400)
    return None


def kintone_error(text: str, code: str = "CB_VA01") -> str:
    """An error as kintone's own pages get it. The keys are those that a shipped product reads from a rejection of its
    proxy; which code stands for which failure, and what `messageType` says, nobody has told."""
    told = {"success": False, "code": code, "id": "stubstubstubstubstub", "message": text, "messageType": "ERROR"}
    return json.dumps(told, ensure_ascii=False)
