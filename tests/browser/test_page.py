"""The button among everything else of a record page: shown repeatedly, next to other scripts, in every language."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from generator.units.config import Config
from tests.browser.questions import questions
from tests.browser.record_page import UNIT, RecordPage, Serve, hearing
from tests.conftest import KREWDATA_UNIT, config_of

SECOND_URL = "https://api.krewdata.grapecity.com/trigger/v1/opqrstuvwxyz12"
MARKUP = '<img src=x onerror="throw \'ran\'"><b>太字</b> & "引用" {label} $1 $&'


@pytest.fixture
def two_units(krewdata_unit: dict[str, Any]) -> Config:
    second = {**krewdata_unit, "id": "second", "url": SECOND_URL, "label": {"ja": "別の処理", "en": "Another"}}
    return config_of(krewdata_unit, second)


# --- shown again without a reload


def page_to_the_next(page: RecordPage) -> None:
    page.page.get_by_role("button", name="次へ").click()


def page_to_the_previous(page: RecordPage) -> None:
    page.page.get_by_role("button", name="前へ").click()


def edit(page: RecordPage) -> None:
    page.page.get_by_role("button", name="レコードを編集する").click()


def save(page: RecordPage) -> None:
    page.page.get_by_role("button", name="保存").click()


def cancel(page: RecordPage) -> None:
    page.page.get_by_role("button", name="キャンセル").click()


def change_status(page: RecordPage) -> None:
    page.page.get_by_role("button", name="処理開始").click()


@pytest.mark.parametrize(
    ("address", "header_space"),
    [
        ("/k/45/show#record=1", "rebuilt"),
        ("/k/m/45/show?record=1", "reused"),
        pytest.param("/k/45/show#record=1", "reused", marks=pytest.mark.exhaustive),
        pytest.param("/k/m/45/show?record=1", "rebuilt", marks=pytest.mark.exhaustive),
    ],
)
def test_there_is_one_button_however_often_the_record_is_shown(
    serve_config: Serve, config: Config, header_space: Any, address: str
) -> None:
    page = serve_config(config)
    page.stub.switches.header_space = header_space
    page.open(address)
    expect(page.unit()).to_have_count(1)
    for move in (page_to_the_next, page_to_the_next, page_to_the_previous, page_to_the_previous, change_status):
        page.shown_again(lambda move=move: move(page))  # type: ignore[misc]
        expect(page.unit()).to_have_count(1)
        expect(page.button()).to_be_visible()
    for leave in (cancel, save):
        page.shown_again(lambda: edit(page))
        # The unit names the detail page alone.
        expect(page.unit()).to_have_count(0)
        page.shown_again(lambda leave=leave: leave(page))  # type: ignore[misc]
        expect(page.unit()).to_have_count(1)
        expect(page.button()).to_be_visible()


def test_what_is_sent_is_the_record_that_is_shown_now(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    page = serve_config(config_of({**krewdata_unit, "record": ["レコード番号", "ステータス", "件名"]}))
    page.open("/k/45/show#record=4")
    page.shown_again(lambda: page_to_the_next(page))
    page.shown_again(lambda: change_status(page))
    page.shown_again(lambda: edit(page))
    page.page.get_by_label("件名").fill("直した件名")
    page.shown_again(lambda: save(page))
    page.start()
    values = {code: field["value"] for code, field in page.sent("/run")[0]["record"].items()}
    assert values == {"レコード番号": "5", "ステータス": "処理中", "件名": "直した件名"}


def test_a_run_that_waits_for_a_form_does_not_take_another_records(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    # While a handler is pending, kintone returns no form; after it, the form of the record that is then shown.
    pending = """
      const { get } = kintone.app.record;
      kintone.app.record.get = () => { if (!globalThis.over) throw new Error("pending"); return get(); };
    """
    page = serve_config(config_of({**krewdata_unit, "pages": ["detail", "edit"]}), before=pending).open()
    page.shown_again(lambda: edit(page))
    page.start()
    assert page.state() == "starting"
    page.shown_again(lambda: page.page.evaluate("location.hash = '#record=2'"))
    page.page.evaluate("over = true")
    page.advance(12)
    assert page.sent("/run") == []
    assert page.state() == "idle"


@pytest.mark.parametrize("move", ["the next record", "the status"])
def test_nobody_is_asked_about_a_record_that_is_no_longer_shown(serve_config: Serve, move: str) -> None:
    page = serve_config(config_of(KREWDATA_UNIT, log={"app": 90})).open()
    page.page.wait_for_load_state("networkidle")
    # The log of runs answers late.
    held: list[Route] = []
    page.page.route("**/k/v1/records.json*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright takes no built-in.
    page.button().click()
    expect(page.unit()).to_have_attribute("data-state", "confirming")
    page.shown_again(lambda: page_to_the_next(page) if move == "the next record" else change_status(page))
    for route in held:
        route.continue_()
    page.page.unroute_all()
    page.page.wait_for_load_state("networkidle")
    if move == "the next record":
        page.shown_again(lambda: page_to_the_previous(page))
    expect(page.unit()).to_have_attribute("data-state", "idle")
    expect(page.dialog).to_have_count(0)


def test_another_app_that_is_shown_without_a_load_gets_no_button_of_the_first(
    serve_config: Serve, config: Config
) -> None:
    page = serve_config(config, before=f"globalThis.theirs = (event) => event; {THEIRS}")
    page.stub.switches.header_space = "reused"
    page.open()
    show_with(page, "(event) => Object.assign(event, { appId: 46 })", page_to_the_next)
    expect(page.unit()).to_have_count(0)
    expect(page.line()).to_have_count(0)
    show_with(page, "(event) => event", page_to_the_previous)
    page.start()
    assert page.state() == "queued"


@pytest.mark.parametrize("header_space", ["rebuilt", pytest.param("reused", marks=pytest.mark.exhaustive)])
def test_a_run_goes_on_while_another_record_is_shown_and_ends_there_too(
    serve_config: Serve, config: Config, header_space: Any
) -> None:
    page = serve_config(config)
    page.stub.switches.header_space = header_space
    page.open()
    page.stub.services["krewdata"].units[UNIT].flows[0].seconds = 20
    page.start()
    page.advance(2)
    page.shown_again(lambda: page_to_the_next(page))
    assert page.state() == "idle"
    assert page.button().is_enabled()
    page.advance(10, step=5)
    page.shown_again(lambda: page_to_the_previous(page))
    assert page.state() == "running"
    assert page.is_busy()
    assert page.line().locator(".rb-time").inner_text() == "0:12"
    page.shown_again(lambda: change_status(page))
    assert page.state() == "running"
    page.shown_again(lambda: page_to_the_next(page))
    page.advance(25, step=5)
    page.shown_again(lambda: page_to_the_previous(page))
    assert page.state() == "succeeded"
    assert page.button().is_enabled()
    assert len(page.stub.services["krewdata"].runs) == 1


def test_two_units_have_the_elements_of_the_contract_from_the_start_and_run_independently(
    serve_config: Serve, two_units: Config
) -> None:
    page = serve_config(two_units).open()
    for unit_id in ("recalculate", "second"):
        unit = page.unit(unit_id)
        expect(unit).to_have_count(1)
        expect(unit).to_have_attribute("data-state", "idle")
        assert page.button(unit_id).evaluate("button => button.tagName") == "BUTTON"
        # Screen readers do not read a live region that appears with its text.
        expect(unit.locator('[role="status"]')).to_have_count(1)
        expect(unit.locator('[role="status"]')).to_have_text("")
    page.stub.services["krewdata"].units["opqrstuvwxyz12"].flows[0].outcome = "Failure"
    # A question for one unit does not start the other.
    page.start()
    assert (page.state(), page.state("second")) == ("queued", "idle")
    assert page.button("second").is_enabled()
    page.start("second")
    page.advance(8)
    assert (page.state(), page.state("second")) == ("running", "failed")
    page.advance(8)
    assert (page.state(), page.state("second")) == ("succeeded", "failed")
    assert page.status() != page.status("second")
    assert [run.unit for run in page.stub.services["krewdata"].runs] == [UNIT, "opqrstuvwxyz12"]


# --- devices and languages


def test_a_button_is_on_its_devices_alone_and_runs_there(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    devices = ("desktop", "mobile")
    page = serve_config(config_of(*({**krewdata_unit, "id": device, "devices": [device]} for device in devices)))
    for device, address in zip(devices, ("/k/45/show#record=1", "/k/m/45/show?record=2"), strict=True):
        shown = page.open(address).page.locator("[data-runbutton]")
        assert shown.evaluate_all("units => units.map((unit) => unit.dataset.runbutton)") == [device]
    page.start("mobile")
    page.advance(3)
    assert page.state("mobile") == "running"
    page.advance(12, step=6)
    assert page.state("mobile") == "succeeded"
    assert page.sent("/run")[0]["appId"] == "45"
    assert page.sent("/run")[0]["record"]["部門名"]["value"] is None


@pytest.mark.parametrize(
    "language", ["pt-BR", *(pytest.param(it, marks=pytest.mark.exhaustive) for it in ("en", "zh"))]
)
def test_the_page_speaks_english_to_all_but_japanese_users(
    serve_config: Serve, krewdata_unit: dict[str, Any], language: str
) -> None:
    without = {key: value for key, value in krewdata_unit.items() if key != "label"}
    question = {"ja": "本当によいですか？", "en": "Are you <b>sure</b>?"}
    units = [
        {**krewdata_unit, "confirm": question},
        {**without, "id": "for-all", "label": "全員に同じ"},
        {**without, "id": "without"},
    ]
    page = serve_config(config_of(*units))

    def labels() -> list[str]:
        return [page.button(unit["id"]).inner_text() for unit in units]

    page.open(lang=language)
    assert labels() == ["Recalculate", "全員に同じ", "Run"]
    confirm = page.ask()
    expect(page.dialog).to_contain_text(question["en"])
    confirm.click()
    page.begun()
    assert page.status() == "Waiting to start…"
    page.advance(15, step=5)
    assert page.status().startswith("Done")
    page.open()
    assert labels() == ["再集計", "全員に同じ", "実行"]


# --- other people's scripts

ON_SHOW = "kintone.events.on(['app.record.detail.show', 'mobile.app.record.detail.show'], {handler});"
RETURNS = {
    "the event": "(event) => event",
    "undefined": "(event) => undefined",
    "false": "(event) => false",
    "a promise of the event": "async (event) => event",
    "a promise of undefined": "async () => {}",
    "another object": "(event) => ({ ...event })",
}


THROWS = {
    "an error": "() => { throw new Error('theirs'); }",
    "a rejection": "async () => { throw new Error('theirs'); }",
}

# What `theirs` names, which may be another one each time.
THEIRS = ON_SHOW.format(handler="(event) => globalThis.theirs(event)")


def show_with(page: RecordPage, handler: str, move: Callable[[RecordPage], None]) -> None:
    """Shows another record, at which other people's handler is this one."""
    page.page.evaluate(f"globalThis.theirs = {handler}; 0")
    page.shown_again(lambda: move(page))


