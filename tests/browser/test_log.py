"""The log of runs on the stubbed page: two people with a browser each, and the records of the log app."""

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, expect

from generator.cli import main
from generator.customization import script
from generator.plugin import pack, plugin_files
from generator.signing import new_key
from generator.stub.configured import stub_for
from generator.stub.services.trocco import STAND_IN
from generator.stub.tenant import Script, Stub
from generator.units.config import Config
from tests.browser.record_page import RecordPage, StoppedClock, listen
from tests.conftest import KREWDATA_UNIT, config_from, config_of
from tests.host import Host
from tests.running import TROCCO_UNIT, make_project, make_time_fly

LOG = 90
PATH = "/k/45/show#record=1"
LOAD = {**TROCCO_UNIT, "label": {"ja": "取り込み", "en": "Load"}}
Open = Callable[..., list[RecordPage]]
Users = tuple[Callable[[str], Page], list[str]]


@pytest.fixture(scope="module")
def users(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Users]:
    """Each user's page, in a browser of its own, and the errors of all: made once for all tests of this file."""
    told: list[str] = []
    with ExitStack() as stack:

        @cache
        def page_of(user: str) -> Page:  # noqa: ARG001 - one for each.
            page = stack.enter_context(closing(browser.new_context(**browser_context_args))).new_page()
            listen(page, told)
            return page

        yield page_of, told


@pytest.fixture
def people(users: Users, host: Host) -> Iterator[Open]:
    """Opens a page for several users, each in a browser of their own."""
    page_of, told = users
    told.clear()
    pages: list[RecordPage] = []
    with ExitStack() as stack:

        def open_for(config: Config, *names: str, path: str = PATH, panel: bool = False) -> list[RecordPage]:
            texts = {app.app: Script(js=script(app)) for app in config.apps if app.target == "script"}
            shared = config.shared_plugin
            packages = [pack(plugin_files(shared), new_key())] if shared else []
            scripts = lambda app_id: texts.get(app_id, Script())  # noqa: E731
            stub = stub_for(config, scripts, StoppedClock(), plugins=lambda _: packages, panel=panel)
            address = stack.enter_context(host.serve(stub))
            for user in names:
                page = page_of(user)
                page.context.add_cookies([{"name": "stub-user", "value": user, "url": address}])
                pages.append(RecordPage(page, stub, address, told).open(path))
            for each in pages:
                each.page.clock.pause_at(stub.clock.now())
            return pages

        yield open_for
        for page in pages:
            page.forget()
            page.page.context.clear_cookies()
        assert [line for page in pages for line in page.stub.unknown] == []
    assert told == []


def rows(stub: Stub) -> list[dict[str, Any]]:
    return [{code: cell["value"] for code, cell in record.items()} for record in stub.apps[LOG].records.values()]


def states(stub: Stub) -> list[tuple[str, str, str]]:
    return [(row["state"], row["lock"], row["作成者"]["code"]) for row in rows(stub)]


def refuse_all(stub: Stub) -> None:
    """Takes away everybody's rights in the log app."""
    live = stub.rest.apps[LOG].live
    assert live
    stub.rest.apps[LOG].live = replace(live, rights=({"entity": {"type": "USER", "code": "admin"}},))


def written(page: RecordPage, method: str) -> Any:
    """Waits, when left, for the answer to a change of the log."""
    return page.page.expect_response(
        lambda got: got.url.endswith("/record.json") and got.request.method == method, timeout=10_000
    )


def confirmed(page: RecordPage) -> None:
    """Clicks and confirms. The log is read in between, which start() does not wait for."""
    page.ask("load").click()
    page.begun("load")


@pytest.mark.parametrize(
    "path", ["/k/45/show#record=1", pytest.param("/k/m/45/show?record=1", marks=pytest.mark.exhaustive)]
)
def test_a_run_becomes_a_record_and_everybodys_last_run_and_the_question_of_others_names_it(
    people: Open, path: str
) -> None:
    sato, kato = people(config_of({**LOAD, "confirm": False}, log={"app": LOG}), "sato", "kato", path=path)
    with written(sato, "POST"):
        sato.button("load").click()
    kato.button("load").click()
    # The unit asks no question, but now there is something to say.
    expect(kato.dialog).to_contain_text("佐藤 昇さんが2026-11-22 18:02に開始した実行が、まだ終わっていないようです。")
    kato.dialog.get_by_role("button", name="キャンセル").click()
    expect(kato.unit("load")).to_have_attribute("data-state", "idle")
    assert states(kato.stub) == [("running", "", "sato")]
    with written(sato, "PUT"):
        sato.advance(21)
    [row] = rows(sato.stub)
    assert (row["state"], row["label"], row["app_id"], row["record_id"]) == ("succeeded", "取り込み", "45", "1")
    assert row["record"] == f"{sato.address}/k/45/show#record=1"
    assert row["job"].startswith("https://trocco.io/")
    assert (row["作成者"]["code"], row["lock"], row["code"]) == ("sato", "", "")
    assert row["message"].startswith("完了しました（")
    kato.page.clock.pause_at(kato.stub.clock.now())
    kato.reload()
    last = kato.unit("load").locator(".rb-last")
    expect(last).to_contain_text("· 佐藤 昇")
    expect(last).to_have_attribute(
        "title", re.compile(rf"^最終実行 2026-11-22 18:0\d 完了（{row['took']}秒） · 佐藤 昇$")
    )
    kato.page.goto(f"{sato.address}/k/{LOG}/")
    expect(kato.page.get_by_role("row").nth(1)).to_contain_text("取り込み")
    kato.page.goto(f"{sato.address}/k/{LOG}/show#record=1")
    expect(kato.page.get_by_text("実行キー")).to_be_visible()


