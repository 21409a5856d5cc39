"""What the page shows about a run besides its state: times, the last run, new values, failed starts, details."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from generator.stub.proxy import Fault
from generator.stub.services.krewdata.runs import Flow
from generator.units.config import Config
from tests.browser.record_page import UNIT, RecordPage, Serve, wait_until
from tests.conftest import KREWDATA_UNIT, config_of

# --- times


def test_a_finished_flow_tells_how_long_it_took_and_the_line_which_one_runs(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config)
    page.stub.services["krewdata"].units[UNIT].flows = [Flow("抽出", 8), Flow("集計", 600)]
    page.open()
    page.start()
    page.advance(30, step=10)
    page.open_details()
    assert [word.inner_text() for word in page.line().locator(".rb-word").all()] == ["完了 8秒", "実行中"]
    assert page.line().locator(".rb-body").inner_text().split()[1:3] == ["2/2", "集計"]


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("America/New_York", "2026-11-22 04:01"),
        ("", "18:01"),
        pytest.param("Etc/No", "18:01", marks=pytest.mark.exhaustive),
        pytest.param("Asia/Tokyo", "2026-11-22 18:01", marks=pytest.mark.exhaustive),
    ],
)
def test_the_end_is_told_as_kintone_tells_times_in_the_users_zone(
    serve_config: Serve, config: Config, zone: str, told: str
) -> None:
    before = f"const user = kintone.getLoginUser(); kintone.getLoginUser = () => ({{ ...user, timezone: '{zone}' }});"
    page = serve_config(config, before=f"{{ {before} }}").open()
    page.start()
    page.advance(15, step=5)
    assert page.state() == "succeeded"
    when = page.line().locator(".rb-when").inner_text()
    assert when.endswith(f"{told} 終了")


# --- the last run


def test_the_last_run_is_told_by_unit_and_record_after_reloads_too(serve_config: Serve) -> None:
    page = serve_config(config_of(KREWDATA_UNIT, {**KREWDATA_UNIT, "id": "other", "label": "別の処理"})).open()
    flows = page.stub.services["krewdata"].units[UNIT].flows
    line = page.unit().locator(".rb-last")
    expect(line).to_be_hidden()
    page.start()
    page.advance(15, step=5)
    # The line shows it.
    expect(line).to_be_hidden()
    page.line().get_by_role("button", name="閉じる").click()
    expect(line).to_have_attribute("title", "最終実行 2026-11-22 18:01 完了（10秒）")
    expect(line.locator("[aria-hidden]").last).to_have_text(re.compile("^[0-9]+秒前$"))
    page.reload()
    page.advance(120, step=60)
    expect(line.locator("[aria-hidden]").last).to_have_text("2分前")
    expect(page.unit("other").locator(".rb-last")).to_be_hidden()
    page.shown_again(lambda: page.page.get_by_role("button", name="次へ").click())
    expect(line).to_be_hidden()
    page.shown_again(lambda: page.page.get_by_role("button", name="前へ").click())
    flows[0].outcome = "Failure"
    page.start()
    page.advance(60, step=20)
    page.advance(310, step=155)
    page.reload()
    expect(line).to_contain_text("失敗（")
    # A failed start does not count as a run.
    page.stub.proxy.faults.append(
        Fault("token", "answer", status=400, body='{"code": 400, "description": "Illegal License."}')
    )
    page.start()
    assert page.status().startswith("実行できませんでした")
    page.reload()
    expect(line).to_contain_text("失敗（")


# --- after success


def test_after_success_the_new_values_are_offered_and_the_end_stays_on_view(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    page.start()
    page.advance(15, step=5)
    page.stub.apps[45].records[1]["件名"]["value"] = "krewDataが書いた件名"
    renew = page.line().get_by_role("button", name="レコードを再表示")
    with page.page.expect_event("load"):
        renew.click()
    expect(page.page.get_by_text("krewDataが書いた件名")).to_be_visible()
    expect(page.unit()).to_have_attribute("data-state", "succeeded")
    assert page.status().startswith("完了しました")
    expect(renew).to_have_count(0)
    assert page.page.evaluate("sessionStorage.length") == 0


# --- what did not start


def test_what_did_not_start_is_told_without_a_time_and_counts_down_to_when_it_can(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "confirm": False})).open()
    for _ in range(4):
        page.button().click()
        page.begun()
        page.stub.services["krewdata"].units[UNIT].concurrent = True
        page.advance(14, step=7)
    page.button().click()
    expect(page.unit()).to_have_attribute("data-state", "failed")
    assert page.status().startswith("実行できませんでした")
    panel = page.line()
    said = panel.inner_text()
    assert "何も実行されていません" not in said
    assert not re.search(r"\d:\d\d", said)
    seconds = int(re.findall(r"(\d+)秒", said)[0])
    assert 0 < seconds <= 60
    page.advance(1)
    expect(panel).to_contain_text(f"{seconds - 1}秒")
    page.advance(seconds)
    expect(panel).to_contain_text("もう一度実行できます。")
    page.button().click()
    page.begun()
    assert page.state() == "queued"


# --- details


def failed(page: RecordPage) -> Locator:
    """A failed run with its details open; gives the button that copies them."""
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)
    page.details()
    return page.line().get_by_role("button", name="コピー")


REFUSING = ("{ writeText: async () => { throw new DOMException('no', 'NotAllowedError'); } }", "undefined")


def test_the_details_are_copied_by_one_click_or_marked_where_copying_is_refused(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    copy = failed(page)
    copied = page.line().get_by_text("コピーしました")
    own = page.stub.services["krewdata"].units[UNIT].flows[0]
    for clipboard in REFUSING:
        page.page.evaluate(
            f"() => Object.defineProperty(navigator, 'clipboard', {{ configurable: true, value: {clipboard} }})"
        )
        page.page.evaluate("getSelection().removeAllRanges()")
        copy.click()
        wait_until(page.page, "getSelection().toString()")
        assert page.page.evaluate("getSelection().toString()") == f"{own.error_code} {own.error_message}"
        expect(copied).to_have_count(0)
    page.page.evaluate("delete navigator.clipboard")
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy.click()
    expect(copied).to_be_visible()
    assert page.page.evaluate("navigator.clipboard.readText()") == f"{own.error_code} {own.error_message}"
    page.page.context.clear_permissions()
