"""The question before a run and the notification of its end: kintone's own if available."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, expect

from generator.stub.proxy import Fault
from generator.stub.services.trocco.errors import ERRORS
from generator.units.config import Config
from tests.browser.questions import questions
from tests.browser.record_page import SHOWN, UNIT, RecordPage, Serve, wait_until
from tests.browser.states import LOAD, TROCCO_UNIT
from tests.conftest import KREWDATA_UNIT, config_of

DESKTOP, MOBILE = "/k/45/show#record=1", "/k/m/45/show?record=1"
MAY_STILL_RUN = "前回の実行が終わっていない可能性があります。"


@pytest.fixture
def unasked(krewdata_unit: dict[str, Any]) -> Config:
    """A unit that a click runs at once."""
    return config_of({**krewdata_unit, "confirm": False})


@pytest.fixture(autouse=True)
def browsers_dialogs(lasting_page: Any) -> Iterator[list[str]]:
    """window.confirm and similar functions, which must not be used."""
    opened: list[str] = []

    def refuse(dialog: Dialog) -> None:
        opened.append(f"{dialog.type}: {dialog.message}")
        dialog.dismiss()

    lasting_page.on("dialog", refuse)
    yield opened
    lasting_page.remove_listener("dialog", refuse)
    assert opened == []


# --- the question


TROCCO_FIELDS = {
    **TROCCO_UNIT,
    "custom_variables": [{"name": "$dept$", "field": "部門名"}, {"name": "$fixed$", "value": "A0000"}],
    "context_time": {"field": "予定日時"},
}
OWN_WORDS = "月末に一度だけ。よろしいですか？"
UNITS: dict[str, dict[str, Any]] = {
    "recalculate": {},
    "one": {"record": ["部門名"]},
    "all": {"record": "all"},
    "none": {"record": "none"},
    "own": {"confirm": OWN_WORDS},
    "trocco-fields": TROCCO_FIELDS,
    "trocco": dict(TROCCO_UNIT),
}


def test_a_key_that_is_held_down_asks_and_does_not_answer(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open(DESKTOP)
    keyboard = page.page.keyboard
    page.button().focus()
    keyboard.down("Enter")
    expect(page.dialog.get_by_role("button", name="実行する")).to_be_focused()
    keyboard.down("Enter")
    expect(page.unit()).to_have_attribute("data-state", "confirming")
    keyboard.up("Enter")
    page.confirm_by_keyboard()
    page.begun()
    assert page.state() == "queued"


def test_it_is_asked_with_kintones_own_dialog_and_says_what_of_the_record_is_sent(serve_config: Serve) -> None:
    units = [{**({} if "service" in unit else KREWDATA_UNIT), **unit, "id": id_} for id_, unit in UNITS.items()]
    page = serve_config(config_of(*units)).open(DESKTOP)
    asked = dict(zip(UNITS, questions(page.page, *UNITS), strict=True))
    assert "krewDataに送信する値：\n部門名：営業部\n入荷日：2026-11-01" in asked["recalculate"]
    assert "krewDataに送信する値：\n部門名：営業部" in asked["one"]
    assert "入荷日" not in asked["one"]
    assert "このレコードのすべてのフィールドをkrewDataに送信します。" in asked["all"]
    assert "TROCCOに送信する値：\n部門名：営業部" in asked["trocco-fields"]
    for unit_id in ("none", "trocco"):
        assert "を実行しますか？" in asked[unit_id]
        assert "送信する" not in asked[unit_id]
    assert OWN_WORDS in asked["own"]
    assert "krewDataに送信する値：" in asked["own"]
    confirm = page.ask()
    expect(page.dialog).to_have_count(1)
    assert "stub-dialog-box" in (page.dialog.get_attribute("class") or "")
    expect(page.dialog.get_by_role("heading")).to_have_text("「再集計」を実行しますか？")
    expect(page.dialog.get_by_role("button", name="キャンセル")).to_be_visible()
    confirm.click()
    page.begun()
    expect(page.dialog).to_have_count(0)
    assert page.state() == "queued"


@pytest.mark.parametrize(
    ("path", "script", "names"),
    [
        (MOBILE, "", "Department: 営業部"),
        pytest.param(DESKTOP, "", "Department: 営業部", marks=pytest.mark.exhaustive),
        (DESKTOP, "delete kintone.app.getFormFields", "部門名: 営業部"),
    ],
    ids=["bottom sheet", "dialog", "no names"],
)
def test_the_question_names_the_fields_as_the_form_does_and_who_gets_them(
    serve_config: Serve, config: Config, path: str, script: str, names: str
) -> None:
    page = serve_config(config, before=f"{script};").open(path, lang="en")
    confirm = page.ask()
    expect(page.dialog).to_contain_text(f"Values sent to krewData:\n{names}")
    assert ("stub-dialog-sheet" in (page.dialog.get_attribute("class") or "")) == (path == MOBILE)
    confirm.click()
    page.begun()
    assert page.state() == "queued"


def lose_the_run(page: RecordPage) -> None:
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    page.stub.proxy.faults.append(Fault("run", "lost", times=3))
    page.button().click()
    page.begun()
    page.advance(20, step=5)
    assert page.state() == "unknown"


def test_after_an_unknown_outcome_it_is_always_asked_with_a_warning_whatever_happens_in_between(
    serve_config: Serve, unasked: Config
) -> None:
    page = serve_config(unasked).open(DESKTOP)
    lose_the_run(page)

    def warns() -> None:
        assert MAY_STILL_RUN in questions(page.page, "recalculate")[0]

    warns()
    expect(page.unit()).to_have_attribute("data-state", "unknown")
    for _ in range(3):
        page.ask().click()
        page.begun()
        page.advance(1)
        page.stub.proxy.faults.append(Fault("status", "answer", status=400, body='{"code": 400, "description": "?"}'))
        page.advance(8, step=4)
        assert page.state() == "unknown"
    page.button().click()
    expect(page.unit()).to_have_attribute("data-state", "failed")
    assert "秒後に実行できます。" in page.line().inner_text()
    page.advance(60, step=60)
    warns()
    page.ask().click()
    page.begun()
    page.advance(15, step=5)
    assert page.state() == "succeeded"
    # The result of the first run is still unknown.
    warns()


# --- the end


def another_record(page: RecordPage) -> None:
    page.shown_again(lambda: page.page.get_by_role("button", name="次へ").click())


def scrolled_away(page: RecordPage) -> None:
    page.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.button()).not_to_be_in_viewport()


def other_tab_in_front(page: RecordPage) -> None:
    # The browser says so a moment after the last question was sent.
    page.page.evaluate("() => Object.defineProperty(document, 'hidden', { configurable: true, value: true })")


def notification(page: RecordPage) -> Locator:
    return page.page.locator(".stub-notification")


@pytest.fixture
def small(lasting_page: Any) -> Iterator[None]:
    """A window in which the record page can be scrolled."""
    size = lasting_page.viewport_size
    lasting_page.set_viewport_size({"width": 900, "height": 320})
    yield
    lasting_page.set_viewport_size(size)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("path", "leave"),
    [
        (DESKTOP, scrolled_away),
        (MOBILE, another_record),
        pytest.param(DESKTOP, another_record, marks=pytest.mark.exhaustive),
        pytest.param(MOBILE, scrolled_away, marks=pytest.mark.exhaustive),
    ],
)
def test_the_end_is_told_by_kintone_when_the_panel_is_out_of_sight(
    serve_config: Serve, config: Config, path: str, leave: Callable[[RecordPage], None]
) -> None:
    page = serve_config(config).open(path)
    page.start()
    leave(page)
    page.advance(5)
    expect(notification(page)).to_have_count(0)
    page.advance(10)
    expect(notification(page)).to_have_class("stub-notification stub-notification-success")
    expect(notification(page)).to_contain_text("再集計（レコード1）：完了しました（")


def test_the_end_is_told_by_kintone_when_another_tab_is_in_front(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows = page.stub.services["krewdata"].units[UNIT].flows[:1]
    page.start()
    page.advance(4)
    asked = len(page.stub.requests)
    page.stub.clock.advance(2)
    with page.page.expect_request("**/k/api/proxy/call.json"):
        # Hidden between the question and its answer.
        page.page.route(
            "**/k/api/proxy/call.json", lambda route: (other_tab_in_front(page), route.continue_()), times=1
        )
        page.page.clock.run_for(2000)
    page.settle()
    assert len(page.stub.requests) == asked + 1
    expect(notification(page)).to_contain_text("再集計（レコード1）：完了しました（")


def trocco_ends(outcome: Any) -> Callable[[RecordPage], None]:
    def prepare(page: RecordPage) -> None:
        page.stub.services["trocco"].japan.job_definitions[123].outcome = outcome

    return prepare


def trocco_lost(page: RecordPage) -> None:
    page.stub.proxy.faults.append(Fault("job", "answer", status=403, body=ERRORS["forbidden"].body))


ENDS: list[tuple[Callable[[RecordPage], None], str, str]] = [
    (trocco_ends("succeeded"), "succeeded", "success"),
    (trocco_ends("error"), "failed", "error"),
    (trocco_ends("canceled"), "canceled", "info"),
    (trocco_ends("skipped"), "skipped", "info"),
    (trocco_lost, "unknown", "info"),
]


def test_the_notification_is_of_the_kind_of_the_end(serve_config: Serve) -> None:
    page = serve_config(config_of(TROCCO_UNIT)).open(lang="en")
    for prepare, state, kind in ENDS:
        prepare(page)
        page.start()
        page.shown_again(lambda: page.page.get_by_role("button", name="Next").click())
        page.advance(30, step=5)
        expect(notification(page)).to_have_class(f"stub-notification stub-notification-{kind}")
        told = notification(page).locator("p").inner_text()
        page.shown_again(lambda: page.page.get_by_role("button", name="Previous").click())
        assert page.state() == state
        assert told == f"Load sales (record 1): {page.status()}"


def test_an_end_that_is_seen_in_the_panel_is_not_told_twice(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.start()
    page.advance(15, step=5)
    assert page.state() == "succeeded"
    expect(notification(page)).to_have_count(0)
    # A canceled question is no end.
    questions(page.page, "recalculate")
    expect(page.unit()).to_have_attribute("data-state", "succeeded")
    expect(notification(page)).to_have_count(0)
    # It is not announced again when the page is shown either.
    another_record(page)
    page.shown_again(lambda: page.page.get_by_role("button", name="前へ").click())
    page.reload()
    expect(notification(page)).to_have_count(0)


def test_ends_that_were_not_read_yet_are_told_together_the_worst_kind_first_in_colour(serve_config: Serve) -> None:
    page = serve_config(config_of(KREWDATA_UNIT, LOAD)).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    page.start("load")
    another_record(page)
    page.advance(30, step=6)
    told = notification(page).locator("p").inner_text().splitlines()
    assert [re.sub("[。（].*", "", line) for line in told] == ["再集計", "売上を取り込む"]
    assert all("（レコード1）：" in line for line in told)
    expect(notification(page)).to_have_class("stub-notification stub-notification-error")
    # A message that was read is not repeated.
    page.shown_again(lambda: page.page.get_by_role("button", name="前へ").click())
    page.start("load")
    another_record(page)
    page.advance(30, step=6)
    assert len(notification(page).locator("p").inner_text().splitlines()) == 1


@pytest.mark.parametrize(
    "path",
    ["/k/45/", pytest.param("/k/45/show#record=2", marks=pytest.mark.exhaustive)],
    ids=["list", "another record"],
)
def test_the_end_in_a_hidden_tab_is_told_in_the_apps_tab_that_is_in_front_unless_it_shows_the_run(
    serve_config: Serve, config: Config, path: str
) -> None:
    page = serve_config(config).open()
    other = page.tab(path)
    other_tab_in_front(page)

    def end_in_the_back(runs: int) -> None:
        page.start()
        # The tab in front takes over, or the hidden one asks at its own pace.
        for _ in range(6):
            other.advance(6, step=6)
            page.page.clock.run_for(6000)
            page.settle()
        expect(page.unit()).to_have_attribute("data-state", "succeeded")
        assert len(page.stub.services["krewdata"].runs) == runs

    end_in_the_back(1)
    expect(notification(other)).to_contain_text("再集計（レコード1）：完了しました（")
    other.page.goto("about:blank")
    other.page.goto(f"{page.address}{DESKTOP}")
    wait_until(other.page, SHOWN)
    other.settle()
    end_in_the_back(2)
    expect(other.unit()).to_have_attribute("data-state", "succeeded")
    expect(notification(other)).to_have_count(0)


def go(page: RecordPage, path: str) -> None:
    page.page.goto(f"{page.address}{path}")
    wait_until(page.page, SHOWN)
    page.settle()


def test_a_run_is_followed_on_the_list_too_and_its_end_is_told_once_and_on_view_when_the_user_comes_back(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    go(page, "/k/45/")
    expect(page.unit()).to_have_count(0)
    page.advance(15, step=5)
    expect(notification(page)).to_contain_text("再集計（レコード1）：失敗しました。")
    go(page, DESKTOP)
    assert page.state() == "failed"
    assert page.details().startswith("33 ")
    assert page.page.evaluate("sessionStorage.length") == 0
    # One that is lost sight of is not told on every page either.
    page.start()
    page.stub.proxy.faults.append(
        Fault("status", "answer", status=400, body='{"code": 400, "description": "?"}', times=None)
    )
    go(page, "/k/45/")
    page.advance(3)
    expect(notification(page)).to_contain_text("結果を確認できませんでした")
    asked = len(page.stub.requests)
    go(page, "/k/45/")
    page.advance(3)
    expect(notification(page)).to_have_count(0)
    assert len(page.stub.requests) == asked
