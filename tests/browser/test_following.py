"""A run that is found again: after a reload, on another page, in another tab; and its status requests."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from generator.stub.proxy import Fault
from generator.units.config import Config
from tests.browser.record_page import SHOWN, UNIT, RecordPage, Serve, answering, wait_until
from tests.conftest import config_of

SECOND_RECORD = "/k/45/show#record=2"
ON_MOBILE = "/k/m/45/show?record=1"


def open_long(serve_config: Serve, config: Config, seconds: float = 60, *, before: str = "") -> RecordPage:
    """A page whose unit takes that long, and can run several times at once."""
    page = serve_config(config, before=before).open()
    unit = page.stub.services["krewdata"].units[UNIT]
    unit.flows = unit.flows[:1]
    unit.flows[0].seconds = seconds
    unit.concurrent = True
    return page


def kept(page: RecordPage, storage: str) -> dict[str, Any]:
    """The page's values in sessionStorage or localStorage."""
    stored: dict[str, str] = page.page.evaluate(f"() => ({{ ...{storage} }})")
    return {key: json.loads(value) for key, value in stored.items()}


def durations(page: RecordPage) -> list[int]:
    """The durations that the page remembers of its unit."""
    stored = kept(page, "localStorage")
    return next((value for key, value in stored.items() if key.startswith("runbutton/durations/")), [])


def see_what_is_written(tabs: list[RecordPage]) -> None:
    """Moves time until one of the tabs has written its start, and waits until all of them read it.

    Between processes that takes some real time, for which the page that writes keeps the lock (SETTLE of locks.js); a
    clock that is moved on at once leaves none."""

    def entries() -> set[str]:
        return {tab.page.evaluate("JSON.stringify(Object.entries(localStorage).sort())") for tab in tabs}

    while entries() == {"[]"}:
        tabs[0].page.clock.run_for(20)
    while len(entries()) > 1:
        pass


def is_in(page: RecordPage, state: str) -> None:
    """Waits, in real time, for a message from another tab."""
    expect(page.unit()).to_have_attribute("data-state", state)


# --- the page is loaded again


def test_a_reload_goes_on_following_the_run(serve_config: Serve, config: Config) -> None:
    page = open_long(serve_config, config)
    page.stub.services["krewdata"].units[UNIT].queue_seconds = 30
    page.start()
    page.advance(4)
    for state, elapsed in (("queued", "0:04"), ("running", "0:40")):
        assert page.state() == state
        asked = len(page.sent("/status"))
        page.reload()
        assert page.state() == state
        assert page.is_busy()
        assert page.flows() == [("抽出", state)]
        assert page.line().locator(".rb-time").inner_text() == elapsed
        # Not sooner than two seconds after the last answer, which another page may have got.
        page.advance(2.2)
        assert len(page.sent("/status")) == asked + 1
        page.advance(33.8, step=16.9)
    page.advance(60, step=20)
    assert page.state() == "succeeded"
    assert page.button().is_enabled()
    assert len(page.sent("/run")) == len(page.stub.services["krewdata"].runs) == 1


def entry(page: RecordPage, place: str = "1") -> dict[str, Any]:
    """The unit's run at the place in localStorage."""
    found: dict[str, Any] = kept(page, "localStorage")[f"runbutton/sato/orders/45/recalculate/{place}"]["run"]
    return found


def test_a_reload_during_a_start_says_that_it_may_have_started_and_a_token_is_kept_from_then_to_the_end(
    serve_config: Serve, config: Config
) -> None:
    page = open_long(serve_config, config, 10)
    page.page.evaluate("() => { globalThis.fetch = () => new Promise(() => {}); }")
    page.ask().click()
    is_in(page, "starting")
    assert entry(page)["handle"] is None
    page.reload()
    # The page that started it may still be open.
    assert page.state() == "starting"
    page.advance(2)
    assert page.state() == "unknown"
    assert "開始処理の途中" in page.status()
    assert "実行が始まっている可能性があります。" in page.line().inner_text()
    page.advance(10, step=10)
    assert page.stub.requests == []
    assert kept(page, "sessionStorage") == {}
    confirm = page.ask()
    expect(page.dialog).to_contain_text("前回の実行が終わっていない可能性があります。")
    confirm.click()
    page.begun()
    page.advance(2)
    token = page.sent("/run")[0]["accessToken"]
    assert entry(page)["handle"] == {"accessToken": token, "taskId": page.sent("/status")[0]["taskId"]}
    assert kept(page, "sessionStorage") == {}
    page.advance(12, step=6)
    assert page.state() == "succeeded"
    assert token not in json.dumps(kept(page, "localStorage"))


