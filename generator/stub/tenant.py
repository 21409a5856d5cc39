"""The stubbed kintone itself, without its web server: apps, plug-ins, settings, the proxy and the services."""

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, TypedDict

from generator.stub import wire
from generator.stub.controls import Controls
from generator.stub.kintone import StubApp
from generator.stub.plugins import PluginSettings
from generator.stub.proxy import Facts, Faults, Proxy, Sent
from generator.stub.rest import Plugin, Rest, RestApp, Settings, read_plugin
from generator.stub.services import Words, emulators


@dataclass(frozen=True)
class Script:
    """An app's customization, for desktop and mobile; or why there is none, in words for the page."""

    js: str = ""
    problems: str = ""


class StandIn(TypedDict):
    """What a service accepts in place of a secret, with the secret's name by language."""

    words: Words
    value: str


class UnitName(TypedDict):
    """A unit of the config, as the gallery lists it."""

    id: str
    service: str
    label: Words


@dataclass
class Switches(Facts):
    """Facts about kintone that no document settles, and features that an older kintone has not.

    header_space: whether kintone gives detail, edit and create a fresh header space each time they are shown, or the
    old one. header_case: the names of response headers as the service wrote them, or in lower case.
    record_get_in_handler: what record.get() does inside an event handler, where it is forbidden. own_dialogs: whether
    this kintone has showConfirmDialog and its like (2025-09, mobile 2026-03). undefined_return: what the next handler
    gets after one that returned nothing. settings_need_update: whether saved plug-in settings wait for "Update App",
    as kintone's do, or are in effect at once. unset_plugin: whether a plug-in runs in an app while its
    required_params are not saved. merge_text, header_clash: see plugins.with_addition. get_proxy_config: which entry
    getProxyConfig gives, that of the very address or the one that the plug-in proxy would take. reads_saved: whether
    it gives what this page has just saved, or what there was when the page was loaded. saves_need_pause: whether a
    save that comes within a tenth of a second of the one before fails. resolves_dots: whether the plug-in proxy
    compares, and sends out, an address with its `..` and `%2e%2e` resolved, or the text as the page gives it.
    prefix_match: whether a saved address matches all that begins with it as text, or must end where a part of the
    address ends. call_headers: whether the plug-in proxy sends headers that the call alone gives. settings_proxy:
    whether the plug-in proxy works on the settings page.
    """

    header_space: Literal["rebuilt", "reused"] = "rebuilt"
    header_case: Literal["original", "lower"] = "original"
    record_get_in_handler: Literal["throw", "null"] = "throw"
    own_dialogs: bool = True
    undefined_return: Literal["previous", "undefined"] = "previous"
    settings_need_update: bool = False
    unset_plugin: Literal["runs", "off"] = "runs"
    merge_text: bool = False
    header_clash: Literal["any case", "same case"] = "any case"
    get_proxy_config: Literal["same", "longest"] = "same"
    reads_saved: Literal["at once", "on reload"] = "at once"
    saves_need_pause: bool = False
    resolves_dots: bool = False
    prefix_match: Literal["text", "part"] = "text"
    call_headers: Literal["sent", "dropped"] = "sent"
    settings_proxy: Literal["nothing", "works"] = "nothing"

    def for_page(self) -> dict[str, Any]:
        """The switches that the page's kintone object reads."""
        return {
            "headerSpace": self.header_space,
            "recordGetInHandler": self.record_get_in_handler,
            "ownDialogs": self.own_dialogs,
            "undefinedReturn": self.undefined_return,
            "getProxyConfig": self.get_proxy_config,
            "readsSaved": self.reads_saved,
            "settingsProxy": self.settings_proxy,
        }


