"""A run without a mouse, and in the accessibility tree."""

import pytest
from playwright.sync_api import Locator, expect

from generator.stub.services.krewdata.runs import Flow
from generator.units.config import Config
from tests.browser.record_page import UNIT, RecordPage, Serve


def place(page: RecordPage) -> Locator:
    return page.page.locator(".rb-place")


def test_a_run_from_the_click_to_the_closed_line_by_keyboard_alone(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    keyboard = page.page.keyboard
    details = page.line().get_by_role("group", name="詳細：再集計")
    chevron = page.line().get_by_role("button", name="詳細：再集計")
    page.page.locator("body").focus()
    while not page.button().evaluate("button => button === document.activeElement"):
        keyboard.press("Tab")
    keyboard.press("Enter")
    page.confirm_by_keyboard()
    page.begun()
    page.advance(4)
    expect(page.button()).to_be_focused()
    keyboard.press("Tab")
    expect(chevron).to_be_focused()
    keyboard.press("Enter")
    expect(details).to_be_focused()
    # What the run's news change takes nothing away.
    page.advance(3)
    expect(details).to_be_focused()
    keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(chevron).to_be_focused()
    page.advance(12)
    assert page.state() == "succeeded"
    expect(chevron).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(page.line().get_by_role("button", name="レコードを再表示")).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(page.button()).to_be_focused()
    for _ in range(3):
        keyboard.press("Tab")
    expect(page.line().get_by_role("button", name="閉じる")).to_be_focused()
    keyboard.press("Enter")
    expect(page.line()).to_be_hidden()
    expect(page.button()).to_be_focused()


@pytest.mark.parametrize("way", ["Escape", "Tab", "click on nothing", "click on a field"])
def test_details_close_and_the_focus_is_where_one_goes_on(serve_config: Serve, config: Config, way: str) -> None:
    page = serve_config(config)
    page.stub.services["krewdata"].units[UNIT].flows = [Flow("抽出", 60)]
    page.open()
    page.start()
    page.advance(3)
    details, chevron = page.line().locator(".rb-details"), page.line().locator(".rb-more")
    chevron.click()
    expect(details).to_be_focused()
    expect(chevron).to_have_attribute("aria-expanded", "true")
    if way == "click on nothing":
        page.page.mouse.click(5, 5)
    elif way == "click on a field":
        page.page.get_by_placeholder("コメントする").click()
    else:
        page.page.keyboard.press(way)
    expect(details).to_be_hidden()
    expect(chevron).to_have_attribute("aria-expanded", "false")
    if way in {"Escape", "click on nothing"}:
        expect(chevron).to_be_focused()
    else:
        expect(page.line().locator(":focus")).to_have_count(0)


def test_the_accessibility_tree_tells_a_run(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    expect(place(page)).to_match_aria_snapshot("""
      - button "再集計"
      - status
      - list
    """)
    page.start()
    page.advance(8)
    page.open_details()
    expect(place(page)).to_match_aria_snapshot("""
      - button "再集計"
      - status: 再集計：実行中です…
      - list:
        - listitem:
          - text: 実行中です… 2/2 集計
          - progressbar "再集計"
          - text: /0:0\\d/
          - button "詳細：再集計" [expanded]
          - group "詳細：再集計":
            - text: /開始/
            - list:
              - listitem: /抽出 完了 5秒/
              - listitem: /集計 実行中/
    """)
    page.advance(10)
    assert page.state() == "succeeded"
    expect(place(page)).to_match_aria_snapshot("""
      - button "再集計"
      - status: 再集計：完了しました（10秒）
      - list:
        - listitem:
          - text: 完了しました
          - progressbar "再集計"
          - text: 10秒
          - button "レコードを再表示"
          - button "詳細：再集計" [expanded]
          - group "詳細：再集計"
          - button "閉じる"
    """)
    page.line().get_by_role("button", name="閉じる").click()
    expect(place(page)).to_match_aria_snapshot("""
      - button "再集計"
      - text: /最終実行 .* 完了（10秒）/
      - status
      - list
    """)


def test_the_accessibility_tree_tells_what_a_failure_wants(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.open()
    page.start()
    page.advance(8)
    assert page.state() == "failed"
    expect(place(page)).to_match_aria_snapshot("""
      - button "再集計"
      - status: /再集計：失敗しました。データ編集フローの設定に誤りがあります。/
      - list:
        - listitem:
          - text: /失敗しました データ編集フローの設定に誤りがあります。/
          - button "詳細：再集計"
          - button "閉じる"
    """)