def test_whatever_handlers_after_ours_return_or_throw_the_button_works(serve_config: Serve, config: Config) -> None:
    page = serve_config(config, after=f"globalThis.theirs = (event) => event; {THEIRS}").open()
    for handler in (*RETURNS.values(), *THROWS.values()):
        show_with(page, handler, page_to_the_next)
        page.start()
        page.advance(15, step=15)
        assert (handler, page.state()) == (handler, "succeeded")
        if handler in THROWS.values():
            assert "theirs" in page.noise.pop()
        # Starts of one execution unit are limited.
        page.advance(60, step=60)


@pytest.mark.parametrize("undefined_return", ["undefined", pytest.param("previous", marks=pytest.mark.exhaustive)])
def test_whatever_handlers_before_ours_return_nothing_breaks_and_it_is_passed_on(
    serve_config: Serve, config: Config, undefined_return: Any
) -> None:
    report = ON_SHOW.format(handler="(event) => { globalThis.passedOn = String(event); return event; }")
    page = serve_config(config, before=f"globalThis.theirs = (event) => event; {THEIRS}", after=report)
    page.stub.switches.undefined_return = undefined_return
    page.open()
    for returned, handler in RETURNS.items():
        show_with(page, handler, page_to_the_next)
        passed_on = page.page.evaluate("passedOn")
        if returned == "false":
            assert passed_on == "false"
        elif "undefined" in returned and undefined_return == "undefined":
            assert (returned, passed_on) == (returned, "undefined")
        else:
            assert (returned, passed_on) == (returned, "[object Object]")
            page.start()
            assert page.state() == "queued"
            page.advance(60, step=60)


