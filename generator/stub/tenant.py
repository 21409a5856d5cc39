"""The stubbed kintone without its web server: apps, settings, the proxy and the services."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypedDict

from generator.stub import wire
from generator.stub.choices import Choices
from generator.stub.proxy import Proxy, Sent
from generator.stub.rest import Plugin, Rest, RestApp, read_plugin
from generator.stub.sample_apps import StubApp
from generator.stub.saved import StandInSettings
from generator.stub.services import Words, emulators
from generator.stub.switches import Switches


@dataclass(frozen=True)
class Script:
    """An app's customization for desktop and mobile, or the page's message why there is none."""

    js: str = ""
    problems: str = ""


class StandIn(TypedDict):
    """A stand-in that a service accepts instead of a secret, with the secret's name by language."""

    words: Words
    value: str


class Stub:
    """The stubbed kintone with the emulated services behind its proxy.

    `scripts` gives an app's customization at each page load, and `plugins` the plugin.zip of each plug-in that it has
    in addition to those added by the REST API. With `panel` the pages have the preview's side panel, and `choices` has
    its choices.
    """

    def __init__(
        self,
        apps: Sequence[StubApp],
        scripts: Callable[[int], Script],
        clock: wire.Clock,
        *,
        plugins: Callable[[int], Sequence[bytes]] = lambda _: (),
        panel: bool = False,
    ) -> None:
        self.apps = {app.id: app for app in apps}
        self.follow: Callable[[], str] = lambda: ""
        """Called before each page; may change any of this, and returns why the pages show an older state."""
        self.state: Callable[[], str] = lambda: ""
        """The version of the pages' state, so that an open page can detect that it is out of date."""
        self.closing = threading.Event()
        """Ends answers that last until the page is closed."""
        self.scripts = scripts
        self.plugins = plugins
        self.stand_ins: dict[int, list[StandIn]] = {}
        """By app: the stand-ins for secrets that are not in the config."""
        self.units: dict[int, list[Mapping[str, Any]]] = {}
        """By app: the config's units, each as from Unit.common_for_page()."""
        self.twin: Callable[[], Stub] = lambda: Stub(apps, scripts, wire.Clock(), panel=True)
        """Creates another stub of the same config in its initial state."""
        self.secrets: set[str] = set()
        """Secrets, which must not appear in a log."""
        self.clock = clock
        self.rest = Rest(self.apps, clock)
        self.saved = StandInSettings(self.rest.plugin_settings)
        self.services = emulators(clock)
        self.switches = Switches()
        self.unknown: list[str] = []
        """Unknown requests, from a page, through the proxy or to a service; tests should fail if there are any."""
        for service in self.services.values():
            service.unknown = self.unknown
        self.proxy = Proxy(self.services, clock, self.switches, self.unknown)
        self.choices = Choices(self.services, self.proxy.faults, clock) if panel else None

    def put_apps(self, apps: Sequence[StubApp]) -> None:
        """Replaces the apps; unchanged ones keep their records."""
        with self.rest.lock:
            for app in apps:
                old = self.apps.get(app.id)
                if old is None or (app.sample and not old.sample):
                    self.rest.apps[app.id] = RestApp()
                if old is None or not old.is_like(app):
                    self.apps[app.id] = app
            # An app that REST has created is not the config's, and stays.
            created = {app.id for app in self.apps.values() if not app.sample}
            for app_id in self.apps.keys() - {app.id for app in apps} - created:
                del self.apps[app_id], self.rest.apps[app_id]

    def forget_units(self) -> None:
        """Removes all units from the services until they are registered again."""
        self.stand_ins.clear()
        self.saved.forget_units()
        self.units.clear()
        self.proxy.not_emulated.clear()
        for service in self.services.values():
            service.forget_units()

    @property
    def requests(self) -> list[Sent]:
        """Every request that the proxy sent out, oldest first."""
        return self.proxy.sent

    def plugins_of(self, app_id: int) -> list[Plugin]:
        """The app's plug-ins, in their order, those of the config as they are packed now; in a preview with settings.

        RunbuttonError if one cannot be packed.
        """
        given = [_read_plugin(package) for package in self.plugins(app_id)]
        self.rest.give_plugins(app_id, given)
        if self.choices is not None:
            for plugin in given:
                self.saved.fill(app_id, plugin.id)
        return self.rest.live_plugins(app_id)


# A preview passes the same package until something changes.
_read_plugin = lru_cache(maxsize=64)(read_plugin)