def test_a_token_is_gone_with_the_deadline_for_other_users_too(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = open_long(serve_config, config_of({**krewdata_unit, "timeout": "2m"}), 300)
    page.start()
    page.advance(30, step=15)
    token = page.sent("/run")[0]["accessToken"]
    # No page is open at the deadline, and another user of the browser comes first.
    stored = page.page.evaluate("JSON.stringify(localStorage)").replace("runbutton/sato/", "runbutton/suzuki/")
    assert token in stored
    page.page.evaluate("(stored) => { localStorage.clear(); Object.assign(localStorage, JSON.parse(stored)); }", stored)
    page.stub.clock.advance(600)
    page.open()
    assert page.state() == "idle"
    page.advance(250, step=125)
    assert token not in json.dumps(kept(page, "localStorage"))


def test_a_run_is_found_again_from_the_list_another_record_and_a_form(serve_config: Serve, config: Config) -> None:
    page = open_long(serve_config, config)
    page.start()
    page.page.goto(f"{page.address}/k/45/")
    wait_until(page.page, SHOWN)
    page.settle()
    page.advance(5, step=5)
    page.page.goto(f"{page.address}{SECOND_RECORD}")
    is_in(page, "idle")
    page.shown_again(lambda: page.page.get_by_role("button", name="前へ").click())
    assert page.state() == "running"
    for leave in ("保存", "キャンセル"):
        page.shown_again(lambda: page.page.get_by_role("button", name="レコードを編集する").click())
        page.advance(5, step=5)
        page.page.get_by_label("件名").fill("直した件名")
        page.shown_again(lambda leave=leave: page.page.get_by_role("button", name=leave).click())  # type: ignore[misc]
        assert page.state() == "running"
        assert page.is_busy()
    page.advance(80, step=20)
    assert page.state() == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 1


# --- other tabs


def test_tabs_from_before_and_from_during_a_run_show_it_and_ask_nothing(serve_config: Serve, config: Config) -> None:
    page = open_long(serve_config, config, 20)
    phone, elsewhere = page.tab(ON_MOBILE), page.tab(SECOND_RECORD)
    page.page.bring_to_front()
    page.start()
    is_in(phone, "queued")
    assert phone.is_busy()
    page.advance(3)
    is_in(phone, "running")
    assert elsewhere.state() == "idle"
    assert elsewhere.button().is_enabled()
    # A duplicated tab gets a copy of the tab's own storage.
    session = page.page.evaluate("JSON.stringify(sessionStorage)")
    duplicate = page.tab(script=f"if (!sessionStorage.length) Object.assign(sessionStorage, {session});")
    is_in(duplicate, "running")
    assert duplicate.is_busy()
    assert duplicate.flows() == [("抽出", "running")]
    page.page.bring_to_front()
    # The other tabs keep showing it while its tab is reloaded.
    page.reload()
    page.advance(9)
    assert [tab.state() for tab in (page, phone, duplicate)] == ["running"] * 3
    page.advance(12)
    assert page.state() == "succeeded"
    # About every second at first: two tabs would have sent far more requests.
    assert len(page.sent("/status")) <= 14
    # It gets the end from the other tab, or is unfrozen first and requests it itself.
    duplicate.advance(1)
    for tab in (phone, duplicate):
        is_in(tab, "succeeded")
        assert tab.status() == page.status()
        assert tab.button().is_enabled()
        assert kept(tab, "sessionStorage") == {}
    assert len(durations(page)) == len(page.stub.services["krewdata"].runs) == 1
    phone.page.bring_to_front()
    phone.start()
    is_in(page, "queued")
    assert page.is_busy()


def test_a_run_whose_tab_is_closed_is_followed_by_another_or_by_the_next_page_of_the_app(
    serve_config: Serve, config: Config
) -> None:
    page = open_long(serve_config, config, 20)
    owner = page.tab()
    owner.start()
    owner.advance(3)
    is_in(page, "running")
    asked = len(page.stub.requests)
    owner.page.close()
    # The browser needs a moment to pass on a closed tab's lock.
    page.page.evaluate("async () => { while ((await navigator.locks.query()).pending.length) {} }")
    page.advance(30, step=5)
    assert page.state() == "succeeded"
    assert len(page.stub.requests) > asked
    assert len(page.stub.services["krewdata"].runs) == 1
    # Now no page is left to follow it.
    page.start()
    page.advance(3)
    page.page.goto("about:blank")
    page.stub.clock.advance(60)
    # The list has no button of the unit; a run on record 1 is followed all the same.
    page.open("/k/45/")
    page.advance(5, step=5)
    expect(page.page.get_by_text("再集計（レコード1）：完了しました")).to_be_visible()
    page.page.goto(f"{page.address}/k/45/show#record=1")
    is_in(page, "succeeded")
    assert len(page.stub.services["krewdata"].runs) == 2


WITHOUT_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"

# Each tab clicks on a message that reaches all of them at once.
AT_THE_WORD = answering("""
  document.querySelector("button.rb-run").click();
  await until(() => answer("実行する"));
  new BroadcastChannel("test").addEventListener("message", () => answer("実行する").click());
""")


@pytest.mark.parametrize(
    "path",
    [ON_MOBILE, pytest.param("/k/45/show#record=1", marks=pytest.mark.exhaustive)],
    ids=["two devices", "one device"],
)
def test_tabs_that_are_confirmed_at_the_same_moment_start_one_run(
    serve_config: Serve, config: Config, path: str
) -> None:
    page = open_long(serve_config, config, 10)
    tabs = [page, page.tab(path)]
    for tab in tabs:
        tab.page.evaluate(AT_THE_WORD)
    page.page.evaluate("() => { new BroadcastChannel('test').postMessage('go'); }")
    start_one_run(tabs)


def test_without_web_locks_tabs_that_are_confirmed_one_after_the_other_start_one_run(
    serve_config: Serve, config: Config
) -> None:
    page = open_long(serve_config, config, 10, before=WITHOUT_LOCKS)
    tabs = [page, page.tab()]
    for button in [tab.ask() for tab in tabs]:
        button.click()
    start_one_run(tabs)


def start_one_run(tabs: list[RecordPage]) -> None:
    """Asserts that one run is all that comes of the tabs' clicks, and that each tab shows it."""
    page = tabs[0]
    see_what_is_written(tabs)
    # One waits for the lock of the other before its own time begins.
    page.advance(2, step=0.2)
    for tab in tabs:
        expect(tab.unit()).to_have_attribute("data-state", re.compile("queued|running"))
    assert len(page.sent("/token")) == len(page.stub.services["krewdata"].runs) == 1
    page.advance(13)
    for tab in tabs:
        is_in(tab, "succeeded")


# --- browsers that have less

REFUSE = "() => { throw new DOMException('refused', 'SecurityError'); }"
REFUSALS = {
    "no Web Locks": WITHOUT_LOCKS,
    "Web Locks refuse": f"LockManager.prototype.request = async {REFUSE};",
    "nothing can be kept": f"Storage.prototype.setItem = {REFUSE};",
    "nothing can be read": f"""
      for (const name of ["getItem", "setItem", "removeItem"]) Storage.prototype[name] = {REFUSE};
    """,
    "no storage at all": f"""
      for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(globalThis, name, {{ get: {REFUSE} }});
    """,
}
SAMPLE = {"no Web Locks", "no storage at all"}


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(script, id=name, marks=[] if name in SAMPLE else pytest.mark.exhaustive)
        for name, script in REFUSALS.items()
    ],
)
def test_a_browser_that_refuses_storage_or_locks_loses_no_run(serve_config: Serve, config: Config, script: str) -> None:
    page = open_long(serve_config, config, 8, before=script)
    for runs in (1, 2):
        page.start()
        assert page.state() == "queued"
        page.advance(12, step=6)
        assert page.state() == "succeeded"
        assert len(page.stub.services["krewdata"].runs) == runs
    if script == REFUSALS["no storage at all"]:
        # A reload forgets the run, without an error.
        page.start()
        page.reload()
        assert page.state() == "idle"
        assert page.button().is_enabled()
        page.page.goto("about:blank")


