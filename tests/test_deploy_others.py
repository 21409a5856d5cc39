"""What other people and other configs put into kintone: never touched where a command does not name it, and never
replaced without a question."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.errors import DeployError
from tests.deploying import (
    BOTH,
    DEPLOY,
    DESKTOP,
    PLUGIN_APPS,
    V1,
    V2,
    Bench,
    built,
    file,
    orders,
    package,
    with_plugin,
)
from tests.loopback import Loopback


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Loopback(45, 46, 47) as loopback:
        yield Bench(loopback, tmp_path)


# --- two environments from one config


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
    assert plan.questions == ["app-45 (app 45): the buttons will disappear, because the plug-in no longer has them."]
    assert (
        'plug-in "Run": warning: app-45 (app 45): uses the plug-in, which no longer has buttons for it; its buttons '
        "disappear" in plan.lines
    )


def test_an_app_that_lost_its_units_before_or_never_had_the_plugin_is_no_reason_to_ask(bench: Bench) -> None:
    bench.deploy(PLUGIN_APPS, package(1))
    bench.deploy([with_plugin()], package(2))
    assert bench.plan([with_plugin()], package(3)).questions == []


# --- two configs on one app


def test_a_script_of_another_config_is_replaced_with_a_question(bench: Bench) -> None:
    bench.config = "a.yaml"
    bench.deploy([DESKTOP], {"orders/runbutton.js": built("a", config="a.yaml")})
    bench.config = "b.yaml"
    plan = bench.plan([DESKTOP], {"orders/runbutton.js": built("b", config="b.yaml")})
    assert plan.questions == [
        "runbutton.js in orders (app 45) was deployed from a.yaml. It will be replaced or removed."
    ]
    assert plan.lines[1:] == [
        "orders (app 45): warning: the runbutton.js there was deployed from a.yaml, orders (app 45), not from b.yaml, "
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
    """Otherwise the script would stay live, with the secret in it."""
    bench.deploy([BOTH], V1)
    Bench(bench.loopback, tmp_path / "elsewhere").deploy([with_plugin()], package(1))
    assert bench.live() == {}


def test_what_an_interrupted_run_left_is_not_called_another_persons_in_a_fresh_checkout(
    bench: Bench, tmp_path: Path
) -> None:
    """As when a CI job is cancelled."""
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


def test_what_an_interrupted_run_left_is_continued_by_oauth_which_may_not_read_plugins(bench: Bench) -> None:
    bench.rest.oauth_tokens.add("not-a-token")
    bench.settings = {"KINTONE_USERNAME": "", "KINTONE_PASSWORD": "", "KINTONE_OAUTH_TOKEN": "not-a-token"}
    bench.rest.deploy_end = "FAIL"
    with pytest.raises(DeployError):
        bench.deploy([DESKTOP], V1)
    bench.rest.deploy_end = "SUCCESS"
    assert bench.deploy([DESKTOP], V1).questions == []
    assert bench.live() == {("desktop", "js"): (file("one"),)}


# --- apps that are gone


def test_a_deleted_app_is_named_and_the_others_are_deployed(bench: Bench) -> None:
    stock = orders("desktop", app=46, name="stock")
    bench.deploy([DESKTOP, stock], V1 | {"stock/runbutton.js": built("stock", 46, "stock")})
    del bench.rest.apps[46]
    plan = bench.deploy([DESKTOP, stock], V2 | {"stock/runbutton.js": built("new stock", 46, "stock")})
    assert plan.missing == {46: "stock"}
    assert plan.questions == ["An app of the config does not exist in this kintone environment."]
    assert plan.lines[0] == "warning: stock (app 46): does not exist in this kintone environment"
    assert bench.live() == {("desktop", "js"): (file("two"),)}


# --- a sandbox (coming)


def test_a_sandbox_without_the_services_host_is_warned_of_and_its_policy_stays(bench: Bench) -> None:
    bench.rest.switches.sandbox = True
    policy: dict[str, Any] = {
        "permissions": ({"permission": "kintone:app_record:read"},),
        "allowed_hosts": ("https://api.example.com",),
    }
    app = bench.rest.apps[45]
    app.preview = app.live = replace(app.preview, **policy)
    plan = bench.deploy([DESKTOP], V1)
    assert plan.lines[1] == (
        "orders (app 45): warning: the buttons may not work: the JavaScript and CSS customization of this app allows "
        "connections only to its allowed_hosts; add https://api.krewdata.grapecity.com there"
    )
    live = bench.rest.current_app(45).live
    assert live is not None
    assert (live.permissions, live.allowed_hosts) == tuple(policy.values())
    bench.roll_back()
    assert bench.rest.apps[45].preview.allowed_hosts == policy["allowed_hosts"]
    # Without the option in the kintone environment there is no message about it.
    bench.rest.switches.sandbox = False
    assert [line for line in bench.plan([DESKTOP], V1).lines if "warning" in line] == []
