"""What other people and other configs put into kintone: never touched where a command does not name it, and never
replaced without a question."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.deploy.apply import settings_pages
from generator.errors import DeployError
from generator.plugin import pack
from generator.signing import new_key
from generator.stub.rest import Plugin, read_plugin
from generator.units.config import App
from tests.deploying import BOTH, DEPLOY, DESKTOP, V1, V2, Bench, built, file, orders, with_plugin
from tests.loopback import Loopback
from tests.test_deploy_plugin import ID, PLUGIN_APPS, package


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


def plugin_of(version: int, text: str = "") -> Plugin:
    return read_plugin(package(version, text)["plugin/plugin.zip"])


# --- two environments from one config (review A1)


STAGING = [orders("desktop", app=46)]
STAGING_FILES = {"orders/runbutton.js": built("staging", 46)}


def test_two_environments_of_one_config_keep_their_scripts(bench: Bench) -> None:
    bench.env_file = "production.env"
    bench.deploy([DESKTOP], V1)
    bench.env_file = "staging.env"
    plan = bench.deploy(STAGING, STAGING_FILES)
    assert [line for line in plan.lines if "45" in line] == plan.questions == []
    bench.env_file = "production.env"
    assert bench.deploy([DESKTOP], V1).lines == ["orders (app 45): nothing to change"]
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    assert bench.live(46) == {("desktop", "js"): (file("staging", 46),)}
    bench.roll_back()
    assert bench.live() == {}
    assert bench.live(46) == {("desktop", "js"): (file("staging", 46),)}


def test_two_environments_by_variables_alone_keep_their_scripts_too(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    bench.deploy(STAGING, STAGING_FILES)
    assert bench.live() == {("desktop", "js"): (file("one"),)}
    assert bench.live(46) == {("desktop", "js"): (file("staging", 46),)}


@pytest.mark.parametrize("known", [True, False])
def test_apps_that_would_lose_the_plugins_units_are_named_in_a_question(
    bench: Bench, tmp_path: Path, known: bool
) -> None:
    bench.deploy([with_plugin()], package(1))
    elsewhere = bench if known else Bench(bench.loopback, tmp_path / "elsewhere")
    plan = elsewhere.plan([with_plugin(46)], package(2))
    assert plan.questions == ["The buttons of app-45 (app 45) go, because the plug-in has no units for them any more."]
    assert (
        f"plug-in {ID}: warning: app-45 (app 45): uses the plug-in and has no units in this version: its buttons go"
        in plan.lines
    )


def test_an_app_that_lost_its_units_before_or_never_had_the_plugin_is_no_reason_to_ask(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    bench.deploy([with_plugin()], package(2))
    assert bench.plan([with_plugin()], package(3)).questions == []


# --- two configs on one app (review A2)


def test_a_script_of_another_config_is_replaced_with_a_question(bench: Bench) -> None:
    bench.config = "a.yaml"
    bench.deploy([DESKTOP], {"orders/runbutton.js": built("a", config="a.yaml")})
    bench.config = "b.yaml"
    plan = bench.plan([DESKTOP], {"orders/runbutton.js": built("b", config="b.yaml")})
    assert plan.questions == ["A script that a.yaml put there is replaced or removed."]
    assert plan.lines[1:] == [
        "orders (app 45): warning: the runbutton.js there was built from a.yaml, orders (app 45), and not from b.yaml, "
        "orders (app 45)"
    ]


def test_a_config_that_no_longer_names_an_app_leaves_the_script_of_another(bench: Bench) -> None:
    bench.config = "a.yaml"
    both = {"orders/runbutton.js": built("a", config="a.yaml"), "stock/runbutton.js": built("a", 46, "stock", "a.yaml")}
    stock = orders("desktop", app=46, name="stock")
    bench.deploy([DESKTOP, stock], both)
    bench.config = "b.yaml"
    bench.deploy([DESKTOP], {"orders/runbutton.js": built("b", config="b.yaml")})
    bench.config = "a.yaml"
    bench.deploy([stock], both)
    assert bench.live() == {("desktop", "js"): (file("b", config="b.yaml"),)}


def test_a_plugin_of_one_config_leaves_the_script_of_another(bench: Bench) -> None:
    bench.config = "b.yaml"
    bench.deploy([DESKTOP], {"orders/runbutton.js": built("b", config="b.yaml")})
    bench.config = "a.yaml"
    for version in (1, 2):
        bench.deploy([with_plugin()], package(version))
    assert bench.live() == {("desktop", "js"): (file("b", config="b.yaml"),)}


def test_a_script_in_the_plugins_place_goes_in_a_fresh_checkout_too(bench: Bench, tmp_path: Path) -> None:
    """Review B2: the script stayed live, with the secret in it."""
    bench.deploy([BOTH], V1)
    Bench(bench.loopback, tmp_path / "elsewhere").deploy([with_plugin()], package(1))
    assert bench.live() == {}


def test_what_an_interrupted_run_left_is_not_called_another_persons_in_a_fresh_checkout(
    bench: Bench, tmp_path: Path
) -> None:
    """Review B2, a cancelled CI job."""
    bench.rest.deploy_end = "FAIL"
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V1)
    bench.rest.deploy_end = "SUCCESS"
    bench.sent()
    elsewhere = Bench(bench.loopback, tmp_path / "elsewhere")
    plan = elsewhere.deploy([DESKTOP], V1)
    assert (plan.questions, bench.sent()) == ([], [DEPLOY])
    elsewhere.roll_back()
    assert bench.live() == bench.preview() == {}


# --- the plug-in, which all apps share


def test_a_plugin_that_somebody_installed_while_the_question_was_open_is_not_overwritten(bench: Bench) -> None:
    """Review A4."""
    bench.deploy(PLUGIN_APPS, package(1))
    plan = bench.plan(PLUGIN_APPS, package(2))
    bench.rest.plugins[ID] = plugin_of(3, "theirs")
    with pytest.raises(DeployError, match="another person installed version 3 meanwhile; it was not overwritten"):
        bench.carry_out(plan)
    assert bench.rest.plugins[ID].files["a.js"] == b"theirs"


def test_a_plugin_that_somebody_installs_during_the_upload_is_not_overwritten(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    for act, version in ((lambda: bench.deploy(PLUGIN_APPS, package(2)), 3), (bench.roll_back, 4)):
        theirs = plugin_of(version, "theirs")
        bench.loopback.before("POST", "file.json", lambda theirs=theirs: bench.rest.plugins.update({ID: theirs}))
        with pytest.raises(DeployError, match=f"another person installed version {version} meanwhile"):
            act()
        assert bench.rest.plugins[ID] == theirs
        bench.rest.plugins[ID] = plugin_of(1)
        bench.deploy(PLUGIN_APPS, package(2))


def test_an_update_that_kintone_accepts_and_does_not_do_is_no_success(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Review B13."""
    bench.deploy(PLUGIN_APPS, package(1))
    monkeypatch.setattr("generator.kintone.client.Kintone.update_plugin", lambda *_: None)
    with pytest.raises(DeployError, match=f"plug-in {ID}: kintone accepted version 2, and 1 is installed"):
        bench.deploy(PLUGIN_APPS, package(2))
    # It is known not to have arrived.
    assert "will be updated from version 1 to 2" in bench.plan(PLUGIN_APPS, package(2)).lines[0]