# --- how often a unit may be started


def test_starts_are_counted_in_all_tabs_while_a_question_is_open_too_and_the_next_one_is_announced(
    serve_config: Serve, config: Config
) -> None:
    page = open_long(serve_config, config, 2)
    other = page.tab(SECOND_RECORD)
    for tab in (page, other):
        tab.start()
        tab.advance(5, step=5)
        assert tab.state() == "succeeded"
    confirm = other.ask()
    page.page.bring_to_front()
    for _ in range(2):
        page.start()
        page.advance(5, step=5)
    confirm.click()
    is_in(other, "failed")
    assert "実行できませんでした" in other.line().inner_text()
    seconds = re.search(r"(\d+)秒後に実行できます。", other.line().inner_text())
    assert seconds
    assert int(seconds[1]) == 40
    page.advance(39, step=13)
    other.button().click()
    is_in(other, "failed")
    assert len(page.sent("/token")) == 4
    page.advance(1)
    other.start()
    assert other.state() == "queued"
    assert len(page.sent("/token")) == 5


# --- when its status is requested

HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_hidden_tab_asks_seldom_and_at_once_when_it_is_shown_but_not_twice(
    serve_config: Serve, config: Config
) -> None:
    page = open_long(serve_config, config, 400)
    page.start()
    page.advance(3)
    asked = len(page.stub.requests)
    page.page.evaluate(f"() => [true, false, true, false, false].forEach({HIDE})")
    page.settle()
    assert len(page.stub.requests) == asked
    page.advance(1)
    assert len(page.stub.requests) == asked + 1
    page.advance(30)
    assert len(page.stub.requests) <= asked + 20
    page.page.evaluate(HIDE, True)
    asked = len(page.stub.requests)
    page.advance(240, step=15)
    assert 7 <= len(page.stub.requests) - asked <= 8
    assert page.state() == "running"
    page.advance(5)
    asked = len(page.stub.requests)
    page.page.evaluate(HIDE, False)
    page.advance(0.01)
    assert len(page.stub.requests) == asked + 1
    assert page.state() == "running"


