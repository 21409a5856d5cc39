import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest

from generator.errors import DeployError, KintoneError
from generator.stub.rest import Fault, Settings, StoredFile
from generator.units.config import App
from generator.words import Message
from tests.conftest import KREWDATA_UNIT, config_of
from tests.deploying import (
    BOTH,
    DEPLOY,
    DESKTOP,
    FOREIGN,
    NAMESAKE,
    POST_FILE,
    PUT,
    STYLE,
    URL,
    V1,
    V2,
    Bench,
    Lists,
    built,
    file,
    orders,
)
from tests.loopback import Loopback


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


# --- deployed settings


def test_a_script_is_added_to_an_empty_app_and_is_live(bench: Bench) -> None:
    plan = bench.deploy([BOTH], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),), ("mobile", "js"): (file("one"),)}
    assert bench.sent() == [POST_FILE, PUT, DEPLOY]
    assert plan.lines == [
        "orders (app 45): runbutton.js will be added for desktop (86 bytes; other files: 0)",
        "orders (app 45): runbutton.js will be added for mobile (86 bytes; other files: 0)",
    ]


def test_all_that_is_not_ours_keeps_its_place(bench: Bench) -> None:
    styles: Lists = {("desktop", "css"): (STYLE, URL), ("mobile", "css"): (URL,)}
    bench.set({("desktop", "js"): (URL, NAMESAKE, file("one"), FOREIGN), **styles}, scope="ADMIN")
    bench.deploy([DESKTOP], V2)
    assert bench.live() == {("desktop", "js"): (URL, NAMESAKE, file("two"), FOREIGN), **styles}
    settings = bench.rest.apps[45].live
    assert settings is not None
    assert settings.scope == "ADMIN"


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
    bench.deploy([DESKTOP, stock], V1 | {"stock/runbutton.js": built("stock", 46, "stock")})
    assert bench.live(46) == {("desktop", "js"): (file("stock", 46, "stock"),)}
    sent = bench.sent()
    assert (sorted(sent[:-1]), sent[-1]) == (sorted([POST_FILE, PUT] * 2), DEPLOY)


def test_an_app_that_was_never_published_is(bench: Bench) -> None:
    bench.rest.apps[45].live = None
    plan = bench.deploy([DESKTOP], V1)
    assert plan.questions == [PENDING]
    assert plan.lines[1] == "orders (app 45): warning: the app was never live; all of its settings go live"
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_settings_of_others_that_would_go_live_are_told(bench: Bench) -> None:
    app = bench.rest.apps[45]
    app.preview = replace(app.preview, lists={("mobile", "js"): (FOREIGN,)}, revision=7)
    plan = bench.deploy([DESKTOP], V1)
    assert plan.questions == [PENDING]
    assert plan.lines[1:] == [
        "orders (app 45): warning: pending changes by other people may go live too (revision 7; live: 1)"
    ]


def test_settings_of_others_stay_unpublished_where_ours_are_live(bench: Bench) -> None:
    bench.set({("desktop", "js"): (file("one"),)})
    app = bench.rest.apps[45]
    app.preview = replace(app.preview, revision=7)
    assert bench.deploy([DESKTOP], V1).empty
    assert bench.sent() == []


def test_an_upload_that_is_good_for_one_list_alone_is_sent_twice(bench: Bench) -> None:
    bench.rest.switches.key_for_one_entry = True
    bench.deploy([BOTH], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),), ("mobile", "js"): (file("one"),)}