def test_a_handler_that_fails_before_ours_is_the_only_failure(serve_config: Serve, config: Config) -> None:
    page = serve_config(config, before=f"globalThis.theirs = (event) => event; {THEIRS}")
    # Each record has its own header space, which is empty at first.
    page.stub.switches.header_space = "rebuilt"
    page.open()
    for handler in THROWS.values():
        show_with(page, handler, page_to_the_next)
        # kintone runs no handler after one that failed.
        expect(page.unit()).to_have_count(0)
        assert "theirs" in page.noise.pop()


def test_a_handler_of_ours_that_fails_keeps_nobody_elses_from_running(serve_config: Serve, config: Config) -> None:
    broken = "kintone.app.record.getHeaderMenuSpaceElement = () => { throw new Error('broken'); };"
    heard = "kintone.events.on('app.record.detail.show', (event) => { window.heard = event.recordId; return event; });"
    page = serve_config(config, before=broken, after=heard)
    page.open()
    assert page.page.evaluate("window.heard") == 1
    assert "Runbutton: Error: broken" in page.noise.pop()


def test_our_handler_passes_the_event_on_and_waits_for_no_run_and_asks_for_no_record_in_it(
    serve_config: Serve, config: Config
) -> None:
    keep = "(event) => { globalThis.kept = event; globalThis.text = JSON.stringify(event); return event; }"
    compare = "(event) => { globalThis.same = event === kept && JSON.stringify(event) === text; return event; }"
    page = serve_config(config, before=ON_SHOW.format(handler=keep), after=ON_SHOW.format(handler=compare))
    page.stub.switches.record_get_in_handler = "throw"
    page.open()
    expect(page.button()).to_be_visible()
    # A handler after ours gets the very event, unchanged.
    assert page.page.evaluate("same")
    page.start()
    assert page.sent("/run")[0]["record"]["部門名"]["value"] == "営業部"
    page.shown_again(lambda: page_to_the_next(page))
    assert page.state() == "idle"
    page.advance(15, step=5)
    page.shown_again(lambda: page_to_the_previous(page))
    assert page.state() == "succeeded"