DEAF = """addEventListener("storage", (event) => { if (globalThis.deaf) event.stopImmediatePropagation(); });"""


def test_a_page_that_gets_only_the_end_of_a_run_offers_the_values_that_are_newer_than_its_own(
    serve_config: Serve, config: Config
) -> None:
    page = open_long(serve_config, config, 5, before=DEAF)
    away = page.tab()
    away.page.evaluate("globalThis.deaf = true")
    page.page.bring_to_front()
    page.start()
    page.advance(10, step=5)
    assert page.state() == "succeeded"
    assert away.state() == "idle"
    away.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    is_in(away, "succeeded")
    expect(away.line().get_by_role("button", name="レコードを再表示")).to_be_visible()


def test_a_timeout_ends_following_with_words_and_the_page_that_has_the_token_can_ask_on_for_a_minute(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = open_long(serve_config, config_of({**krewdata_unit, "timeout": "2m"}), 300)
    page.start()
    page.advance(150, step=30)
    for _ in range(2):
        assert page.state() == "unknown"
        assert "2分以内に終わらなかったため、このページでの確認を終了しました。" in page.status()
        assert "実行は続いている可能性があります。" in page.line().inner_text()
        asked = len(page.stub.requests)
        page.advance(30, step=10)
        assert len(page.stub.requests) == asked
        page.resume()
        page.advance(0.2)
        assert len(page.stub.requests) == asked + 1
        assert page.state() == "running"
        page.advance(70, step=14)
    assert page.state() == "succeeded"
    page.start()
    page.advance(150, step=30)
    again = page.line().get_by_role("button", name="実行状況を再確認")
    expect(again).to_be_visible()
    page.reload()
    assert page.state() == "unknown"
    expect(again).to_have_count(0)
    assert len(page.stub.services["krewdata"].runs) == 2


# --- how long it usually takes


def test_the_bar_promises_nothing_until_it_is_known_how_long_the_unit_takes_which_only_success_teaches(
    serve_config: Serve, config: Config
) -> None:
    page = open_long(serve_config, config, 4)
    flow = page.stub.services["krewdata"].units[UNIT].flows[0]
    bar = page.line().get_by_role("progressbar")
    flow.outcome = "Failure"
    page.start()
    page.advance(8, step=8)
    assert page.state() == "failed"
    page.stub.proxy.faults.append(Fault("run", "lost", times=2))
    page.start()
    page.advance(20)
    assert page.state() == "unknown"
    assert durations(page) == []
    flow.outcome, flow.seconds = "Success", 40
    page.start()
    page.advance(20, step=10)
    expect(bar).to_have_attribute("aria-valuenow", "0")
    assert "目安" not in page.line().inner_text()
    page.advance(30)
    assert page.state() == "succeeded"
    expect(bar).to_have_attribute("aria-valuenow", "1")
    assert len(durations(page)) == 1
    page.start()
    page.advance(20, step=10)
    expect(page.line().locator(".rb-time")).to_have_text("0:20")
    expect(page.line()).to_contain_text("目安 約4")
    # Longer than usual: it is not over before it is over.
    page.advance(30, step=10)
    flow.seconds = 90
    page.start()
    page.advance(60, step=15)
    assert page.state() == "running"
    expect(bar).to_have_attribute("aria-valuenow", "0")
    page.advance(60, step=20)
    assert page.state() == "succeeded"
    # The last ten are remembered.
    flow.seconds = 4
    (key,) = (key for key in kept(page, "localStorage") if key.startswith("runbutton/durations/"))
    page.page.evaluate("key => localStorage.setItem(key, '[1000,2000,3000,4000,5000,6000,7000,8000,9000,10000]')", key)
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"
    assert durations(page)[:9] == [2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000]
    assert len(durations(page)) == 10
    assert 4000 <= durations(page)[9] <= 8000
