import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest

from generator.deploy import Plan, deploy, plan_deploy, plan_rollback, roll_back, settings_pages
from generator.errors import DeployError, KintoneError
from generator.plugin import pack
from generator.signing import new_key, plugin_id
from generator.stub.rest import Fault, Kind, RestApp, Settings, StoredFile
from generator.units.config import App
from tests.conftest import KREWDATA_UNIT, config_of
from tests.loopback import Loopback

NOW = datetime(2026, 11, 22, 22, 33, tzinfo=UTC)
FOREIGN = StoredFile("theirs.js", "text/javascript", b"// theirs\n")
NAMESAKE = StoredFile("runbutton.js", "text/javascript", b"// not ours\n")
STYLE = StoredFile("theirs.css", "text/css", b"p {}")
URL = "https://js.example.com/lib.js"
Lists = dict[tuple[Literal["desktop", "mobile"], Kind], tuple[str | StoredFile, ...]]


def built(text: str) -> bytes:
    return f"// Made by Runbutton 0 for a test.\n{text}\n".encode()


def file(text: str) -> StoredFile:
    return StoredFile("runbutton.js", "text/javascript", built(text))


def orders(*devices: str, app: int = 45, name: str = "orders") -> App:
    return config_of(dict(KREWDATA_UNIT) | {"devices": list(devices)}, app=app, name=name).apps[0]


def with_plugin(app: int = 45, name: str = "orders") -> App:
    unit = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"}
    return App.model_validate({"app": app, "name": name, "target": "plugin", "units": [unit]})


DESKTOP = orders("desktop")
BOTH = orders("desktop", "mobile")
V1, V2 = {"orders/runbutton.js": built("one")}, {"orders/runbutton.js": built("two")}


class Bench:
    """A loopback kintone, and a folder to deploy from."""

    def __init__(self, loopback: Loopback, folder: Path) -> None:
        self.loopback = loopback
        self.rest = loopback.rest
        self.folder = folder
        self.said: list[str] = []
        self._deploys = 0

    def set(self, lists: Lists, *, app: int = 45, scope: str = "ALL") -> None:
        settings = Settings(scope, lists)
        self.rest.apps[app] = RestApp(settings, settings)

    def somebody_publishes(self, **change: Any) -> None:
        """Somebody else's change of app 45, published at once."""
        app = self.rest.apps[45]
        app.preview = app.live = replace(app.preview, revision=app.preview.revision + 1, **change)

    def plan(self, apps: list[App], files: Mapping[str, bytes], **settings: str) -> Plan:
        with self.loopback.kintone(**settings) as kintone:
            return plan_deploy(kintone, apps, files, self.folder, self.said.append)

    def deploy(self, apps: list[App], files: Mapping[str, bytes]) -> Plan:
        with self.loopback.kintone() as kintone:
            plan = plan_deploy(kintone, apps, files, self.folder, self.said.append)
            self.carry_out(plan)
            return plan

    def carry_out(self, plan: Plan) -> None:
        self._deploys += 1
        with self.loopback.kintone() as kintone:
            deploy(kintone, plan, self.folder, NOW.replace(second=self._deploys), self.said.append)

    def roll_back(self, *apps: int, with_plugin: bool = True) -> Plan:
        with self.loopback.kintone() as kintone:
            rollback = plan_rollback(kintone, apps or (45,), self.folder, self.said.append, with_plugin=with_plugin)
            roll_back(kintone, rollback, self.said.append)
            return rollback.plan

    def live(self, app: int = 45) -> Lists:
        self.rest.live_scripts(app, "desktop")
        live = self.rest.apps[app].live
        assert live is not None
        return {place: entries for place, entries in live.lists.items() if entries}

    def preview(self, app: int = 45) -> Lists:
        return {place: entries for place, entries in self.rest.apps[app].preview.lists.items() if entries}

    def sent(self) -> list[str]:
        """What was sent to change something, and forgets it."""
        found = [f"{each.method} {each.path}" for each in self.rest.requests if each.method != "GET"]
        self.rest.requests.clear()
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


PUT, POST_FILE = "PUT preview/app/customize.json", "POST file.json"
DEPLOY = "POST preview/app/deploy.json"


# --- what is deployed


