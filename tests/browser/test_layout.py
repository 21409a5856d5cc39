"""Where things stand, and how big: nothing moves that is being read, in narrow places and on others' pages too."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from generator.stub.services.krewdata.runs import Flow
from generator.units.config import Config
from tests.browser.record_page import UNIT, RecordPage, Serve
from tests.browser.states import LOAD, NIGHTLY, PATHS, STATES, in_state
from tests.conftest import KREWDATA_UNIT, config_of

RESUME = "実行状況を再確認"
STATES_BY_NAME = {state.name: state for state in STATES}
LONG = {"ja": "とても長い名前の処理" * 8, "en": "Recalculate-and-distribute-everything-" * 4}


# --- narrow and zoomed


TOO_WIDE = """() => [...document.querySelectorAll("[data-runbutton], [data-runbutton] *, dialog, dialog *")]
  .filter((element) => {
    const { right, left, width } = element.getBoundingClientRect();
    return width > 0 && (left < -0.5 || right > document.documentElement.clientWidth + 0.5);
  })
  .map((element) => element.outerHTML.slice(0, 80))"""


# 640 pixels are what a window of 1280 has at 200 %.
@pytest.mark.parametrize(
    ("kind", "width", "language"),
    [
        ("mobile", 320, "ja"),
        ("desktop", 640, "en"),
        pytest.param("mobile", 320, "en", marks=pytest.mark.exhaustive),
        pytest.param("desktop", 640, "ja", marks=pytest.mark.exhaustive),
    ],
)
def test_long_labels_and_flow_names_wrap_in_narrow_windows(
    serve_config: Serve, window: Callable[[int, int], None], kind: str, width: int, language: str
) -> None:
    window(width, 640)
    page = serve_config(config_of({**KREWDATA_UNIT, "label": LONG}))
    page.stub.services["krewdata"].units[UNIT].flows = [
        Flow(LONG[language], 5),
        Flow(LONG[language], 5, "Failure", "9" * 50, "w" * 200),
    ]
    page.open(PATHS[kind], lang=language)
    confirm = page.ask()
    expect(confirm).to_be_in_viewport()
    assert page.page.evaluate(TOO_WIDE) == []
    confirm.click()
    page.begun()
    page.advance(3)
    assert page.page.evaluate(TOO_WIDE) == []
    page.advance(12)
    assert page.state() == "failed"
    page.details()
    assert page.page.evaluate(TOO_WIDE) == []
    if kind == "mobile":
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width


# --- what moves


def box(locator: Locator) -> FloatRect:
    found = locator.bounding_box()
    assert found
    return found


def watched(page: RecordPage, seconds: float, units: Sequence[str]) -> tuple[list[float], list[list[FloatRect]]]:
    """Second by second: how high the record stands, and where the buttons are."""
    record = page.page.get_by_text("仕入れ 1", exact=True)
    heights, places = [], []
    for _ in range(int(seconds)):
        heights.append(box(record)["y"])
        places.append([box(page.button(unit)) for unit in units])
        page.advance(1)
    return heights, places


MANY = [Flow(f"フロー {n}", 1) for n in range(12)]
FAILING = [Flow("抽出", 2), Flow("集計", 2, "Failure", "33", "Settings are wrong. " * 60), Flow("出力", 2)]


@pytest.mark.parametrize(
    "flows",
    [
        pytest.param(MANY, id="twelve flows"),
        pytest.param(FAILING, id="a failure", marks=pytest.mark.exhaustive),
        pytest.param(FAILING[:1], id="one flow"),
    ],
)
def test_a_run_moves_no_button_and_the_record_once(serve_config: Serve, config: Config, flows: list[Flow]) -> None:
    page = serve_config(config)
    page.stub.services["krewdata"].units[UNIT].flows = flows
    page.open()
    record = page.page.get_by_text("仕入れ 1", exact=True)
    before, button = box(record)["y"], box(page.button())
    page.start()
    heights, places = watched(page, 18, ["recalculate"])
    assert page.state() in {"succeeded", "failed"}
    panel = box(page.unit().locator(".rb-panel"))
    assert set(heights) == {box(record)["y"]}
    assert before < heights[0]
    assert all(place == [button] for place in places)
    # It stands beside nothing and over nothing.
    assert button["y"] + button["height"] <= panel["y"]
    assert panel["y"] + panel["height"] <= heights[0]
    # The next run finds the room that the last one left.
    page.start()
    again, _ = watched(page, 18, [])
    assert set(again) == set(heights)
    page.unit().get_by_role("button", name="閉じる").click()
    # Where it was, but for the line about the last run.
    assert 0 <= box(record)["y"] - before < 24
    assert box(page.button()) == button


def test_several_runs_stand_side_by_side_and_push_none_of_each_others_buttons(serve_config: Serve) -> None:
    page = serve_config(config_of(KREWDATA_UNIT, LOAD, NIGHTLY)).open()
    ids = ["recalculate", "load", "nightly"]
    row = [box(page.button(unit_id)) for unit_id in ids]
    assert len({place["y"] for place in row}) == 1
    # From the last to the first: a panel opens behind those that are open.
    moved = []
    for unit_id in reversed(ids):
        open_ones = [box(panel) for panel in page.page.locator(".rb-panel").all()]
        page.start(unit_id)
        _, places = watched(page, 2, ids)
        assert all(place == row for place in places)
        panels = [box(panel) for panel in page.page.locator(".rb-panel").all()]
        moved += [panel for panel in open_ones if panel not in panels]
    assert moved == []
    tops = [box(page.unit(unit_id).locator(".rb-panel"))["y"] for unit_id in ids]
    assert tops[2] == tops[1] < tops[0]
    page.advance(40, step=2)
    assert [box(page.button(unit_id)) for unit_id in ids] == row
    assert {page.state(unit_id) for unit_id in ids} == {"succeeded"}


def test_a_finished_panel_is_closed_and_stays_so(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    close = page.unit().get_by_role("button", name="閉じる")
    page.start()
    page.advance(3)
    expect(close).to_be_hidden()
    page.advance(12)
    close.focus()
    page.page.keyboard.press("Enter")
    expect(page.unit().locator(".rb-panel")).to_have_count(0)
    expect(page.button()).to_be_focused()
    assert page.state() == "idle"
    for way in ("次へ", "前へ"):
        page.shown_again(lambda way=way: page.page.get_by_role("button", name=way).click())  # type: ignore[misc]
    assert page.state() == "idle"
    page.reload()
    assert page.state() == "idle"
    expect(page.unit()).to_contain_text("前回 2026-11-22 18:01 完了（10秒）")


def test_the_panel_is_folded_and_unfolded_and_stays_as_it_was_left(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.start()
    page.advance(3)
    flows = page.unit().get_by_role("list")
    expect(flows).to_be_visible()
    fold = page.unit().locator("summary").first
    fold.click()
    expect(flows).to_be_hidden()
    page.advance(3)
    expect(flows).to_be_hidden()
    # What is going on is said all the same.
    assert page.status() != ""
    page.advance(10)
    expect(flows).to_be_hidden()
    fold.click()
    expect(flows).to_be_visible()


# --- which button stands out


FILLED = "button => getComputedStyle(button).backgroundColor === 'rgb(29, 111, 165)'"


def test_one_button_of_a_place_stands_out_the_first_unless_another_is_said_to(serve_config: Serve) -> None:
    in_space = {**NIGHTLY, "id": "in-space", "space": "run-area"}
    hidden = {**NIGHTLY, "id": "hidden", "show_if": [{"field": "区分", "in": ["なし"]}]}

    def filled(*units: dict[str, Any]) -> list[str]:
        page = serve_config(config_of(*units))
        # The stub's records meet all conditions of the config.
        page.stub.apps[45].records[1]["区分"]["value"] = "通常"
        page.open()
        return [
            unit["id"] for unit in units if page.unit(unit["id"]).count() and page.button(unit["id"]).evaluate(FILLED)
        ]

    assert filled(hidden, KREWDATA_UNIT, LOAD, in_space) == ["recalculate", "in-space"]
    assert filled(KREWDATA_UNIT, {**LOAD, "primary": True}, in_space) == ["load", "in-space"]


def test_where_it_can_be_asked_on_that_stands_out_and_running_again_does_not(serve_config: Serve) -> None:
    page = serve_config(config_of(KREWDATA_UNIT)).open()
    STATES_BY_NAME["unknown"].reach(page)
    assert not page.button().evaluate(FILLED)
    assert page.unit().get_by_role("button", name=RESUME).evaluate(FILLED)
    page.resume()
    page.advance(20)
    assert page.state() == "succeeded"
    assert page.button().evaluate(FILLED)


# --- fingers


SMALL = """() => [...document.querySelectorAll("[data-runbutton] :is(button, a, summary)")]
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
        assert box(page.page.locator(".rb-place"))["height"] < 640 / 4
