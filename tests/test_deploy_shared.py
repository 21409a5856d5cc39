"""The plug-in, which all apps share: its other users, and changes by another person meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.deploy.apply import settings_pages
from generator.errors import DeployError
from generator.plugin import pack
from generator.signing import new_key
from generator.stub.rest import read_plugin
from generator.units.config import App
from tests.deploying import BOTH, ID, PLUGIN_APPS, V1, Bench, file, package, plugin_of, with_plugin
from tests.loopback import Loopback


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


def test_a_plugin_that_somebody_installed_while_the_question_was_open_is_not_overwritten(bench: Bench) -> None:
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
    bench.deploy(PLUGIN_APPS, package(1))
    monkeypatch.setattr("generator.kintone.client.Kintone.update_plugin", lambda *_: None)
    with pytest.raises(DeployError, match='plug-in "Run": kintone accepted version 2, but version 1 is installed'):
        bench.deploy(PLUGIN_APPS, package(2))
    # This request certainly did not arrive.
    assert "version 1 will be updated to 2" in bench.plan(PLUGIN_APPS, package(2)).lines[0]


def test_an_update_and_its_rollback_end_with_the_version_that_is_installed(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    bench.deploy(PLUGIN_APPS, package(2))
    assert bench.said[-1] == 'plug-in "Run": version 2 is installed'
    bench.roll_back()
    assert bench.said[-1] == f"plug-in {ID}: version 1 is installed"


def relabeled(app: App, label: str) -> App:
    unit = app.units[0].model_dump(exclude={"label"}) | {"label": label}
    return app.model_copy(update={"units": (type(app.units[0]).model_validate(unit),)})


@pytest.mark.parametrize("only", ["orders", "45"])
def test_one_app_names_the_others_whose_buttons_change_with_the_plugin(bench: Bench, only: str) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    orders_app, stock = PLUGIN_APPS
    assert bench.plan([relabeled(orders_app, "Again"), stock], package(2), only=only).questions == []
    changed = [orders_app, relabeled(stock, "Again")]
    plan = bench.deploy(changed, package(2), only=only)
    assert plan.questions == ["The plug-in also serves stock (app 46). The buttons there change too."]
    assert plan.lines[1] == 'plug-in "Run": warning: stock (app 46): shares the plug-in; its buttons change too'
    with bench.loopback.kintone() as kintone:
        assert [str(page.title) for page in settings_pages(kintone, plan)] == ["orders (app 45)", "stock (app 46)"]


def test_a_second_plugin_of_the_same_name_is_a_question(bench: Bench) -> None:
    """As after another key by mistake: every button would be there twice."""
    other = new_key()
    theirs = read_plugin(package(1)["plugin/plugin.zip"])
    bench.deploy([with_plugin()], package(1))
    repacked = {"plugin/plugin.zip": pack(theirs.files, other)}
    plan = bench.plan([with_plugin()], repacked)
    assert plan.questions == ["orders (app 45) already has another plug-in of the same name."]
    bench.deploy([with_plugin()], repacked)
    assert {plugin.id for plugin in bench.rest.live_plugins(45)} == {ID, other.id}
    # The user has agreed to this.
    assert bench.plan([with_plugin()], repacked).questions == []


def test_a_rollback_of_one_app_does_not_go_behind_the_plugins_last_deploy(bench: Bench) -> None:
    bench.deploy([BOTH], V1)
    bench.deploy([with_plugin()], package(1))
    bench.deploy([with_plugin()], package(2))
    with pytest.raises(DeployError, match="--app orders: the last deploy of this app was version 2 of the plug-in"):
        bench.roll_back("orders")
    bench.roll_back()
    assert bench.rest.plugins[ID].version == "1"
    bench.roll_back("orders")
    assert bench.live()["desktop", "js"] == (file("one"),)


def test_a_version_that_was_not_installed_from_here_is_replaced_with_a_question(bench: Bench, tmp_path: Path) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    Bench(bench.loopback, tmp_path / "colleague").deploy(PLUGIN_APPS, package(2))
    assert bench.plan(PLUGIN_APPS, package(3)).questions == [
        "Version 2 of the plug-in was not installed from this folder."
    ]