@pytest.mark.parametrize("address", ["/k/45/show#record=1", "/k/m/45/show?record=1"], ids=["desktop", "mobile"])
def test_a_page_without_a_header_space_has_no_button_and_no_error(
    serve_config: Serve, config: Config, address: str
) -> None:
    no_space = """
      kintone.app.record.getHeaderMenuSpaceElement = () => null;
      kintone.mobile.app.getHeaderSpaceElement = () => null;
    """
    page = serve_config(config, before=no_space).open(address)
    expect(page.unit()).to_have_count(0)


def test_the_script_loaded_twice_gives_one_button_and_one_run(serve_config: Serve, config: Config) -> None:
    from generator.customization import script

    page = serve_config(config, build=lambda app: script(app) + script(app)).open()
    expect(page.unit()).to_have_count(1)
    page.stub.services["krewdata"].units[UNIT].concurrent = True
    page.start()
    expect(page.dialog).to_have_count(0)
    page.shown_again(lambda: page_to_the_next(page))
    page.shown_again(lambda: page_to_the_previous(page))
    expect(page.unit()).to_have_count(1)
    page.advance(15)
    assert len(page.stub.services["krewdata"].runs) == 1


def test_nothing_global_is_left_behind(serve_config: Serve, config: Config) -> None:
    before = """
      kintone = Object.freeze(kintone);
      globalThis.known = Object.getOwnPropertyNames(globalThis);
      Object.freeze(Object.prototype);
      Object.freeze(Array.prototype);
    """
    page = serve_config(config, before=before).open()
    page.start()
    page.advance(15)
    assert page.state() == "succeeded"
    added = page.page.evaluate("Object.getOwnPropertyNames(globalThis).filter((name) => !known.includes(name))")
    assert added == ["known"]