def test_a_script_is_added_to_an_empty_app_and_is_live(bench: Bench) -> None:
    plan = bench.deploy([BOTH], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),), ("mobile", "js"): (file("one"),)}
    assert bench.sent() == [POST_FILE, PUT, DEPLOY]
    assert plan.lines == [
        "orders (app 45): desktop: runbutton.js is added (39 bytes; others in the list: 0)",
        "orders (app 45): mobile: runbutton.js is added (39 bytes; others in the list: 0)",
    ]


@pytest.mark.parametrize(
    ("before", "app", "after"),
    [
        ((FOREIGN, URL), DESKTOP, (FOREIGN, URL, file("two"))),
        ((URL, file("one"), FOREIGN), DESKTOP, (URL, file("two"), FOREIGN)),
        ((URL, file("two"), FOREIGN), DESKTOP, (URL, file("two"), FOREIGN)),
        ((file("one"), FOREIGN, file("old")), DESKTOP, (file("two"), FOREIGN)),
        ((NAMESAKE, file("one")), DESKTOP, (NAMESAKE, file("two"))),
        ((NAMESAKE,), DESKTOP, (NAMESAKE, file("two"))),
        ((FOREIGN, file("one"), URL), orders("mobile"), (FOREIGN, URL)),
    ],
)
@pytest.mark.parametrize("scope", ["ALL", "ADMIN", "NONE"])
def test_all_that_is_not_ours_keeps_its_place(
    bench: Bench,
    before: tuple[str | StoredFile, ...],
    app: App,
    after: tuple[str | StoredFile, ...],
    scope: str,
) -> None:
    styles: Lists = {("desktop", "css"): (STYLE, URL), ("mobile", "css"): (URL,)}
    bench.set({("desktop", "js"): before, **styles}, scope=scope)
    bench.deploy([app], V2)
    live = bench.live()
    assert live["desktop", "js"] == after
    assert live["desktop", "css"] == (STYLE, URL)
    assert live["mobile", "css"] == (URL,)
    settings = bench.rest.apps[45].live
    assert settings is not None
    assert settings.scope == scope


def test_nothing_is_sent_where_nothing_differs(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL, file("one"))})
    plan = bench.deploy([DESKTOP], V1)
    assert plan.empty
    assert plan.lines == ["orders (app 45): nothing to change"]
    assert bench.sent() == []
    assert not (bench.folder / ".runbutton").exists()


def test_a_plan_changes_nothing(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL,)})
    plan = bench.plan([DESKTOP], V1)
    assert not plan.empty
    assert bench.sent() == []
    assert not (bench.folder / ".runbutton").exists()


def test_several_apps_are_one_deploy(bench: Bench) -> None:
    stock = orders("desktop", app=46, name="stock")
    bench.deploy([DESKTOP, stock], V1 | {"stock/runbutton.js": built("stock")})
    assert bench.live(46) == {("desktop", "js"): (file("stock"),)}
    assert bench.sent() == [POST_FILE, PUT, POST_FILE, PUT, DEPLOY]


def test_an_app_that_was_never_published_is(bench: Bench) -> None:
    bench.rest.apps[45].live = None
    plan = bench.deploy([DESKTOP], V1)
    assert plan.others
    assert plan.lines[1] == "orders (app 45): warning: the app was never published: all of its settings go live"
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_settings_of_others_that_would_go_live_are_told(bench: Bench) -> None:
    app = bench.rest.apps[45]
    app.preview = replace(app.preview, lists={("mobile", "js"): (FOREIGN,)}, revision=7)
    plan = bench.deploy([DESKTOP], V1)
    assert plan.others
    assert plan.lines[1:] == [
        "orders (app 45): warning: settings that somebody else has not published yet go live too "
        "(revision 7; live is 1)"
    ]


def test_settings_of_others_stay_unpublished_where_ours_are_live(bench: Bench) -> None:
    bench.set({("desktop", "js"): (file("one"),)})
    app = bench.rest.apps[45]
    app.preview = replace(app.preview, revision=7)
    assert bench.deploy([DESKTOP], V1).empty
    assert bench.sent() == []


def test_a_list_without_room_is_told_before_anything_is_sent(bench: Bench) -> None:
    bench.set({("desktop", "js"): tuple(f"{URL}?{index}" for index in range(30))})
    with pytest.raises(DeployError, match=r"orders \(app 45\): desktop.js has 30 files and URLs already"):
        bench.deploy([DESKTOP], V1)
    assert bench.sent() == []


