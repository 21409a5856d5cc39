"""The way out of this machine: proxy, exceptions and TLS of every HTTP client of the project, from one environment.

httpx would read the process's environment alone, and its NO_PROXY fails on IPv6 (encode/httpx#3221). Every client is
made here, with `trust_env=False`; a test finds any other.
"""

import ipaddress
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

import httpx

from generator.errors import NetworkError
from generator.invisible import invisible_in, trim

_PORTS = {"https": 443, "http": 80}
_EXAMPLE = "http://proxy.example.com:8080"
_RESERVED = {"#": "%23", "/": "%2F", "?": "%3F", "[": "%5B", "]": "%5D", "\\": "%5C", " ": "%20", "%": "%25"}
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")
NO_CLIENT_CERTIFICATE = "it asks for a client certificate"
# X509_V_ERR_… of OpenSSL's x509_vfy.h.
_EXPIRED, _NOT_YET_VALID, _OTHER_HOST = 10, 9, {62, 64}


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy; `variable` is where it was named. Neither repr nor str shows what it is signed in to with."""

    variable: str
    address: str
    sign_in: tuple[str, str] | None = field(repr=False)

    @property
    def described(self) -> str:
        """What messages call it."""
        return f"the proxy of {self.variable} ({urlsplit(self.address).netloc})"


@dataclass(frozen=True)
class Network:
    """The proxy, the hosts that are asked without it, and a file of certificates that are trusted too."""

    proxy: Proxy | None = None
    no_proxy: tuple[str, ...] = ()
    certificates: Path | None = None

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy for an address; None where it is asked directly, as everything without TLS is: that is loopback."""
        parts = urlsplit(url)
        if self.proxy is None or parts.scheme != "https" or any(_excepts(entry, parts) for entry in self.no_proxy):
            return None
        return self.proxy

    def tls(self) -> ssl.SSLContext:
        """Trusts what the operating system trusts, what httpx brings along, and the certificates of SSL_CERT_FILE."""
        import certifi  # noqa: PLC0415 - loading certificates costs what commands without a network need not pay.
        import truststore  # noqa: PLC0415

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # Slim containers have no store of their own.
        context.load_verify_locations(cafile=certifi.where())
        if self.certificates is not None:
            context.load_verify_locations(cafile=self.certificates)
        return context

    def client(self, tls: ssl.SSLContext | None = None, **options: Any) -> httpx.Client:  # noqa: ANN401 - httpx's own.
        """A client for any host, with `tls` instead of `self.tls()`. It follows no redirects: headers are secret."""
        return httpx.Client(transport=_Transport(_Routes(self, tls, httpx.HTTPTransport)), trust_env=False, **options)

    def async_client(self, **options: Any) -> httpx.AsyncClient:  # noqa: ANN401 - httpx's own.
        """The same for asyncio."""
        routes = _Routes(self, None, httpx.AsyncHTTPTransport)
        return httpx.AsyncClient(transport=_AsyncTransport(routes), trust_env=False, **options)

    def why(self, error: Exception, url: str) -> str:
        """Why a request to `url` failed, in one line without anything that was sent."""
        host, proxy = urlsplit(url).netloc, self.proxy_for(url)
        through = f" through {proxy.described}" if proxy else ""
        causes = list(_causes(error))
        tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
        if isinstance(error, httpx.ProxyError) and proxy:
            status = re.match(r"[0-9]{3}", str(error))
            return f"{proxy.described} refuses the connection to {host}{f' ({status[0]})' if status else ''}"
        if isinstance(error, httpx.TimeoutException):
            return f"{host} does not answer in time{through} ({type(error).__name__})"
        if tls is not None:
            return f"{host} cannot be reached{through}: {_in_words(tls)}"
        system = next((cause for cause in causes if isinstance(cause, OSError) and cause.strerror), None)
        # Errors of h11 and of addresses repeat headers and addresses: their kind is all that may be told.
        detail = system.strerror if system else _KINDS.get(type(error), type(error).__name__)
        return f"{host} cannot be reached{through}: {detail}"


_KINDS: Mapping[type[Exception], str] = {
    httpx.ConnectError: "the connection could not be made",
    httpx.ReadError: "the connection was lost",
    httpx.WriteError: "the connection was lost",
    httpx.RemoteProtocolError: "the connection ended without an answer",
}


