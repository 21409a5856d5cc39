"""Taking buttons out: of apps that left the config, and of all apps by `runbutton remove`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.build import make
from generator.errors import DeployError
from generator.stub.rest import Fault, RestApp
from generator.units.config import App
from tests.conftest import KREWDATA_UNIT, config_of
from tests.deploying import BOTH, DESKTOP, FOREIGN, ID, URL, V1, V2, Bench, built, file, orders, package, with_plugin
from tests.loopback import Loopback


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


STOCK = orders("desktop", app=46, name="stock")
FILES = V1 | {"stock/runbutton.js": built("stock", 46, "stock")}


# --- apps removed from the config


LEFT = "stock (app 46): no longer in units.yaml; its buttons stay. To remove them: runbutton remove --app 46"


@pytest.mark.parametrize("only", [None, "orders", "45"])
def test_an_app_that_left_the_config_is_named_and_keeps_its_script(bench: Bench, only: str | None) -> None:
    bench.set({("desktop", "js"): (URL, FOREIGN)}, app=46)
    bench.deploy([DESKTOP, STOCK], FILES)
    bench.sent()
    assert bench.deploy([DESKTOP], V1, only=only).lines == [LEFT, "orders (app 45): nothing to change"]
    assert bench.sent() == []
    bench.remove([DESKTOP], only="46")
    assert bench.live(46) == {("desktop", "js"): (URL, FOREIGN)}
    assert bench.deploy([DESKTOP], V1).lines == ["orders (app 45): nothing to change"]
    bench.roll_back()
    assert bench.live(46) == {("desktop", "js"): (URL, FOREIGN, file("stock", 46, "stock"))}


def test_another_config_of_the_same_folder_keeps_its_apps(bench: Bench) -> None:
    bench.deploy([STOCK], FILES)
    bench.config = "other.yaml"
    assert bench.deploy([DESKTOP], V1).lines[0].startswith("orders (app 45): runbutton.js will be added for desktop")
    assert bench.live(46) == {("desktop", "js"): (file("stock", 46, "stock"),)}


def test_a_rollback_of_a_renamed_config_names_the_deploys_that_there_are(bench: Bench) -> None:
    bench.deploy([STOCK], FILES)
    bench.config = "prod.yaml"
    with pytest.raises(DeployError, match=r"no deploy of prod\.yaml to .*; other deploys: units\.yaml to http"):
        bench.roll_back()


def test_an_app_that_left_and_was_deleted_stops_nothing_and_can_be_forgotten(bench: Bench) -> None:
    """Otherwise every deploy would warn of it, and `remove` would fail for ever."""
    bench.deploy([DESKTOP, STOCK], FILES)
    del bench.rest.apps[46]
    assert bench.deploy([DESKTOP], V2).lines[0] == LEFT
    plan = bench.remove([DESKTOP], only="stock")
    assert plan.lines == ["warning: stock (app 46): does not exist in this kintone environment"]
    assert bench.deploy([DESKTOP], V2).lines == ["orders (app 45): nothing to change"]


@pytest.mark.parametrize(("method", "path"), [("PUT", "customize.json"), ("POST", "deploy.json")])
def test_a_removal_that_was_interrupted_is_finished_by_the_next_one(bench: Bench, method: str, path: str) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    body = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
    bench.rest.faults.append(Fault("answer", method, path, status=403, body=body))
    with pytest.raises(DeployError):
        bench.remove([DESKTOP], only="stock")
    assert bench.live(46) == {("desktop", "js"): (file("stock", 46, "stock"),)}
    assert bench.deploy([DESKTOP], V1).lines[0] == LEFT
    plan = bench.remove([DESKTOP], only="stock")
    assert plan.questions == []
    assert bench.live(46) == {}
    assert bench.deploy([DESKTOP], V1).lines == ["orders (app 45): nothing to change"]


def test_a_plugin_in_an_app_that_left_is_named_until_it_is_gone(bench: Bench) -> None:
    bench.deploy([with_plugin(), with_plugin(46, "stock")], package(1))
    assert bench.deploy([with_plugin()], package(2)).lines[0] == LEFT
    stays = bench.remove([with_plugin()], only="46").lines[-1]
    assert "and its credentials stay" in stays
    assert stays.endswith(f"{bench.loopback.address}/k/admin/app/46/plugin/")
    assert bench.plan([with_plugin()], package(3)).lines[0] == LEFT
    bench.rest.apps[46] = RestApp()
    assert bench.remove([with_plugin()], only="46").empty
    assert LEFT not in bench.plan([with_plugin()], package(3)).lines


def two_units(*ids: str) -> list[App]:
    units: list[dict[str, Any]] = [dict(KREWDATA_UNIT) | {"id": each} for each in ids]
    return [config_of(*units).apps[0]]


def test_a_unit_that_left_the_config_is_named(bench: Bench) -> None:
    units = [dict(KREWDATA_UNIT) | {"id": each} for each in ("recalculate", "nightly")]
    bench.deploy(two_units("recalculate", "nightly"), make(config_of(*units)))
    plan = bench.deploy(two_units("recalculate"), make(config_of(dict(KREWDATA_UNIT))))
    assert plan.lines[-1] == "orders (app 45): no longer in units.yaml: nightly; these buttons disappear"


def test_a_unit_that_left_the_plugin_is_named(bench: Bench) -> None:
    nightly = {key: value for key, value in KREWDATA_UNIT.items() if key != "serial_number"} | {"id": "nightly"}
    app = with_plugin()
    both = app.model_copy(update={"units": (*app.units, type(app.units[0]).model_validate(nightly))})
    bench.deploy([both], package(1))
    plan = bench.deploy([app], package(2))
    assert plan.lines[1] == 'plug-in "Run": orders (app 45): no longer in units.yaml: nightly; these buttons disappear'


# --- remove


def test_everything_of_ours_is_removed_and_comes_back_by_a_rollback(bench: Bench) -> None:
    bench.set({("desktop", "js"): (URL, FOREIGN)})
    bench.deploy([BOTH, STOCK], FILES)
    plan = bench.remove([BOTH, STOCK])
    assert [line for line in plan.lines if "warning" in line] == []
    assert bench.live() == {("desktop", "js"): (URL, FOREIGN)}
    assert bench.live(46) == {}
    assert bench.said[-2:] == [
        "orders (app 45): live without runbutton.js",
        "stock (app 46): live without runbutton.js",
    ]
    assert bench.remove([BOTH, STOCK]).empty
    bench.roll_back()
    assert bench.live() == {("desktop", "js"): (URL, FOREIGN, file("one")), ("mobile", "js"): (file("one"),)}
    assert bench.live(46) == {("desktop", "js"): (file("stock", 46, "stock"),)}


def test_remove_touches_the_apps_that_the_config_names_and_names_the_others(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    assert bench.remove([DESKTOP]).lines[0] == LEFT
    assert bench.live() == {}
    assert bench.live(46) == {("desktop", "js"): (file("stock", 46, "stock"),)}


@pytest.mark.parametrize("only", ["stock", "46"])
def test_one_app_is_cleared_alone_also_when_it_left_the_config(bench: Bench, tmp_path: Path, only: str) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    # An app that is named by its ID needs no deploy record: the script itself says which config it is from.
    elsewhere = bench if only == "stock" else Bench(bench.loopback, tmp_path / "elsewhere")
    assert elsewhere.remove([DESKTOP], only=only).questions == []
    assert bench.live(46) == {}
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    for unknown in ("parts", "9" * 5000):
        with pytest.raises(DeployError, match=f"--app {unknown}: unknown app; give an app ID"):
            bench.remove([DESKTOP], only=unknown)


def test_a_script_of_another_config_is_removed_with_a_question(bench: Bench) -> None:
    bench.set({("desktop", "js"): (file("from elsewhere", config="other.yaml"),)})
    plan = bench.remove([DESKTOP])
    assert plan.questions == [
        "runbutton.js in orders (app 45) was deployed from other.yaml. It will be replaced or removed."
    ]
    assert plan.lines[-1] == (
        "orders (app 45): warning: the runbutton.js there was deployed from other.yaml, orders (app 45), not from "
        "units.yaml, orders (app 45)"
    )
    assert bench.live() == {}


def test_what_stays_of_a_plugin_is_told(bench: Bench) -> None:
    bench.deploy([with_plugin()], package(1))
    plan = bench.remove([with_plugin()])
    assert plan.empty
    address = bench.loopback.address
    assert plan.lines == [
        "the plug-in stays installed; uninstalling it deletes the credentials of every app with it: "
        f"{address}/k/admin/system/plugin/",
        "orders (app 45): nothing to change",
        f"orders (app 45): warning: plug-in {ID} and its credentials stay, because kintone has no REST API that "
        "deletes them; an app administrator can delete the credentials in the plug-in settings, and then the plug-in: "
        f"{address}/k/admin/app/45/plugin/",
    ]


def test_a_plugin_is_found_by_its_name_where_neither_its_key_nor_a_deploy_record_is_here(
    bench: Bench, tmp_path: Path
) -> None:
    """Otherwise it would say "nothing to change", with the plug-in's buttons in the app."""
    bench.deploy([with_plugin()], package(1))
    elsewhere = Bench(bench.loopback, tmp_path / "elsewhere")
    plan = elsewhere.remove([with_plugin()], plugin_names={"Run"})
    assert f"plug-in {ID} and its credentials stay" in plan.lines[-1]