def test_an_upload_that_is_good_for_one_list_alone_is_sent_twice(bench: Bench) -> None:
    bench.rest.key_for_one_entry = True
    bench.deploy([BOTH], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),), ("mobile", "js"): (file("one"),)}


def test_a_guest_spaces_app_is_deployed_in_its_space(bench: Bench) -> None:
    bench.rest.apps[45].guest_space = 3
    with bench.loopback.kintone(KINTONE_GUEST_SPACE_ID="3") as kintone:
        plan = plan_deploy(kintone, [DESKTOP], V1, bench.folder, bench.said.append)
        deploy(kintone, plan, bench.folder, NOW, bench.said.append)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- how it ends


CANCELED = "CANCEL (canceled, since another app of this deploy failed)"


@pytest.mark.parametrize(
    ("end", "first", "second"), [("FAIL", "FAIL (it failed)", CANCELED), ("CANCEL", CANCELED, CANCELED)]
)
def test_a_deploy_that_fails_ends_the_wait_and_the_next_one_finishes(
    bench: Bench, end: Literal["FAIL", "CANCEL"], first: str, second: str
) -> None:
    bench.rest.deploy_end = end
    stock = orders("desktop", app=46, name="stock")
    files = V1 | {"stock/runbutton.js": built("stock")}
    with pytest.raises(DeployError) as caught:
        bench.deploy([DESKTOP, stock], files)
    lines = str(caught.value).splitlines()
    assert lines[:2] == [
        f"orders (app 45): kintone could not publish it: {first}",
        f"stock (app 46): kintone could not publish it: {second}",
    ]
    assert "orders (app 45): its new settings are in kintone, but not live" in lines
    assert lines[-1] == "`runbutton deploy` again goes on from here; `runbutton rollback` takes it back"
    bench.sent()
    bench.rest.deploy_end = "SUCCESS"
    plan = bench.deploy([DESKTOP, stock], files)
    assert plan.lines[0].startswith("orders (app 45): an earlier run was cut off after its new settings arrived and ")
    assert not plan.others
    assert bench.sent() == [DEPLOY]
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_a_deploy_that_does_not_end_is_left_after_ten_minutes(bench: Bench) -> None:
    bench.rest.deploy_seconds = 10_000
    with pytest.raises(DeployError, match=r"kintone is still publishing orders \(app 45\) after 10 minutes"):
        bench.deploy([DESKTOP], V1)
    pauses = bench.loopback.pauses
    assert pauses[:3] == [1, 1, 1.5]
    assert max(pauses) == 5
    assert 600 <= sum(pauses) <= 606


def test_a_deploy_that_is_under_way_is_waited_for(bench: Bench) -> None:
    bench.rest.deploy_seconds = 10_000
    with suppress(DeployError):
        bench.deploy([DESKTOP], V1)
    bench.loopback.clock.advance(9_380)
    bench.sent()
    assert bench.deploy([DESKTOP], V1).empty
    assert bench.said[-1] == "waiting for a deploy that is under way in app 45"
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    assert bench.sent() == []


def test_a_change_by_somebody_else_meanwhile_is_shown_and_not_overwritten(bench: Bench) -> None:
    plan = bench.plan([DESKTOP], V1)
    bench.somebody_publishes(lists={("desktop", "js"): (FOREIGN, URL)})
    with pytest.raises(DeployError) as caught:
        bench.carry_out(plan)
    assert str(caught.value).splitlines()[0] == (
        "orders (app 45): somebody changed its settings meanwhile (revision 1, now 2); nothing of theirs was "
        "overwritten. It now has desktop.js: theirs.js, https://js.example.com/lib.js; mobile.js: nothing"
    )
    assert bench.live() == bench.preview() == {("desktop", "js"): (FOREIGN, URL)}


def test_a_change_between_sending_and_publishing_is_told_and_not_published(bench: Bench) -> None:
    def somebody(text: str) -> None:
        if text.startswith("publishing"):
            app = bench.rest.apps[45]
            app.preview = replace(app.preview, revision=app.preview.revision + 1)

    plan = bench.plan([DESKTOP], V1)
    with bench.loopback.kintone() as kintone, pytest.raises(DeployError, match=r"settings of orders \(app 45\) before"):
        deploy(kintone, plan, bench.folder, NOW, somebody)
    assert bench.live() == {}
    plan = bench.plan([DESKTOP], V1)
    assert plan.others