class Departure:
    """Watches whether a request has left this machine: httpcore's trace extension (encode/httpcore, "Extensions").

    What came before, a look-up of the name, the connection, a proxy's CONNECT and TLS, are not the request.
    """

    def __init__(self) -> None:
        self._events: list[str] = []
        self._tells = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Takes an event of the transport."""
        # CONNECT is a request to the proxy, told with events of the same names. Only what starts says whose it is.
        if event.endswith(".started") and getattr(info.get("request"), "method", b"") != b"CONNECT":
            self._events.append(event)
        self._tells = True

    def has_left(self, error: Exception) -> bool:
        """Whether the request that failed so may have arrived."""
        if isinstance(error, _NEVER_SENT):
            return False
        if any("send_request" in event for event in self._events):
            return True
        # An httpcore that tells of nothing proves nothing; what is no error of the network came before it.
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


def read_network(environ: Mapping[str, str]) -> Network:
    """The way out that HTTPS_PROXY (else ALL_PROXY), NO_PROXY and SSL_CERT_FILE describe, in either case of letters.

    NetworkError with a line for every problem, never with a value that may hold a password.
    """
    problems: list[str] = []
    no_proxy = tuple(re.split(r"[,\s]+", _first(environ, "NO_PROXY")[1].lower()))
    variable, address = _first(environ, "HTTPS_PROXY", "ALL_PROXY")
    proxy = _read_proxy(variable, address, problems) if address and "*" not in no_proxy else None
    certificates = trim(environ.get("SSL_CERT_FILE", ""))
    if certificates:
        problems += _wrong_with_certificates(Path(certificates))
    if problems:
        raise NetworkError("\n".join(problems))
    return Network(proxy, tuple(filter(None, no_proxy)), Path(certificates) if certificates else None)


def proxy_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """What no text may show of the proxy's address, whether or not that can be used."""
    sign_in = _first(environ, "HTTPS_PROXY", "ALL_PROXY")[1].rpartition("@")[0].rpartition("://")[2]
    for part in (sign_in, sign_in.partition(":")[2]):
        yield from (part, unquote(part))


def _first(environ: Mapping[str, str], *names: str) -> tuple[str, str]:
    """The first of these variables that is set, and its value; the value is empty for none."""
    found = ((name, trim(environ.get(name) or environ.get(name.lower()) or "")) for name in names)
    return next(((name, value) for name, value in found if value), ("", ""))


def _read_proxy(variable: str, text: str, problems: list[str]) -> Proxy | None:
    scheme, separator, rest = text.rpartition("://") if text.count("://") == 1 else ("", "", text)
    sign_in, at, host = rest.rpartition("@")
    reserved = [sign for sign in _RESERVED if sign in re.sub("%[0-9A-Fa-f]{2}", "", sign_in)]
    problem = f"must be an HTTP proxy's address, such as {_EXAMPLE}"
    if separator and scheme.lower().startswith("socks"):
        problem = f"is a SOCKS proxy, which Runbutton does not support; give an HTTP proxy, such as {_EXAMPLE}"
    elif reserved:
        ways = ", ".join(f"{sign if sign != ' ' else 'a space'} as {_RESERVED[sign]}" for sign in reserved)
        problem = f"its user name or password has a character that ends it; write {ways}"
    elif invisible_in(text):
        problem = f"has {invisible_in(text)}; remove it"
    elif not separator or scheme.lower() in _PORTS:
        try:
            url = urlsplit(f"{scheme.lower() or 'http'}://{host}")
            if (
                _HOST.fullmatch(host.rstrip("/").removesuffix(f":{url.port}"))
                and url.path in ("", "/")
                and url.port != 0
            ):
                user, _, password = sign_in.partition(":")
                signing_in = (unquote(user), unquote(password)) if at else None
                return Proxy(variable, f"{url.scheme}://{url.netloc}", signing_in)
        except ValueError:
            pass
    # The address is not repeated, as it may hold a password.
    problems.append(f"{variable}: {problem}")
    return None


