"""Data saved on plug-ins' settings pages, and how the plug-in proxy adds it to a request.

Rules: the "Plug-in" functions of kintone's JavaScript API (cybozu.dev: setConfig, getConfig, setProxyConfig,
getProxyConfig, kintone.plugin.app.proxy).
"""

import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from generator.stub.proxy import METHODS
from generator.stub.switches import Switches
from generator.stub.wire import Request

Json: TypeAlias = Any

# "Set plug-in config" (cybozu.dev).
CONFIG_VALUE_LIMIT = 65_535  # characters
CONFIG_LIMIT = 256 * 1024  # bytes

# The shortest wait between two saves in three live projects.
PAUSE = 100  # milliseconds

_SEPARATORS = "/?&=#"
LOCKED = "データベースのロックに失敗しました。"
"""Why a second save at the same time is refused."""


class RefusedError(ValueError):
    """A save that kintone refuses; the text says why."""


@dataclass(frozen=True)
class Addition:
    """What kintone adds to the requests that a saved address matches; it replaces the page's own values."""

    headers: Mapping[str, str]
    data: Mapping[str, Json]


@dataclass(frozen=True)
class Saved:
    """What is saved for one plug-in in one app; `additions` are by method and address."""

    config: Mapping[str, str] = field(default_factory=dict)
    additions: Mapping[tuple[str, str], Addition] = field(default_factory=dict)


class PluginSettings:
    """The saved settings by app and plug-in: those of the settings pages, and those in effect on users' pages.

    A settings page saves with the token that it was opened with; users' pages get none.
    """

    def __init__(self) -> None:
        self.saving = threading.Lock()
        """Held during a save, so that a second save fails."""
        self._preview: dict[tuple[int, str], Saved] = {}
        self._live: dict[tuple[int, str], Saved] = {}
        self._tokens: dict[str, tuple[int, str]] = {}

    def preview(self, app_id: int, plugin_id: str) -> Saved:
        """The settings that the settings page shows."""
        return self._preview.get((app_id, plugin_id), Saved())

    def live(self, app_id: int, plugin_id: str) -> Saved:
        """The settings in effect on users' pages."""
        return self._live.get((app_id, plugin_id), Saved())

    def open(self, app_id: int, plugin_id: str) -> str:
        """A new token for a settings page; with plugin_id "" for the list of the app's plug-ins."""
        token = secrets.token_hex(16)
        self._tokens[token] = (app_id, plugin_id)
        return token

    def is_open(self, token: str, app_id: int, plugin_id: str) -> bool:
        """Whether the token is from such a page."""
        return self._tokens.get(token) == (app_id, plugin_id)

    def administers(self, token: str, app_id: int) -> bool:
        """Whether the token is from any such page of the app, where its administrator is signed in."""
        return token in self._tokens and self._tokens[token][0] == app_id

    def save_config(self, app_id: int, plugin_id: str, config: Json) -> None:
        """setConfig: replaces the whole config. Raises RefusedError."""
        _check_config(config)
        with self._save():
            self._put(app_id, plugin_id, replace(self.preview(app_id, plugin_id), config=config))

    def save_addition(self, app_id: int, plugin_id: str, given: Json) -> None:
        """setProxyConfig: `given` has url, method, headers and data; empty headers and data remove an entry.

        Raises RefusedError.
        """
        url, method, addition = _addition(given)
        with self._save():
            saved = self.preview(app_id, plugin_id)
            additions = {key: kept for key, kept in saved.additions.items() if key != (method, url)}
            if addition.headers or addition.data:
                additions[method, url] = addition
            self._put(app_id, plugin_id, replace(saved, additions=additions))

    def replace(self, app_id: int, plugin_id: str, saved: Saved) -> None:
        """Replaces all that is saved, and puts it into effect."""
        self._preview[app_id, plugin_id] = self._live[app_id, plugin_id] = saved

    def is_pending(self, app_id: int) -> bool:
        """Whether something was saved that is not in effect yet."""
        return _of(app_id, self._preview) != _of(app_id, self._live)

    def publish(self, app_id: int) -> None:
        """Puts the saved settings into effect ("Update App")."""
        self._live |= _of(app_id, self._preview)

    def discard(self, app_id: int) -> None:
        """Restores the settings in effect ("Discard changes")."""
        self._preview = {key: saved for key, saved in self._preview.items() if key[0] != app_id}
        self._preview |= _of(app_id, self._live)

    def _put(self, app_id: int, plugin_id: str, saved: Saved) -> None:
        self._preview[app_id, plugin_id] = saved

    @contextmanager
    def _save(self) -> Iterator[None]:
        if not self.saving.acquire(blocking=False):
            raise RefusedError(LOCKED)
        try:
            yield
        finally:
            self.saving.release()


