"""The page's budgets, measured from the boxes of its elements."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.record_page import Serve, box
from tests.browser.states import FOURTH, LOAD, NIGHTLY, PATHS, STATES, in_state
from tests.conftest import KREWDATA_UNIT, config_of

STATES_BY_NAME = {state.name: state for state in STATES}


def test_five_runs_take_220_pixels_in_the_order_of_their_buttons(serve_config: Serve) -> None:
    fourth, fifth = {**FOURTH, "job_definition_id": 124}, {**LOAD, "id": "fifth", "job_definition_id": 125}
    units = [KREWDATA_UNIT, LOAD, NIGHTLY, fourth, fifth]
    page = serve_config(config_of(*units)).open()
    page.page.emulate_media(reduced_motion="reduce")
    record = page.page.get_by_text("仕入れ 1", exact=True)
    before = box(record)["y"]
    ids = [unit["id"] for unit in units]
    row = [box(page.button(unit_id)) for unit_id in ids]
    for unit_id in reversed(ids):
        page.start(unit_id)
        page.advance(1)
    assert box(record)["y"] - before <= 220
    tops = [box(page.line(unit_id))["y"] for unit_id in ids]
    assert tops == sorted(tops)
    assert [box(page.button(unit_id)) for unit_id in ids] == row
    page.advance(60, step=2)
    assert {page.state(unit_id) for unit_id in ids} == {"succeeded"}
    assert box(record)["y"] - before <= 220
    # All of them have changed the record; one button shows that.
    assert page.page.get_by_role("button", name="最新の情報に更新する").count() == 1


def test_one_button_of_a_page_gets_the_new_values(serve_config: Serve) -> None:
    page = serve_config(config_of(KREWDATA_UNIT, {**LOAD, "space": "run-area"})).open()
    for unit_id in ("load", "recalculate"):
        page.start(unit_id)
        page.advance(20)
        assert page.state(unit_id) == "succeeded"
        renew = page.page.get_by_role("button", name="最新の情報に更新する")
        expect(renew).to_have_count(1)
        expect(page.line(unit_id).get_by_role("button", name="最新の情報に更新する")).to_be_visible()


# --- fingers


SMALL = """() => [...document.querySelectorAll(".rb-place :is(button, a)")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height > 1)
  .filter((element) => element.getBoundingClientRect().height < 44)
  .map((element) => element.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(
    "name",
    [
        "failed",
        "unknown",
        "four-buttons",
        *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("running", "canceled", "succeeded")),
    ],
)
def test_what_is_touched_on_mobile_is_44_pixels_high(
    serve_config: Serve, window: Callable[[int, int], None], name: str
) -> None:
    window(360, 640)
    page = in_state(serve_config, STATES_BY_NAME[name], PATHS["mobile"])
    assert page.page.evaluate(SMALL) == []
    if name == "four-buttons":
        assert box(page.page.locator(".rb-place"))["height"] < 640 / 3