def test_a_refused_change_says_how_far_each_app_came(bench: Bench) -> None:
    stock = orders("desktop", app=46, name="stock")
    body = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
    bench.rest.faults.append(Fault("answer", "PUT", status=403, body=body, skip=1))
    with pytest.raises(DeployError) as caught:
        bench.deploy([DESKTOP, stock], V1 | {"stock/runbutton.js": built("stock")})
    assert [line for line in str(caught.value).splitlines() if not line.startswith("  ")] == [
        "PUT preview/app/customize.json: [403] [CB_NO02] No privilege to proceed. (kintone's id: x)",
        "orders (app 45): its new settings are in kintone, but not live",
        "stock (app 46): nothing is known to have changed",
        "`runbutton deploy` again goes on from here; `runbutton rollback` takes it back",
    ]


@pytest.mark.parametrize("kind", ["lost", "late-lost"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "file.json"), ("PUT", "customize.json"), ("POST", "deploy.json")]
)
def test_a_lost_answer_costs_a_pause_and_nothing_else(
    bench: Bench, kind: Literal["lost", "late-lost"], method: str, path: str
) -> None:
    bench.rest.faults.append(Fault(kind, method, path))
    bench.deploy([BOTH], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),), ("mobile", "js"): (file("one"),)}
    assert bench.rest.apps[45].preview.revision == 2


# --- cut off


class KilledError(BaseException):
    """What stands for a kill: no `except Exception` sees it."""


@pytest.fixture
def kill_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None, bool], list[str]]:
    """Arms a kill at a request, before or after kintone got it, and counts the requests."""
    handle = httpx.HTTPTransport.handle_request
    armed: dict[str, Any] = {"at": None, "after": False}
    seen: list[str] = []

    def handle_request(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path}")
        killed = len(seen) == armed["at"]
        if killed and not armed["after"]:
            raise KilledError
        response = handle(self, request)
        if killed:
            response.read()
            raise KilledError
        return response

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", handle_request)

    def arm(at: int | None, after: bool) -> list[str]:
        armed.update(at=at, after=after)
        seen.clear()
        return seen

    return arm


TWO_APPS = [BOTH, orders("desktop", app=46, name="stock")]
TWO_OLD = {"orders/runbutton.js": built("old"), "stock/runbutton.js": built("old stock")}
TWO_NEW = {"orders/runbutton.js": built("new"), "stock/runbutton.js": built("new stock")}


def test_a_deploy_that_is_killed_at_any_request_is_finished_by_the_next_and_can_be_rolled_back(
    tmp_path: Path, kill_at: Callable[[int | None, bool], list[str]]
) -> None:
    old: Lists = {("desktop", "js"): (URL, file("old"), FOREIGN), ("mobile", "css"): (STYLE,)}
    new: Lists = {
        ("desktop", "js"): (URL, file("new"), FOREIGN),
        ("mobile", "js"): (file("new"),),
        ("mobile", "css"): (STYLE,),
    }
    for after in (False, True):
        at, killed = 0, True
        while killed:
            at += 1
            with Loopback(45, 46) as loopback:
                bench = Bench(loopback, tmp_path / f"{at}-{after}")
                bench.set(old)
                seen = kill_at(at, after)
                killed = False
                try:
                    bench.deploy(TWO_APPS, TWO_NEW)
                except KilledError:
                    killed = True
                kill_at(None, False)
                assert not bench.deploy(TWO_APPS, TWO_NEW).others, (at, after, seen)
                assert bench.live() == bench.preview() == new, (at, after, seen)
                assert bench.live(46) == {("desktop", "js"): (file("new stock"),)}
                assert bench.plan(TWO_APPS, TWO_NEW).lines == [
                    "orders (app 45): nothing to change",
                    "stock (app 46): nothing to change",
                ]
                # Where the second run found one app done and the other not, each was a deploy of its own.
                while bench.live() == new or bench.live(46):
                    bench.roll_back(45, 46)
                assert bench.live() == bench.preview() == old, (at, after, seen)
                assert bench.preview(46) == {}
        assert at > 10


