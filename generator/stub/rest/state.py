"""The state of the stubbed kintone's REST side: apps' settings, files, plug-ins, deploys, users."""

import secrets
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from generator.stub.people import PEOPLE
from generator.stub.plugins import PluginSettings
from generator.stub.rest.answers import Json, RestError
from generator.stub.rest.faults import Exchange, Fault
from generator.stub.rest.package import Plugin
from generator.stub.rest.switches import RecordSwitches, Switches
from generator.stub.sample_apps import StubApp
from generator.stub.wire import Clock
from generator.units.unit import Device

Kind = Literal["js", "css"]
DEVICES: tuple[Device, ...] = ("desktop", "mobile")
KINDS: tuple[Kind, ...] = ("js", "css")

ADMINISTRATOR = "admin"
PASSWORD = "admin"


@dataclass(frozen=True)
class StoredFile:
    """A file of a customization."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Settings:
    """The app settings that the stub supports: live, or before publishing.

    `properties` are the form's fields by code, as REST has them ("Get Form Fields"); None: those of the StubApp.
    `rights`, `record_rights` and `field_rights` are rows as REST has them ("Get App Permissions", "Get Record
    Permissions", "Get Field Permissions"), `notifications` those of "Get Per Record Notification Settings", and `views`
    is "Get Views". Without rows of rights everybody may do everything.
    """

    scope: str = "ALL"
    lists: Mapping[tuple[Device, Kind], tuple[str | StoredFile, ...]] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()
    revision: int = 1
    permissions: tuple[Json, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    properties: Mapping[str, Json] | None = None
    rights: tuple[Json, ...] = ()
    record_rights: tuple[Json, ...] = ()
    field_rights: tuple[Json, ...] = ()
    notifications: tuple[Json, ...] = ()
    views: Mapping[str, Json] | None = None


@dataclass
class RestApp:
    """An app's settings. `live` is None until the app is published for the first time.

    `creator` is who created it; `given` are the plug-ins from the config.
    """

    preview: Settings = field(default_factory=Settings)
    live: Settings | None = field(default_factory=Settings)
    guest_space: int | None = None
    creator: str = ADMINISTRATOR
    status: str = "SUCCESS"
    given: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ApiToken:
    """An API token of an app, with its rights: "view", "add", "edit", "delete" its records, change its "settings"."""

    app: int
    rights: frozenset[str] = frozenset({"view"})


@dataclass
class Deploy:
    """A deploy in progress."""

    apps: tuple[int, ...]
    ends: datetime
    end: Literal["SUCCESS", "FAIL", "CANCEL"]
    settings: dict[int, Settings]


class Rest:
    """The settings of apps and of the system that the REST API and the administrator's pages read and change.

    `basic` is the "user:password" of Basic authentication in front of kintone; a deploy takes `deploy_seconds` and ends
    with `deploy_end`.
    """

    def __init__(self, apps: dict[int, StubApp], clock: Clock) -> None:
        self.forms = apps
        self.apps = {app: RestApp() for app in apps}
        self.plugin_settings = PluginSettings()
        self.clock = clock
        self.switches = Switches()
        self.record_switches = RecordSwitches()
        self.request_token = secrets.token_hex(16)
        """kintone.getRequestToken() of the pages: requests of their session that change something must have it."""
        self.daily_limit = 10_000
        """Requests an app and day: Standard has 10,000, Wide 100,000 (cybozu.dev, best practices)."""
        self._daily: Counter[tuple[int, str]] = Counter()
        self.users = {ADMINISTRATOR: PASSWORD, **{code: code for code in PEOPLE}}
        self.oauth_tokens: set[str] = set()
        self.api_tokens: dict[str, ApiToken] = {}
        self.basic = ""
        self.deploy_seconds: float = 2
        self.deploy_end: Literal["SUCCESS", "FAIL", "CANCEL"] = "SUCCESS"
        self.plugins: dict[str, Plugin] = {}
        self.faults: list[Fault] = []
        self.requests: list[Exchange] = []
        self.wrong_passwords = 0
        self.uploads: dict[str, tuple[StoredFile, datetime]] = {}
        self.downloads: dict[str, tuple[StoredFile, int, bool]] = {}
        """By key: the file, its app, and whether it is in the live settings."""
        self.deploys: list[Deploy] = []
        self.lock: Any = threading.RLock()

    def current_app(self, app_id: int) -> RestApp:
        """The app, with a deploy finished if its time has passed."""
        with self.lock:
            now = self.clock.now()
            for deploy in [deploy for deploy in self.deploys if deploy.ends <= now]:
                self.deploys.remove(deploy)
                # With several apps, the first one fails and the others are canceled.
                for index, deployed in enumerate(deploy.apps):
                    failed = deploy.end == "FAIL"
                    self.apps[deployed].status = "CANCEL" if failed and index else deploy.end
                    if deploy.end == "SUCCESS":
                        self.apps[deployed].live = deploy.settings[deployed]
            return self.apps[app_id]

    def count(self, app_id: int) -> None:
        """Counts a request that names the app. RestError over the daily limit, depending on the switch."""
        self._daily[app_id, self._today()] += 1
        if self.requests_today(app_id) > self.daily_limit and self.record_switches.over_limit == "refused":
            raise RestError(429, "STUB_LIMIT", f"More than {self.daily_limit} requests today for app {app_id}.")

    def requests_today(self, app_id: int) -> int:
        """How many requests have named the app since 9:00 in Tokyo, when kintone begins to count again."""
        return self._daily[app_id, self._today()]

    def _today(self) -> str:
        return self.clock.now().astimezone(UTC).date().isoformat()

    def publish_later(self, settings: dict[int, Settings]) -> None:
        """Begins a deploy of these apps to these settings. Plug-ins' saved settings take effect immediately."""
        ends = self.clock.now() + timedelta(seconds=self.deploy_seconds)
        self.deploys.append(Deploy(tuple(settings), ends, self.deploy_end, settings))
        for app_id in settings:
            self.apps[app_id].status = "PROCESSING"
            self.plugin_settings.publish(app_id)

    def publish(self, app_id: int) -> None:
        """Publishes all settings of the app at once ("Update App")."""
        app = self.apps[app_id]
        app.live = app.preview
        self.plugin_settings.publish(app_id)

    def revert(self, app_id: int) -> None:
        """Puts the app's settings back to the live ones ("Discard changes")."""
        app = self.apps[app_id]
        kept = app.live or Settings()
        app.preview = replace(kept, revision=app.preview.revision + 1 if self.switches.revert_raises else kept.revision)
        self.plugin_settings.discard(app_id)

    def plugin_saved(self, app_id: int, *, in_effect: bool) -> None:
        """Follows a save on a plug-in's settings page, which changes the app's settings before publishing."""
        with self.lock:
            app = self.apps[app_id]
            app.preview = replace(app.preview, revision=app.preview.revision + 1)
            if in_effect:
                self.plugin_settings.publish(app_id)

    def give_plugins(self, app_id: int, given: Sequence[Plugin]) -> None:
        """Replaces an app's plug-ins from the old config with those from the new one."""
        ids = frozenset(plugin.id for plugin in given)
        with self.lock:
            app = self.apps[app_id]
            gone, app.given = app.given - ids, ids
            self.plugins |= {plugin.id: plugin for plugin in given}
            app.preview = _with_plugins(app.preview, given, gone)
            app.live = _with_plugins(app.live or Settings(), given, gone)

    def refuse_while_deploying(self, app_id: int) -> None:
        """RestError while the app is deployed: its settings cannot be changed then ("Deploy App Settings")."""
        if self.current_app(app_id).status == "PROCESSING":
            text = f"The settings of app {app_id} are being deployed."
            raise RestError(self.switches.deploying_status, "STUB_DEPLOYING", text)

    # --- files that the pages load

    def live_scripts(self, app_id: int, device: Device) -> list[str]:
        """The addresses of the app's published JavaScript, in its order, for script elements."""
        return self._addresses(app_id, device, "js")

    def live_styles(self, app_id: int, device: Device) -> list[str]:
        """The addresses of the app's published style sheets, in their order."""
        return self._addresses(app_id, device, "css")

    def live_plugins(self, app_id: int) -> list[Plugin]:
        """The app's published plug-ins, in the order in which they were added."""
        with self.lock:
            live = self.current_app(app_id).live
            return [self.plugins[each] for each in (live.plugins if live else ()) if each in self.plugins]

    def live_file(self, app_id: int, device: Device, kind: Kind, index: int) -> StoredFile | None:
        """The published file at a place of a list, or None for a URL or no entry."""
        live = self.current_app(app_id).live
        entries = live.lists.get((device, kind), ()) if live else ()
        found = entries[index] if index < len(entries) else None
        return found if isinstance(found, StoredFile) else None

    def _addresses(self, app_id: int, device: Device, kind: Kind) -> list[str]:
        live = self.current_app(app_id).live
        # ADMIN is for the app's administrators, and the user of the stub's pages is not one.
        if live is None or live.scope != "ALL":
            return []
        base = f"/k/stub/apps/{app_id}/live/{device}.{kind}"
        entries = enumerate(live.lists.get((device, kind), ()))
        return [entry if isinstance(entry, str) else f"{base}/{index}" for index, entry in entries]


def _with_plugins(settings: Settings, given: Sequence[Plugin], gone: frozenset[str]) -> Settings:
    kept = [plugin_id for plugin_id in settings.plugins if plugin_id not in gone]
    return replace(settings, plugins=tuple(dict.fromkeys([*kept, *(plugin.id for plugin in given)])))