def test_an_update_and_its_rollback_end_with_the_version_that_is_installed(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    bench.deploy(PLUGIN_APPS, package(2))
    assert bench.said[-1] == f"plug-in {ID}: version 2 is installed"
    bench.roll_back()
    assert bench.said[-1] == f"plug-in {ID}: version 1 is installed"


def relabeled(app: App, label: str) -> App:
    unit = app.units[0].model_dump(exclude={"label"}) | {"label": label}
    return app.model_copy(update={"units": (type(app.units[0]).model_validate(unit),)})


@pytest.mark.parametrize("only", ["orders", "45"])
def test_one_app_names_the_others_whose_buttons_change_with_the_plugin(bench: Bench, only: str) -> None:
    """Review B1."""
    bench.deploy(PLUGIN_APPS, package(1))
    orders_app, stock = PLUGIN_APPS
    assert bench.plan([relabeled(orders_app, "Again"), stock], package(2), only=only).questions == []
    changed = [orders_app, relabeled(stock, "Again")]
    plan = bench.deploy(changed, package(2), only=only)
    assert plan.questions == ["The buttons of stock (app 46) change too."]
    assert plan.lines[1] == f"plug-in {ID}: warning: stock (app 46): shares the plug-in: its buttons change too"
    with bench.loopback.kintone() as kintone:
        assert [page.title for page in settings_pages(kintone, plan)] == ["orders (app 45)", "stock (app 46)"]


def test_a_second_plugin_of_the_same_name_is_a_question(bench: Bench) -> None:
    """Review B12: another key by mistake, and every button was there twice."""
    other = new_key()
    theirs = read_plugin(package(1)["plugin/plugin.zip"])
    bench.deploy([with_plugin()], package(1))
    repacked = {"plugin/plugin.zip": pack(theirs.files, other)}
    plan = bench.plan([with_plugin()], repacked)
    assert plan.questions == ["orders (app 45) has another plug-in of the same name already."]
    bench.deploy([with_plugin()], repacked)
    assert {plugin.id for plugin in bench.rest.live_plugins(45)} == {ID, other.id}
    # It was agreed to.
    assert bench.plan([with_plugin()], repacked).questions == []


def test_a_rollback_of_one_app_does_not_go_behind_the_plugins_last_deploy(bench: Bench) -> None:
    bench.deploy([BOTH], V1)
    bench.deploy([with_plugin()], package(1))
    bench.deploy([with_plugin()], package(2))
    with pytest.raises(DeployError, match="--app orders: the last deploy there was the plug-in's, version 2"):
        bench.roll_back("orders")
    bench.roll_back()
    assert bench.rest.plugins[ID].version == "1"
    bench.roll_back("orders")
    assert bench.live()["desktop", "js"] == (file("one"),)


# --- apps that are gone


def test_a_deleted_app_is_named_and_the_others_are_deployed(bench: Bench) -> None:
    """Review B10."""
    stock = orders("desktop", app=46, name="stock")
    bench.deploy([DESKTOP, stock], V1 | {"stock/runbutton.js": built("stock", 46, "stock")})
    del bench.rest.apps[46]
    plan = bench.deploy([DESKTOP, stock], V2 | {"stock/runbutton.js": built("new stock", 46, "stock")})
    assert plan.missing == {46: "stock"}
    assert plan.questions == ["An app of the config does not exist in this kintone environment."]
    assert plan.lines[0] == "warning: stock (app 46): does not exist in this kintone environment"
    assert bench.live() == {("desktop", "js"): (file("two"),)}
