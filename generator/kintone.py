"""kintone's REST API, as much of it as a deploy needs (cybozu.dev, "kintone REST API").

Settings come from the environment variables of kintone's official tools. Requests that are repeated after a lost answer
are safe to repeat, or are looked after first: each method says which.
"""

import base64
import os
import random
import ssl
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias
from urllib.parse import unquote, urlsplit

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from generator import __version__
from generator.errors import KintoneError

Json: TypeAlias = Any  # An answer of kintone's, or a body for it.
ListName = Literal["desktop.js", "desktop.css", "mobile.js", "mobile.css"]
Status = Literal["PROCESSING", "SUCCESS", "FAIL", "CANCEL"]

LISTS: tuple[ListName, ...] = ("desktop.js", "desktop.css", "mobile.js", "mobile.css")
LIST_LIMIT = 30
"""Files and URLs together in one list ("Update JavaScript and CSS Customization Settings")."""
DEPLOY_LIMIT = 300
"""Apps in one call of "Deploy App Settings"."""

_ATTEMPTS = 5
# Connecting is quick or hopeless; a plug-in's upload through a slow line is not.
_TIMEOUT = httpx.Timeout(120, connect=15)
# A status question for more apps would have an address beyond 4,096 characters, at which proxies start to refuse.
_STATUS_LIMIT = 100
_LOCAL = {"localhost", "127.0.0.1", "::1"}
# kintone answers 520 for most of what it cannot do; this one, an app of a guest space asked for outside of it, stays.
_GUEST_SPACE_APP = "GAIA_IL23"
_MASK = "***"


class RefusedError(KintoneError):
    """kintone answered with an error; `status` is that of HTTP, `code` kintone's own or "" where it gave none."""

    def __init__(self, text: str, status: int, code: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code


class ConflictError(KintoneError):
    """The app's settings are no longer those of the revision that a change was made for; nothing was changed."""


# --- settings


@dataclass(frozen=True)
class Connection:
    """Where kintone is, and what opens it; neither its repr nor its str shows a secret."""

    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    tls: ssl.SSLContext = field(repr=False)
    proxy: httpx.Proxy | None = field(repr=False)
    guest_space: int | None
    with_password: bool


def read_connection(environ: Mapping[str, str]) -> Connection:
    """The connection that the KINTONE_* variables, HTTPS_PROXY and NO_PROXY describe.

    The client certificate's file is read here. KintoneError with a line for every problem, never with a value that
    may be secret.
    """
    given = {name: value for name, value in environ.items() if value}
    problems: list[str] = []
    base_url = _base_url(given, problems)
    headers, with_password = _authorization(given, problems)
    language = "ja" if _locale(given).startswith("ja") else "en"
    headers |= {"Accept-Language": language, "User-Agent": f"runbutton/{__version__}"}
    guest_space = _guest_space(given, problems)
    proxy = _proxy(given, base_url, problems)
    # Without TLS nothing is to be trusted, and loading what is would take a tenth of a second.
    tls = _tls(given, problems) if base_url.startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if problems:
        raise KintoneError("\n".join(problems))
    return Connection(base_url, headers, _secrets(given, headers), tls, proxy, guest_space, with_password)


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
    elif url.scheme not in ("https", "http") or not host or port == 0:
        problems.append(f"{name}: must be an address such as {example}")
    elif url.path or url.query or url.fragment:
        problems.append(f"{name}: leave out what comes after the host, such as {example}")
    elif url.scheme == "http" and host not in _LOCAL:
        problems.append(f"{name}: must start with https://; passwords do not travel in the open")
    else:
        return text
    return ""


def _authorization(given: Mapping[str, str], problems: list[str]) -> tuple[dict[str, str], bool]:
    """The headers that sign in, and whether they do it with a password."""
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
    return headers, token is None


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
    try:
        return httpx.Proxy(address if "://" in address else f"http://{address}")
    # `from None` in effect: httpx repeats the address, which may hold a password.
    except (ValueError, httpx.InvalidURL):
        problems.append("HTTPS_PROXY: must be a proxy's address, such as http://proxy.example.com:8080")
        return None


def _tls(given: Mapping[str, str], problems: list[str]) -> ssl.SSLContext:
    """Certificates as httpx trusts them (SSL_CERT_FILE adds to these), with the client certificate loaded."""
    context = httpx.create_ssl_context()
    file, password = given.get("KINTONE_PFX_FILE_PATH"), given.get("KINTONE_PFX_FILE_PASSWORD")
    if file is None:
        if password is not None:
            problems.append("KINTONE_PFX_FILE_PASSWORD: is set without KINTONE_PFX_FILE_PATH")
        return context
    try:
        content = Path(file).read_bytes()
    except OSError as error:
        problems.append(f"KINTONE_PFX_FILE_PATH: {file}: cannot be read: {error.strerror}")
        return context
    try:
        key, certificate, others = pkcs12.load_key_and_certificates(content, (password or "").encode() or None)
        if key is None or certificate is None:
            problems.append(f"KINTONE_PFX_FILE_PATH: {file}: holds no certificate with its private key")
            return context
        # The ssl module reads keys from files alone. This one is its owner's, is encrypted with a passphrase that
        # nobody ever sees, and is gone when this function ends.
        passphrase = base64.b64encode(os.urandom(24))
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(passphrase),
        )
        pem += b"".join(each.public_bytes(serialization.Encoding.PEM) for each in (certificate, *others))
        with _temporary_file(pem) as path:
            context.load_cert_chain(path, password=passphrase)
    except (ValueError, TypeError):
        problems.append(f"KINTONE_PFX_FILE_PATH: {file}: is no PKCS#12 file, or KINTONE_PFX_FILE_PASSWORD is wrong")
    except ssl.SSLError:
        problems.append(f"KINTONE_PFX_FILE_PATH: {file}: its certificate and private key do not belong together")
    return context