def test_a_deploy_that_is_killed_at_any_request_can_be_rolled_back_at_once(
    tmp_path: Path, kill_at: Callable[[int | None, bool], list[str]]
) -> None:
    old: Lists = {("desktop", "js"): (URL, file("old"), FOREIGN)}
    at, killed = 0, True
    while killed:
        at += 1
        with Loopback(45, 46) as loopback:
            bench = Bench(loopback, tmp_path / f"{at}")
            bench.set(old)
            seen = kill_at(at, True)
            killed = False
            try:
                bench.deploy(TWO_APPS, TWO_NEW)
            except KilledError:
                killed = True
            kill_at(None, False)
            # Before the first change nothing is kept, and nothing needs to be.
            with suppress(DeployError):
                assert not bench.roll_back(45, 46).others, (at, seen)
            assert bench.live() == bench.preview() == old, (at, seen)
            assert bench.preview(46) == {}
    assert at > 10


def test_a_rollback_that_is_killed_at_any_request_is_finished_by_the_next(
    tmp_path: Path, kill_at: Callable[[int | None, bool], list[str]]
) -> None:
    old: Lists = {("desktop", "js"): (URL, file("old"), FOREIGN)}
    for after in (False, True):
        at, killed = 0, True
        while killed:
            at += 1
            with Loopback(45, 46) as loopback:
                bench = Bench(loopback, tmp_path / f"{at}-{after}")
                bench.set(old)
                bench.deploy(TWO_APPS, TWO_NEW)
                seen = kill_at(at, after)
                killed = False
                try:
                    bench.roll_back(45, 46)
                except KilledError:
                    killed = True
                kill_at(None, False)
                if killed:
                    assert not bench.roll_back(45, 46).others, (at, after, seen)
                assert bench.live() == bench.preview() == old, (at, after, seen)
                assert bench.preview(46) == {}


def test_a_folder_that_was_cut_off_before_its_journal_does_not_count(bench: Bench) -> None:
    (bench.folder / ".runbutton" / "20261122T000000000000Z").mkdir(parents=True)
    bench.deploy([DESKTOP], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- what is kept


def test_the_old_settings_and_files_are_kept_for_their_owner_alone(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL, file("old"), FOREIGN), ("mobile", "css"): (STYLE,)})
    bench.deploy([DESKTOP], V1)
    (folder,) = (bench.folder / ".runbutton").glob("2*")
    journal = json.loads((folder / "journal.json").read_text(encoding="utf-8"))
    (record,) = journal["apps"]
    assert [item["url"] or item["name"] for item in record["before"]["desktop.js"]] == [
        URL,
        "runbutton.js",
        "theirs.js",
    ]
    kept = {path.read_bytes() for path in folder.iterdir()}
    assert kept > {built("old"), FOREIGN.content, STYLE.content}
    assert (bench.folder / ".runbutton" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    if os.name == "posix":
        modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [folder, *folder.iterdir()]}
        assert modes == {0}


def test_nothing_that_signs_in_is_kept(bench: Bench) -> None:
    bench.rest.users["kato"] = "not-a-secret"
    with bench.loopback.kintone(KINTONE_USERNAME="kato", KINTONE_PASSWORD="not-a-secret") as kintone:
        plan = plan_deploy(kintone, [DESKTOP], V1, bench.folder, bench.said.append)
        deploy(kintone, plan, bench.folder, NOW, bench.said.append)
    text = b"".join(path.read_bytes() for path in bench.folder.rglob("*") if path.is_file())
    assert b"not-a-secret" not in text
    assert b"a2F0bzpub3QtYS1zZWNyZXQ" not in text