# --- text is only text


def test_labels_flow_names_and_errors_with_markup_are_shown_as_they_are(
    serve_config: Serve, krewdata_unit: dict[str, Any]
) -> None:
    page = serve_config(config_of({**krewdata_unit, "label": MARKUP}))
    page.open()
    assert page.button().text_content() == MARKUP
    flow = page.stub.services["krewdata"].units[UNIT].flows[0]
    flow.name, flow.outcome, flow.error_code, flow.error_message = MARKUP, "Failure", "<i>9</i>", MARKUP
    page.ask()
    assert MARKUP in (page.dialog.text_content() or "")
    page.dialog.get_by_role("button", name="実行する").click()
    page.begun()
    page.advance(1)
    assert page.flows()[0] == (MARKUP, "running")
    # The line has a <b> of its own, for the state.
    markup = page.page.locator(":is([data-runbutton], [data-line], dialog) :is(img, b:not(.rb-state))")
    expect(markup).to_have_count(0)
    page.advance(8, step=8)
    assert page.state() == "failed"
    assert page.details() == f"<i>9</i> {MARKUP}"
    expect(markup).to_have_count(0)


TEXTS = [
    "</script><script>throw 'ran'</script>",
    "<!--<script>",
    "\"'`$\\",
    "*/ /* // -->",
    "\\u003c\\n",
    "日本語 😀 \U0002000b",
    "$& $1 $` $'",
    "RUNBUTTON_CONFIG",
    "__proto__",
]


def test_no_text_of_the_config_breaks_out_of_the_script(serve_config: Serve, krewdata_unit: dict[str, Any]) -> None:
    url = "https://api.krewdata.grapecity.com/trigger/v1/abcdefghijklm"
    units = [
        {**krewdata_unit, "id": f"unit-{at}", "url": f"{url}{at}", "label": text, "confirm": text}
        for at, text in enumerate(TEXTS)
    ]
    page = serve_config(config_of(*units)).open()
    ids = [unit["id"] for unit in units]
    assert [page.button(unit_id).text_content() for unit_id in ids] == TEXTS
    asked = questions(page.page, *ids)
    assert [text for text, question in zip(TEXTS, asked, strict=True) if text not in question] == []
    page.start(units[-1]["id"])
    assert page.state(units[-1]["id"]) == "queued"


# --- what style sheets and other scripts rely on


def test_no_name_of_kintones_own_style_sheets_is_used(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    page.open().ask()
    names = page.page.evaluate(
        """[...document.querySelectorAll("[data-runbutton], [data-runbutton] *, dialog, dialog *")]
             .flatMap((element) => [element.id, ...element.classList])"""
    )
    assert names
    assert not [name for name in names if name.startswith(("kintone-", "gaia-", "ocean-"))]


def test_the_serial_number_is_neither_logged_nor_kept(serve_config: Serve, config: Config) -> None:
    page = serve_config(config)
    said: list[str] = []
    with hearing(page.page, "console", lambda message: said.append(message.text)):
        page.open().start()
        kept = [page.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")]
        page.advance(15)
        page.stub.services["krewdata"].units[UNIT].serial_number = "another"
        page.start()
        assert page.state() == "failed"
        kept += [page.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"), page.page.content()]
    encoded = page.sent("/token")[0]["serialNumber"]
    for text in (*said, *kept):
        assert KREWDATA_UNIT["serial_number"] not in text
        assert encoded not in text
