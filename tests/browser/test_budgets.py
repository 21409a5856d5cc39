"""The page's budgets, measured from the boxes of its elements."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.record_page import RecordPage, Serve, box
from tests.browser.states import FOURTH, LOAD, NIGHTLY, PATHS, STATES
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
    page.advance(60, step=10)
    assert {page.state(unit_id) for unit_id in ids} == {"succeeded"}
    assert box(record)["y"] - before <= 220
    # All of them have changed the record; one button shows that.
    assert page.page.get_by_role("button", name="レコードを再表示").count() == 1


def test_one_button_of_a_page_gets_the_new_values(serve_config: Serve) -> None:
    page = serve_config(config_of(KREWDATA_UNIT, {**LOAD, "space": "run-area"})).open()
    for unit_id in ("load", "recalculate"):
        page.start(unit_id)
        page.advance(20, step=10)
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

# Controls on mobile that are less than 44 pixels high or wide.
SMALL = """() => [...document.querySelectorAll(".rb-place :is(button, a)")]
  .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height > 1)
  .filter((element) => Math.min(...["width", "height"].map((way) => element.getBoundingClientRect()[way])) < 44)
  .map((element) => element.outerHTML.slice(0, 80))"""

# The widths of its window; A window of 1280 pixels has 640 at 200 %.
WIDTHS = {"desktop": (1280, 640), "mobile": (390, 320)}


@pytest.mark.parametrize("kind", WIDTHS)
def test_no_area_of_a_line_or_of_its_details_is_blank_and_fingers_find_the_buttons(
    serve_config: Serve, window: Callable[[int, int], None], kind: str
) -> None:
    def is_good(page: RecordPage, name: str) -> None:
        expect(page.unit()).to_have_attribute("data-state", STATES_BY_NAME[name].data_state)
        for width in WIDTHS[kind]:
            window(width, 900)
            page.open_details()
            found = page.page.evaluate(BLANKS)
            # The one exception: without room for a bar, the label's column takes what is left.
            narrow = width == 320 and name == "three-at-once"
            assert [each for each in found if not narrow or each["down"] > 16 or each["across"] > 80] == [], (
                name,
                width,
            )
        if kind == "mobile":
            window(360, 640)
            assert page.page.evaluate(SMALL) == [], name

    window(WIDTHS[kind][0], 900)
    page = serve_config(config_of(KREWDATA_UNIT)).open(PATHS[kind])
    page.page.emulate_media(reduced_motion="reduce")
    # How long it usually takes is not known before the last.
    for name in ("failed", "unknown", "running-with-usual"):
        STATES_BY_NAME[name].reach(page)
        is_good(page, name)
    page.advance(90, step=30)
    is_good(page, "succeeded")
    page.forget()
    page = serve_config(config_of(STATES_BY_NAME["canceled"].unit)).open(PATHS[kind])
    STATES_BY_NAME["canceled"].reach(page)
    is_good(page, "canceled")
    page.forget()
    page = serve_config(config_of(KREWDATA_UNIT, LOAD, NIGHTLY, FOURTH)).open(PATHS[kind])
    if kind == "mobile":
        window(360, 640)
        assert page.page.evaluate(SMALL) == []
        assert box(page.page.locator(".rb-place"))["height"] < 640 / 3
    STATES_BY_NAME["three-at-once"].reach(page)
    is_good(page, "three-at-once")
