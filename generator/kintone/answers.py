"""kintone's answers: what they say, and refusals in words (cybozu.dev, "kintone REST API")."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

import httpx

from generator.errors import KintoneError
from generator.masking import Mask
from generator.words import Message, Text, of

Json: TypeAlias = Any  # An answer of kintone's, or a body for it.
ListName = Literal["desktop.js", "desktop.css", "mobile.js", "mobile.css"]

LISTS: tuple[ListName, ...] = ("desktop.js", "desktop.css", "mobile.js", "mobile.css")
PROCESSING = "PROCESSING"

_NO_SUCH_APP = "GAIA_AP01"
# kintone returns 520 for most errors; this one, an app of a guest space requested outside of it, is permanent.
_GUEST_SPACE_APP = "GAIA_IL23"
# kintone could not lock its database: nothing was done, and a later attempt can succeed.
_LOCKED = {"GAIA_DA02", "GAIA_RE18"}

_INDENTED = "  "


class RefusedError(KintoneError):
    """kintone returned an error; `status` is the HTTP status, `code` kintone's own or ""; `retry_after` are the seconds
    to wait before the next attempt."""

    def __init__(self, *lines: Text, status: int, code: str, retry_after: float = 0) -> None:
        super().__init__(*lines)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def passes(self) -> bool:
        """Whether a later attempt may succeed."""
        return self.status == 429 or self.code in _LOCKED or (self.status >= 500 and self.code != _GUEST_SPACE_APP)

    @property
    def did_nothing(self) -> bool:
        """Whether kintone itself says that it was too busy to begin: nothing has changed."""
        return self.status == 429 or self.code in _LOCKED

    @property
    def no_such_app(self) -> bool:
        """Whether the requested app does not exist: it was deleted, or never existed."""
        return self.status == 404 and self.code == _NO_SUCH_APP


class LostAnswerError(KintoneError):
    """No answer says whether a request was done; it was not repeated, because that might do it twice."""


class ConflictError(KintoneError):
    """The app's settings are no longer those of the revision that a change was made for; nothing was changed."""


@dataclass(frozen=True)
class Entry:
    """An entry of a customization's list: a URL, or a file, whose key may be put back as it is; `size` in bytes."""

    url: str = ""
    file_key: str = ""
    name: str = ""
    size: int = 0
    content_type: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """What stays the same when the entry is read again; file keys do not."""
        return ("URL", self.url) if self.url else ("FILE", self.name)

    @property
    def body(self) -> Json:
        """The entry in a request."""
        return {"type": "URL", "url": self.url} if self.url else {"type": "FILE", "file": {"fileKey": self.file_key}}


@dataclass(frozen=True)
class Customization:
    """An app's JavaScript and CSS: by list, in order. `allowed_hosts` are those that a sandbox lets its scripts connect
    to; empty if the app has none."""

    scope: str
    lists: Mapping[ListName, tuple[Entry, ...]]
    revision: int
    allowed_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class AppPlugin:
    """A plug-in of an app, and whether it is switched on there."""

    name: str
    enabled: bool


@dataclass(frozen=True)
class AppPlugins:
    """An app's plug-ins by ID."""

    plugins: Mapping[str, AppPlugin]
    revision: int


def customization_of(answer: Json) -> Customization:
    """An answer of "Get JavaScript and CSS Customization Settings"."""
    lists = {name: tuple(map(_entry, _at(answer, name))) for name in LISTS}
    # Only where the kintone environment has the sandbox (cli-kintone #1596, js-sdk #3955).
    hosts = tuple(map(text_of, answer.get("allowed_hosts") or ()))
    return Customization(text_of(answer["scope"]), lists, int(answer["revision"]), hosts)


def app_plugins_of(answer: Json) -> AppPlugins:
    """An answer of "Get App Plug-ins"."""
    plugins = {
        text_of(each["id"]): AppPlugin(str(each.get("name") or ""), each.get("enabled") is not False)
        for each in answer["plugins"]
    }
    return AppPlugins(plugins, int(answer["revision"]))


def fields_of(answer: Json) -> frozenset[str]:
    """The field codes in an answer of "Get Fields", those in tables too."""
    properties = answer["properties"].values()
    tables = (each["fields"] for each in properties if each["type"] == "SUBTABLE")
    return frozenset(answer["properties"]).union(*tables)


