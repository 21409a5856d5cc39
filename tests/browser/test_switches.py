"""A run from its click to its end, with both readings of kintone's and the services' undocumented behaviour."""

from typing import Any

import pytest

from generator.stub.proxy import Fault
from tests.browser.record_page import Serve
from tests.browser.states import TROCCO_UNIT
from tests.conftest import KREWDATA_UNIT, config_of

OTHER_READINGS: list[tuple[str, str, Any]] = [
    ("kintone", "default_content_type", "json"),
    ("kintone", "proxy_timeout", 30),
    ("kintone", "proxy_size", 10_000),
    ("krewdata", "checks", "licence first"),
    ("krewdata", "status_token", "own"),
    ("krewdata", "strict_app_id", True),
]


@pytest.mark.parametrize(
    "readings",
    [
        pytest.param(OTHER_READINGS, id="all at once"),
        *(pytest.param([reading], id=reading[1], marks=pytest.mark.exhaustive) for reading in OTHER_READINGS),
    ],
)
def test_a_krewdata_unit_succeeds_either_way(serve_config: Serve, readings: list[tuple[str, str, Any]]) -> None:
    page = serve_config(config_of(KREWDATA_UNIT)).open()
    for place, switch, value in readings:
        switches = page.stub.switches if place == "kintone" else page.stub.services[place].switches
        assert getattr(switches, switch) != value
        setattr(switches, switch, value)
    page.start()
    page.advance(15, step=15)
    assert page.state() == "succeeded"


def test_a_trocco_job_succeeds_either_way_and_one_that_may_not_be_read_runs_and_is_not_followed(
    serve_config: Serve,
) -> None:
    page = serve_config(config_of(TROCCO_UNIT)).open()
    trocco = page.stub.services["trocco"].japan
    for switch in ("body_parameters", "started_at_while_running"):
        assert getattr(trocco.switches, switch) is True
        setattr(trocco.switches, switch, False)
        page.start()
        page.advance(25, step=5)
        assert (switch, page.state()) == (switch, "succeeded")
    for key in trocco.api_keys.values():
        key.may_read = False
    for jobs, unreadable in ((3, "403"), (4, "401")):
        trocco.switches.unreadable = unreadable
        page.start()
        page.advance(25, step=25)
        assert (unreadable, page.state()) == (unreadable, "unknown")
        assert len(trocco.jobs) == jobs


def test_an_answer_that_the_proxy_does_not_wait_for_is_no_refusal(serve_config: Serve) -> None:
    """The request was sent; its result is not known."""
    page = serve_config(config_of(TROCCO_UNIT)).open()
    page.stub.switches.proxy_timeout = 0.01
    page.stub.proxy.faults.append(Fault("start", "slow", seconds=1))
    page.start()
    assert page.state() != "failed"
    assert len(page.stub.services["trocco"].japan.jobs) == 1
