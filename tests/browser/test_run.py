"""A krewData run on the built page, from the click to its end: what is sent, when, and what is shown."""

import base64
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from generator.units.config import Config
from tests.browser.record_page import UNIT, RecordPage, Serve
from tests.conftest import config_of
from tests.recording import hide

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
    for _ in range(20):
        seen.append((page.state(), *(state for _, state in page.flows())))
        assert page.status() != ""
        assert page.is_busy() == (page.state() != "succeeded")
        page.advance(1)
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


def test_a_run_is_watched_from_the_click_to_success(serve_config: Serve, config: Config) -> None:
    watch_to_success(serve_config(config).open())


def test_a_run_that_has_ended_is_asked_about_no_more(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"
    asked, words = len(page.stub.requests), page.line().inner_text()
    page.advance(3600, step=60)
    assert len(page.stub.requests) == asked
    assert page.line().inner_text() == words


def test_a_flow_that_fails_ends_the_run_with_its_reason(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)
    assert page.state() == "failed"
    assert page.flows() == [("抽出", "failed"), ("集計", "canceled")]
    assert page.status() != ""
    krewdatas_own = "The data editing flow settings are incorrect. Correct the error in the data editing flow."
    assert krewdatas_own not in page.line().inner_text()
    assert page.details() == f"33 {krewdatas_own}"
    assert page.button().is_enabled()


def test_the_last_flow_failing_leaves_the_others_as_they_ended(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[1].outcome = "Failure"
    page.start()
    page.advance(15)
    assert page.state() == "failed"
    assert page.flows() == [("抽出", "succeeded"), ("集計", "failed")]


# --- what is sent


def test_the_three_requests_are_those_of_the_api_reference(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.start()
    page.advance(1)
    sent = [sent.request for sent in page.stub.requests]
    assert [(request.method, request.url) for request in sent] == [
        ("POST", f"{URL}/token"),
        ("POST", f"{URL}/run"),
        ("POST", f"{URL}/status"),
    ]
    assert [request.headers for request in sent] == [{"Content-Type": "application/json;charset=UTF-8"}] * 3
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
    assert page.sent("/status") == [{"accessToken": token, "taskId": task}]


@pytest.mark.parametrize("serial_number", ["abcdef-jklmno", "abc-~?>~?>"])
def test_a_serial_number_travels_as_base64_of_its_utf8(
    serve_config: Serve, krewdata_unit: dict[str, Any], serial_number: str
) -> None:
    page = serve_config(config_of({**krewdata_unit, "serial_number": serial_number})).open()
    page.start()
    assert base64.b64decode(page.sent("/token")[0]["serialNumber"], validate=True).decode() == serial_number
    assert page.state() == "queued"


def test_the_krewdata_app_url_is_sent_as_it_was_configured(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    with_slash = "https://yourdomain.cybozu.com/k/123/"
    page = serve_config(config_of({**krewdata_unit, "krewdata_app_url": with_slash})).open()
    page.start()
    assert page.sent("/token")[0]["krewdataAppUrl"] == with_slash
    assert page.state() == "queued"


def test_with_record_none_nothing_of_the_record_is_sent(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    page = serve_config(config_of({**krewdata_unit, "record": "none"})).open()
    page.start()
    assert set(page.sent("/run")[0]) == {"accessToken", "user", "appId"}
    assert page.state() == "queued"


# Record 2 is empty: null, "" and []. Record 3 is full and long, with tables, files and markup.
@pytest.mark.parametrize("record_id", [2, 3])
def test_with_record_all_every_field_is_sent_as_kintone_has_it(
    serve_config: Serve, krewdata_unit: dict[str, Any], record_id: int
) -> None:
    page = serve_config(config_of({**krewdata_unit, "record": "all"})).open(f"/k/45/show#record={record_id}")
    page.start()
    assert page.sent("/run")[0]["record"] == page.stub.apps[45].records[record_id]
    assert page.state() == "queued"


def test_a_field_that_the_record_lacks_is_told_before_anything_is_sent(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    # It is not in the record of a user who may not see the field.
    hide(page.stub, "部門名")
    page.open().button().click()
    expect(page.unit()).to_have_attribute("data-state", "failed")
    assert "部門名" in page.status()
    assert "入荷日" not in page.status()
    assert page.stub.requests == []
    assert page.button().is_enabled()


# --- the confirmation


def test_the_token_is_asked_for_after_the_confirmation_and_never_before(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    run = page.ask()
    # Longer than a token lives.
    page.advance(1800, step=60)
    assert page.stub.requests == []
    assert page.state() == "confirming"
    run.click()
    page.begun()
    assert page.state() == "queued"
    assert len(page.sent("/token")) == 1


@pytest.mark.parametrize(
    "no",
    [
        lambda page: page.dialog.get_by_role("button", name="キャンセル").click(),
        lambda page: page.dialog.get_by_role("button", name="閉じる").click(),
        lambda page: page.page.keyboard.press("Escape"),
    ],
    ids=["cancel", "close", "Escape"],
)
def test_a_canceled_confirmation_sends_nothing(
    serve_config: Serve, config: Config, no: Callable[[RecordPage], None]
) -> None:
    page = serve_config(config)
    page.open().ask()
    expect(page.dialog).to_be_visible()
    no(page)
    expect(page.unit()).to_have_attribute("data-state", "idle")
    expect(page.dialog).to_have_count(0)
    page.advance(60, step=10)
    assert page.stub.requests == []
    assert page.button().is_enabled()
    page.start()
    assert page.state() == "queued"


def test_the_confirmation_asks_in_the_words_of_the_config(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    question = {"ja": "本当に<b>よい</b>ですか？", "en": "Are you <b>sure</b>?"}
    page = serve_config(config_of({**krewdata_unit, "confirm": question}))
    for language, words in question.items():
        page.open(lang=language).ask()
        expect(page.dialog).to_contain_text(words)


def test_without_a_confirmation_a_click_runs_at_once(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    page = serve_config(config_of({**krewdata_unit, "confirm": False})).open()
    page.button().click()
    page.begun()
    assert page.state() == "queued"
    expect(page.dialog).to_have_count(0)


def test_the_button_and_the_question_are_used_by_keyboard_alone(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.open()
    keyboard = page.page.keyboard
    while not page.button().evaluate("button => button === document.activeElement"):
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page.dialog).to_be_visible()
    keyboard.press("Escape")
    expect(page.dialog).to_have_count(0)
    expect(page.button()).to_be_focused()
    keyboard.press("Space")
    expect(page.dialog).to_be_visible()
    page.confirm_by_keyboard()
    expect(page.unit()).to_have_attribute("data-state", "queued")
    assert len(page.stub.services["krewdata"].runs) == 1


# --- one click, one run


CLICKS = {
    "double click": lambda page: page.button().dblclick(),
    "two clicks in one turn": lambda page: page.button().evaluate("button => { button.click(); button.click(); }"),
    "two events in one turn": lambda page: page.button().evaluate(
        "button => { for (const _ of [1, 2]) button.dispatchEvent(new MouseEvent('click', { bubbles: true })); }"
    ),
}


@pytest.mark.parametrize("clicks", CLICKS.values(), ids=CLICKS)
def test_clicking_twice_starts_one_run(
    serve_config: Serve, krewdata_unit: dict[str, Any], clicks: Callable[[RecordPage], None]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "confirm": False})).open()
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    clicks(page)
    page.begun()
    page.advance(5)
    assert len(page.sent("/token")) == len(page.sent("/run")) == len(page.stub.services["krewdata"].runs) == 1


def test_clicking_twice_asks_once(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.open().button().evaluate("button => { button.click(); button.click(); }")
    expect(page.dialog).to_have_count(1)


def test_a_click_during_a_run_does_nothing(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    page.start()
    for _ in range(8):
        page.button().click(force=True)
        page.button().evaluate("button => button.dispatchEvent(new MouseEvent('click', { bubbles: true }))")
        assert page.is_busy()
        page.advance(1)
    expect(page.dialog).to_have_count(0)
    assert len(page.stub.services["krewdata"].runs) == 1
    page.advance(10)
    assert page.state() == "succeeded"


def test_a_second_run_begins_anew_with_a_token_of_its_own(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Failure"
    page.start()
    page.advance(8)
    assert page.state() == "failed"
    page.stub.services["krewdata"].units[UNIT].flows[0].outcome = "Success"
    page.start()
    assert page.state() == "queued"
    assert page.flows() == []
    page.advance(15)
    assert page.state() == "succeeded"
    tokens = [body["accessToken"] for body in page.sent("/run")]
    assert len(set(tokens)) == 2


# --- time


def test_the_elapsed_time_is_shown_and_stands_still_at_the_end(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "timeout": "2h"})).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 3650
    page.start()
    # It is drawn once a second, up to a second after the full one, so it is looked at just before the next.
    for seconds, shown in [(1.9, "0:01"), (6, "0:07"), (53, "1:00"), (3000, "51:00"), (545, "1:00:05")]:
        page.advance(seconds, step=100)
        assert page.line().locator(".rb-time").inner_text() == shown
    page.advance(120, step=20)
    assert page.state() == "succeeded"
    at_the_end = page.line().locator(".rb-body").inner_text()
    assert "1時間" in at_the_end
    page.advance(60, step=20)
    assert page.line().locator(".rb-body").inner_text() == at_the_end


def test_a_token_that_grew_old_while_the_computer_slept_is_replaced(serve_config: Serve, config: Config) -> None:
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
    page.advance(60, step=5)
    assert page.state() == "succeeded"


def test_the_next_question_waits_for_the_answer_to_the_last(serve_config: Serve, config: Config) -> None:
    page = serve_config(config).open()
    page.start()
    asked_meanwhile = []

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        page.page.clock.run_for(60_000)
        asked_meanwhile.append(len(page.sent("/status")))
        route.fulfill(response=answer)

    page.page.route(PROXY, answer_late, times=1)
    page.advance(1)
    assert asked_meanwhile == [1]
    page.advance(20)
    assert page.state() == "succeeded"


def test_a_run_that_outlasts_its_timeout_is_not_followed_until_the_user_asks(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "timeout": "60s"})).open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 300
    page.start()
    page.advance(90, step=5)
    assert page.state() == "unknown"
    assert page.status() != ""
    asked = len(page.stub.requests)
    page.advance(300, step=20)
    assert len(page.stub.requests) == asked
    page.resume()
    page.advance(5)
    assert page.state() == "succeeded"
    assert len(page.stub.services["krewdata"].runs) == 1


@pytest.mark.parametrize("token_expires", [False, True])
def test_a_run_longer_than_its_tokens_life_is_followed_as_far_as_krewdata_answers(
    serve_config: Serve, config: Config, token_expires: bool
) -> None:
    page = serve_config(config).open()
    page.stub.services["krewdata"].switches.status_token_expires = token_expires
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 1200
    page.start()
    page.advance(1260, step=30)
    assert page.state() == ("unknown" if token_expires else "succeeded")
    assert len(page.stub.services["krewdata"].runs) == 1
