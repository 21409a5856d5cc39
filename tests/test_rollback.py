from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import DeployError
from generator.stub.rest import Fault
from tests.deploying import BOTH, DEPLOY, DESKTOP, FOREIGN, NOW, URL, V1, V2, Bench, Lists, built, file, orders
from tests.loopback import Loopback


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


STARTED = f"{NOW.astimezone():%Y-%m-%d %H:%M}"


def test_rollbacks_go_back_deploy_by_deploy(bench: Bench) -> None:
    old: Lists = {("desktop", "js"): (URL, FOREIGN)}
    bench.set(old)
    bench.deploy([DESKTOP], V1)
    bench.deploy([BOTH], V2)
    plan = bench.roll_back()
    assert plan.lines == [
        f"to be undone: deploy 2, {STARTED}: orders (app 45)",
        "orders (app 45): runbutton.js will be replaced for desktop (86 bytes; other files: 2)",
        "orders (app 45): runbutton.js will be removed for mobile (other files: 0)",
    ]
    assert bench.live() == bench.preview() == {("desktop", "js"): (URL, FOREIGN, file("one"))}
    assert bench.plan_back().plan.notes[1] == "warning: a later deploy is already rolled back; this goes back further"
    bench.roll_back()
    assert bench.live() == bench.preview() == old
    with pytest.raises(DeployError, match=r"no deploy of units.yaml to http://localhost:.*/k to roll back"):
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
        "orders (app 45): warning: desktop: other scripts were changed since then; they stay as they are now"
    )
    assert bench.live() == {("desktop", "js"): (FOREIGN, file("old"), URL)}


def test_a_rollback_does_not_take_back_another_deploy(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    bench.somebody_publishes(lists={("desktop", "js"): (file("from another computer"),)})
    with pytest.raises(DeployError, match=r"orders \(app 45\): its runbutton.js for desktop is not the one of"):
        bench.roll_back()
    assert bench.live() == {("desktop", "js"): (file("from another computer"),)}


TWO_APPS = [BOTH, orders("desktop", app=46, name="stock")]
TWO_OLD = {"orders/runbutton.js": built("old"), "stock/runbutton.js": built("old stock", 46, "stock")}
TWO_NEW = {"orders/runbutton.js": built("new"), "stock/runbutton.js": built("new stock", 46, "stock")}


def test_one_app_is_rolled_back_alone(bench: Bench) -> None:
    bench.deploy(TWO_APPS, TWO_OLD)
    bench.deploy(TWO_APPS, TWO_NEW)
    bench.roll_back("stock")
    assert bench.live(46) == {("desktop", "js"): (file("old stock", 46, "stock"),)}
    assert bench.live(45)["desktop", "js"] == (file("new"),)
    bench.roll_back()
    assert bench.live(45)["desktop", "js"] == (file("old"),)
    assert bench.live(46) == {("desktop", "js"): (file("old stock", 46, "stock"),)}


def test_a_kept_file_that_is_damaged_is_not_put_back(bench: Bench) -> None:
    bench.set({("desktop", "js"): (file("old"),)})
    bench.deploy([DESKTOP], V1)
    for path in (bench.folder / ".runbutton").glob("0*/*"):
        if path.read_bytes() == built("old"):
            path.write_bytes(built("hm"))
    with pytest.raises(DeployError, match="the old file is damaged, so it cannot be restored"):
        bench.roll_back()
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_a_deploy_that_ends_while_it_is_read_is_seen(bench: Bench) -> None:
    """Cut off while kintone published; kintone is done between the reading of the live settings and the status."""
    bench.rest.deploy_seconds = 10_000
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V1)
    bench.loopback.before("GET", "deploy.json", lambda: bench.loopback.clock.advance(10_000))
    bench.rest.deploy_seconds = 2
    bench.roll_back()
    assert bench.live() == bench.preview() == {}


def test_going_back_to_a_deploy_is_one_publication(bench: Bench) -> None:
    for text in ("one", "two", "three"):
        bench.deploy(TWO_APPS, {"orders/runbutton.js": built(text), "stock/runbutton.js": built(text, 46, "stock")})
    bench.sent()
    plan = bench.roll_back("46", to=1)
    assert plan.lines[:2] == [
        f"to be undone: deploy 3, {STARTED}: orders (app 45), stock (app 46)",
        f"to be undone: deploy 2, {STARTED}: orders (app 45), stock (app 46)",
    ]
    assert bench.sent().count(DEPLOY) == 1
    assert bench.live(46) == {("desktop", "js"): (file("one", 46, "stock"),)}
    assert bench.live()["desktop", "js"] == (file("three"),)
    bench.roll_back(to=1)
    assert bench.live()["desktop", "js"] == (file("one"),)
    bench.roll_back(to=0)
    assert bench.live() == bench.live(46) == {}


def test_going_back_steps_over_a_deploy_that_was_interrupted_and_done_again(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    bench.rest.deploy_end = "FAIL"
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V2)
    bench.rest.deploy_end = "SUCCESS"
    bench.deploy([DESKTOP], V2)
    bench.roll_back()
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    bench.roll_back()
    assert bench.live() == {}


def test_going_back_from_a_deploy_that_never_arrived(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    bench.deploy([DESKTOP], V2)
    body = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
    bench.rest.faults.append(Fault("answer", "PUT", "customize.json", status=403, body=body))
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], {"orders/runbutton.js": built("three")})
    bench.roll_back(to=1)
    assert bench.live() == {("desktop", "js"): (file("one"),)}


@pytest.mark.parametrize("raises", [True, False])
def test_an_interrupted_deploy_is_discarded_whichever_revision_that_leaves(bench: Bench, raises: bool) -> None:
    bench.deploy([DESKTOP], V1)
    bench.rest.switches.revert_raises = raises
    bench.rest.deploy_end = "FAIL"
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V2)
    bench.rest.deploy_end = "SUCCESS"
    plan = bench.roll_back()
    assert plan.lines[-1] == "orders (app 45): the pending changes of an interrupted deploy will be discarded"
    assert bench.live() == bench.preview() == {("desktop", "js"): (file("one"),)}
    assert bench.plan([DESKTOP], V2).questions == []


def test_a_change_of_another_person_between_discarding_and_publishing_is_not_published(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    bench.rest.deploy_end = "FAIL"
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V2)
    bench.rest.deploy_end = "SUCCESS"

    def somebody() -> None:
        app = bench.rest.apps[45]
        app.preview = replace(app.preview, revision=app.preview.revision + 1)

    # The first read is for the plan; the second comes after the discarding.
    bench.loopback.before("GET", "preview/app/customize.json", somebody, skip=2)
    with pytest.raises(DeployError, match="another person changed the settings during the deploy"):
        bench.roll_back()
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    live = bench.rest.current_app(45).live
    assert live is not None
    assert live.revision < bench.rest.apps[45].preview.revision
