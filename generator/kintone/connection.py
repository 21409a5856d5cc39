"""kintone's address and credentials: the environment variables of kintone's official tools, checked."""

import base64
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from generator import __version__
from generator.errors import KintoneError, NetworkError
from generator.invisible import trim
from generator.kintone.certificates import load_client_certificate
from generator.masking import Mask
from generator.network import Network, proxy_secrets, read_network
from generator.units.refusals import ALWAYS, SIGN_IN, refusal_of
from generator.words import Message, Text, of

_LOCAL = {"localhost", "127.0.0.1", "::1"}
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
_PORTS = {"https": 443, "http": 80}
_TOKENS = {"KINTONE_OAUTH_TOKEN", "KINTONE_API_TOKEN"}
_SIGN_IN = {
    f"KINTONE_{name}"
    for name in ("USERNAME", "PASSWORD", "BASIC_AUTH_USERNAME", "BASIC_AUTH_PASSWORD", "PFX_FILE_PASSWORD")
}


@dataclass(frozen=True)
class Connection:
    """kintone's address and credentials; neither its repr nor its str shows a secret. `user` is "" with OAuth.

    `arguments` select the same config and kintone environment on a command line, as people type it; `options` do for a
    command that takes no config.
    """

    base_url: str
    user: str
    headers: Mapping[str, str] = field(repr=False)
    mask: Mask = field(repr=False)
    network: Network
    tls: ssl.SSLContext | None = field(repr=False)
    guest_space: int | None
    arguments: str = ""
    options: str = ""

    @property
    def address(self) -> str:
        """The base URL of the pages and APIs, a guest space's path with it: https://yourdomain.cybozu.com/k[/guest/3]."""
        return f"{self.base_url}/k" if self.guest_space is None else f"{self.base_url}/k/guest/{self.guest_space}"

    @property
    def place(self) -> Text:
        """The kintone environment in messages, so that a user can notice a wrong one."""
        if self.guest_space is None:
            return self.base_url
        return Message("kintone.guestSpace", address=self.base_url, space=self.guest_space)

    @property
    def described(self) -> Message:
        """The place, and who is signed in."""
        return Message("kintone.signedIn", place=self.place, user=self.user or Message("kintone.tokenOwner"))

    def command(self, name: str, *more: str) -> str:
        """A command for messages that acts on the same config and kintone environment as this one."""
        return " ".join(filter(None, ("runbutton", name, self.arguments, *more)))

    def log_app_command(self, app: int) -> str:
        """The command that checks and completes a log app in this kintone environment."""
        return " ".join(filter(None, ("runbutton log-app", self.options, str(app))))

    def client(self, **options: Any) -> httpx.Client:  # noqa: ANN401 - httpx's own.
        """A client that signs in to this kintone environment; use it for nothing else."""
        return self.network.client(self.tls, headers=dict(self.headers), **options)


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one kintone's: capitals, a port that is the usual one and localhost's names aside."""
    try:
        return _comparable(one) == _comparable(other)
    except ValueError:  # An invalid port or bracket, in an edited record.
        return False


def read_connection(environ: Mapping[str, str], *, to_read_records: bool = False) -> Connection:
    """The connection that the KINTONE_* variables, HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE describe.

    The certificates' files are read here. `to_read_records`: an API token is enough. KintoneError with a line for every
    problem, never with a value that may be secret.
    """
    problems: list[Text] = []
    given = _checked(environ, problems)
    base_url = _base_url(given, problems)
    headers = _authorization(given, problems, token_is_enough=to_read_records)
    language = "ja" if given.get("RUNBUTTON_LANG", "").startswith("ja") else "en"
    headers |= {"Accept-Language": language, "User-Agent": f"runbutton/{__version__}"}
    guest_space = _guest_space(given, problems)
    network, tls = Network(), None
    if base_url.startswith("https:"):
        try:
            network = read_network(environ)
            tls = network.tls()
            load_client_certificate(tls, given, problems)
        except NetworkError as error:
            problems += error.lines
    if problems:
        raise KintoneError(*problems)
    user = given.get("KINTONE_USERNAME", "")
    return Connection(base_url, user, headers, _mask(given, headers), network, tls, guest_space)


def read_location(environ: Mapping[str, str]) -> dict[str, str]:
    """The `origin` and `pathname` of kintone's pages, as in a browser's `location`; nobody needs to sign in for it.

    KintoneError if KINTONE_BASE_URL or KINTONE_GUEST_SPACE_ID is wrong or missing.
    """
    problems: list[Text] = []
    given = {name: trim(value) for name, value in environ.items() if trim(value)}
    base_url, guest_space = _base_url(given, problems), _guest_space(given, problems)
    if problems:
        raise KintoneError(*problems)
    return {"origin": base_url, "pathname": f"/k/guest/{guest_space}/" if guest_space else "/k/"}


def _checked(environ: Mapping[str, str], problems: list[Text]) -> dict[str, str]:
    """The variables that are set, without white space around them; what signs in is checked as any secret is, since
    kintone counts wrong passwords and locks the user out in the end."""
    given = {name: trim(value) for name, value in environ.items() if trim(value)}
    for name, value in given.items():
        if name in _TOKENS or name in _SIGN_IN:
            # One variable can have several tokens, separated by commas.
            parts = value.split(",") if name == "KINTONE_API_TOKEN" else [value]
            refusals = ALWAYS if name in _TOKENS else SIGN_IN
            if wrong := next(filter(None, (refusal_of(trim(part), refusals) for part in parts)), None):
                problems.append(of(name, wrong))
    return given


def _base_url(given: Mapping[str, str], problems: list[Text]) -> str:
    name, example = "KINTONE_BASE_URL", "https://yourdomain.cybozu.com"
    text = given.get(name, "").strip().rstrip("/")
    try:
        url = urlsplit(text)
        host, port = url.hostname or "", url.port
    except ValueError:
        problems.append(of(name, Message("problem.address", example=example)))
        return ""
    if not text:
        problem = Message("kintone.noAddress", example=example)
    elif url.username is not None or url.password is not None:
        problem = Message("kintone.addressUser")
    elif url.scheme not in _PORTS or not _HOST.fullmatch(host) or port == 0:
        problem = Message("problem.address", example=example)
    elif url.path or url.query or url.fragment:
        problem = Message("kintone.addressPath", example=example)
    elif url.scheme == "http" and host not in _LOCAL:
        problem = Message("kintone.https")
    else:
        return _plain(url)
    problems.append(of(name, problem))
    return ""


def _plain(url: SplitResult) -> str:
    """Scheme, host and port in normal form: the host in lower case, without the default port."""
    host = url.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{host}" + (f":{url.port}" if url.port not in (None, _PORTS.get(url.scheme)) else "")


def _comparable(address: str) -> tuple[str, str]:
    url = urlsplit(address)
    base = _plain(url)
    if url.hostname in _LOCAL:
        base = _plain(urlsplit(f"{url.scheme}://localhost" + (f":{url.port}" if url.port else "")))
    return base, url.path


def _authorization(given: Mapping[str, str], problems: list[Text], *, token_is_enough: bool) -> dict[str, str]:
    """The headers that sign in."""
    headers: dict[str, str] = {}
    user, password = given.get("KINTONE_USERNAME"), given.get("KINTONE_PASSWORD")
    token = given.get("KINTONE_OAUTH_TOKEN")
    if token and (user or password):
        problems.append(of("KINTONE_OAUTH_TOKEN", Message("kintone.tokenAndPassword")))
    elif token:
        headers["Authorization"] = f"Bearer {token}"
    elif not user and not password and token_is_enough and "KINTONE_API_TOKEN" in given:
        headers["X-Cybozu-API-Token"] = ",".join(map(trim, given["KINTONE_API_TOKEN"].split(",")))
    elif not user and not password and "KINTONE_API_TOKEN" in given:
        # "Update JavaScript and CSS Customization Settings" and "Install Plug-in" list the ways to sign in.
        problems.append(of("KINTONE_API_TOKEN", Message("kintone.apiToken")))
    else:
        missing = [name for name in ("KINTONE_USERNAME", "KINTONE_PASSWORD") if name not in given]
        problems += [of(name, Message("kintone.notSet")) for name in missing]
        headers["X-Cybozu-Authorization"] = _base64(f"{user}:{password}")
    basic = [given.get(f"KINTONE_BASIC_AUTH_{part}") for part in ("USERNAME", "PASSWORD")]
    if any(basic) and not all(basic):
        problems.append(Message("kintone.basicHalf"))
    elif all(basic) and token:
        problems.append(of("KINTONE_OAUTH_TOKEN", Message("kintone.tokenAndBasic")))
    elif all(basic):
        headers["Authorization"] = "Basic " + _base64(":".join(map(str, basic)))
    return headers


def _guest_space(given: Mapping[str, str], problems: list[Text]) -> int | None:
    text = given.get("KINTONE_GUEST_SPACE_ID")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**18):
        problems.append(of("KINTONE_GUEST_SPACE_ID", Message("kintone.guestSpaceId")))
        return None
    return int(text)


def _mask(given: Mapping[str, str], headers: Mapping[str, str]) -> Mask:
    """Hides the credentials of kintone and the proxy."""
    names = ("PASSWORD", "OAUTH_TOKEN", "API_TOKEN", "BASIC_AUTH_PASSWORD", "PFX_FILE_PASSWORD")
    found = [given.get(f"KINTONE_{name}", "") for name in names]
    found += given.get("KINTONE_API_TOKEN", "").split(",")
    found += [headers[name].split()[-1] for name in ("X-Cybozu-Authorization", "Authorization") if name in headers]
    return Mask([*found, *proxy_secrets(given)])


def _base64(text: str) -> str:
    # A value without a UTF-8 encoding is reported as a problem, and is not sent.
    return base64.b64encode(text.encode(errors="replace")).decode()
