"""A krewData run on the built page, from the click to its end: what is sent, when, and what is shown."""

import base64
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from playwright.sync_api import Route, expect

from generator.units.config import Config
from tests.browser.record_page import UNIT, RecordPage, Serve
from tests.conftest import config_of

URL = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklmn"
PROXY = "**/k/api/proxy/call.json"


def watch_to_success(page: RecordPage) -> None:
    """Follows a run of two flows through every state that its user sees."""
    page.stub.services["krewdata"].units[UNIT].queue_seconds = 2
    assert page.state() == "idle"
    run = page.ask()
    assert page.state() == "confirming"
    run.click()
    page.begun()
    seen = []
    for _ in range(15):
        seen.append((page.state(), *(state for _, state in page.flows())))
        assert page.status() != ""
        assert page.is_busy() == (page.state() != "succeeded")
        page.advance(1)
        # Its status is requested soon.
        assert len(seen) > 1 or len(page.stub.requests) == 3
    changes = [seen[0], *(after for before, after in pairwise(seen) if after != before)]
    assert changes == [
        ("queued",),
        ("queued", "queued", "queued"),
        ("running", "running", "queued"),
        ("running", "succeeded", "running"),
        ("succeeded", "succeeded", "succeeded"),
    ]
    assert [name for name, _ in page.flows()] == ["抽出", "集計"]
    assert len(page.stub.services["krewdata"].runs) == 1


def test_a_run_is_watched_from_the_click_to_success_and_then_asked_about_no_more(
    serve_config: Serve, config: Config
) -> None:
    """With the requests of krewData's API reference."""
    page = serve_config(config).open()
    watch_to_success(page)
    asked, words = len(page.stub.requests), page.line().inner_text()
    page.advance(3600, step=600)
    assert len(page.stub.requests) == asked
    assert page.line().inner_text() == words
    sent = [sent.request for sent in page.stub.requests]
    assert [(request.method, request.url) for request in sent] == [
        ("POST", f"{URL}/token"),
        ("POST", f"{URL}/run"),
        *[("POST", f"{URL}/status")] * (len(sent) - 2),
    ]
    assert [request.headers for request in sent] == [{"Content-Type": "application/json;charset=UTF-8"}] * len(sent)
    answers = [page.answer(sent) for sent in page.stub.requests]
    token, task = answers[0]["accessToken"], answers[1]["taskId"]
    assert page.sent("/token") == [
        {
            "krewdataAppUrl": "https://yourdomain.cybozu.com/k/123",
            "serialNumber": base64.b64encode(b"abcdef-jklmno-pqrstu-xyz123-456789").decode(),
        }
    ]
    assert page.sent("/run") == [
        {
            "accessToken": token,
            "user": "sato",
            "appId": "45",
            "record": {
                "部門名": {"type": "DROP_DOWN", "value": "営業部"},
                "入荷日": {"type": "DATE", "value": "2026-11-01"},
            },
        }
    ]
    assert page.sent("/status") == [{"accessToken": token, "taskId": task}] * (len(sent) - 2)


