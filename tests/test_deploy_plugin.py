from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from generator.deploy.apply import settings_pages
from generator.deploy.rollback import described
from generator.errors import DeployError, KintoneError
from generator.stub.rest import Fault
from tests.deploying import DEPLOY, DESKTOP, ID, PLUGIN_APPS, POST_FILE, PUT, V1, Bench, file, package, with_plugin
from tests.loopback import Loopback


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


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
        assert settings_pages(kintone, plan) == []


def test_a_newer_plugin_is_an_update_and_the_old_one_can_be_put_back(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1, "one"))
    bench.sent()
    plan = bench.deploy(PLUGIN_APPS, package(2, "two"))
    assert plan.lines[0] == 'plug-in "Run": version 1 will be updated to 2'
    assert bench.sent() == [POST_FILE, "PUT plugin.json"]
    plan = bench.roll_back()
    assert plan.lines[1] == f"plug-in {ID}: version 2 will be rolled back to 1"
    assert bench.rest.plugins[ID].files["a.js"] == b"one"
    plan = bench.roll_back()
    assert "was not installed before; it stays" in plan.lines[2]
    assert "the plug-in stays, because kintone has no REST API that deletes it from an app" in plan.lines[-1]
    assert ID in bench.rest.plugins


def test_the_same_version_with_other_content_is_refused(bench: Bench) -> None:
    """Otherwise the two could not be distinguished afterwards."""
    bench.deploy(PLUGIN_APPS, package(1, "one"))
    bench.sent()
    with pytest.raises(DeployError) as caught:
        bench.deploy(PLUGIN_APPS, package(1, "two"))
    assert str(caught.value) == (
        'plug-in "Run": version 1 is already installed with other content; nothing was changed. Raise plugin.version '
        "to 2, build, and deploy again"
    )
    assert bench.sent() == []
    assert bench.rest.plugins[ID].files["a.js"] == b"one"


def test_a_version_of_unknown_content_is_refused_where_no_deploy_record_is(bench: Bench, tmp_path: Path) -> None:
    """Otherwise a fresh checkout would install nothing, with exit code 0."""
    bench.deploy(PLUGIN_APPS, package("1.9", "one"))
    elsewhere = Bench(bench.loopback, tmp_path / "elsewhere")
    with pytest.raises(DeployError, match=r"already installed, with unknown content.* Raise plugin\.version to 1\.10,"):
        elsewhere.deploy(PLUGIN_APPS, package("1.9", "one"))
    elsewhere.deploy(PLUGIN_APPS, package(2, "two"))
    assert bench.rest.plugins[ID].files["a.js"] == b"two"


def test_a_content_that_is_not_kept_is_not_called_rolled_back(bench: Bench, tmp_path: Path) -> None:
    bench.deploy(PLUGIN_APPS, package(1, "one"))
    elsewhere = Bench(bench.loopback, tmp_path / "elsewhere")
    elsewhere.deploy(PLUGIN_APPS, package(2, "two"))
    plan = elsewhere.roll_back()
    assert plan.lines[1] == (
        f"plug-in {ID}: warning: cannot be rolled back: no deploy record here has version 1; version 2 stays"
    )
    assert bench.rest.plugins[ID].version == "2"
    with elsewhere._signed_in() as (_, past):
        assert [str(described(journal)).partition("(")[2] for journal in past.deploys] == ["could not be rolled back)"]
    # The installed package is still known.
    assert elsewhere.plan(PLUGIN_APPS, package(2, "two")).empty


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


def test_a_script_of_another_config_besides_the_plugin_is_warned_of_and_left(bench: Bench) -> None:
    theirs = file("one", config="other.yaml")
    bench.set({("desktop", "js"): (theirs,)})
    plan = bench.deploy([with_plugin()], package(1))
    assert "has a runbutton.js from other.yaml, orders (app 45) in addition to the plug-in" in plan.lines[-1]
    assert bench.live() == {("desktop", "js"): (theirs,)}


def test_a_plugin_takes_the_place_of_the_script_and_of_the_secret_in_it(bench: Bench) -> None:
    bench.deploy([DESKTOP], V1)
    plan = bench.deploy([with_plugin()], package(1))
    assert "orders (app 45): runbutton.js will be removed for desktop (other files: 0)" in plan.lines
    assert bench.live() == {}
    assert len(bench.rest.live_plugins(45)) == 1
    bench.roll_back()
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_the_plugin_half_of_an_app_with_both_leaves_the_script_alone(bench: Bench) -> None:
    apps = [DESKTOP, with_plugin(name="orders-plugin")]
    bench.deploy(apps, V1 | package(1))
    plan = bench.deploy(apps, V1 | package(2), only="orders-plugin")
    assert not [line for line in plan.lines if "runbutton.js" in line]
    assert bench.live() == {("desktop", "js"): (file("one"),)}


def test_an_older_plugin_over_a_newer_is_called_that_and_asked(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(10))
    plan = bench.plan(PLUGIN_APPS, package(9))
    assert plan.lines[0] == (
        'plug-in "Run": warning: the installed version 10 is newer; the older version 9 will replace it'
    )
    assert plan.questions == ["Version 10 is installed. Every app that uses the plug-in gets the older version 9."]


def test_a_rollback_leaves_a_newer_plugin_of_a_colleague(bench: Bench, tmp_path: Path) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    bench.deploy(PLUGIN_APPS, package(2))
    Bench(bench.loopback, tmp_path / "colleague").deploy(PLUGIN_APPS, package(3))
    with pytest.raises(DeployError, match="version 3 is installed, but this deploy installed 2; it was not changed"):
        bench.roll_back()
    assert bench.rest.plugins[ID].version == "3"


def test_a_plugin_that_never_arrived_is_nothing_to_put_back(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    body = '{"code": "CB_NO02", "id": "x", "message": "No privilege to proceed."}'
    bench.rest.faults.append(Fault("answer", "PUT", "plugin.json", status=403, body=body))
    with pytest.raises(DeployError):
        bench.deploy(PLUGIN_APPS, package(2))
    bench.sent()
    plan = bench.roll_back()
    assert plan.lines[1] == f"plug-in {ID}: version 1 is installed, as before"
    assert bench.sent() == []


def test_a_release_after_its_rollback_is_the_one_that_is_there(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    bench.deploy(PLUGIN_APPS, package(2))
    bench.roll_back()
    assert bench.plan(PLUGIN_APPS, package(1)).empty


def test_administrators_are_asked_to_look_at_their_settings_after_an_update(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    plan = bench.deploy(PLUGIN_APPS, package(2))
    with bench.loopback.kintone() as kintone:
        assert [(str(page.title), page.new) for page in settings_pages(kintone, plan)] == [
            ("orders (app 45)", False),
            ("stock (app 46)", False),
        ]


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


def test_oauth_is_told_not_to_install_plugins(bench: Bench) -> None:
    bench.rest.oauth_tokens.add("not-a-token")
    oauth = {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "not-a-token"}
    bench.settings = oauth
    with pytest.raises(DeployError, match="kintone does not allow installing plug-ins with OAuth"):
        bench.plan(PLUGIN_APPS, package(1))
    assert not bench.plan([DESKTOP], V1).empty


def test_a_wrong_password_ends_a_deploy_at_the_first_request(bench: Bench) -> None:
    bench.settings = {"KINTONE_PASSWORD": "wrong-password"}
    with pytest.raises(KintoneError, match="CB_WA01"):
        bench.plan([DESKTOP], V1)
    assert bench.rest.wrong_passwords == 1