@contextmanager
def _temporary_file(content: bytes) -> Iterator[Path]:
    handle, name = tempfile.mkstemp()  # readable by its owner alone
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        yield path
    finally:
        path.unlink()


def _locale(given: Mapping[str, str]) -> str:
    return next((given[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if name in given), "")


def _secrets(given: Mapping[str, str], headers: Mapping[str, str]) -> tuple[str, ...]:
    """What no text may show. Short ones are left out: they are found inside harmless words."""
    names = ("PASSWORD", "OAUTH_TOKEN", "API_TOKEN", "BASIC_AUTH_PASSWORD", "PFX_FILE_PASSWORD")
    found = [given.get(f"KINTONE_{name}", "") for name in names]
    found += [headers[name].split()[-1] for name in ("X-Cybozu-Authorization", "Authorization") if name in headers]
    proxy = given.get("HTTPS_PROXY") or given.get("https_proxy") or ""
    if "@" in proxy:
        found.append(unquote(proxy.rpartition("@")[0].rpartition(":")[2]))
    return tuple(sorted((text for text in found if len(text) >= 6), key=len, reverse=True))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


# --- what kintone has


@dataclass(frozen=True)
class Entry:
    """An entry of a customization's list: a URL, or a file, whose key may be put back as it is."""

    url: str = ""
    file_key: str = ""
    name: str = ""
    size: int = 0

    @property
    def identity(self) -> tuple[str, str]:
        """What stays the same when kintone is asked again; file keys do not."""
        return ("URL", self.url) if self.url else ("FILE", self.name)


@dataclass(frozen=True)
class Customization:
    """An app's JavaScript and CSS: by list, in order."""

    scope: str
    lists: Mapping[ListName, tuple[Entry, ...]]
    revision: int


@dataclass(frozen=True)
class AppPlugins:
    """The IDs of an app's plug-ins."""

    ids: frozenset[str]
    revision: int


class _ArrivedError(Exception):
    """A request whose answer was lost has done what it should."""


class Kintone:
    """kintone, signed in. Every method raises KintoneError: at once where kintone refuses, and after five attempts
    with pauses between where it is busy, broken or out of reach.

    `pause` sleeps and `clock` counts, both in seconds; they are given so that nobody needs to wait in a test.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.connection = connection
        self.pause = pause
        self.clock = clock
        self._client = httpx.Client(
            headers=dict(connection.headers),
            verify=connection.tls,
            proxy=connection.proxy,
            trust_env=False,  # Nothing but the connection decides where passwords go.
            follow_redirects=False,
            timeout=_TIMEOUT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()

    @property
    def address(self) -> str:
        """The base URL of the pages and APIs, the guest space's path with it: https://yourdomain.cybozu.com/k[/guest/3]."""
        space = self.connection.guest_space
        return f"{self.connection.base_url}/k" if space is None else f"{self.connection.base_url}/k/guest/{space}"

    def customization(self, app: int, *, live: bool = False) -> Customization:
        """An app's customization, live or before publishing ("Get JavaScript and CSS Customization Settings")."""
        path = "app/customize.json" if live else "preview/app/customize.json"
        answer = self._json("GET", path, params={"app": str(app)})
        with self._documented(path):
            lists = {name: tuple(map(_entry, _at(answer, name))) for name in LISTS}
            return Customization(str(answer["scope"]), lists, int(answer["revision"]))

    def put_customization(self, app: int, scope: str, lists: Mapping[ListName, Sequence[Entry]], revision: int) -> int:
        """Replaces an app's customization before publishing, and gives its new revision ("Update JavaScript and CSS
        Customization Settings"). All of it is sent, so that nothing depends on what kintone does with what is not.

        ConflictError where the app is not at `revision` any more. That also makes it safe to repeat: once it has
        arrived, the revision is another one, and the repetition is the conflict.
        """
        body: Json = {"app": str(app), "scope": scope, "desktop": {}, "mobile": {}, "revision": str(revision)}
        for name, entries in lists.items():
            device, _, kind = name.partition(".")
            body[device][kind] = [_body_entry(entry) for entry in entries]

        return self._revision("PUT", "preview/app/customize.json", body)

    def app_plugins(self, app: int, *, live: bool = False) -> AppPlugins:
        """An app's plug-ins, live or before publishing ("Get App Plug-ins")."""
        path = "app/plugins.json" if live else "preview/app/plugins.json"
        answer = self._json("GET", path, params={"app": str(app)})
        with self._documented(path):
            return AppPlugins(frozenset(str(plugin["id"]) for plugin in answer["plugins"]), int(answer["revision"]))

    def add_app_plugin(self, app: int, plugin_id: str, revision: int) -> int:
        """Adds a plug-in to an app before publishing, and gives the new revision ("Add App Plug-ins").

        Safe to repeat, and with ConflictError, as put_customization.
        """

        body = {"app": str(app), "ids": [plugin_id], "revision": str(revision)}
        return self._revision("POST", "preview/app/plugins.json", body)

    def upload(self, name: str, content: bytes, media_type: str, *, for_domain: bool = False) -> str:
        """Uploads a file for use in settings, and gives its key ("Upload File"); `for_domain`: not in the guest space.

        Safe to repeat: kintone drops a file that is not used after three days.
        """
        file = {"file": (name, content, media_type)}
        answer = self._json("POST", "file.json", files=file, for_domain=for_domain)
        with self._documented("file.json"):
            return str(answer["fileKey"])

    def download(self, file_key: str) -> bytes:
        """The content of a file by the key that kintone gave for it ("Download File"; an upload's key does not do)."""
        return self._send("GET", "file.json", params={"fileKey": file_key}).content

    def deploy(self, revisions: Mapping[int, int]) -> None:
        """Starts publishing the settings of apps, each at its revision, and returns before that is done ("Deploy App
        Settings"). At most DEPLOY_LIMIT apps; ConflictError where one is not at its revision any more.

        A lost answer is followed by a look: where a deploy of these apps is under way, it is this one. Otherwise it is
        sent again, which publishes the same settings once more at worst.
        """

        def look() -> None:
            if "PROCESSING" in self.deploy_status(list(revisions)).values():
                raise _ArrivedError

        apps = [{"app": str(app), "revision": str(revision)} for app, revision in revisions.items()]
        with suppress(_ArrivedError):
            self._send("POST", "preview/app/deploy.json", body={"apps": apps}, before_again=look)

    def deploy_status(self, apps: Sequence[int]) -> dict[int, Status]:
        """How the last deploy of each app stands ("Get App Deploy Status"): SUCCESS where there never was one."""
        found: dict[int, Status] = {}
        for start in range(0, len(apps), _STATUS_LIMIT):
            asked = {f"apps[{index}]": str(app) for index, app in enumerate(apps[start : start + _STATUS_LIMIT])}
            answer = self._json("GET", "preview/app/deploy.json", params=asked)
            with self._documented("preview/app/deploy.json"):
                found |= {int(entry["app"]): entry["status"] for entry in answer["apps"]}
        return found

    def plugin_version(self, plugin_id: str) -> str | None:
        """The version of a plug-in that is installed, or None ("Get Installed Plug-ins")."""
        answer = self._json("GET", "plugins.json", params={"ids[0]": plugin_id}, for_domain=True)
        with self._documented("plugins.json"):
            return next((str(plugin["version"]) for plugin in answer["plugins"] if plugin["id"] == plugin_id), None)

    def install_plugin(self, plugin_id: str, file_key: str) -> None:
        """Installs a plug-in that kintone has not yet ("Install Plug-in").

        A lost answer is followed by a look whether it is there.
        """

        def look() -> None:
            if self.plugin_version(plugin_id) is not None:
                raise _ArrivedError

        with suppress(_ArrivedError):
            self._send("POST", "plugin.json", body={"fileKey": file_key}, before_again=look, for_domain=True)

    def update_plugin(self, plugin_id: str, file_key: str, old: str, new: str) -> None:
        """Updates an installed plug-in from version `old` to `new` ("Update Plug-in").

        A lost answer is followed by a look at the version. Where both are the same this cannot tell, and the update is
        sent again, which changes nothing when it had arrived.
        """

        def look() -> None:
            if old != new and self.plugin_version(plugin_id) == new:
                raise _ArrivedError

        body = {"id": plugin_id, "fileKey": file_key}
        with suppress(_ArrivedError):
            self._send("PUT", "plugin.json", body=body, before_again=look, for_domain=True)

    # --- requests

    def _revision(self, method: str, path: str, body: Json) -> int:
        answer = self._json(method, path, body=body)
        with self._documented(path):
            return int(answer["revision"])

    def _json(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        for_domain: bool = False,
    ) -> Json:
        answer = self._send(method, path, params=params, body=body, files=files, for_domain=for_domain)
        try:
            return answer.json()
        except ValueError:
            text = f"{method} {path}: the answer is no JSON; is KINTONE_BASE_URL kintone's address?"
            raise KintoneError(text) from None

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        before_again: Callable[[], None] = lambda: None,
        for_domain: bool = False,
    ) -> httpx.Response:
        """The answer, if need be at the fifth attempt. `before_again` is called before each repetition, and what it
        raises ends them."""
        base = f"{self.connection.base_url}/k" if for_domain else self.address
        trouble = ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                # Jitter, so that builds that failed together do not come back together.
                self.pause(2 ** (attempt - 1) + random.uniform(0, 1))  # noqa: S311 - no secret depends on it.
                before_again()
            try:
                response = self._client.request(method, f"{base}/v1/{path}", params=params, json=body, files=files)
            except httpx.RequestError as error:
                trouble = f"{method} {path}: {self._why_unreachable(error)}"
                if isinstance(error, httpx.ProxyError) or "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise KintoneError(trouble) from None
                continue
            if response.is_success:
                return response
            refusal = self._refusal(f"{method} {path}", response)
            if response.status_code != 429 and (response.status_code < 500 or refusal.code == _GUEST_SPACE_APP):
                if response.status_code == 409:
                    raise ConflictError(str(refusal))
                raise refusal
            trouble = str(refusal)
        raise KintoneError(f"{trouble}\nTried {_ATTEMPTS} times; try again later")

    def _why_unreachable(self, error: httpx.RequestError) -> str:
        host = urlsplit(self.connection.base_url).netloc
        detail = self._masked(str(error) or type(error).__name__)
        if isinstance(error, httpx.ProxyError):
            return f"the proxy of HTTPS_PROXY refuses: {detail}"
        if "CERTIFICATE_VERIFY_FAILED" in detail:
            return f"{host} has no certificate that is trusted here; SSL_CERT_FILE can name a company's own: {detail}"
        if isinstance(error, httpx.TimeoutException):
            return f"{host} does not answer in time ({type(error).__name__})"
        return f"{host} cannot be reached: {detail}"

    def _refusal(self, what: str, response: httpx.Response) -> RefusedError:
        """An error answer in words: kintone's message, its code, the fields it names, and what to do."""
        status, code = response.status_code, ""
        try:
            answer = response.json()
            code, message = str(answer["code"]), str(answer["message"])
            lines = [f"{what}: [{status}] [{code}] {message} (kintone's id: {answer.get('id')})"]
            for where, problem in (answer.get("errors") or {}).items():
                lines += [f"  {where}: {text}" for text in problem["messages"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            lines = [f"{what}: [{status}] {_without_words(response)}"]
        if hint := _hint(status, code):
            lines.append(f"  {hint}")
        return RefusedError(self._masked("\n".join(lines)), status, code)

    def _masked(self, text: str) -> str:
        for secret in self.connection.secrets:
            text = text.replace(secret, _MASK)
        return text

    @contextmanager
    def _documented(self, path: str) -> Iterator[None]:
        try:
            yield
        except (LookupError, TypeError, ValueError, AttributeError):
            raise KintoneError(f"{path}: kintone's answer is not as documented") from None


def _at(answer: Json, name: str) -> Json:
    device, _, kind = name.partition(".")
    return answer[device][kind]


def _entry(entry: Json) -> Entry:
    if entry["type"] == "URL":
        return Entry(url=str(entry["url"]))
    file = entry["file"]
    return Entry(file_key=str(file["fileKey"]), name=str(file["name"]), size=int(file["size"]))


def _body_entry(entry: Entry) -> Json:
    return {"type": "URL", "url": entry.url} if entry.url else {"type": "FILE", "file": {"fileKey": entry.file_key}}


def _without_words(response: httpx.Response) -> str:
    """What an error answer without kintone's JSON means: it comes from something before kintone."""
    if response.is_redirect:
        target = urlsplit(response.headers.get("location", "")).netloc or "another page"
        return f"leads to {target}; is KINTONE_BASE_URL kintone's address?"
    if response.status_code == 401:
        return "something before kintone wants a password; are KINTONE_BASIC_AUTH_USERNAME and _PASSWORD right?"
    if response.status_code >= 500:
        return "not kintone answers but what stands before it; kintone may be under maintenance"
    return "the answer is none of kintone's; is KINTONE_BASE_URL its address, and is a client certificate needed?"


def _hint(status: int, code: str) -> str:
    if code == _GUEST_SPACE_APP:
        return "the app is in a guest space: set KINTONE_GUEST_SPACE_ID"
    if status == 401 and code:
        return (
            "not tried again, since kintone locks users out after several wrong passwords; a user with two-factor "
            "authentication cannot sign in here: make another one for deploys"
        )
    if status == 403 and code:
        return "the user must be allowed to manage the app, and for plug-ins be a kintone system administrator"
    if status == 429:
        return "kintone takes at most 100 requests at a time"
    return ""