def test_a_flow_that_fails_ends_the_run_with_its_reason_and_the_next_begins_anew(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    first, last = page.stub.services["krewdata"].units[UNIT].flows
    first.outcome = "Failure"
    page.start()
    page.advance(8, step=8)
    assert page.state() == "failed"
    assert page.flows() == [("抽出", "failed"), ("集計", "canceled")]
    assert page.status() != ""
    krewdatas_own = "The data editing flow settings are incorrect. Correct the error in the data editing flow."
    assert krewdatas_own not in page.line().inner_text()
    assert page.details() == f"33 {krewdatas_own}"
    assert page.button().is_enabled()
    first.outcome, last.outcome = "Success", "Failure"
    page.start()
    assert page.state() == "queued"
    assert page.flows() == []
    page.advance(15, step=15)
    assert page.state() == "failed"
    assert page.flows() == [("抽出", "succeeded"), ("集計", "failed")]
    assert len({body["accessToken"] for body in page.sent("/run")}) == 2


# --- what is sent


def test_what_is_configured_is_sent_as_it_is_and_a_record_as_kintone_has_it(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    serials = {"none": "abcdef-jklmno", "all": "abc-~?>~?>"}
    url = "https://yourdomain.cybozu.com/k/123/"
    units = [
        {
            **{**krewdata_unit, "id": record, "record": record, "krewdata_app_url": url, "confirm": False},
            "url": f"https://api.krewdata.grapecity.com/trigger/v1/{record}",
            "serial_number": serial_number,
        }
        for record, serial_number in serials.items()
    ]
    # Record 2 is empty: null, "" and []. Record 3 is full and long, with tables, files and markup.
    page = serve_config(config_of(*units)).open("/k/45/show#record=2")

    def run(unit_id: str) -> dict[str, Any]:
        page.button(unit_id).click()
        page.begun(unit_id)
        assert page.state(unit_id) == "queued"
        asked = page.sent("/token")[-1]
        assert base64.b64decode(asked["serialNumber"], validate=True).decode() == serials[unit_id]
        assert asked["krewdataAppUrl"] == url
        return page.sent("/run")[-1]

    assert set(run("none")) == {"accessToken", "user", "appId"}
    assert run("all")["record"] == page.stub.apps[45].records[2]
    page.advance(15, step=15)
    page.shown_again(lambda: page.page.get_by_role("button", name="次へ").click())
    assert run("all")["record"] == page.stub.apps[45].records[3]


# --- the confirmation


def test_nothing_is_sent_before_the_confirmation_nor_after_a_canceled_one(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    own_words = "本当に<b>よい</b>ですか？"
    page = serve_config(config_of(krewdata_unit, {**krewdata_unit, "id": "own", "confirm": own_words})).open()
    keyboard = page.page.keyboard

    def asked(no: Callable[[], None]) -> None:
        expect(page.dialog).to_have_count(1)
        no()
        expect(page.dialog).to_have_count(0)
        expect(page.unit()).to_have_attribute("data-state", "idle")

    # By keyboard alone.
    while not page.button().evaluate("button => button === document.activeElement"):
        keyboard.press("Tab")
    keyboard.press("Enter")
    asked(lambda: keyboard.press("Escape"))
    expect(page.button()).to_be_focused()
    # Clicking twice asks once.
    page.button().evaluate("button => { button.click(); button.click(); }")
    asked(lambda: page.dialog.get_by_role("button", name="キャンセル").click())
    page.button().click()
    asked(lambda: page.dialog.get_by_role("button", name="閉じる").click())
    page.button("own").click()
    expect(page.dialog).to_contain_text(own_words)
    keyboard.press("Escape")
    expect(page.dialog).to_have_count(0)
    assert page.button().is_enabled()
    page.button().focus()
    keyboard.press("Space")
    expect(page.dialog).to_be_visible()
    # Longer than a token lives.
    page.advance(1800, step=600)
    assert page.stub.requests == []
    assert page.state() == "confirming"
    page.confirm_by_keyboard()
    expect(page.unit()).to_have_attribute("data-state", "queued")
    assert len(page.sent("/token")) == len(page.stub.services["krewdata"].runs) == 1


# --- one click, one run


CLICKS: dict[str, Callable[[RecordPage], None]] = {
    "double click": lambda page: page.button().dblclick(),
    "two clicks in one turn": lambda page: page.button().evaluate("button => { button.click(); button.click(); }"),
    "two events in one turn": lambda page: page.button().evaluate(
        "button => { for (const _ of [1, 2]) button.dispatchEvent(new MouseEvent('click', { bubbles: true })); }"
    ),
}


def test_without_a_confirmation_a_click_runs_at_once_and_clicking_on_starts_no_other(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "confirm": False})).open()
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    for runs, (how, click) in enumerate(CLICKS.items(), 1):
        click(page)
        page.begun()
        assert (how, page.state()) == (how, "queued")
        for _ in range(3):
            page.button().click(force=True)
            page.button().evaluate("button => button.dispatchEvent(new MouseEvent('click', { bubbles: true }))")
            assert page.is_busy()
            page.advance(2)
        expect(page.dialog).to_have_count(0)
        page.advance(15, step=15)
        assert (how, page.state()) == (how, "succeeded")
        assert len(page.sent("/token")) == len(page.sent("/run")) == len(page.stub.services["krewdata"].runs) == runs


# --- time


def test_the_elapsed_time_is_shown_and_stands_still_at_the_end(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "timeout": "2h"})).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 3650
    page.start()
    # The clock is drawn once a second, up to a second late, so it is read just before the next full second.
    for seconds, shown in [(1.9, "0:01"), (6, "0:07"), (53, "1:00"), (3000, "51:00"), (545, "1:00:05")]:
        page.advance(seconds, step=60)
        assert page.line().locator(".rb-time").inner_text() == shown
    page.advance(120, step=60)
    assert page.state() == "succeeded"
    at_the_end = page.line().locator(".rb-body").inner_text()
    assert "1時間" in at_the_end
    page.advance(60, step=60)
    assert page.line().locator(".rb-body").inner_text() == at_the_end


def test_a_token_that_grew_old_while_the_computer_slept_is_replaced_and_one_question_waits_for_the_other(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()

    def answer_after_sleep(route: Route) -> None:
        answer = route.fetch()
        page.stub.clock.advance(11 * 60)
        page.page.clock.set_system_time(page.stub.clock.now())
        route.fulfill(response=answer)

    page.page.route(PROXY, answer_after_sleep, times=1)
    page.start()
    assert page.state() == "queued"
    tokens = [page.answer(sent)["accessToken"] for sent in page.stub.requests if sent.call == "token"]
    assert len(tokens) == 2
    assert [body["accessToken"] for body in page.sent("/run")] == tokens[1:]
    page.advance(60, step=20)
    assert page.state() == "succeeded"
    # The next request waits for the answer to the last one.
    page.start()
    before = len(page.sent("/status"))
    asked_meanwhile = []

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        page.page.clock.run_for(60_000)
        asked_meanwhile.append(len(page.sent("/status")) - before)
        route.fulfill(response=answer)

    page.page.route(PROXY, answer_late, times=1)
    page.advance(12)
    assert asked_meanwhile == [1]
    page.advance(20)
    assert page.state() == "succeeded"


def test_a_run_longer_than_its_tokens_life_is_followed_as_far_as_krewdata_answers(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config).open()
    krewdata = page.stub.services["krewdata"]
    krewdata.units[UNIT].flows[0].seconds = 1200
    for runs, (token_expires, state) in enumerate([(False, "succeeded"), (True, "unknown")], 1):
        krewdata.switches.status_token_expires = token_expires
        page.start()
        assert page.state() == "queued"
        page.advance(1260, step=90)
        assert page.state() == state
        assert len(krewdata.runs) == runs