def test_a_damaged_journal_is_told(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    (journal,) = (bench.folder / ".runbutton").glob("*/journal.json")
    journal.write_text('{"format": 2}', encoding="utf-8")
    with pytest.raises(DeployError, match=r"journal\.json: cannot be read as the journal of a deploy"):
        bench.plan([DESKTOP], V1)


# --- rollback


def test_rollbacks_go_back_deploy_by_deploy(bench: Bench) -> None:
    old: Lists = {("desktop", "js"): (URL, FOREIGN)}
    bench.set(old)
    bench.deploy([DESKTOP], V1)
    bench.deploy([BOTH], V2)
    plan = bench.roll_back()
    assert plan.lines == [
        "takes back the deploy of 2026-11-22 22:33:02 UTC",
        "orders (app 45): desktop: runbutton.js is replaced in its place (39 bytes; others in the list: 2)",
        "orders (app 45): mobile: runbutton.js is taken out (others in the list: 0)",
    ]
    assert bench.live() == bench.preview() == {("desktop", "js"): (URL, FOREIGN, file("one"))}
    bench.roll_back()
    assert bench.live() == bench.preview() == old
    with pytest.raises(DeployError, match=r"has no deploy of these apps to http://localhost:.*/k to take back"):
        bench.roll_back()


def test_a_file_that_a_deploy_took_out_comes_back_to_its_place(bench: Bench) -> None:
    old: Lists = {("desktop", "js"): (URL, file("old"), FOREIGN, file("older")), ("mobile", "js"): (FOREIGN,)}
    bench.set(old)
    bench.deploy([orders("mobile")], V1)
    assert bench.live() == {("desktop", "js"): (URL, FOREIGN), ("mobile", "js"): (FOREIGN, file("one"))}
    bench.roll_back()
    assert bench.live() == old


def test_a_rollback_keeps_what_others_changed_since(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL, file("old"))})
    bench.deploy([DESKTOP], V1)
    bench.somebody_publishes(lists={("desktop", "js"): (FOREIGN, file("one"), URL)})
    plan = bench.roll_back()
    assert plan.lines[-1] == (
        "orders (app 45): warning: desktop: other scripts were changed since then, and stay as they are now"
    )
    assert bench.live() == {("desktop", "js"): (FOREIGN, file("old"), URL)}


def test_a_rollback_does_not_take_back_another_deploy(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    bench.somebody_publishes(lists={("desktop", "js"): (file("from another computer"),)})
    with pytest.raises(DeployError, match=r"orders \(app 45\): its runbutton.js for desktop is not the one that this"):
        bench.roll_back()
    assert bench.live() == {("desktop", "js"): (file("from another computer"),)}


def test_one_app_is_rolled_back_alone(bench: Bench) -> None:
    bench.deploy(TWO_APPS, TWO_OLD)
    bench.deploy(TWO_APPS, TWO_NEW)
    bench.roll_back(46)
    assert bench.live(46) == {("desktop", "js"): (file("old stock"),)}
    assert bench.live(45)["desktop", "js"] == (file("new"),)
    bench.roll_back(45, 46)
    assert bench.live(45)["desktop", "js"] == (file("old"),)
    assert bench.live(46) == {("desktop", "js"): (file("old stock"),)}


def test_a_kept_file_that_is_damaged_is_not_put_back(bench: Bench) -> None:
    bench.set({("desktop", "js"): (file("old"),)})
    bench.deploy([DESKTOP], V1)
    for path in (bench.folder / ".runbutton").glob("2*/*"):
        if path.read_bytes() == built("old"):
            path.write_bytes(built("hm"))
    with pytest.raises(DeployError, match="is damaged, so the old file cannot be put back"):
        bench.roll_back()
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- plug-ins

KEY = new_key()
ID = plugin_id(KEY)


def package(version: int, text: str = "") -> dict[str, bytes]:
    manifest = {"manifest_version": 1, "version": version, "type": "APP", "name": {"en": "Run"}, "icon": "icon.png"}
    manifest["desktop"] = {"js": ["a.js"]}
    files = {"manifest.json": json.dumps(manifest).encode(), "icon.png": b"PNG", "a.js": text.encode()}
    return {"plugin/plugin.zip": pack(files, KEY)}


PLUGIN_APPS = [with_plugin(), with_plugin(46, "stock")]


def test_a_plugin_is_installed_added_and_published_and_its_settings_pages_are_told(bench: Bench) -> None:
    plan = bench.deploy(PLUGIN_APPS, package(1))
    assert bench.sent() == [POST_FILE, "POST plugin.json", *["POST preview/app/plugins.json"] * 2, DEPLOY]
    assert [plugin.version for plugin in bench.rest.live_plugins(45)] == ["1"]
    with bench.loopback.kintone() as kintone:
        pages = settings_pages(kintone, plan)
    address = bench.loopback.address
    assert [(page.address, page.new) for page in pages] == [
        (f"{address}/k/admin/app/{app}/plugin/config?pluginId={ID}", True) for app in (45, 46)
    ]
    plan = bench.deploy(PLUGIN_APPS, package(1))
    assert plan.empty
    assert bench.sent() == []
    with bench.loopback.kintone() as kintone:
        assert {page.new for page in settings_pages(kintone, plan)} == {False}


def test_a_newer_plugin_is_an_update_and_the_old_one_can_be_put_back(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1, "one"))
    bench.sent()
    plan = bench.deploy(PLUGIN_APPS, package(2, "two"))
    assert plan.lines[0] == f"plug-in {ID}: is updated from version 1 to 2"
    assert bench.sent() == [POST_FILE, "PUT plugin.json"]
    plan = bench.roll_back(45, 46)
    assert plan.lines[1] == f"plug-in {ID}: is put back from version 2 to 1"
    assert bench.rest.plugins[ID].files["a.js"] == b"one"
    plan = bench.roll_back(45, 46)
    assert "was not installed before; it stays" in plan.lines[1]
    assert "kintone has no REST API that takes a plug-in out of an app; it stays, see " in plan.lines[-1]
    assert ID in bench.rest.plugins


