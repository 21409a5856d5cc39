"""What the REST side of the stubbed kintone holds: apps' settings, files, plug-ins, deploys, users."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from generator.stub.kintone import StubApp
from generator.stub.rest.answers import Json, RestError
from generator.stub.rest.package import Plugin
from generator.stub.wire import Clock

Device = Literal["desktop", "mobile"]
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
    """What an app's settings are, as far as the stub has any: live, or before publishing."""

    scope: str = "ALL"
    lists: Mapping[tuple[Device, Kind], tuple[str | StoredFile, ...]] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()
    revision: int = 1
    permissions: tuple[Json, ...] = ()
    allowed_hosts: tuple[str, ...] = ()


@dataclass
class RestApp:
    """An app's settings. `live` is None until the app is published for the first time.

    `switched_off` has the plug-ins that an administrator has switched off in it, which no REST API does.
    """

    preview: Settings = field(default_factory=Settings)
    live: Settings | None = field(default_factory=Settings)
    guest_space: int | None = None
    status: str = "SUCCESS"
    switched_off: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ApiToken:
    """An API token of an app, with its rights: "view" its records, change its "settings"."""

    app: int
    rights: frozenset[str] = frozenset({"view"})


@dataclass
class Fault:
    """What goes wrong with a request whose method and path end so ("" is any), after `skip` of them, `times` times.

    kind "answer": nothing is done, and `status`, `body` and `headers` are the answer. "lost": nothing is done and the
    connection breaks. "late-lost": it is done, and the connection breaks. "slow": it is done, and answered `seconds`
    later.
    """

    kind: Literal["answer", "lost", "late-lost", "slow"]
    method: str = ""
    path: str = ""
    status: int = 503
    body: str = "<html><body>Service Unavailable</body></html>"
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0
    skip: int = 0
    times: int = 1


@dataclass(frozen=True)
class Exchange:
    """A request, without its headers, and the status of its answer; 0 where the connection broke."""

    method: str
    path: str
    body: Json
    status: int


@dataclass
class Deploy:
    """A deploy that is under way."""

    apps: tuple[int, ...]
    ends: datetime
    end: Literal["SUCCESS", "FAIL", "CANCEL"]
    settings: dict[int, Settings]


class Rest:
    """The state behind the REST API, of `apps` by their ID.

    Switches: how long a deploy takes and how it ends; `key_for_one_entry`, whether an upload's key is good for a single
    entry only (not documented); `revert_raises`, whether a revert gives settings a new revision or the live one's (not
    documented); `deploying_status`, with which HTTP status changes are refused while an app is being published (not
    documented); `sandbox`, whether apps have the permissions and allowed hosts that an Update Option is to bring
    (cli-kintone #1447 and #1596, js-sdk #3955: without it kintone shows neither and rejects them in a request); `basic`
    as "user:password", asked for by a server before kintone.
    """

    def __init__(self, apps: Mapping[int, StubApp], clock: Clock) -> None:
        self.forms = apps
        self.apps = {app: RestApp() for app in apps}
        self.clock = clock
        self.users = {ADMINISTRATOR: PASSWORD}
        self.oauth_tokens: set[str] = set()
        self.api_tokens: dict[str, ApiToken] = {}
        self.basic = ""
        self.deploy_seconds: float = 2
        self.deploy_end: Literal["SUCCESS", "FAIL", "CANCEL"] = "SUCCESS"
        self.key_for_one_entry = False
        self.revert_raises = True
        self.sandbox = False
        self.deploying_status: Literal[400, 409, 520] = 400
        self.plugins: dict[str, Plugin] = {}
        self.faults: list[Fault] = []
        self.requests: list[Exchange] = []
        self.wrong_passwords = 0
        self.uploads: dict[str, tuple[StoredFile, datetime]] = {}
        self.downloads: dict[str, tuple[StoredFile, int, bool]] = {}
        """By key: the file, the app whose settings have it, and whether the live ones."""
        self.deploys: list[Deploy] = []
        self.lock: Any = threading.RLock()

    def settled(self, app_id: int) -> RestApp:
        """The app, after what the time that has passed did to it."""
        with self.lock:
            now = self.clock.now()
            for deploy in [deploy for deploy in self.deploys if deploy.ends <= now]:
                self.deploys.remove(deploy)
                # One app fails, and the others are canceled; a single one just ends as it was told.
                for index, deployed in enumerate(deploy.apps):
                    failed = deploy.end == "FAIL"
                    self.apps[deployed].status = "CANCEL" if failed and index else deploy.end
                    if deploy.end == "SUCCESS":
                        self.apps[deployed].live = deploy.settings[deployed]
            return self.apps[app_id]

    def publish_later(self, settings: dict[int, Settings]) -> None:
        """Begins a deploy of these apps to these settings."""
        ends = self.clock.now() + timedelta(seconds=self.deploy_seconds)
        self.deploys.append(Deploy(tuple(settings), ends, self.deploy_end, settings))
        for app_id in settings:
            self.apps[app_id].status = "PROCESSING"

    def refuse_while_deploying(self, app_id: int) -> None:
        """RestError while the app is deployed: "Deploy App Settings" says that settings cannot be changed then, but
        not with which error they are refused."""
        if self.settled(app_id).status == "PROCESSING":
            raise RestError(
                self.deploying_status, "STUB_DEPLOYING", f"The settings of app {app_id} are being deployed."
            )

    # --- what the pages load

    def live_scripts(self, app_id: int, device: Device) -> list[str]:
        """The addresses of the app's published JavaScript, in its order, for script elements."""
        return self._addresses(app_id, device, "js")

    def live_styles(self, app_id: int, device: Device) -> list[str]:
        """The addresses of the app's published style sheets, in their order."""
        return self._addresses(app_id, device, "css")

    def live_plugins(self, app_id: int) -> list[Plugin]:
        """The app's published plug-ins, in the order in which they were added, but those that are switched off."""
        with self.lock:
            app = self.settled(app_id)
            added = app.live.plugins if app.live else ()
            return [self.plugins[each] for each in added if each in self.plugins and each not in app.switched_off]

    def live_file(self, app_id: int, device: Device, kind: Kind, index: int) -> StoredFile | None:
        """The published file at a place of a list, or None where a URL or nothing is."""
        live = self.settled(app_id).live
        entries = live.lists.get((device, kind), ()) if live else ()
        found = entries[index] if index < len(entries) else None
        return found if isinstance(found, StoredFile) else None

    def _addresses(self, app_id: int, device: Device, kind: Kind) -> list[str]:
        live = self.settled(app_id).live
        # ADMIN is for the app's administrators, and the user of the stub's pages is none.
        if live is None or live.scope != "ALL":
            return []
        base = f"/k/stub/apps/{app_id}/live/{device}.{kind}"
        entries = enumerate(live.lists.get((device, kind), ()))
        return [entry if isinstance(entry, str) else f"{base}/{index}" for index, entry in entries]