def spaces_of(answer: Json) -> frozenset[str]:
    """The element IDs of Space fields in an answer of "Get Form Layout"."""
    found: set[str] = set()
    for row in answer["layout"]:
        found |= spaces_of(row) if row["type"] == "GROUP" else {each.get("elementId", "") for each in row["fields"]}
    return frozenset(found - {""})


def text_of(value: Json) -> str:
    """The value, which has to be text: TypeError for any other."""
    if not isinstance(value, str):
        raise TypeError
    return value


def json_of(response: httpx.Response) -> Json:
    """An answer's JSON: ValueError for anything else."""
    try:
        return response.json()
    except RecursionError:  # Thousands of brackets.
        raise ValueError from None


@contextmanager
def documented(path: str) -> Iterator[None]:
    """Around the reading of an answer: KintoneError if it does not match kintone's documents."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        raise KintoneError(of(path, Message("kintone.undocumented"))) from None


def refusal(what: str, response: httpx.Response, guest_space: int | None, mask: Mask) -> RefusedError:
    """An error answer in words: kintone's message, its code, the fields it names, and what to do; secrets masked."""
    status, code = response.status_code, ""
    try:
        answer = json_of(response)
        code, message = text_of(answer["code"]), text_of(answer["message"])
        own = Message("kintone.error", status=status, code=code, message=message, id=answer.get("id"))
        lines: list[Text] = [of(what, own), *_of_fields(answer)]
    except (ValueError, LookupError, TypeError, AttributeError):
        lines = [of(what, Message("kintone.otherError", status=status, meaning=_without_words(response)))]
    oauth = response.request.headers.get("Authorization", "").startswith("Bearer ")
    if hint := _hint(status, code, guest_space, oauth=oauth):
        lines.append(Message("text.both", one=_INDENTED, other=hint))
    return RefusedError(*map(mask.text, lines), status=status, code=code, retry_after=_retry_after(response))


def _at(answer: Json, name: str) -> Json:
    device, _, kind = name.partition(".")
    return answer[device][kind]


def _entry(entry: Json) -> Entry:
    if entry["type"] == "URL":
        return Entry(url=text_of(entry["url"]))
    file = entry["file"]
    content_type = str(file.get("contentType") or "")
    return Entry("", text_of(file["fileKey"]), text_of(file["name"]), int(file["size"]), content_type)


def _of_fields(answer: Json) -> list[str]:
    """kintone's messages for single fields, in any shape; if they cannot be read, the main message is enough."""
    errors = answer.get("errors")
    if not isinstance(errors, dict):
        return [f"  {errors}"] if errors else []
    found = []
    for where, problem in errors.items():
        messages = problem.get("messages") if isinstance(problem, dict) else problem
        found += [f"  {where}: {text}" for text in (messages if isinstance(messages, list) else [messages])]
    return found


def _retry_after(response: httpx.Response) -> float:
    """The seconds that Retry-After asks for, in either of its forms (RFC 9110, 10.2.3); 0 without it."""
    given = response.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        return max(0.0, (parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _without_words(response: httpx.Response) -> Message:
    """What an error answer without kintone's JSON means: it comes from a proxy or gateway in front of kintone."""
    if response.is_redirect:
        target = urlsplit(response.headers.get("location", "")).netloc or response.headers.get("location", "?")
        return Message("kintone.redirect", target=target)
    if response.status_code == 401:
        return Message("kintone.basicAuth")
    return Message("kintone.maintenance" if response.status_code >= 500 else "kintone.notKintone")


def _hint(status: int, code: str, guest_space: int | None, *, oauth: bool) -> Message | None:
    if code == _GUEST_SPACE_APP and guest_space is None:
        return Message("kintone.hintGuestSpace")
    if code == _GUEST_SPACE_APP:
        return Message("kintone.hintOtherSpace", space=guest_space)
    if status == 401 and (oauth or code):
        return Message("kintone.hintToken" if oauth else "kintone.hintPassword")
    if status == 403 and code:
        return Message("kintone.hintPermission")
    return Message("kintone.hintLimit") if status == 429 else None
