"""Proxy, proxy exceptions and TLS settings of all the project's HTTP clients, from one environment.

httpx reads only the process's environment, and its NO_PROXY fails with IPv6 (encode/httpx#3221). Every client is made
here, with `trust_env=False`; a test finds any other.
"""

import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import httpx

from generator.errors import NetworkError
from generator.failures import why_failed
from generator.invisible import invisible_in, trim
from generator.no_proxy import excepts
from generator.system import UnsuitableFileError, reason_of
from generator.words import Message, Text, of

_PORTS = {"https": 443, "http": 80}
_EXAMPLE = "http://proxy.example.com:8080"
_RESERVED = {"#": "%23", "/": "%2F", "?": "%3F", "[": "%5B", "]": "%5D", "\\": "%5C", " ": "%20", "%": "%25"}
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy; `variable` is where it was named. Neither repr nor str shows its credentials."""

    variable: str
    address: str
    sign_in: tuple[str, str] | None = field(repr=False)

    @property
    def described(self) -> Message:
        """Its name in messages."""
        return Message("network.proxyOf", variable=self.variable, host=urlsplit(self.address).netloc)


@dataclass(frozen=True)
class Network:
    """The proxy, the hosts that are asked without it, and a file of certificates that are trusted too."""

    proxy: Proxy | None = None
    no_proxy: tuple[str, ...] = ()
    certificates: Path | None = None

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy for an address; None for a direct connection, as for any without TLS (loopback)."""
        parts = urlsplit(url)
        if self.proxy is None or parts.scheme != "https" or any(excepts(entry, parts) for entry in self.no_proxy):
            return None
        return self.proxy

    def tls(self) -> ssl.SSLContext:
        """Trusts the certificates of the operating system, of httpx, and of SSL_CERT_FILE."""
        import certifi  # noqa: PLC0415 - loading certificates costs what commands without a network need not pay.
        import truststore  # noqa: PLC0415

        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        # Slim containers have no certificate store.
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

    def why(self, error: Exception, url: str) -> Message:
        """Why a request to `url` failed, in one line without anything that was sent."""
        proxy = self.proxy_for(url)
        return why_failed(error, urlsplit(url).netloc, proxy.described if proxy else None)


def read_network(environ: Mapping[str, str]) -> Network:
    """The network settings from HTTPS_PROXY (else ALL_PROXY), NO_PROXY and SSL_CERT_FILE, in upper or lower case.

    NetworkError with a line for every problem, never with a value that may hold a password.
    """
    problems: list[Text] = []
    no_proxy = tuple(re.split(r"[,\s]+", _first(environ, "NO_PROXY")[1].lower()))
    variable, address = _first(environ, "HTTPS_PROXY", "ALL_PROXY")
    proxy = _read_proxy(variable, address, problems) if address and "*" not in no_proxy else None
    certificates = trim(environ.get("SSL_CERT_FILE", ""))
    if certificates:
        problems += _wrong_with_certificates(Path(certificates))
    if problems:
        raise NetworkError(*problems)
    return Network(proxy, tuple(filter(None, no_proxy)), Path(certificates) if certificates else None)


def proxy_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """The secret parts of the proxy's address, even if the address is invalid."""
    sign_in = _first(environ, "HTTPS_PROXY", "ALL_PROXY")[1].rpartition("@")[0].rpartition("://")[2]
    for part in (sign_in, sign_in.partition(":")[2]):
        yield from (part, unquote(part))


def _first(environ: Mapping[str, str], *names: str) -> tuple[str, str]:
    """The first of these variables that is set, and its value; the value is empty for none."""
    found = ((name, trim(environ.get(name) or environ.get(name.lower()) or "")) for name in names)
    return next(((name, value) for name, value in found if value), ("", ""))


def _read_proxy(variable: str, text: str, problems: list[Text]) -> Proxy | None:
    scheme, separator, rest = text.rpartition("://") if text.count("://") == 1 else ("", "", text)
    sign_in, at, host = rest.rpartition("@")
    reserved = [sign for sign in _RESERVED if sign in re.sub("%[0-9A-Fa-f]{2}", "", sign_in)]
    problem = Message("network.proxyAddress", example=_EXAMPLE)
    if separator and scheme.lower().startswith("socks"):
        problem = Message("network.socks", example=_EXAMPLE)
    elif reserved:
        ways = [
            Message("network.signAs", sign=sign if sign != " " else Message("network.space"), code=_RESERVED[sign])
            for sign in reserved
        ]
        problem = Message("network.reserved", ways=ways)
    elif invisible_in(text):
        problem = Message("problem.invisible", character=invisible_in(text))
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
    problems.append(of(variable, problem))
    return None


def _wrong_with_certificates(path: Path) -> Iterator[Message]:
    name = f"SSL_CERT_FILE: {path}"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        # Every context reads the file again, and a pipe would block.
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise UnsuitableFileError(Message("system.device"))
        context.load_verify_locations(cafile=path)
    # An SSLError is an OSError, but users do not understand its `strerror`.
    except ssl.SSLError:
        yield of(name, Message("network.noPem"))
    except OSError as error:
        yield of(name, Message("file.cannotRead", error=reason_of(error)))
    except ValueError:
        yield of("SSL_CERT_FILE", Message("network.noPath"))
    ends = [ssl.cert_time_to_seconds(str(each["notAfter"])) for each in context.get_ca_certs()]
    # A bundle of many certificates always contains some expired ones.
    if ends and max(ends) < time.time():
        last = time.strftime("%Y-%m-%d", time.gmtime(max(ends)))
        yield of(name, Message("network.allExpired", last=last))


_Made = TypeVar("_Made")


class _Routes(Generic[_Made]):
    """The transport for a request; each is made when first needed."""

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
        # Without TLS no certificates are needed, and loading them takes 0.1 s.
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
