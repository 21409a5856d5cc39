"""Taking buttons out: of apps that left the config, and of all apps by `runbutton remove`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.errors import DeployError
from generator.stub.rest import Fault, Settings
from generator.units.config import App
from tests.conftest import KREWDATA_UNIT, config_of
from tests.deploying import BOTH, DESKTOP, FOREIGN, URL, V1, V2, Bench, built, file, orders, with_plugin
from tests.loopback import Loopback
from tests.test_deploy_plugin import package


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


STOCK = orders("desktop", app=46, name="stock")
FILES = V1 | {"stock/runbutton.js": built("stock")}


# --- what left the config


def test_an_app_that_left_the_config_is_named_and_its_script_is_taken_out(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL, FOREIGN)}, app=46)
    bench.deploy([DESKTOP, STOCK], FILES)
    plan = bench.deploy([DESKTOP], V1)
    assert plan.lines == [
        "orders (app 45): nothing to change",
        "stock (app 46): is no longer in units.yaml: desktop: runbutton.js will be taken out (others in the list: 2)",
    ]
    assert bench.live(46) == {("desktop", "js"): (URL, FOREIGN)}
    assert bench.deploy([DESKTOP], V1).lines == ["orders (app 45): nothing to change"]
    bench.roll_back()
    assert bench.live(46) == {("desktop", "js"): (URL, FOREIGN, file("stock"))}


def test_an_app_that_left_is_only_told_of_where_one_app_is_chosen(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    plan = bench.deploy([DESKTOP], V2, only="orders")
    assert plan.lines[0].startswith("stock (app 46): is no longer in units.yaml; a deploy without --app takes its ")
    assert bench.live(46) == {("desktop", "js"): (file("stock"),)}


def test_another_config_of_the_same_folder_keeps_its_apps(bench: Bench) -> None:
    bench.deploy([STOCK], FILES)
    bench.config = "other.yaml"
    bench.deploy([DESKTOP], V1)
    assert bench.live(46) == {("desktop", "js"): (file("stock"),)}
    bench.config = "third.yaml"
    with pytest.raises(DeployError, match=r"has no deploy of third\.yaml"):
        bench.roll_back()


def test_a_file_that_somebody_else_put_there_since_then_stays(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    theirs = Settings(lists={("desktop", "js"): (file("a colleague's"),)}, revision=9)
    bench.rest.apps[46].preview = bench.rest.apps[46].live = theirs
    bench.deploy([DESKTOP], V1)
    assert bench.live(46) == {("desktop", "js"): (file("a colleague's"),)}


def test_an_app_that_left_and_was_deleted_stops_nothing(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    del bench.rest.apps[46]
    plan = bench.deploy([DESKTOP], V2)
    assert "warning: is no longer in units.yaml, and cannot be read: stock (app 46): GET " in plan.lines[0]
    assert bench.live() == {("desktop", "js"): (file("two"),)}


@pytest.mark.parametrize(("method", "path"), [("PUT", "customize.json"), ("POST", "deploy.json")])
def test_a_removal_that_was_cut_off_is_finished_by_the_next_deploy(bench: Bench, method: str, path: str) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    body = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
    bench.rest.faults.append(Fault("answer", method, path, status=403, body=body))
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V1)
    assert bench.live(46) == {("desktop", "js"): (file("stock"),)}
    bench.deploy([DESKTOP], V1)
    assert bench.live(46) == {}
    assert bench.deploy([DESKTOP], V1).lines == ["orders (app 45): nothing to change"]


def test_a_removal_that_was_cut_off_after_its_end_is_noted_as_done(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    bench.rest.deploy_seconds = 10_000
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V1)
    bench.loopback.clock.advance(10_000)
    bench.deploy([DESKTOP], V1)
    assert bench.live(46) == {}
    assert bench.deploy([DESKTOP], V1).lines == ["orders (app 45): nothing to change"]


def test_a_plugin_in_an_app_that_left_is_told_with_its_address(bench: Bench) -> None:
    bench.deploy([with_plugin(), with_plugin(46, "stock")], package(1))
    plan = bench.deploy([with_plugin()], package(1))
    assert plan.empty
    assert plan.lines[0].startswith("stock (app 46): warning: is no longer in units.yaml: the plug-in stays in the app")
    assert plan.lines[0].endswith(f"{bench.loopback.address}/k/admin/app/46/plugin/")


def two_units(*ids: str) -> list[App]:
    units: list[dict[str, Any]] = [dict(KREWDATA_UNIT) | {"id": each} for each in ids]
    return [config_of(*units).apps[0]]


def test_a_unit_that_left_the_config_is_named(bench: Bench) -> None:
    bench.deploy(two_units("recalculate", "nightly"), V1)
    plan = bench.deploy(two_units("recalculate"), V2)
    assert plan.lines[0] == "orders (app 45): no longer in units.yaml: nightly; no button any more"


def test_a_unit_that_left_the_plugin_is_named(bench: Bench) -> None:
    nightly = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"} | {"id": "nightly"}
    app = with_plugin()
    both = app.model_copy(update={"units": (*app.units, type(app.units[0]).model_validate(nightly))})
    bench.deploy([both], package(1))
    plan = bench.deploy([app], package(2))
    assert plan.lines[0] == "orders (app 45): no longer in units.yaml: nightly; no button any more"


# --- remove


def test_everything_of_ours_is_taken_out_and_comes_back_by_a_rollback(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL, FOREIGN)})
    bench.deploy([BOTH, STOCK], FILES)
    plan = bench.remove([BOTH])
    assert [line for line in plan.lines if "warning" in line] == []
    assert bench.live() == {("desktop", "js"): (URL, FOREIGN)}
    assert bench.live(46) == {}
    assert bench.remove([BOTH]).empty
    bench.roll_back()
    assert bench.live() == {("desktop", "js"): (URL, FOREIGN, file("one")), ("mobile", "js"): (file("one"),)}
    assert bench.live(46) == {("desktop", "js"): (file("stock"),)}


def test_one_app_is_cleared_alone_also_when_it_left_the_config(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    bench.remove([DESKTOP], only="stock")
    assert bench.live(46) == {}
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    with pytest.raises(DeployError, match="--app parts: no such app; there is orders"):
        bench.remove([DESKTOP], only="parts")


def test_a_script_that_nobody_deployed_from_here_is_taken_out_with_a_doubt(bench: Bench) -> None:
    bench.set({("desktop", "js"): (file("from elsewhere"),)})
    plan = bench.remove([DESKTOP])
    assert plan.doubts == ["A script that was not deployed from here is replaced or taken out."]
    assert bench.live() == {}


def test_what_stays_of_a_plugin_is_told(bench: Bench) -> None:
    bench.deploy([with_plugin()], package(1))
    plan = bench.remove([with_plugin()])
    assert plan.empty
    address = bench.loopback.address
    assert plan.lines == [
        "the plug-in stays installed; uninstalling it takes the secrets of all apps with it: "
        f"{address}/k/admin/system/plugin/",
        "orders (app 45): nothing to change",
        "orders (app 45): warning: the plug-in stays in the app, and so do the secrets that were typed into its "
        "settings: kintone has no REST API that takes it out; an app administrator can, after removing the secrets on "
        "its settings page, since nothing lists them later, at "
        f"{address}/k/admin/app/45/plugin/",
    ]
