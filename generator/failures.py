"""Why a request failed, and whether it had left this machine before. No I/O."""

import re
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from generator.system import reason_of
from generator.words import Message

NO_CLIENT_CERTIFICATE = Message("network.clientCertificate")
# X509_V_ERR_… of OpenSSL's x509_vfy.h.
_EXPIRED, _NOT_YET_VALID, _OTHER_HOST = 10, 9, {62, 64}

_KINDS: Mapping[type[Exception], str] = {
    httpx.ConnectError: "network.noConnection",
    httpx.ReadError: "network.lost",
    httpx.WriteError: "network.lost",
    httpx.RemoteProtocolError: "network.noAnswer",
}


def why_failed(error: Exception, host: str, proxy: Message | None) -> Message:
    """Why a request to `host`, through a proxy if there is one, failed: in one line, without anything that was sent."""
    to = Message("network.through", host=host, proxy=proxy) if proxy else Message("text.is", text=host)
    causes = list(causes_of(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if isinstance(error, httpx.ProxyError) and proxy:
        status = re.match(r"[0-9]{3}", str(error))
        return Message("network.proxy", host=host, proxy=proxy, status=status[0] if status else "?")
    if isinstance(error, httpx.TimeoutException):
        return Message("network.timeout", to=to, kind=type(error).__name__)
    if tls is not None:
        return Message("network.cannotConnect", to=to, why=_tls_failure(tls))
    system = next((cause for cause in causes if isinstance(cause, OSError) and cause.strerror), None)
    # Errors of h11 and of addresses repeat headers and addresses, so only their type is reported.
    kind = _KINDS.get(type(error))
    detail = reason_of(system) if system else Message(kind) if kind else type(error).__name__
    return Message("network.cannotConnect", to=to, why=detail)


class Departure:
    """Records whether a request has left this machine: httpcore's trace extension (encode/httpcore, "Extensions").

    The steps before, name look-up, connection, a proxy's CONNECT and TLS, do not count.
    """

    def __init__(self) -> None:
        self._events: list[str] = []
        self._tells = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Handles an event of the transport."""
        # A CONNECT request to the proxy has events of the same names. Only a start event says which request it is.
        if event.endswith(".started") and getattr(info.get("request"), "method", b"") != b"CONNECT":
            self._events.append(event)
        self._tells = True

    def has_left(self, error: Exception) -> bool:
        """Whether the request that failed with this error may have arrived."""
        if isinstance(error, _NEVER_SENT):
            return False
        if any("send_request" in event for event in self._events):
            return True
        # No events at all prove nothing; an error that is not a network error came before the request.
        return not self._tells and isinstance(error, httpx.RequestError)


# LocalProtocolError is a header that HTTP does not allow, found before anything is written.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


def _tls_failure(error: ssl.SSLError) -> Message:
    """The TLS problem, and how to fix it."""
    if "CERTIFICATE_REQUIRED" in (error.reason or ""):
        return NO_CLIENT_CERTIFICATE
    if not isinstance(error, ssl.SSLCertVerificationError):
        return Message("network.tls", reason=error.reason or "?")
    if error.verify_code in (_EXPIRED, _NOT_YET_VALID):
        return Message("network.expired" if error.verify_code == _EXPIRED else "network.notYetValid")
    return Message("network.otherHost" if error.verify_code in _OTHER_HOST else "network.notTrusted")


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """The error, and what caused it, one after the other."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        # asyncio tries all addresses of a name.
        inner = cause.exceptions[0] if isinstance(cause, BaseExceptionGroup) else None
        cause = inner or cause.__cause__ or cause.__context__
