"""A run from its click to its end, with both readings of kintone's and the services' undocumented behaviour."""

from typing import Any

import pytest

from generator.stub.proxy import Fault
from tests.browser.record_page import Serve
from tests.browser.states import TROCCO_UNIT
from tests.conftest import KREWDATA_UNIT, config_of


@pytest.mark.parametrize(
    ("place", "switch", "value"),
    [
        ("kintone", "default_content_type", "json"),
        ("kintone", "proxy_timeout", 30),
        ("kintone", "proxy_size", 10_000),
        ("krewdata", "checks", "licence first"),
        ("krewdata", "status_token", "own"),
        ("krewdata", "strict_app_id", True),
    ],
)
def test_a_krewdata_unit_succeeds_either_way(serve_config: Serve, place: str, switch: str, value: Any) -> None:
    page = serve_config(config_of(KREWDATA_UNIT)).open()
    switches = page.stub.switches if place == "kintone" else page.stub.services[place].switches
    assert getattr(switches, switch) != value
    setattr(switches, switch, value)
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"


@pytest.mark.parametrize(("switch", "value"), [("body_parameters", False), ("started_at_while_running", False)])
def test_a_trocco_job_succeeds_either_way(serve_config: Serve, switch: str, value: Any) -> None:
    page = serve_config(config_of(TROCCO_UNIT)).open()
    setattr(page.stub.services["trocco"].japan.switches, switch, value)
    page.start()
    page.advance(25)
    assert page.state() == "succeeded"


@pytest.mark.parametrize("unreadable", ["403", "401"])
def test_a_job_that_may_not_be_read_runs_and_is_not_followed(serve_config: Serve, unreadable: Any) -> None:
    page = serve_config(config_of(TROCCO_UNIT)).open()
    trocco = page.stub.services["trocco"].japan
    trocco.switches.unreadable = unreadable
    for key in trocco.api_keys.values():
        key.may_read = False
    page.start()
    page.advance(25)
    assert page.state() == "unknown"
    assert len(trocco.jobs) == 1


def test_an_answer_that_the_proxy_does_not_wait_for_is_no_refusal(serve_config: Serve) -> None:
    """The request was sent; its result is not known."""
    page = serve_config(config_of(TROCCO_UNIT)).open()
    page.stub.switches.proxy_timeout = 0.01
    page.stub.proxy.faults.append(Fault("start", "slow", seconds=1))
    page.start()
    assert page.state() != "failed"
    assert len(page.stub.services["trocco"].japan.jobs) == 1
