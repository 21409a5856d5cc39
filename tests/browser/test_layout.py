"""Positions and sizes: text does not move while it is read, also in narrow places and on other people's pages."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from generator.stub.services.krewdata.runs import Flow
from generator.units.config import Config
from tests.browser.record_page import UNIT, Serve, box
from tests.browser.states import LOAD, NIGHTLY, PATHS, STATES
from tests.conftest import KREWDATA_UNIT, config_of

RESUME = "実行状況を再確認"
STATES_BY_NAME = {state.name: state for state in STATES}
LONG = {"ja": "とても長い名前の処理" * 8, "en": "Recalculate-and-distribute-everything-" * 4}


# --- narrow and zoomed


TOO_WIDE = """() => [...document.querySelectorAll(".rb-place, .rb-place :not(.rb-sr *), dialog, dialog *")]
  .filter((element) => {
    const { right, left, width } = element.getBoundingClientRect();
    return width > 0 && (left < -0.5 || right > document.documentElement.clientWidth + 0.5);
  })
  .map((element) => element.outerHTML.slice(0, 80))"""


# A window of 1280 pixels has 640 at 200 %.
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


WATCH = """() => new Promise((resolve) => {
  globalThis.heights = [];
  const isBusy = () => document.querySelector(".rb-run[aria-busy=true]") !== null;
  const watch = ([{ target }]) => resolve(heights.push([target.offsetHeight, isBusy()]));
  new ResizeObserver(watch).observe(document.querySelector(".rb-place"));
})"""


MANY = [Flow(f"フロー {n}", 1) for n in range(12)]
FAILING = [Flow("抽出", 2), Flow("集計", 2, "Failure", "33", "Settings are wrong. " * 60), Flow("出力", 2)]


@pytest.mark.parametrize(
    "flows",
    [
        pytest.param(MANY, id="twelve flows"),
        pytest.param(FAILING, id="a failure", marks=pytest.mark.exhaustive),
        pytest.param(FAILING[:1], id="one flow", marks=pytest.mark.exhaustive),
    ],
)
def test_a_run_moves_no_button_and_the_record_by_one_line(
    serve_config: Serve, config: Config, flows: list[Flow]
) -> None:
    page = serve_config(config)
    page.stub.services["krewdata"].units[UNIT].flows = flows
    page.open()
    page.page.emulate_media(reduced_motion="reduce")
    record = page.page.get_by_text("仕入れ 1", exact=True)
    before, button = box(record)["y"], box(page.button())
    page.page.evaluate(WATCH)
    page.start()
    assert box(record)["y"] - before == 44
    for _ in range(9):
        page.advance(2)
        assert box(page.button()) == button
        assert not page.is_busy() or box(record)["y"] - before == 44
    # Frame by frame: once at the click, and again only where a failure has a sentence of several rows.
    heights = page.page.evaluate("heights")
    assert [height - heights[0][0] for height, busy in heights if busy] == [44]
    assert page.state() in {"succeeded", "failed"}
    told = page.state() == "failed"
    assert told or len(heights) == 2
    line = box(page.line())
    assert button["y"] + button["height"] + 8 == line["y"]
    assert told or line["height"] == 36
    page.line().get_by_role("button", name="閉じる").click()
    # Where it was, apart from the last-run line.
    assert 0 <= box(record)["y"] - before < 24
    assert box(page.button()) == button


def test_details_stand_over_the_record_and_close_at_a_click_elsewhere(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.stub.services["krewdata"].units[UNIT].flows = [Flow(f"フロー {n}", 5) for n in range(40)]
    page.open()
    page.page.emulate_media(reduced_motion="reduce")
    record = page.page.get_by_text("仕入れ 1", exact=True)
    page.start()
    page.advance(12, step=12)
    at = box(record)["y"]
    page.open_details()
    details = box(page.line().locator(".rb-details"))
    assert box(record)["y"] == at
    assert details["height"] <= 0.6 * (page.page.viewport_size or {"height": 720})["height"]
    page.page.mouse.click(5, 5)
    expect(page.line().locator(".rb-details")).to_be_hidden()


def test_a_finished_line_is_closed_and_stays_so(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    close = page.line().get_by_role("button", name="閉じる")
    page.start()
    page.advance(3)
    expect(close).to_be_hidden()
    page.advance(12)
    close.focus()
    page.page.keyboard.press("Enter")
    expect(page.line()).to_be_hidden()
    expect(page.button()).to_be_focused()
    assert page.state() == "idle"
    for way in ("次へ", "前へ"):
        page.shown_again(lambda way=way: page.page.get_by_role("button", name=way).click())  # type: ignore[misc]
    assert page.state() == "idle"
    page.reload()
    assert page.state() == "idle"
    expect(page.unit()).to_contain_text("最終実行 2026-11-22 18:01 完了（10秒）")


# --- which button is primary


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
    assert page.line().get_by_role("button", name=RESUME).evaluate(FILLED)
    page.resume()
    page.advance(20)
    assert page.state() == "succeeded"
    assert page.button().evaluate(FILLED)
