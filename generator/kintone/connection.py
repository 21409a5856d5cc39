"""Where kintone is and what opens it: the environment variables of kintone's official tools, judged."""

import base64
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

import httpx

from generator import __version__
from generator.errors import KintoneError
from generator.kintone.certificates import read_certificates

_LOCAL = {"localhost", "127.0.0.1", "::1"}
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
_PORTS = {"https": 443, "http": 80}
_MASK = "***"


@dataclass(frozen=True)
class Connection:
    """Where kintone is, and what opens it; neither its repr nor its str shows a secret. `user` is "" with OAuth."""

    base_url: str
    user: str
    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    tls: ssl.SSLContext = field(repr=False)
    proxy: httpx.Proxy | None = field(repr=False)
    guest_space: int | None

    @property
    def address(self) -> str:
        """The base URL of the pages and APIs, a guest space's path with it: https://yourdomain.cybozu.com/k[/guest/3]."""
        return f"{self.base_url}/k" if self.guest_space is None else f"{self.base_url}/k/guest/{self.guest_space}"

    @property
    def described(self) -> str:
        """Which kintone, for a person who may have meant another one."""
        space = "" if self.guest_space is None else f", guest space {self.guest_space}"
        return f"{self.base_url}{space} as {self.user or 'the owner of the OAuth token'}"

    def masked(self, text: str) -> str:
        """The text without what opens kintone, which a server may have repeated."""
        for secret in self.secrets:
            # A short one is found inside harmless words too.
            edge = (r"(?<!\w)", r"(?!\w)") if len(secret) < 6 else ("", "")
            text = re.sub(edge[0] + re.escape(secret) + edge[1], _MASK, text)
        return text


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one kintone's: capitals, a port that is the usual one and localhost's names aside."""
    return _comparable(one) == _comparable(other)


def read_connection(environ: Mapping[str, str]) -> Connection:
    """The connection that the KINTONE_* variables, HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE describe.

    The certificates' files are read here. KintoneError with a line for every problem, never with a value that may be
    secret.
    """
    given = {name: value for name, value in environ.items() if value}
    problems: list[str] = []
    base_url = _base_url(given, problems)
    headers = _authorization(given, problems)
    language = "ja" if _locale(given).startswith("ja") else "en"
    headers |= {"Accept-Language": language, "User-Agent": f"runbutton/{__version__}"}
    guest_space = _guest_space(given, problems)
    proxy = _proxy(given, base_url, problems)
    # Without TLS nothing is to be trusted, and loading what is would take a tenth of a second.
    tls = (
        read_certificates(given, problems) if base_url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    if problems:
        raise KintoneError("\n".join(problems))
    user = given.get("KINTONE_USERNAME", "")
    return Connection(base_url, user, headers, _secrets(given, headers), tls, proxy, guest_space)


def _base_url(given: Mapping[str, str], problems: list[str]) -> str:
    name, example = "KINTONE_BASE_URL", "https://yourdomain.cybozu.com"
    text = given.get(name, "").strip().rstrip("/")
    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        problems.append(f"{name}: is no address; give one such as {example}")
        return ""
    if not text:
        problems.append(f"{name}: is not set; give kintone's address, such as {example}")
    elif url.username is not None or url.password is not None:
        problems.append(f"{name}: must not hold a user name or password; use KINTONE_BASIC_AUTH_USERNAME and _PASSWORD")
    elif url.scheme not in _PORTS or not _HOST.fullmatch(host) or port == 0:
        problems.append(f"{name}: must be an address such as {example}")
    elif url.path or url.query or url.fragment:
        problems.append(f"{name}: leave out what comes after the host, such as {example}")
    elif url.scheme == "http" and host not in _LOCAL:
        problems.append(f"{name}: must start with https://; passwords do not travel in the open")
    else:
        return _plain(url)
    return ""


def _plain(url: SplitResult) -> str:
    """Scheme, host and port as they are usually written: hosts in small letters, without the usual port."""
    host = url.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{host}" + (f":{url.port}" if url.port not in (None, _PORTS.get(url.scheme)) else "")


def _comparable(address: str) -> tuple[str, str]:
    url = urlsplit(address)
    base = _plain(url)
    if url.hostname in _LOCAL:
        base = _plain(urlsplit(f"{url.scheme}://localhost" + (f":{url.port}" if url.port else "")))
    return base, url.path


def _authorization(given: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    """The headers that sign in."""
    headers: dict[str, str] = {}
    user, password = given.get("KINTONE_USERNAME"), given.get("KINTONE_PASSWORD")
    token = given.get("KINTONE_OAUTH_TOKEN")
    if token and (user or password):
        problems.append("KINTONE_OAUTH_TOKEN: is set beside KINTONE_USERNAME or KINTONE_PASSWORD; keep one of the two")
    elif token and not (token.isascii() and token.isprintable() and " " not in token):
        problems.append("KINTONE_OAUTH_TOKEN: has a space, a line break or another character that no token has")
    elif token:
        headers["Authorization"] = f"Bearer {token}"
    elif not user and not password and "KINTONE_API_TOKEN" in given:
        # "Update JavaScript and CSS Customization Settings" and "Install Plug-in" list the ways to sign in.
        problems.append(
            "KINTONE_API_TOKEN: API tokens are not allowed to change customizations or to install plug-ins; "
            "set KINTONE_USERNAME and KINTONE_PASSWORD of a user who may"
        )
    else:
        problems += [f"{name}: is not set" for name in ("KINTONE_USERNAME", "KINTONE_PASSWORD") if name not in given]
        headers["X-Cybozu-Authorization"] = _base64(f"{user}:{password}")
    basic = [given.get(f"KINTONE_BASIC_AUTH_{part}") for part in ("USERNAME", "PASSWORD")]
    if any(basic) and not all(basic):
        problems.append("KINTONE_BASIC_AUTH_USERNAME and KINTONE_BASIC_AUTH_PASSWORD: one is set without the other")
    elif all(basic) and token:
        problems.append(
            "KINTONE_OAUTH_TOKEN: cannot be used beside KINTONE_BASIC_AUTH_USERNAME, both being sent in one header; "
            "set KINTONE_USERNAME and KINTONE_PASSWORD instead"
        )
    elif all(basic):
        headers["Authorization"] = "Basic " + _base64(":".join(map(str, basic)))
    return headers


def _guest_space(given: Mapping[str, str], problems: list[str]) -> int | None:
    text = given.get("KINTONE_GUEST_SPACE_ID")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**18):
        problems.append("KINTONE_GUEST_SPACE_ID: must be a guest space's number, such as 3")
        return None
    return int(text)


def _proxy(given: Mapping[str, str], base_url: str, problems: list[str]) -> httpx.Proxy | None:
    # Not left to httpx, which reads the process's environment alone: these may come from a .env file.
    address = given.get("HTTPS_PROXY") or given.get("https_proxy")
    no_proxy = given.get("NO_PROXY") or given.get("no_proxy") or ""
    host = urlsplit(base_url).hostname or ""

    def excepted(entry: str) -> bool:
        domain = entry.strip().lower().removeprefix("*").removeprefix(".")
        return entry.strip() == "*" or (bool(domain) and f".{host}".endswith(f".{domain}"))

    if not address or base_url.startswith("http:") or any(map(excepted, no_proxy.split(","))):
        return None
    scheme, separator, _ = address.lower().partition("://")
    try:
        if separator and scheme not in _PORTS:
            raise ValueError
        return httpx.Proxy(address if separator else f"http://{address}")
    # The address is not repeated, as it may hold a password.
    except (ValueError, httpx.InvalidURL):
        problems.append(
            "HTTPS_PROXY: must be an HTTP proxy's address, such as http://proxy.example.com:8080; no other kind works"
        )
        return None


def _locale(given: Mapping[str, str]) -> str:
    return next((given[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if name in given), "")


def _secrets(given: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, ...]:
    """What no text may show, long ones first, since a short one may be a part of them."""
    names = ("PASSWORD", "OAUTH_TOKEN", "API_TOKEN", "BASIC_AUTH_PASSWORD", "PFX_FILE_PASSWORD")
    found = [given.get(f"KINTONE_{name}", "") for name in names]
    found += [headers[name].split()[-1] for name in ("X-Cybozu-Authorization", "Authorization") if name in headers]
    proxy = given.get("HTTPS_PROXY") or given.get("https_proxy") or ""
    if "@" in proxy:
        password = proxy.rpartition("@")[0].rpartition(":")[2]
        found += [password, unquote(password)]
    return tuple(sorted({text for text in found if text}, key=len, reverse=True))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