def test_a_guest_spaces_app_is_deployed_in_its_space(bench: Bench) -> None:
    bench.rest.apps[45].guest_space = 3
    bench.settings = {"KINTONE_GUEST_SPACE_ID": "3"}
    bench.deploy([DESKTOP], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- how it ends


PENDING = "orders (app 45) has pending changes that may be another person's. They will go live too."
CANCELED = "CANCEL (canceled, because another app of this deploy failed)"


@pytest.mark.parametrize(
    ("end", "first", "second"), [("FAIL", "FAIL (failed)", CANCELED), ("CANCEL", CANCELED, CANCELED)]
)
def test_a_deploy_that_fails_ends_the_wait_and_the_next_one_finishes(
    bench: Bench, end: Literal["FAIL", "CANCEL"], first: str, second: str
) -> None:
    bench.rest.deploy_end = end
    stock = orders("desktop", app=46, name="stock")
    files = V1 | {"stock/runbutton.js": built("stock", 46, "stock")}
    with pytest.raises(DeployError) as caught:
        bench.deploy([DESKTOP, stock], files)
    lines = str(caught.value).splitlines()
    assert lines[:2] == [
        f"orders (app 45): kintone could not update the app: {first}",
        f"stock (app 46): kintone could not update the app: {second}",
    ]
    assert "orders (app 45): pending, not live" in lines
    assert lines[-1] == "To continue, run the same command again; to undo: runbutton rollback"
    bench.sent()
    bench.rest.deploy_end = "SUCCESS"
    plan = bench.deploy([DESKTOP, stock], files)
    assert plan.lines[0] == "orders (app 45): the pending changes will go live"
    assert plan.questions == []
    assert bench.sent() == [DEPLOY]
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_a_deploy_that_does_not_end_is_left_after_ten_minutes(bench: Bench) -> None:
    bench.rest.deploy_seconds = 10_000
    with pytest.raises(DeployError, match=r"kintone is still updating orders \(app 45\) after 10 minutes"):
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
    assert "waiting for another update of orders (app 45)" in bench.said
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    assert bench.sent() == []


def test_a_change_by_somebody_else_meanwhile_is_shown_and_not_overwritten(bench: Bench) -> None:
    plan = bench.plan([DESKTOP], V1)
    bench.somebody_publishes(lists={("desktop", "js"): (FOREIGN, URL)})
    with pytest.raises(DeployError) as caught:
        bench.carry_out(plan)
    assert str(caught.value).splitlines()[0] == (
        "orders (app 45): another person changed the settings during the deploy (revision 1, now 2); nothing was "
        "overwritten. Current files: desktop.js: theirs.js, https://js.example.com/lib.js, mobile.js: none"
    )
    assert str(caught.value).splitlines()[1:] == [
        "orders (app 45): no known change",
        "To continue, run the same command again.",
    ]
    assert bench.live() == bench.preview() == {("desktop", "js"): (FOREIGN, URL)}


def test_a_change_between_sending_and_publishing_is_told_and_not_published(bench: Bench) -> None:
    def somebody() -> None:
        app = bench.rest.apps[45]
        app.preview = replace(app.preview, revision=app.preview.revision + 1)

    bench.loopback.before("POST", "deploy.json", somebody)
    with pytest.raises(DeployError, match=r"the settings of orders \(app 45\) were changed by another person"):
        bench.deploy([DESKTOP], V1)
    assert bench.live() == {}
    plan = bench.plan([DESKTOP], V1)
    assert plan.questions == [PENDING]


def test_a_refused_change_says_how_far_each_app_came(bench: Bench) -> None:
    stock = orders("desktop", app=46, name="stock")
    body = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
    bench.rest.faults.append(Fault("answer", "PUT", status=403, body=body, skip=1))
    with pytest.raises(DeployError) as caught:
        bench.deploy([DESKTOP, stock], V1 | {"stock/runbutton.js": built("stock", 46, "stock")})
    assert [line for line in str(caught.value).splitlines() if not line.startswith("  ")] == [
        "stock (app 46): PUT preview/app/customize.json: [403] [CB_NO02] No privilege to proceed. (kintone's id: x)",
        "orders (app 45): pending, not live",
        "stock (app 46): no known change",
        "To continue, run the same command again; to undo: runbutton rollback",
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
    host = bench.loopback.address.removeprefix("http://")
    assert [line for line in bench.said if "again" in line] == [f"{host} did not respond; trying again (2 of 5)"]


def test_a_folder_that_was_cut_off_before_its_journal_does_not_count(bench: Bench) -> None:
    (bench.folder / ".runbutton" / "20261122T000000000000Z").mkdir(parents=True)
    bench.deploy([DESKTOP], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- several people, and lost answers


def stock_too() -> tuple[list[App], dict[str, bytes]]:
    return [DESKTOP, orders("desktop", app=46, name="stock")], V1 | {"stock/runbutton.js": built("stock", 46, "stock")}


def test_a_lost_deploy_beside_a_colleagues_of_one_app_is_not_believed(bench: Bench) -> None:
    """The review's first find: nothing of app 45 was live, and the deploy said that it was done."""
    bench.loopback.before("POST", "deploy.json", lambda: bench.somebody_deploys(46))
    bench.rest.faults.append(Fault("lost", "POST", "deploy.json"))
    apps, files = stock_too()
    bench.deploy(apps, files)
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    assert bench.live(46) == {("desktop", "js"): (file("stock", 46, "stock"),)}
    assert "waiting for another update of stock (app 46)" in bench.said
    assert bench.said[-2:] == ["orders (app 45): live", "stock (app 46): live"]
    assert bench.deploy(apps, files).empty


def test_a_success_without_what_was_sent_is_no_success(bench: Bench) -> None:
    real = bench.rest.publish_later

    def publish_what_was_live(settings: dict[int, Settings]) -> None:
        real({app: bench.rest.apps[app].live or Settings() for app in settings})

    bench.rest.publish_later = publish_what_was_live  # type: ignore[method-assign]
    with pytest.raises(DeployError) as caught:
        bench.deploy([DESKTOP], V1)
    lines = str(caught.value).splitlines()
    assert lines[0] == (
        "orders (app 45): kintone reports success, but the live revision 1 does not have the changes of revision 2"
    )
    assert lines[1] == "orders (app 45): pending, not live"


def test_a_colleagues_later_deploy_that_has_ours_in_it_is_a_success(bench: Bench) -> None:
    def somebody() -> None:
        bench.rest.current_app(45)
        bench.somebody_publishes(scope="ALL")

    bench.loopback.before("GET", "v1/app/customize.json", somebody, skip=1)
    bench.deploy([DESKTOP], V1)
    assert bench.said[-1] == "orders (app 45): live"


@pytest.mark.parametrize("status", [400, 409, 520])
@pytest.mark.parametrize(("method", "path"), [("PUT", "customize.json"), ("POST", "deploy.json")])
def test_somebody_elses_deploy_in_between_is_waited_for(bench: Bench, method: str, path: str, status: Any) -> None:
    bench.rest.switches.deploying_status = status
    bench.loopback.before(method, path, lambda: bench.somebody_deploys(45))
    bench.deploy([DESKTOP], V1)
    # A 5xx is repeated anyhow, until it is over.
    said = "returned 520" if status == 520 else "waiting for another update of orders (app 45)"
    assert said in "\n".join(bench.said)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_two_terminals_with_the_same_content_both_succeed(bench: Bench, tmp_path: Path) -> None:
    other = Bench(bench.loopback, tmp_path / "other")
    plan = bench.plan([DESKTOP], V1)
    other.deploy([DESKTOP], V1)
    bench.carry_out(plan)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- errors name their app


def test_an_app_that_may_not_be_read_is_named(bench: Bench) -> None:
    apps, files = stock_too()
    bench.rest.apps[46].guest_space = 3
    with pytest.raises(KintoneError, match=r"^stock \(app 46\): GET preview/app/customize.json: \[520\] \[GAIA_IL23\]"):
        bench.plan(apps, files)


def test_every_app_that_may_not_be_read_is_named(bench: Bench) -> None:
    apps, files = stock_too()
    bench.rest.apps[46].guest_space = bench.rest.apps[47].guest_space = 3
    apps.append(orders("desktop", app=47, name="parts"))
    with pytest.raises(DeployError) as caught:
        bench.plan(apps, files | {"parts/runbutton.js": built("parts", 47, "parts")})
    named = [line.split(":")[0] for line in str(caught.value).splitlines() if not line.startswith("  ")]
    assert named == ["stock (app 46)", "parts (app 47)"]


def test_the_app_is_named_for_which_a_status_is_refused(bench: Bench) -> None:
    apps, files = stock_too()
    for app in (45, 46):
        bench.rest.apps[app].preview = replace(bench.rest.apps[app].preview, revision=9)
    bench.loopback.before("GET", "deploy.json", lambda: setattr(bench.rest.apps[46], "guest_space", 3))
    with pytest.raises(KintoneError, match=r"^stock \(app 46\): GET preview/app/deploy.json: \[520\]"):
        bench.plan(apps, files)


def test_a_wrong_password_is_sent_once_for_many_apps(bench: Bench) -> None:
    bench.settings = {"KINTONE_PASSWORD": "wrong-password"}
    with pytest.raises(KintoneError, match="CB_WA01"):
        bench.plan(*stock_too())
    assert bench.rest.wrong_passwords == 1


def test_a_copy_with_a_byte_order_mark_is_ours(bench: Bench) -> None:
    bench.set({("desktop", "js"): (StoredFile("runbutton.js", "text/javascript", b"\xef\xbb\xbf" + built("old")),)})
    bench.deploy([DESKTOP], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- how many requests are sent


def test_an_unchanged_app_costs_two_questions_where_the_journal_knows_it_and_four_where_not(
    bench: Bench, tmp_path: Path
) -> None:
    bench.deploy([BOTH], V1)
    for folder, requests in ((bench.folder, 2), (tmp_path / "elsewhere", 4)):
        bench.rest.requests.clear()
        assert Bench(bench.loopback, folder).deploy([BOTH], V1).empty
        assert len(bench.rest.requests) == requests


def test_a_changed_app_costs_two_reads_an_upload_a_put_and_a_look(bench: Bench) -> None:
    plain = [config_of(dict(KREWDATA_UNIT) | {"record": "none"}).apps[0]]
    bench.deploy(plain, V1)
    bench.rest.requests.clear()
    bench.deploy(plain, V2)
    asked = [f"{each.method} {each.path}" for each in bench.rest.requests if not each.path.endswith("deploy.json")]
    assert asked == [
        "GET preview/app/customize.json",
        "GET app/customize.json",
        POST_FILE,
        PUT,
        "GET app/customize.json",
    ]


# --- the form


def test_what_units_name_and_the_form_has_not_is_a_warning_with_the_nearest_name(bench: Bench) -> None:
    unit = dict(KREWDATA_UNIT) | {"record": ["部門", "入荷日", "$id"], "space": "emty-area"}
    plan = bench.plan([config_of(unit).apps[0]], V1)
    assert [line for line in plan.lines if "the form" in line] == [
        'orders (app 45): warning: the form has no field "部門"; did you mean "部門名"?',
        'orders (app 45): warning: the form has no Space field "emty-area"; did you mean "empty-area"?',
    ]


def test_a_form_is_asked_for_where_the_app_changes_or_nothing_is_to_be_done_but_look(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    bench.rest.requests.clear()
    bench.plan([DESKTOP], V1)
    assert not [each for each in bench.rest.requests if "form" in each.path]
    bench.plan([DESKTOP], V1, ask_forms=True)
    assert [each.path for each in bench.rest.requests if "form" in each.path] == ["preview/app/form/fields.json"]


def test_a_form_that_may_not_be_read_stops_nothing(bench: Bench) -> None:
    body = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
    bench.rest.faults.append(Fault("answer", "GET", "fields.json", status=403, body=body))
    plan = bench.deploy([DESKTOP], V1)
    assert "cannot check its form: GET preview/app/form/fields.json: [403]" in plan.lines[-1]
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- stopped


def test_being_stopped_says_how_far_each_app_came(bench: Bench) -> None:
    plan = bench.plan([DESKTOP], V1)

    def stop(text: Message) -> None:
        if str(text) == "waiting for kintone":
            raise KeyboardInterrupt

    with pytest.raises(DeployError) as caught:
        bench.carry_out(plan, say=stop)
    assert str(caught.value).splitlines() == [
        "interrupted",
        "orders (app 45): pending, not live",
        "To continue, run the same command again; to undo: runbutton rollback",
    ]
    bench.deploy([DESKTOP], V1)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_a_long_publishing_is_told_of_meanwhile(bench: Bench) -> None:
    bench.rest.deploy_seconds = 35
    bench.deploy([DESKTOP], V1)
    told = [line for line in bench.said if line.startswith("kintone is still updating 1 of 1 apps")]
    assert len(told) == 3


# --- stored records


def test_the_old_settings_and_files_are_kept_for_their_owner_alone(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL, file("old"), FOREIGN), ("mobile", "css"): (STYLE,)})
    bench.deploy([DESKTOP], V1)
    (folder,) = (bench.folder / ".runbutton").glob("0*")
    journal = json.loads((folder / "journal.json").read_text(encoding="utf-8"))
    (record,) = journal["apps"]
    assert [item["url"] or item["name"] for item in record["before"]["desktop.js"]] == [
        URL,
        "runbutton.js",
        "theirs.js",
    ]
    kept = {path.read_bytes() for path in folder.iterdir()}
    assert kept == {built("old"), built("one"), (folder / "journal.json").read_bytes()}
    assert (bench.folder / ".runbutton" / ".gitignore").read_text(encoding="utf-8") == "*\n"
    if os.name == "posix":
        modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [folder, *folder.iterdir()]}
        assert modes == {0}


def test_nothing_that_signs_in_is_kept(bench: Bench) -> None:
    bench.rest.users["tanaka"] = "not-a-secret"
    bench.settings = {"KINTONE_USERNAME": "tanaka", "KINTONE_PASSWORD": "not-a-secret"}
    bench.deploy([DESKTOP], V1)
    text = b"".join(path.read_bytes() for path in bench.folder.rglob("*") if path.is_file())
    assert b"not-a-secret" not in text
    assert b"a2F0bzpub3QtYS1zZWNyZXQ" not in text


def test_a_damaged_journal_is_told(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    (journal,) = (bench.folder / ".runbutton").glob("*/journal.json")
    journal.write_text('{"format": 1}', encoding="utf-8")
    with pytest.raises(
        DeployError, match=r"journal\.json: damaged, or from another version of Runbutton; move its folder away"
    ):
        bench.plan([DESKTOP], V1)