def _excepts(entry: str, url: SplitResult) -> bool:
    """Whether an entry of NO_PROXY is about an address: `*`, a domain with all below it, an IP address or a network,
    each maybe with a port. What cannot be read excepts nothing: other programs' rules may stand there too."""
    if entry == "*":
        return True
    host, port = (url.hostname or "").rstrip("."), url.port or _PORTS[url.scheme]
    address = re.fullmatch(r"\[([^\]]+)\](/[0-9]+)?(?::([0-9]+))?", entry)
    if address is None and entry.count(":") <= 1:
        address = re.fullmatch(r"([^:/]+)(/[0-9]+)?(?::([0-9]+))?", entry)
    name, net, wanted = (address[1], address[2] or "", address[3]) if address else (entry, "", None)
    if wanted is not None and int(wanted) != port:
        return False
    if _is_ip(host):
        try:
            return ipaddress.ip_address(host) in ipaddress.ip_network(name + net, strict=False)
        except ValueError:
            return False
    domain = name.removeprefix("*").strip(".")
    return not net and bool(domain) and f".{host}".endswith(f".{domain}")


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _wrong_with_certificates(path: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=path)
    # An SSLError is an OSError, and says in `strerror` what nobody understands.
    except ssl.SSLError:
        yield f"SSL_CERT_FILE: {path}: holds no certificate in PEM form"
    except OSError as error:
        yield f"SSL_CERT_FILE: {path}: cannot be read: {error.strerror}"
    except ValueError:
        yield "SSL_CERT_FILE: is a path that no file can have"
    ends = [ssl.cert_time_to_seconds(str(each["notAfter"])) for each in context.get_ca_certs()]
    # In a bundle of many, some always have.
    if ends and max(ends) < time.time():
        last = time.strftime("%Y-%m-%d", time.gmtime(max(ends)))
        yield f"SSL_CERT_FILE: {path}: its certificates have expired (the last one on {last})"


def _in_words(error: ssl.SSLError) -> str:
    """What is wrong with TLS, and what helps."""
    if "CERTIFICATE_REQUIRED" in (error.reason or ""):
        return NO_CLIENT_CERTIFICATE
    if not isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS failed ({error.reason or 'no reason given'}); does it speak HTTPS?"
    if error.verify_code in (_EXPIRED, _NOT_YET_VALID):
        when = "has expired" if error.verify_code == _EXPIRED else "is not valid yet"
        return f"its certificate {when}, by this machine's clock"
    if error.verify_code in _OTHER_HOST:
        return "its certificate is another host's"
    return "it has no certificate that is trusted here; SSL_CERT_FILE can name a company's own"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        # asyncio tries all addresses of a name.
        inner = cause.exceptions[0] if isinstance(cause, BaseExceptionGroup) else None
        cause = inner or cause.__cause__ or cause.__context__


_Made = TypeVar("_Made")


class _Routes(Generic[_Made]):
    """The transport that a request takes; each is made when it is first needed."""

    def __init__(self, network: Network, tls: ssl.SSLContext | None, make: Callable[..., _Made]) -> None:
        self._network, self._tls, self._make = network, tls, make
        self._lock = Lock()
        self.made: MutableMapping[tuple[bool, bool], _Made] = {}

    def to(self, url: httpx.URL) -> _Made:
        proxy, secure = self._network.proxy_for(str(url)), url.scheme == "https"
        with self._lock:
            if (proxy is not None, secure) not in self.made:
                self.made[proxy is not None, secure] = self._make(
                    verify=self._trusted(secure=secure), proxy=proxy and self._proxy(proxy), trust_env=False
                )
            return self.made[proxy is not None, secure]

    def _trusted(self, *, secure: bool) -> ssl.SSLContext:
        # Without TLS nothing is to be trusted, and loading what is would take a tenth of a second.
        return (self._tls or self._network.tls()) if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def _proxy(self, proxy: Proxy) -> httpx.Proxy:
        tls = self._network.tls() if proxy.address.startswith("https:") else None
        return httpx.Proxy(proxy.address, auth=proxy.sign_in, ssl_context=tls)


class _Transport(httpx.BaseTransport):
    def __init__(self, routes: _Routes[httpx.HTTPTransport]) -> None:
        self._routes = routes

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._routes.to(request.url).handle_request(request)

    def close(self) -> None:
        for transport in self._routes.made.values():
            transport.close()


class _AsyncTransport(httpx.AsyncBaseTransport):
    def __init__(self, routes: _Routes[httpx.AsyncHTTPTransport]) -> None:
        self._routes = routes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._routes.to(request.url).handle_async_request(request)

    async def aclose(self) -> None:
        for transport in self._routes.made.values():
            await transport.aclose()