def test_oauth_which_may_not_read_plugins_removes_scripts(bench: Bench) -> None:
    """The plug-in of the config, or of another app, used to end it with "No privilege to proceed."."""
    bench.deploy([with_plugin(), STOCK], package(1) | FILES)
    bench.rest.oauth_tokens.add("not-a-token")
    bench.settings = {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "not-a-token"}
    plan = bench.remove([with_plugin(), STOCK])
    unread = "warning: OAuth cannot read plug-ins, so those in the app were not looked for"
    assert [line for line in plan.lines if unread in line] == [
        f"orders (app 45): {unread}",
        f"stock (app 46): {unread}",
    ]
    assert bench.live(46) == {}
    # The plug-in may still be in its app.
    bench.settings = {}
    assert bench.deploy([STOCK], FILES).lines[0].startswith("orders (app 45): no longer in units.yaml")


def test_a_deleted_app_stops_neither_a_removal_nor_a_rollback_of_the_others(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    del bench.rest.apps[46]
    plan = bench.roll_back()
    assert plan.lines[1] == "warning: stock (app 46): does not exist in this kintone environment"
    assert bench.live() == {}
    bench.deploy([DESKTOP], V1)
    assert bench.remove([DESKTOP, STOCK]).missing == {46: "stock"}
    assert bench.live() == {}


def test_a_removal_that_is_rolled_back_is_named_again_though_a_second_one_found_nothing(bench: Bench) -> None:
    bench.deploy([DESKTOP, STOCK], FILES)
    for _ in range(2):
        bench.remove([DESKTOP], only="46")
    assert LEFT not in bench.plan([DESKTOP], V1).lines
    bench.roll_back()
    assert LEFT in bench.plan([DESKTOP], V1).lines