def test_the_same_version_with_other_content_is_installed_again_where_that_is_known(
    bench: Bench, tmp_path: Path
) -> None:
    bench.deploy(PLUGIN_APPS, package(1, "one"))
    assert "is installed again: it has other content" in bench.plan(PLUGIN_APPS, package(1, "two")).lines[0]
    elsewhere = Bench(bench.loopback, tmp_path / "elsewhere")
    plan = elsewhere.plan(PLUGIN_APPS, package(1, "two"))
    assert plan.empty
    assert plan.lines[0].endswith("if it was changed since, raise plugin.version to update it")


def test_a_script_and_the_plugin_of_one_app_are_one_deploy(bench: Bench) -> None:
    bench.deploy([DESKTOP, with_plugin()], V1 | package(1))
    assert bench.sent() == [
        POST_FILE,
        "POST plugin.json",
        POST_FILE,
        PUT,
        "POST preview/app/plugins.json",
        DEPLOY,
    ]
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    assert len(bench.rest.live_plugins(45)) == 1


def test_a_script_beside_the_plugin_is_warned_of_and_left(bench: Bench) -> None:
    bench.set({("desktop", "js"): (file("one"),)})
    plan = bench.deploy([with_plugin()], package(1))
    assert "has runbutton.js as a script besides the plug-in" in plan.lines[-1]
    assert bench.live() == {("desktop", "js"): (file("one"),)}


@pytest.mark.parametrize("kind", ["lost", "late-lost"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "plugin.json"), ("PUT", "plugin.json"), ("POST", "plugins.json")]
)
def test_a_lost_answer_about_a_plugin_costs_a_pause_and_nothing_else(
    bench: Bench, kind: Literal["lost", "late-lost"], method: str, path: str
) -> None:
    if method == "PUT":
        bench.deploy([with_plugin()], package(1))
    bench.rest.faults.append(Fault(kind, method, path))
    bench.deploy([with_plugin()], package(2))
    assert [plugin.version for plugin in bench.rest.live_plugins(45)] == ["2"]


def test_a_plugin_deploy_that_is_killed_at_any_request_is_finished_by_the_next(
    tmp_path: Path, kill_at: Callable[[int | None, bool], list[str]]
) -> None:
    apps = [DESKTOP, with_plugin()]
    for after in (False, True):
        at, killed = 0, True
        while killed:
            at += 1
            with Loopback(45) as loopback:
                bench = Bench(loopback, tmp_path / f"{at}-{after}")
                seen = kill_at(at, after)
                killed = False
                try:
                    bench.deploy(apps, V1 | package(1))
                except KilledError:
                    killed = True
                kill_at(None, False)
                assert not bench.deploy(apps, V1 | package(1)).others, (at, after, seen)
                assert bench.live() == {("desktop", "js"): (file("one"),)}
                assert [plugin.version for plugin in bench.rest.live_plugins(45)] == ["1"]


def test_oauth_is_told_not_to_install_plugins(bench: Bench) -> None:
    bench.rest.oauth_tokens.add("not-a-token")
    oauth = {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "not-a-token"}
    with pytest.raises(DeployError, match="kintone allows nobody to install plug-ins with OAuth"):
        bench.plan(PLUGIN_APPS, package(1), **oauth)
    assert not bench.plan([DESKTOP], V1, **oauth).empty


def test_a_wrong_password_ends_a_deploy_at_the_first_request(bench: Bench) -> None:
    with pytest.raises(KintoneError, match="CB_WA01"):
        bench.plan([DESKTOP], V1, KINTONE_PASSWORD="wrong-password")
    assert bench.rest.wrong_passwords == 1
