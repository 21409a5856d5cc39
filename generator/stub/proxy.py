"""kintone's proxy in the stub: calls the emulated services, applies faults, and logs its requests.

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

from generator.stub.services import Service, Words
from generator.stub.switches import Switches
from generator.stub.wire import Clock, Request, Response

ANY = "any"
FORBIDDEN_HEADERS = {"content-length", "transfer-encoding"}
SILENT_HOSTS = "192.0.2."
"""Reserved addresses (RFC 5737), which never answer."""

LONGEST_SILENCE = 300  # seconds, if proxy_timeout sets no limit
METHODS = ("GET", "POST", "PUT", "DELETE")

Own: TypeAlias = Callable[[Request], Response | None]
"""Answers a request to kintone itself; None for any other request."""


@dataclass(frozen=True)
class Rejection:
    """The proxy's own call failed; kintone.proxy rejects with `text` as it is: JSON, HTML or nothing."""

    text: str
    status: int = 500


@dataclass
class Fault:
    """One call that fails: after `skip` calls of its kind, `times` times, or always with None.

    `call` is one of a service's calls, or "any"; with `service` "" it is any service's. A user picks it by `name` and
    reads `words`.

    kind "answer": the service is not called; `status`, `body` and `headers` are the answer. "lost": the service is
    called, its answer is lost, and the proxy rejects with `text`. "reject": the proxy rejects with `text` and does not
    call the service. "slow": the service is called, and its answer arrives `seconds` later.
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
    name: str = ""
    words: Words = field(default_factory=dict)
    met: int = field(default=0, init=False)

    def meets(self, service: str, call: str) -> bool:
        """Counts a call of its kind, and returns whether it fails."""
        if self.service not in {service, ""} or self.call not in {call, ANY}:
            return False
        self.met += 1
        return self.met > self.skip and (self.times is None or self.met <= self.skip + self.times)


@dataclass(frozen=True)
class Sent:
    """A request that the proxy sent out, when, and the answer, whether or not it reached the page."""

    time: datetime
    call: str
    request: Request
    response: Response


@dataclass(frozen=True)
class Exchange:
    """A page's call of the proxy: time, service and call, answer, duration in seconds, and fault. `service` is "" if
    the host belongs to no service or nothing was sent."""

    time: datetime
    service: str
    call: str
    request: Request
    answer: Response | Rejection
    seconds: float
    fault: Fault | None


class Proxy:
    """kintone's proxy: the only way from a page to the services."""

    def __init__(self, services: Mapping[str, Service], clock: Clock, switches: Switches, unknown: list[str]) -> None:
        self.faults: list[Fault] = []
        """The active faults; if several match a call, the first counts."""
        self.fired: list[tuple[Fault, Request]] = []
        """The faults that happened, each with its request."""
        self.sent: list[Sent] = []
        self.calls: list[Exchange] = []
        self.not_emulated: list[str] = []
        """Names of units whose service has no emulator, to explain a failing call."""
        self._services = services
        self._clock = clock
        self._switches = switches
        self._unknown = unknown
        self._lock = threading.Lock()

    def call(self, request: Request, *, own: Own | None = None) -> Response | Rejection:
        """Sends a request as kintone would. `own` handles requests to kintone itself."""
        began, start = self._clock.now(), time.monotonic()
        name, call, fault = "", "", None
        answer: Response | Rejection | None = _refusal(request)
        if answer is None:
            if request.method in {"GET", "DELETE"}:
                request = replace(request, body="")
            elif self._switches.default_content_type == "json" and "content-type" not in map(
                str.lower, request.headers
            ):
                request = replace(request, headers={**request.headers, "Content-Type": "application/json"})
            name = next((name for name, service in self._services.items() if service.owns(request.url)), "")
            if name:
                call = self._services[name].call_of(request)
                fault = self._fault(name, call, request)
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

    def _fault(self, service: str, call: str, request: Request) -> Fault | None:
        with self._lock:
            # Each fault counts its calls, even if an earlier fault applies.
            firing = [fault for fault in self.faults if fault.meets(service, call)]
            self.fired += [(fault, request) for fault in firing[:1]]
        return firing[0] if firing else None

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
        if self._switches.proxy_size is not None and len(response.body.encode()) > self._switches.proxy_size:
            return Rejection(kintone_error("The service's answer is too large.", "STUB_SIZE"))
        return Rejection(fault.text) if fault is not None and fault.kind == "lost" else response

    def _waited(self, fault: Fault) -> bool:
        """Waits for the fault's time or until it is removed; False if the proxy has timed out."""
        patience = self._switches.proxy_timeout
        seconds = fault.seconds if patience is None else min(fault.seconds, patience)
        end = time.monotonic() + seconds / self._clock.speed
        while (left := end - time.monotonic()) > 0 and any(each is fault for each in self.faults):
            time.sleep(min(left, 0.1))
        return seconds == fault.seconds

    def _silent(self) -> Rejection:
        """The result of a call to a host that never answers."""
        patience = self._switches.proxy_timeout
        time.sleep((LONGEST_SILENCE if patience is None else patience) / self._clock.speed)
        return Rejection(kintone_error("The service did not answer in time.", "STUB_TIMEOUT"))

    def _unreachable(self, request: Request) -> Response | Rejection:
        known = ", ".join(self._services) or "none"
        self._unknown.append(f"proxy: {request.method} {request.url}: no emulated service has this host (of {known})")
        text = "DNS Cache Missing"
        if self.not_emulated:
            text += f": the preview has no emulator for {', '.join(self.not_emulated)}"
        return Response(503, text) if self._switches.unknown_host == "503" else Rejection(text)


def _refusal(request: Request) -> Rejection | None:
    if request.method not in METHODS:
        return Rejection(kintone_error(f"method: {request.method}; only GET, POST, PUT and DELETE"), 400)
    for name in request.headers:
        if name.lower() in FORBIDDEN_HEADERS:
            return Rejection(kintone_error(f"headers: {name} must not be given"), 400)
    return None


def kintone_error(text: str, code: str = "CB_VA01") -> str:
    """An error as kintone's own pages get it. The keys are those that a released product reads from the proxy's
    rejections; the codes and the meaning of `messageType` are not documented."""
    error = {"success": False, "code": code, "id": "stubstubstubstubstub", "message": text, "messageType": "ERROR"}
    return json.dumps(error, ensure_ascii=False)