def test_what_cannot_be_recorded_is_told_in_the_details(people: Open) -> None:
    [sato] = people(config_of(LOAD, log={"app": LOG}), "sato")
    refuse_all(sato.stub)
    with written(sato, "POST"):
        confirmed(sato)
    sato.advance(21)
    expect(sato.unit("load")).to_have_attribute("data-state", "succeeded")
    sato.open_details("load")
    expect(sato.line("load").locator(".rb-details")).to_contain_text("実行記録を保存できませんでした（CB_NO02")
    assert rows(sato.stub) == []
    # The browser reports refused requests itself.
    assert sato.noise
    assert all("403" in line for line in sato.noise)
    sato.noise.clear()


def test_two_people_who_confirm_at_once_start_one_run(people: Open) -> None:
    sato, kato = people(config_of({**LOAD, "at_once": "one"}, log={"app": LOG}), "sato", "kato")
    questions = [sato.ask("load"), kato.ask("load")]
    for question in questions:
        expect(question).to_be_visible()
    for question in questions:
        question.click()
    for page in (sato, kato):
        expect(page.unit("load")).to_have_attribute("data-state", re.compile("failed|queued|running"))
    assert sorted(page.state("load") == "failed" for page in (sato, kato)) == [False, True]
    winner, loser = sorted((sato, kato), key=lambda page: page.state("load") == "failed")
    assert [lock for _, lock, _ in states(sato.stub)] == ["45:load#1"]
    assert len([sent for sent in sato.stub.requests if sent.request.method == "POST"]) == 1
    expect(loser.line("load")).to_contain_text("さんが2026-11-22 18:0")
    expect(loser.line("load")).to_contain_text("終わってから実行してください。")
    expect(winner.unit("load")).to_have_attribute("data-state", "queued")
    with written(winner, "PUT"):
        winner.advance(21)
    assert [(state, lock) for state, lock, _ in states(sato.stub)] == [("succeeded", "")]
    # The browser reports the refused lock itself, if both asked for it at the same moment.
    sato.noise[:] = [line for line in sato.noise if "400" not in line]


def test_a_person_and_cron_at_the_same_moment_start_one_run(
    people: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = {**LOAD, "api_key": STAND_IN, "at_once": "one"}
    make_project(tmp_path, monkeypatch, unit, log={"app": LOG})
    make_time_fly(monkeypatch)
    [sato] = people(config_of(unit, log={"app": LOG}), "sato", panel=True)
    question = sato.ask("load")
    expect(question).to_be_visible()
    with ThreadPoolExecutor(1) as cron:
        ran = cron.submit(lambda: CliRunner().invoke(main, ["run", "orders/load", "--preview", sato.address, "--json"]))
        question.click()
        expect(sato.unit("load")).to_have_attribute("data-state", re.compile("failed|queued|running"))
        sato.stub.clock.advance(60)
        told = json.loads(ran.result().stdout)
    assert len([sent for sent in sato.stub.requests if sent.request.method == "POST"]) == 1
    # Cron's run is over if it was the one, and a page that was refused has started nothing.
    assert (told["outcome"], sato.state("load") == "failed") in {("succeeded", True), ("not started", False)}
    sato.noise[:] = [line for line in sato.noise if "400" not in line]


def test_without_the_log_nothing_exclusive_starts(people: Open) -> None:
    [sato] = people(config_of({**LOAD, "at_once": "one"}, log={"app": LOG}), "sato")
    refuse_all(sato.stub)
    sato.button("load").click()
    expect(sato.line("load")).to_contain_text("ほかの人の実行を確認できないため、開始しませんでした。")
    assert sato.stub.requests == []
    sato.noise.clear()


def test_typed_values_are_recorded_if_the_config_says_so(people: Open) -> None:
    month = {"name": "month", "label": {"ja": "対象月", "en": "Month"}, "type": "text"}
    units = [
        {**LOAD, "ask": [month], "custom_variables": [{"name": "$month$", "ask": "month"}]},
        {**KREWDATA_UNIT, "ask": [month], "values": [{"field": "件名", "ask": "month"}]},
    ]
    [sato] = people(config_of(*units, log={"app": LOG, "values": True}), "sato")
    for unit_id in ("load", "recalculate"):
        sato.button(unit_id).click()
        sato.advance(1)
        sato.dialog.get_by_label("対象月").fill("2026-11")
        sato.dialog.get_by_role("button", name="次へ").click()
        with written(sato, "POST"):
            sato.dialog.get_by_role("button", name="実行する").click()
        assert rows(sato.stub)[-1]["values"] == "対象月：2026-11"


def test_a_plug_in_reads_the_log_in_the_apps_that_have_one(people: Open) -> None:
    """And without a log there is not one request more."""
    unit = {key: value for key, value in LOAD.items() if key != "api_key"}
    apps = [
        {"app": 45, "name": "orders", "units": [unit], "log": {"app": LOG}},
        {"app": 46, "name": "stock", "units": [unit]},
    ]
    config = config_from({"version": 1, "plugin": {"name": {"ja": "p", "en": "p"}, "key": "k.ppk"}, "apps": apps})
    [sato] = people(config, "sato")
    requests: list[str] = []
    sato.page.on("request", lambda sent: requests.append(sent.url))
    for app, reads in ((45, 1), (46, 0)):
        sato.page.goto("about:blank")
        requests.clear()
        sato.page.goto(f"{sato.address}/k/{app}/show#record=1")
        expect(sato.button("load")).to_be_visible()
        sato.page.wait_for_load_state("networkidle")
        assert len([url for url in requests if "/k/v1/" in url]) == reads
