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
    assert page.page.get_by_role("button", name="レコードを再表示").count() == 1


def test_one_button_of_a_page_gets_the_new_values(serve_config: Serve) -> None:
    page = serve_config(config_of(KREWDATA_UNIT, {**LOAD, "space": "run-area"})).open()
    for unit_id in ("load", "recalculate"):
        page.start(unit_id)
        page.advance(20)
        assert page.state(unit_id) == "succeeded"
        renew = page.page.get_by_role("button", name="レコードを再表示")
        expect(renew).to_have_count(1)
        expect(page.line(unit_id).get_by_role("button", name="レコードを再表示")).to_be_visible()


# --- nothing blank


BLANKS = """() => {
  const shown = (element) => element.checkVisibility() && !element.closest(".rb-sr");
  const spans = (root) => [...root.querySelectorAll("*")].flatMap((element) => {
    if (!shown(element) || (root.matches(".rb-line") && element.closest(".rb-details"))) return [];
    const texts = [...element.childNodes].filter(({ nodeType, data }) => nodeType === Node.TEXT_NODE && data.trim());
    const boxes = texts.flatMap((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      return [...range.getClientRects()];
    });
    const isWhole = element.matches("svg, button, a, pre, i, .rb-steps li");
    return isWhole ? [...boxes, element.getBoundingClientRect()] : boxes;
  });
  const blank = (parts, from, to) => {
    let [end, most] = [from, 0];
    for (const [start, stop] of parts.sort((a, b) => a[0] - b[0])) {
      most = Math.max(most, start - end);
      end = Math.max(end, stop);
    }
    return Math.max(most, to - end);
  };
  return [...document.querySelectorAll(".rb-line, .rb-details")].filter(shown).map((root) => {
    const { top, bottom, left, right } = root.getBoundingClientRect();
    // Details scroll inside.
    const end = root.matches(".rb-details") ? top + root.scrollHeight : bottom;
    const down = spans(root).map((box) => [box.top, box.bottom]);
    const across = spans(root).map((box) => [box.left, box.right]);
    const inOneRow = root.matches(".rb-line:not(.rb-told)");
    return {
      name: root.className,
      down: blank(down, top, end),
      across: inOneRow ? blank(across, left, right) : 0,
    };
  }).filter(({ down, across }) => down > 16 || across > 16);
}"""

# A device and the width of its window; 640 pixels are what a window of 1280 has at 200 %.
DESKTOP, ZOOMED, PHONE, SMALL_PHONE = ("desktop", 1280), ("desktop", 640), ("mobile", 390), ("mobile", 320)


@pytest.mark.parametrize(
    "look",
    [DESKTOP, pytest.param(ZOOMED, marks=pytest.mark.exhaustive), PHONE, SMALL_PHONE],
    ids=lambda look: f"{look[0]}-{look[1]}",
)
@pytest.mark.parametrize("name", ["running-with-usual", "succeeded", "failed", "unknown", "canceled", "three-at-once"])
def test_no_area_of_a_line_or_of_its_details_is_blank(
    serve_config: Serve, window: Callable[[int, int], None], look: tuple[str, int], name: str
) -> None:
    device, width = look
    window(width, 900)
    page = in_state(serve_config, STATES_BY_NAME[name], PATHS[device])
    page.page.emulate_media(reduced_motion="reduce")
    page.open_details()
    found = page.page.evaluate(BLANKS)
    # The one exception: without room for a bar, the label's column takes what is left.
    narrow = width == 320 and name == "three-at-once"
    assert [each for each in found if not narrow or each["down"] > 16 or each["across"] > 80] == []


# --- fingers


SMALL = """() => [...document.querySelectorAll(".rb-place :is(button, a)")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height > 1)
  .filter((element) => Math.min(...["width", "height"].map((way) => element.getBoundingClientRect()[way])) < 44)
  .map((element) => element.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(
    "name",
    [
        "failed",
        "unknown",
        "four-buttons",
        "succeeded",
        *(pytest.param(name, marks=pytest.mark.exhaustive) for name in ("running", "canceled", "three-at-once")),
    ],
)
def test_what_is_touched_on_mobile_is_44_pixels_high_and_wide(
    serve_config: Serve, window: Callable[[int, int], None], name: str
) -> None:
    window(360, 640)
    page = in_state(serve_config, STATES_BY_NAME[name], PATHS["mobile"])
    assert page.page.evaluate(SMALL) == []
    if name == "four-buttons":
        assert box(page.page.locator(".rb-place"))["height"] < 640 / 3