def with_addition(call: Json, saved: Saved, switches: Switches) -> Request:
    """The request that kintone sends for a page's call of the plug-in proxy.

    Only the longest matching address counts: one with the same method that the call's address begins with.
    """
    method, url, headers, body = str(call["method"]), str(call["url"]), dict(call["headers"]), call["body"]
    url = _resolved(url) if switches.resolves_dots else url
    if switches.call_headers == "dropped":
        headers = {}
    any_case = switches.header_clash == "any case"
    fits = _begins_by_part if switches.prefix_match == "part" else str.startswith
    matches = [(address, added) for (of, address), added in saved.additions.items() if of == method]
    best = max((match for match in matches if fits(url, match[0])), key=lambda match: len(match[0]), default=None)
    added = best[1] if best else Addition({}, {})
    replaced = {name.lower() if any_case else name for name in added.headers}
    headers = {name: value for name, value in headers.items() if (name.lower() if any_case else name) not in replaced}
    if isinstance(body, str) and switches.merge_text and added.data:
        body = _object(body) or body
    if isinstance(body, dict):
        body = json.dumps({**body, **added.data}, ensure_ascii=False, separators=(",", ":"))
    return Request(method, url, {**headers, **added.headers}, body)


def _begins_by_part(url: str, address: str) -> bool:
    rest = url.removeprefix(address)
    ends_a_part = not rest or address[-1] in _SEPARATORS or rest[0] in _SEPARATORS
    return url.startswith(address) and ends_a_part


def _resolved(url: str) -> str:
    """The address without `.` and `..` in its path, as browsers resolve them (URL Standard)."""
    parts = urlsplit(url)
    kept: list[str] = []
    segments = parts.path.split("/")[1:]
    for at, segment in enumerate(segments):
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        elif plain != ".":
            kept.append(segment)
            continue
        if at == len(segments) - 1:
            kept.append("")
    return urlunsplit(parts._replace(path="/" + "/".join(kept)))


def _check_config(config: Json) -> None:
    if not isinstance(config, dict):
        raise RefusedError("setConfig: config must be an object")
    for key, value in config.items():
        if not key.isascii():
            raise RefusedError(f"setConfig: the key {key!r} must be ASCII")
        if not isinstance(value, str):
            raise RefusedError(f"setConfig: the value of {key!r} must be text")
        if len(value) > CONFIG_VALUE_LIMIT:
            raise RefusedError(f"setConfig: {key!r} has {len(value)} characters; {CONFIG_VALUE_LIMIT} are allowed")
    size = sum(len(text.encode()) for entry in config.items() for text in entry)
    if size > CONFIG_LIMIT:
        raise RefusedError(f"setConfig: {size} bytes in all; {CONFIG_LIMIT} are allowed")


def _addition(given: Json) -> tuple[str, str, Addition]:
    url, method, headers, data = (given.get(name) for name in ("url", "method", "headers", "data"))
    if not isinstance(url, str) or not url:
        raise RefusedError("setProxyConfig: url must be text")
    if method not in METHODS:
        raise RefusedError(f"setProxyConfig: method must be one of {', '.join(METHODS)}")
    for name, values in (("headers", headers), ("data", data)):
        if not isinstance(values, dict):
            raise RefusedError(f"setProxyConfig: {name} must be an object, {{}} when none")
        if nested := [key for key, value in values.items() if isinstance(value, dict | list)]:
            raise RefusedError(f"setProxyConfig: {name} must be flat; {nested[0]!r} is not")
    return url, method, Addition({name: _text(value) for name, value in headers.items()}, data)


def _text(value: Json) -> str:
    # Header values come back as text ("Get proxy config", cybozu.dev), in JavaScript's words.
    return value if isinstance(value, str) else json.dumps(value)


def _object(text: str) -> Json:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _of(app_id: int, settings: Mapping[tuple[int, str], Saved]) -> dict[tuple[int, str], Saved]:
    return {key: saved for key, saved in settings.items() if key[0] == app_id}
