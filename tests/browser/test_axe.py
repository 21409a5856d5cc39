"""axe in every state, on each device and with what users choose in their system."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from generator.stub.proxy import Fault
from tests.browser.axe import violations
from tests.browser.record_page import RecordPage, Serve
from tests.browser.states import PATHS, STATES, TROCCO_UNIT, State, in_state
from tests.conftest import KREWDATA_UNIT, config_of

# A new line fades in, and has no contrast meanwhile.
COME = """() => Promise.all(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().iterations === 1).map(({ finished }) => finished))"""
LOOKS = {
    "desktop": ("desktop", 1280, {"reduced_motion": "no-preference"}),
    "mobile": ("mobile", 390, {}),
    "320 pixels": ("mobile", 320, {}),
    "200 %": ("desktop", 640, {}),
    "forced colours": ("desktop", 1280, {"forced_colors": "active"}),
    "reduced motion": ("desktop", 1280, {"reduced_motion": "reduce"}),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_state(
    serve_config: Serve, window: Callable[[int, int], None], look: str, state: State
) -> None:
    device, width, media = LOOKS[look]
    window(width, 900)
    page = in_state(serve_config, state, PATHS[device])
    page.page.emulate_media(**media)
    page.page.clock.resume()
    page.page.evaluate(COME)
    assert violations(page.page, ".rb-place") == []


# --- all at once

KREWDATA = {
    "idle": "idle",
    "before": "idle",
    "succeeded": "succeeded",
    "failed": "failed",
    "unknown": "unknown",
    "refused": "failed",
    "queued": "queued",
    "running": "running",
    "usual": "running",
    "starting": "starting",
}
TROCCO = {"canceled": "canceled", "skipped": "skipped"}


def with_all_states(serve_config: Serve, path: str) -> RecordPage:
    """A page with a button in each state."""
    address = KREWDATA_UNIT["url"].rpartition("/")[0]
    units = [{**KREWDATA_UNIT, "id": name, "url": f"{address}/{name}"} for name in KREWDATA]
    jobs = [{**TROCCO_UNIT, "id": name, "job_definition_id": number} for number, name in enumerate(TROCCO, 1)]
    page = serve_config(config_of(*units, *jobs)).open(path)
    stub, faults = page.stub, page.stub.proxy.faults
    krewdata, definitions = stub.services["krewdata"].units, stub.services["trocco"].japan.job_definitions
    krewdata["failed"].flows[0].outcome = "Failure"
    definitions[1].outcome, definitions[2].outcome = "canceled", "skipped"
    for name in ("before", "succeeded", "failed", *TROCCO):
        page.start(name)
    page.advance(30, step=10)
    page.line("before").get_by_role("button", name="閉じる").click()
    faults.append(Fault("status", "reject", times=None))
    page.start("unknown")
    page.advance(60, step=10)
    faults[:] = [Fault("token", "answer", status=400, body='{"code": 400, "description": "Illegal License."}')]
    page.start("refused")
    krewdata["queued"].queue_seconds = 600
    page.page.evaluate("localStorage.setItem('runbutton/durations/orders/45/usual', '[90000, 84000, 95000]')")
    for name in ("queued", "running", "usual"):
        krewdata[name].flows[0].seconds = 600
        page.start(name)
    page.advance(30, step=10)
    # The request stays without an answer.
    page.page.evaluate("() => { globalThis.fetch = () => new Promise(() => {}); }")
    page.ask("starting").click()
    expect(page.unit("starting")).to_have_attribute("data-state", "starting")
    page.page.clock.run_for(2000)
    page.details("failed")
    states = KREWDATA | TROCCO
    assert {name: page.state(name) for name in states} == states
    return page


@pytest.mark.parametrize("kind", PATHS)
def test_axe_finds_nothing_where_all_states_are_on_one_page(
    serve_config: Serve, window: Callable[[int, int], None], kind: str
) -> None:
    looks = {look: (width, media) for look, (its, width, media) in LOOKS.items() if its == kind}
    window(next(iter(looks.values()))[0], 900)
    page = with_all_states(serve_config, PATHS[kind])
    page.page.clock.resume()
    found = {}
    for look, (width, media) in looks.items():
        window(width, 900)
        page.page.emulate_media(**media)
        page.page.evaluate(COME)
        found[look] = violations(page.page, ".rb-place")
    assert found == {look: [] for look in looks}
