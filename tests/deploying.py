"""A loopback kintone and a folder to deploy from, for the tests of deploy/."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from generator.build import PLUGIN
from generator.deploy.apply import apply
from generator.deploy.past import Past, read_past
from generator.deploy.plan import Built, Plan, plan_deploy
from generator.deploy.removal import plan_removal
from generator.deploy.rollback import Rollback, plan_rollback, roll_back
from generator.kintone.client import Kintone
from generator.origin import Origin
from generator.plugin import pack
from generator.signing import new_key
from generator.stub.rest import Kind, Plugin, RestApp, Settings, StoredFile, read_plugin
from generator.units.config import App
from tests.conftest import KREWDATA_UNIT, config_of
from tests.english import InEnglish
from tests.loopback import Loopback

NOW = datetime(2026, 11, 22, 22, 33, tzinfo=UTC)
FOREIGN = StoredFile("theirs.js", "text/javascript", b"// theirs\n")
NAMESAKE = StoredFile("runbutton.js", "text/javascript", b"// not ours\n")
STYLE = StoredFile("theirs.css", "text/css", b"p {}")
URL = "https://js.example.com/lib.js"
Lists = dict[tuple[Literal["desktop", "mobile"], Kind], tuple[str | StoredFile, ...]]


PUT, POST_FILE = "PUT preview/app/customize.json", "POST file.json"
DEPLOY = "POST preview/app/deploy.json"


def built(text: str, app: int = 45, name: str = "orders", config: str = "units.yaml") -> bytes:
    """A script with this text, its only difference from others of the same origin."""
    origin = Origin(config, app, name, ("recalculate",))
    return f"// Made by Runbutton 0 {origin.subject}.\n{text}\n".encode()


def file(text: str, app: int = 45, name: str = "orders", config: str = "units.yaml") -> StoredFile:
    return StoredFile("runbutton.js", "text/javascript", built(text, app, name, config))


def orders(*devices: str, app: int = 45, name: str = "orders") -> App:
    return config_of(dict(KREWDATA_UNIT) | {"devices": list(devices)}, app=app, name=name).apps[0]


def with_plugin(app: int = 45, name: str = "orders") -> App:
    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    return App.model_validate({"app": app, "name": name, "target": "plugin", "units": [unit]})


_KEY = new_key()
ID = _KEY.id
PLUGIN_APPS = [with_plugin(), with_plugin(46, "stock")]


def package(version: int | str, text: str = "") -> dict[str, bytes]:
    """The files of dist/ with a plug-in of this version; the text is its only difference from others."""
    manifest = {"manifest_version": 1, "version": version, "type": "APP", "name": {"en": "Run"}, "icon": "icon.png"}
    manifest["desktop"] = {"js": ["a.js"]}
    files = {"manifest.json": json.dumps(manifest).encode(), "icon.png": b"PNG", "a.js": text.encode()}
    return {PLUGIN: pack(files, _KEY)}


def plugin_of(version: int, text: str = "") -> Plugin:
    """The same as kintone keeps it."""
    return read_plugin(package(version, text)[PLUGIN])


DESKTOP = orders("desktop")
BOTH = orders("desktop", "mobile")

V1, V2 = {"orders/runbutton.js": built("one")}, {"orders/runbutton.js": built("two")}


class Bench:
    """A loopback kintone, and a folder to deploy from."""

    def __init__(self, loopback: Loopback, folder: Path) -> None:
        self.loopback = loopback
        # Only pauses move this clock: on a slow machine a colleague's deploy would be over too early.
        loopback.clock.speed = 0
        self.rest = loopback.rest
        self.folder = folder
        self.config = "units.yaml"
        self.env_file = ""
        self.settings: dict[str, str] = {}
        self.said = loopback.said
        self.deploys = 0

    def set(self, lists: Lists, *, app: int = 45, scope: str = "ALL") -> None:
        settings = Settings(scope, lists)
        self.rest.apps[app] = RestApp(settings, settings)

    def somebody_publishes(self, **change: Any) -> None:
        """Another person's change of app 45, published immediately."""
        app = self.rest.apps[45]
        app.preview = app.live = replace(app.preview, revision=app.preview.revision + 1, **change)

    def somebody_deploys(self, app: int) -> None:
        """Another person publishes an unchanged app, and kintone is still publishing it."""
        self.rest.publish_later({app: self.rest.apps[app].preview})

    def plan(self, apps: list[App], files: Mapping[str, bytes], **how: Any) -> InEnglish:
        with self._signed_in() as (kintone, past):
            return InEnglish(plan_deploy(kintone, Built(apps, files), past, **how))

    def deploy(self, apps: list[App], files: Mapping[str, bytes], **how: Any) -> InEnglish:
        with self._signed_in() as (kintone, past):
            plan = plan_deploy(kintone, Built(apps, files), past, **how)
            self._apply(kintone, plan, past)
            return InEnglish(plan)

    def carry_out(self, shown: InEnglish, say: Callable[[str], None] | None = None) -> None:
        with self._signed_in() as (kintone, past):
            plan: Plan = shown.what
            kintone.say = say or kintone.say
            plan.reader.kintone = kintone
            self._apply(kintone, plan, past)

    def remove(self, apps: list[App], only: str | None = None, **how: Any) -> InEnglish:
        with self._signed_in() as (kintone, past):
            plan = plan_removal(kintone, apps, past, only=only, **how)
            self._apply(kintone, plan, past)
            return InEnglish(plan)

    def plan_back(self) -> Rollback:
        with self._signed_in() as (kintone, past):
            rollback = plan_rollback(kintone, past)
            return replace(rollback, plan=InEnglish(rollback.plan))

    def roll_back(self, only: str | None = None, to: int | None = None) -> InEnglish:
        with self._signed_in() as (kintone, past):
            rollback = plan_rollback(kintone, past, only=only, to=to)
            roll_back(kintone, rollback, past)
            return InEnglish(rollback.plan)

    @contextmanager
    def _signed_in(self) -> Iterator[tuple[Kintone, Past]]:
        with self.loopback.kintone(**self.settings) as kintone:
            yield kintone, read_past(self.folder, self.config, kintone.connection.address, self.env_file)

    def _apply(self, kintone: Kintone, plan: Plan, past: Past) -> None:
        self.deploys += 1
        apply(kintone, plan, past, NOW.replace(second=self.deploys))

    def live(self, app: int = 45) -> Lists:
        self.rest.live_scripts(app, "desktop")
        live = self.rest.apps[app].live
        assert live is not None
        return {place: entries for place, entries in live.lists.items() if entries}

    def preview(self, app: int = 45) -> Lists:
        return {place: entries for place, entries in self.rest.apps[app].preview.lists.items() if entries}

    def sent(self) -> list[str]:
        """The logged write requests; clears the log."""
        found = [f"{each.method} {each.path}" for each in self.rest.requests if each.method != "GET"]
        self.rest.requests.clear()
        return found
