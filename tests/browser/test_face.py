"""How it is seen, heard and used by everybody: the keyboard, screen readers, system settings."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from generator.units.config import Config
from tests.browser.record_page import UNIT, Serve
from tests.browser.states import PATHS, STATES, State, in_state
from tests.conftest import config_of

RESUME = "実行状況を再確認"


# --- keyboard


def test_the_focus_is_never_lost_on_the_way_through_a_run(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.open()
    has_focus = "element => element.contains(document.activeElement)"
    page.button().focus()
    page.page.keyboard.press("Enter")
    page.confirm_by_keyboard()
    page.begun()
    for _ in range(14):
        assert page.unit().evaluate(has_focus), page.state()
        page.advance(1)
    assert page.state() == "succeeded"
    assert page.unit().evaluate(has_focus)
    expect(page.button()).to_be_focused()
    # It comes back to the button from a canceled question too.
    page.page.keyboard.press("Enter")
    expect(page.dialog).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(page.dialog).to_have_count(0)
    expect(page.button()).to_be_focused()


def test_the_focus_is_on_the_button_when_the_run_is_taken_up_again(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "timeout": "10s"})).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 60
    page.start()
    page.advance(20)
    assert page.state() == "unknown"
    page.line().get_by_role("button", name=RESUME).focus()
    page.page.keyboard.press("Enter")
    expect(page.unit()).to_have_attribute("data-state", "running")
    assert page.unit().evaluate("element => element.contains(document.activeElement)")


OUTLINE = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return [document.activeElement.textContent.slice(0, 12), outlineStyle, parseFloat(outlineWidth)];
}"""


def test_everything_is_reached_by_keyboard_and_the_focus_is_always_visible(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)
    assert page.state() == "failed"
    keyboard = page.page.keyboard
    page.page.evaluate("document.activeElement.blur()")
    page.button().focus()
    reached = []
    keyboard.press("Tab")
    keyboard.press("Shift+Tab")
    # Opened details get the focus.
    for key in ("Tab", "Enter", "Tab", "Tab", "Tab"):
        if key == "Tab":
            name, style, width = page.page.evaluate(OUTLINE)
            reached.append(name)
            assert style == "solid", name
            assert width >= 2, name
        keyboard.press(key)
    assert [name[:2] for name in reached] == ["再集", "20", "33", "コピ"]
    close = page.line().get_by_role("button", name="閉じる")
    expect(close).to_be_focused()
    # Esc closes the details from anywhere in the line, and the focus returns to the button that opened them.
    keyboard.press("Shift+Tab")
    keyboard.press("Escape")
    more = page.line().get_by_role("button", name="詳細：再集計")
    expect(more).to_be_focused()
    expect(more).to_have_attribute("aria-expanded", "false")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page.line()).to_be_hidden()
    expect(page.button()).to_be_focused()


# --- screen readers

KEEP_STATUS = """() => {
  const status = document.querySelector('[data-runbutton] [role="status"]');
  globalThis.said = [];
  new MutationObserver(() => said.push(status.innerText)).observe(
    status, { childList: true, characterData: true, subtree: true });
}"""


def test_screen_readers_hear_each_state_once_and_not_steps_nor_the_clock(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    unit = page.stub.services["krewdata"].units[UNIT]
    unit.queue_seconds, unit.flows[0].seconds, unit.flows[1].seconds = 10, 60, 30
    expect(page.unit().get_by_role("status")).to_have_count(1)
    page.page.evaluate(KEEP_STATUS)
    page.start()
    page.advance(120, step=5)
    assert page.state() == "succeeded"
    said = page.page.evaluate("said")
    assert [re.sub(r"（.*）", "", text) for text in said] == [
        "再集計：開始しています…",
        "再集計：開始を待っています…",
        "再集計：実行中です…",
        "再集計：完了しました",
    ]
    assert page.unit().get_by_role("status").get_attribute("aria-live") in (None, "polite")


def test_a_busy_button_keeps_focus_and_name_and_opens_the_details(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.button().focus()
    page.start()
    page.advance(4)
    expect(page.button()).to_be_focused()
    expect(page.page.get_by_role("button", name="再集計", exact=True)).to_have_attribute("aria-busy", "true")
    page.page.keyboard.press("Enter")
    expect(page.line().get_by_role("group", name="詳細：再集計")).to_be_visible()
    expect(page.dialog).to_have_count(0)
    bar = page.line().get_by_role("progressbar", name="再集計", exact=True)
    expect(bar).to_have_attribute("aria-valuenow", "0")
    expect(bar).to_have_attribute("aria-valuemax", "2")
    expect(bar).to_have_attribute("aria-valuetext", "1/2 抽出")


def test_an_end_that_a_notification_tells_is_not_read_aloud_twice(
    serve_config: Serve, config: Config, window: Callable[[int, int], None]
) -> None:
    window(900, 320)
    page = serve_config(config).open()
    page.start()
    page.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.advance(14)
    expect(page.page.locator(".stub-notification")).to_contain_text("完了しました")
    expect(page.unit().locator("[role=status]")).to_have_attribute("aria-live", "off")
    page.start()
    expect(page.unit().locator("[role=status]")).to_have_attribute("aria-live", "polite")


# --- what users choose in their system


def test_with_reduced_motion_nothing_moves(
    serve_config: Serve, config: Config, window: Callable[[int, int], None]
) -> None:
    window(900, 600)
    page = serve_config(config).open()
    page.page.emulate_media(reduced_motion="reduce")
    page.start()
    page.advance(3)
    bar = page.line().get_by_role("progressbar")
    expect(bar).to_be_visible()
    pictures = [bar.screenshot(animations="allow") for _ in range(4)]
    assert all(before == after for before, after in pairwise(pictures))


@pytest.mark.parametrize("state", [state for state in STATES if state.name in {"idle", "running-with-usual", "failed"}])
def test_in_forced_colours_every_part_is_told_from_the_next(
    serve_config: Serve, state: State, window: Callable[[int, int], None]
) -> None:
    window(900, 600)
    page = in_state(serve_config, state, PATHS["desktop"])
    page.page.emulate_media(forced_colors="active")
    seen = page.page.evaluate(
        """() => [...document.querySelectorAll(":is(.rb-run, .rb-line, .rb-do button)")]
             .filter((element) => element.checkVisibility())
             .map((element) => {
               const { borderTopWidth, borderTopStyle, color, backgroundColor } = getComputedStyle(element);
               return [parseFloat(borderTopWidth), borderTopStyle, color !== backgroundColor];
             })"""
    )
    assert seen
    assert all(width >= 1 and style == "solid" and readable for width, style, readable in seen)
    bar = page.line().get_by_role("progressbar")
    if bar.count():
        # The finished part differs from the unfinished one.
        assert bar.evaluate("bar => getComputedStyle(bar).forcedColorAdjust") in {"auto", "none"}
        expect(bar).to_be_visible()


def test_each_state_has_a_sign_and_words_besides_its_colour(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[1].outcome = "Failure"
    page.start()
    page.advance(15)
    page.open_details()
    items = page.line().locator(".rb-steps li")
    signs = {item.locator("path").get_attribute("d") for item in items.all()}
    assert len(signs) == items.count() == 2
    assert [item.locator(".rb-word").inner_text().split()[0] for item in items.all()] == ["完了", "失敗"]