class Stub:
    """The stubbed kintone with the emulated services behind its proxy.

    Before each page `follow` is called, which may change any of this. `state` tells one state of what the pages show
    from another, so that an open page sees that it is out of date; `problems` says why they show an older one.

    `scripts` gives an app's customization at each page load, and `plugins` the plugin.zip of each plug-in that it has
    beside those that are added by the REST API. `unknown` has every request that nobody knew, be it for
    a page, through the proxy or to a service; a test during which one came should fail. With `controls` the pages have
    the preview's side panel.
    """

    def __init__(
        self,
        apps: Sequence[StubApp],
        scripts: Callable[[int], Script],
        clock: wire.Clock,
        *,
        plugins: Callable[[int], Sequence[bytes]] = lambda _: (),
        controls: bool = False,
    ) -> None:
        self.apps = {app.id: app for app in apps}
        self.follow: Callable[[], None] = lambda: None
        self.state: Callable[[], str] = lambda: ""
        self.problems = ""
        self.closing = threading.Event()
        """Ends answers that go on until the page leaves."""
        self.scripts = scripts
        self.plugins = plugins
        self.plugin_settings = PluginSettings()
        self.stand_ins: dict[int, list[StandIn]] = {}
        """By app: what the services accept for the secrets that its units do not hold."""
        self.units: dict[int, list[UnitName]] = {}
        """By app: the units that the config has."""
        self.twin: Callable[[], Stub] = lambda: Stub(apps, scripts, wire.Clock(), controls=True)
        """Makes another stub of the same config, in which nothing has happened yet."""
        self.secrets: set[str] = set()
        """What nobody should read in a log."""
        self.clock = clock
        self.rest = Rest(self.apps, clock)
        self.services = emulators(clock)
        self.faults = Faults()
        self.switches = Switches()
        self.unknown: list[str] = []
        for service in self.services.values():
            service.unknown = self.unknown
        self.proxy = Proxy(self.services, clock, self.faults, self.unknown)
        self.proxy.facts = self.switches
        self.controls = Controls(self.services, self.faults, clock) if controls else None
        self.request_token = secrets.token_hex(16)
        self._given: dict[int, frozenset[str]] = {}
        self._followed = 0
        self._lock = threading.Lock()

    def put_apps(self, apps: Sequence[StubApp]) -> None:
        """Has these apps and no others; those that are like before keep what was done in them."""
        with self._lock:
            for app in apps:
                self.rest.apps.setdefault(app.id, RestApp())
                old = self.apps.get(app.id)
                if old is None or not old.is_like(app):
                    self.apps[app.id] = app
            for app_id in self.apps.keys() - {app.id for app in apps}:
                del self.apps[app_id], self.rest.apps[app_id]

    def forget_units(self) -> None:
        """No service takes anything any more until units are registered anew."""
        self.stand_ins.clear()
        self.units.clear()
        self.proxy.not_emulated.clear()
        for service in self.services.values():
            service.forget_units()

    @property
    def requests(self) -> list[Sent]:
        """Every request that the proxy sent out, oldest first."""
        return self.proxy.sent

    def plugins_of(self, app_id: int) -> list[Plugin]:
        """The app's plug-ins, in their order, with those that `plugins` gives installed as they are packed now.

        RunbuttonError where one cannot be packed.
        """
        given = [_read_plugin(package) for package in self.plugins(app_id)]
        with self._lock:
            self._follow_rest()
            ids = frozenset(plugin.id for plugin in given)
            app, gone = self.rest.apps[app_id], self._given.get(app_id, frozenset()) - ids
            self._given[app_id] = ids
            self.rest.plugins |= {plugin.id: plugin for plugin in given}
            app.preview = _with_plugins(app.preview, given, gone)
            app.live = _with_plugins(app.live or Settings(), given, gone)
        return self.rest.live_plugins(app_id)

    def settings_saved(self, app_id: int) -> None:
        """Follows a save on a settings page: the app's settings before publishing are others now."""
        with self._lock:
            self._follow_rest()
            app = self.rest.apps[app_id]
            app.preview = replace(app.preview, revision=app.preview.revision + 1)
            if not self.switches.settings_need_update:
                self.plugin_settings.publish(app_id)

    def update_app(self, app_id: int) -> None:
        """Publishes all settings of the app."""
        app = self.rest.apps[app_id]
        app.live = app.preview
        self.plugin_settings.publish(app_id)

    def _follow_rest(self) -> None:
        # What the REST API publishes or discards of an app, it does with its plug-ins' settings too.
        new = self.rest.requests[self._followed :]
        self._followed += len(new)
        for exchange in new:
            if (exchange.method, exchange.path, exchange.status) == ("POST", "preview/app/deploy.json", 200):
                follow = self.plugin_settings.discard if exchange.body.get("revert") else self.plugin_settings.publish
                for app in exchange.body["apps"]:
                    follow(int(app["app"]))


# A preview hands in the same package until something changes.
@lru_cache(maxsize=64)
def _read_plugin(package: bytes) -> Plugin:
    return read_plugin(package)


def _with_plugins(settings: Settings, given: Sequence[Plugin], gone: frozenset[str]) -> Settings:
    kept = [plugin_id for plugin_id in settings.plugins if plugin_id not in gone]
    return replace(settings, plugins=tuple(dict.fromkeys([*kept, *(plugin.id for plugin in given)])))
